"""The common values of all commands: the show's folder, the language, and the terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from avsnitt.cli.language import message_language
from avsnitt.show_files import SETTINGS_PATH
from avsnitt.system.disk import read_head
from avsnitt.system.locales import read_strings

if TYPE_CHECKING:
    from avsnitt.cli.output.terminal import Advance, Terminal
    from avsnitt.i18n import Strings

PROBLEM_DOMAINS: Final = (
    "problems",
    "rules_feed",
    "rules_podcast",
    "rules_linked",
    "rules_online",
    "rules_lockfile",
)
DOMAINS: Final = (
    *("cli", "commands", "time"),
    "lockfile",
    *("clip", "sound"),
    *PROBLEM_DOMAINS,
)
_LANGUAGE = re.compile(r"^\s*language\s*=\s*[\"']([A-Za-z-]{2,35})[\"']", re.MULTILINE)


class Session:
    """One run of the program. `root` is the folder it was started in."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.strings: Strings = read_strings(
            message_language(os.environ, _show_language(root)), *DOMAINS
        )

    @property
    def terminal(self) -> Terminal:
        """The terminal that the commands print to."""
        from avsnitt.cli.output.terminal import Terminal

        return Terminal(sys.stdout, sys.stderr, os.environ, self.strings)

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """
        A bar for each kind of long work, one after the other. What is called `<kind>.<things>` is
        no bar but words in that of `<kind>`: how many of the things are done.
        """
        from contextlib import ExitStack

        terminal = self.terminal
        with ExitStack() as stack:
            bars: dict[str, Advance] = {}
            notes: dict[str, str] = {}

            def advance(name: str, done: int, total: int) -> None:
                kind, _, things = name.partition(".")
                if things:
                    counted = self.strings(f"progress.{things}", done=done, n=total)
                    notes[kind] = counted if total > 1 else ""
                    return
                if name not in bars:
                    stack.pop_all().close()
                    label = self.strings(f"progress.{name}")
                    bars[name] = stack.enter_context(terminal.progress(label))
                bars[name](done, total, notes.get(name, ""))

            yield advance


def _show_language(root: str) -> str:
    """The show's language, if this is a show: looked for, not parsed, as it may be broken."""
    found = _LANGUAGE.search(read_head(f"{root}/{SETTINGS_PATH}", 64 * 1024))
    return found[1] if found else ""
