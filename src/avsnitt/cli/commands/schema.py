"""`avsnitt schema`."""

from __future__ import annotations

import click

from avsnitt.cli.session import Session


def command(session: Session) -> click.Command:
    """The command `schema`, with its words in the session's language."""
    words = session.strings

    @click.command("schema", help=words("help.schema"), short_help=words("help.schema.short"))
    def schema() -> None:
        from avsnitt.workflow.init import renew_schemas

        for path in renew_schemas(session.root):
            session.terminal.name(path)

    return schema
