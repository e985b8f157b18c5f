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
            talk, _, name = said.rpartition("\n")
            print(talk, file=sys.stderr, flush=True)
            print(name)
            return
    from avsnitt.cli.main import run

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
