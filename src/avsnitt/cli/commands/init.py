"""`avsnitt init`."""

from __future__ import annotations

from pathlib import Path

import click

from avsnitt.cli.session import Session
from avsnitt.i18n import LANGUAGES


def command(session: Session) -> click.Command:
    """The command `init`, with its words in the session's language."""
    words = session.strings

    @click.command("init", help=words("help.init"), short_help=words("help.init.short"))
    @click.argument("folder", metavar=words("argument.folder"))
    @click.option("--title", default="", help=words("option.title"))
    @click.option("--language", type=click.Choice(LANGUAGES), help=words("option.language"))
    @click.option("--address", default="", help=words("option.address"))
    def init(folder: str, title: str, language: str | None, address: str) -> None:
        from avsnitt.workflow.init import start_show

        name = Path(folder).resolve().name
        start_show(
            folder,
            title=title or name.replace("-", " ").replace("_", " ").strip().capitalize(),
            language=language or words.language,
            address=address,
        )
        session.terminal.name(folder)
        session.terminal.say("init.done", folder=folder)

    return init
