"""The end of a run that did not go well: the message, and the exit code."""

from __future__ import annotations

import os
import sys
from typing import Final

from avsnitt.cli.session import Session
from avsnitt.problems.errors import AvsnittError, ContentError

INTERRUPTED: Final = 130
OUR_BUG: Final = 4


def end_run(session: Session, error: BaseException) -> int:
    """The exit code of a run that did not go well, after saying why."""
    if isinstance(error, BrokenPipeError):
        # The reader of our output has gone; there is nobody to report to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, KeyboardInterrupt):
        session.terminal.say("interrupted")
        return INTERRUPTED
    if not isinstance(error, AvsnittError):
        from avsnitt.system.files import disk_error
        from avsnitt.system.os_errors import find_os_error

        os_error = find_os_error(error)
        if os_error is None:
            return _report_our_bug(session, error)
        error = disk_error(str(os_error.filename or session.root), os_error)
    if isinstance(error, ContentError):
        session.terminal.problems(error.problems)
        session.terminal.say("nothing-written")
    else:
        session.terminal.error(error)
    return error.exit_code


def _report_our_bug(session: Session, error: BaseException) -> int:
    """Our bug: say so, and leave what a developer needs in a file, not on the screen."""
    import traceback
    from importlib.metadata import version

    from avsnitt.system.disk import write_log
    from avsnitt.system.machine import python_version

    facts = f"avsnitt {version('avsnitt')}, Python {python_version()}\n"
    path = write_log(facts + "".join(traceback.format_exception(error)))
    session.terminal.say("our-bug", path=path)
    return OUR_BUG
