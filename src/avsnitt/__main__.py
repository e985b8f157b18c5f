"""`avsnitt` and `python -m avsnitt`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """
    Run the command line.

    A bare `build` is asked first whether anything has changed at all, and does not wait for a
    parser of the command line: finding out that there is nothing to do takes less time than that.
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
        sys.exit(build())
    from avsnitt.cli.main import run

    sys.exit(run(arguments))


def build() -> int:
    """`avsnitt build` with nothing after it."""
    from avsnitt.cli.build import run_build
    from avsnitt.cli.ending import end
    from avsnitt.cli.session import Session

    session = Session(os.getcwd())
    try:
        return run_build(session)
    except (Exception, KeyboardInterrupt) as trouble:  # noqa: BLE001 - as in `cli.main`
        return end(session, trouble)


if __name__ == "__main__":
    main()
