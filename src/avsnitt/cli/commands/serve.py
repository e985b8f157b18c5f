"""`avsnitt serve`."""

from __future__ import annotations

from pathlib import Path

import click

from avsnitt.cli.commands.build import made_words
from avsnitt.cli.output.problems import render_problems
from avsnitt.cli.session import Session
from avsnitt.preview.server import DEFAULT_PORT, PreviewServer, PreviewWords
from avsnitt.preview.watch import watch
from avsnitt.problems.errors import AvsnittError, ContentError
from avsnitt.show_files import EPISODES_FOLDER, OUTPUT_FOLDER, SITE_FOLDER
from avsnitt.system.clock import local_time
from avsnitt.system.disk import is_folder
from avsnitt.workflow.build.build import build_show
from avsnitt.workflow.build.report import BuildReport


def command(session: Session) -> click.Command:
    """The command `serve`, with its words in the session's language."""
    words = session.strings

    @click.command("serve", help=words("help.serve"), short_help=words("help.serve.short"))
    @click.option(
        "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, help=words("option.port")
    )
    def serve(port: int) -> None:
        _Preview(session, port).run()

    return serve


class _Preview:
    def __init__(self, session: Session, port: int) -> None:
        self.session = session
        self.terminal = session.terminal
        words = session.strings
        self.port = port
        self.words = PreviewWords(
            language=words.language, close=words("serve.close"), not_found=words("serve.not-found")
        )

    def run(self) -> None:
        root = Path(self.session.root)
        changes = watch([root / SITE_FOLDER, root / EPISODES_FOLDER])
        report = self._first_build()
        with PreviewServer(root / OUTPUT_FOLDER, port=self.port, words=self.words) as server:
            if report is not None:
                self.terminal.report(
                    made=made_words(self.session, report),
                    problems=report.problems,
                    where=server.address,
                )
            self.terminal.say("serve.ready", address=server.address)
            for _ in changes:
                self._rebuild(server)

    def _first_build(self) -> BuildReport | None:
        try:
            with self.session.progress() as progress:
                report, _ = build_show(self.session.root, progress=progress)
        except ContentError as error:
            if not is_folder(f"{self.session.root}/{OUTPUT_FOLDER}"):
                raise
            self.terminal.problems(error.problems)
            self.terminal.say("serve.waiting")
            return None
        return report

    def _rebuild(self, server: PreviewServer) -> None:
        try:
            report, _ = build_show(self.session.root)
        except ContentError as error:
            self.terminal.problems(error.problems)
            self.terminal.say("serve.waiting")
            server.announce_problems(render_problems(error.problems, self.session.strings))
            return
        except AvsnittError as error:
            self.terminal.error(error)
            server.announce_problems(str(error))
            return
        server.announce_reload((*report.changed, *report.removed))
        if report.changed or report.removed:
            made = made_words(self.session, report)
            self.terminal.say("serve.rebuilt", time=local_time(), made=made)
