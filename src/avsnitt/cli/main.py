"""`avsnitt`: the commands, each in a file of its own and imported when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from avsnitt.cli.exit_codes import end_run
from avsnitt.cli.session import Session

COMMANDS: Final = ("init", "plan", "add", "serve", "check", "build", "diff", "publish")
OTHER_COMMANDS: Final = ("sound", "clip", "move", "accept", "schema")


class Commands(click.Group):
    """The commands in the order one meets them, found without importing any of them."""

    def __init__(self, session: Session) -> None:
        words = session.strings
        super().__init__(
            "avsnitt",
            help=words("help.app"),
            epilog=words("help.epilog"),
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
        )
        self.session = session

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order that help lists them."""
        return [*COMMANDS, *OTHER_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None for a name that is no command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"avsnitt.cli.commands.{cmd_name}")
        command: click.Command = module.command(self.session)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands for `--help`, in two groups."""
        words = self.session.strings
        groups = (("help.commands", COMMANDS), ("help.other-commands", OTHER_COMMANDS))
        for title, names in groups:
            with formatter.section(words(title)):
                formatter.write_dl([(name, words(f"help.{name}.short")) for name in names])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """
        Find the command on the command line. A wrong name is an error that offers the
        nearest names.
        """
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), 3, 0.5)
            key = "usage.near-command" if near else "usage.no-command"
            words = self.session.strings
            ctx.fail(words(key, name=args[0], near=", ".join(near)))
        return super().resolve_command(ctx, args)


def run(arguments: Sequence[str]) -> int:
    """
    Run one command and return its exit code: 0 fine, 1 the show has problems, 2 usage,
    3 environment or network, 4 our bug, 130 interrupted.
    """
    session = Session(os.getcwd())
    program = click.version_option(package_name="avsnitt")(Commands(session))
    try:
        code = program.main(list(arguments), "avsnitt", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        from avsnitt.cli.usage_errors import spell_usage

        session.terminal.talk(spell_usage(error, session.strings))
        return error.exit_code
    except click.Abort:
        return end_run(session, KeyboardInterrupt())
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - every error ends here
        return end_run(session, error)
    return code if isinstance(code, int) else 0
