"""`avsnitt publish`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import click

from avsnitt.cli.commands.diff import report_changes as print_changes
from avsnitt.cli.session import Session
from avsnitt.problems.errors import UsageError
from avsnitt.publish.io.folder import PublishReport
from avsnitt.show_files import LOCK_PATH
from avsnitt.system.disk import is_folder
from avsnitt.workflow.build.build import build_show
from avsnitt.workflow.diff import PublishPreview, is_real_show, preview_loaded, remember_published
from avsnitt.workflow.publish import publish_tree

_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]+:/|[^/\\]{2,}:", re.IGNORECASE)
"""A web address, or rsync's and scp's `host:path`; `C:` is a disk."""


def command(session: Session) -> click.Command:
    """The command `publish`, with its words in the session's language."""
    words = session.strings

    @click.command("publish", help=words("help.publish"), short_help=words("help.publish.short"))
    @click.argument("target", metavar=words("argument.target"))
    @click.option("--dry-run", is_flag=True, help=words("option.dry-run"))
    @click.option("--preview", is_flag=True, help=words("option.preview"))
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    def publish(target: str, dry_run: bool, preview: bool, as_json: bool) -> None:
        if _ELSEWHERE.match(target) and not is_folder(f"{session.root}/{target}"):
            raise UsageError(target, key="publish.elsewhere", values={"target": target})
        terminal = session.terminal
        with session.progress() as progress:
            built, _ = build_show(session.root, progress=progress)
        public, place = Path(built.folder), Path(session.root, target)
        plan = publish_tree(public, place, dry_run=True)
        ahead = preview_loaded(session.root, built.show, built.sounds)
        if not as_json:
            _print_report(session, "publish.plan", plan)
            print_changes(session, ahead)
            if ahead.old is None and plan.unchanged and is_real_show(ahead):
                session.terminal.say("publish.no-lockfile", path=LOCK_PATH)
        if dry_run:
            _finish(session, plan, as_json)
            return
        with session.progress() as progress:
            report = publish_tree(
                public, place, progress=lambda done, total: progress("publish", done, total)
            )
        _finish(session, report, as_json)
        _remember(session, ahead, preview=preview)
        if not as_json:
            terminal.name(report.target)

    return publish


def _remember(session: Session, ahead: PublishPreview, *, preview: bool) -> None:
    """Only now, when all is in place: what is in the lock file is what subscribers can have got."""
    if preview:
        session.terminal.say("publish.preview")
    elif not is_real_show(ahead):
        session.terminal.say("publish.example")
    elif remember_published(session.root, ahead) and ahead.old is None:
        session.terminal.say("publish.lockfile", path=LOCK_PATH)


def _finish(session: Session, report: PublishReport, as_json: bool) -> None:
    if as_json:
        facts = {name: getattr(report, name) for name in report.__struct_fields__}
        session.terminal.data(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
    elif report.dry_run:
        session.terminal.say("publish.dry")
    elif report.uploaded or report.deleted:
        _print_report(session, "publish.done", report)
    else:
        session.terminal.say("publish.nothing")


def _print_report(session: Session, key: str, report: PublishReport) -> None:
    session.terminal.say(
        key,
        uploaded=len(report.uploaded),
        unchanged=report.unchanged,
        deleted=len(report.deleted),
        size=spell_size(report.bytes_uploaded),
    )


def spell_size(size_bytes: int) -> str:
    """`12 kB`, `3.4 MB`: in powers of a thousand, as disks and phone plans count."""
    if size_bytes < 1_000_000:
        return f"{-(-size_bytes // 1000)} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
