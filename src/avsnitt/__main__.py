"""`avsnitt` and `python -m avsnitt`."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from avsnitt.system.snapshot import Snapshot


def main() -> None:
    """
    Run the command line.

    A bare `build` is asked first whether anything has changed at all, and does not wait for a
    parser of the command line: finding out that there is nothing to do takes less time than that.
    """
    try:
        code = _run(sys.argv[1:])
        _be_done()
    except KeyboardInterrupt:  # before the command line had its own way of saying so
        _be_done()
        code = 130
    sys.exit(code)


def _be_done() -> None:
    """
    All is done and said: a Ctrl-C that comes now would only interrupt Python's leaving. `signal`
    itself takes longer to import than many a run has left.
    """
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)


def _run(arguments: list[str]) -> int:
    if arguments != ["build"]:
        from avsnitt.cli.main import run

        return run(arguments)
    from avsnitt.system.snapshot import read_snapshot

    snapshot = read_snapshot(os.getcwd())
    if snapshot is None or snapshot.report is None or not snapshot.is_unchanged:
        return build(snapshot)
    _say(*snapshot.report.rsplit("\n", 1))
    return 0


def _say(talk: str, name: str) -> None:
    """On one screen the last line of talk and the name share a line, as in a real build."""
    on_one_screen = sys.stdout.isatty() and sys.stderr.isatty()
    print(talk, end=" " if on_one_screen else f" {name}\n", file=sys.stderr, flush=True)
    print(name)


def build(snapshot: Snapshot | None) -> int:
    """`avsnitt build` with nothing after it."""
    from avsnitt.cli.commands.build import run_build
    from avsnitt.cli.exit_codes import end_run
    from avsnitt.cli.session import Session

    session = Session(os.getcwd())
    try:
        return run_build(session, snapshot=snapshot)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - as in `cli.main`
        return end_run(session, error)


if __name__ == "__main__":
    main()
