"""`avsnitt move`."""

from __future__ import annotations

import click

from avsnitt.cli.session import Session
from avsnitt.show_files import episode_file


def command(session: Session) -> click.Command:
    """The command `move`, with its words in the session's language."""
    words = session.strings

    @click.command("move", help=words("help.move"), short_help=words("help.move.short"))
    @click.argument("old", metavar=words("argument.old-slug"))
    @click.argument("new", metavar=words("argument.new-slug"))
    @click.option("--dry-run", is_flag=True, help=words("option.dry-run"))
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    def move(old: str, new: str, dry_run: bool, as_json: bool) -> None:
        from avsnitt.workflow.move import move_episode

        moved = move_episode(session.root, old, new, dry_run=dry_run)
        if as_json:
            import msgspec

            session.terminal.data(msgspec.json.encode(moved).decode() + "\n")
            return
        terminal = session.terminal
        if moved.folder != moved.old_folder:
            terminal.say("move.folder", old=moved.old_folder, new=moved.folder)
        terminal.say("move.formerly", path=episode_file(moved.folder), old=old)
        terminal.say("move.dry" if dry_run else "move.done")
        terminal.name(moved.folder)

    return move
