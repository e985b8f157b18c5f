"""`avsnitt` and `python -m avsnitt`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """
    Run the command line.

    A bare `build` is asked first whether anything has changed at all: parsing the command line
    costs three times as much as finding out that there is nothing to do.
    """
    arguments = sys.argv[1:]
    if arguments == ["build"]:
        from avsnitt.adapters.unchanged import read_unchanged

        said = read_unchanged(os.getcwd())
        if said is not None:
            _say(*said.rsplit("\n", 1))
            return
    try:
        from avsnitt.cli.main import run

        sys.exit(run(arguments))
    except KeyboardInterrupt:  # before the command line had its own way of saying so
        sys.exit(130)


def _say(talk: str, name: str) -> None:
    """On one screen the last line of talk and the name share a line, as in a real build."""
    on_one_screen = sys.stdout.isatty() and sys.stderr.isatty()
    print(talk, end=" " if on_one_screen else f" {name}\n", file=sys.stderr, flush=True)
    print(name)


if __name__ == "__main__":
    main()
