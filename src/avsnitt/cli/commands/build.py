"""`avsnitt build`."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING

import msgspec

from avsnitt.cli.session import Session
from avsnitt.problems.errors import ContentError
from avsnitt.workflow.build.build import build_show
from avsnitt.workflow.build.report import BuildReport, SnapshotRecord

if TYPE_CHECKING:
    import click

    from avsnitt.system.snapshot import Snapshot
    from avsnitt.work.backend import ExecutorOptions


def command(session: Session) -> click.Command:
    """The command `build`, with its words in the session's language."""
    import click

    from avsnitt.cli.commands.sound import executor_option
    from avsnitt.work.backend import ExecutorOptions
    from avsnitt.work.executor import parse_executor

    words = session.strings

    @click.command("build", help=words("help.build"), short_help=words("help.build.short"))
    @click.option("--explain", is_flag=True, help=words("option.explain"))
    @click.option("--json", "as_json", is_flag=True, help=words("option.json"))
    @executor_option(session)
    def build(explain: bool, as_json: bool, executor: str) -> int:
        chosen = ExecutorOptions(executor=parse_executor(executor))
        return run_build(session, explain=explain, as_json=as_json, executor=chosen)

    return build


def run_build(
    session: Session,
    *,
    explain: bool = False,
    as_json: bool = False,
    snapshot: Snapshot | None = None,
    executor: ExecutorOptions | None = None,
    named: bool = True,
) -> int:
    """
    Build, print what was made, and return the exit code. Knows nothing of click.

    `snapshot` is what has been found out already of what has changed, and `executor` who makes the
    sound. The site's name is only said to people when it is not `named`.
    """
    # One run makes little garbage in circles, and looking for it costs a twentieth of the time.
    gc.disable()
    try:
        with session.progress() as progress:
            report, record = build_show(
                session.root, progress=progress, snapshot=snapshot, executor=executor
            )
    except ContentError as error:
        if as_json:
            session.terminal.problems_json(error.problems)
            return error.exit_code
        raise
    if as_json:
        session.terminal.data(_as_json(report))
    else:
        if explain:
            _explain(session, report)
        _print_report(session, report, named=named)
    remember(session, report, record)
    return 0


def made_words(session: Session, report: BuildReport) -> str:
    """
    The number of files that a build made, in words: `3 avsnitt, 16 sidor (4 filer nya eller
    ändrade)`.
    """
    words = session.strings
    if report.changed:
        news = words("build.changed", n=len(report.changed))
    else:
        news = words("build.unchanged")
    episodes = words("build.episodes", n=report.episodes)
    pages = words("build.pages", n=report.pages)
    gone = words("build.removed", n=len(report.removed)) if report.removed else ""
    return f"{episodes}, {pages} ({', '.join(filter(None, (news, gone)))})"


def _print_report(session: Session, report: BuildReport, *, named: bool) -> None:
    session.terminal.report(
        made=made_words(session, report),
        problems=report.problems,
        where=f"{report.folder}/index.html",
        named=named,
    )


def remember(session: Session, report: BuildReport, record: SnapshotRecord | None) -> None:
    """Let the next build see quickly that nothing has changed, and print the same report."""
    if record is None:
        return
    from avsnitt.cli.output.problems import count_problems
    from avsnitt.cli.output.safe_text import visible
    from avsnitt.system.snapshot import write_snapshot

    words = session.strings
    calm = msgspec.structs.replace(report, changed=(), removed=())
    counted = count_problems(report.problems, words)
    lines = (
        words("report.made", made=made_words(session, calm)),
        words("report.worth", what=counted) if counted else words("report.nothing-worth"),
        words("report.where"),
        visible(f"{report.folder}/index.html"),
    )
    write_snapshot(session.root, record.files, record.folders, "\n".join(lines))


def _explain(session: Session, report: BuildReport) -> None:
    terminal, words = session.terminal, session.strings
    if not report.reasons and not report.removed:
        terminal.say("explain.nothing")
    for path, parts in report.reasons.items():
        key = f"explain.{parts[0]}" if parts[0] in ("new", "missing") else "explain.parts"
        names = ", ".join(
            words(f"part.{part}") if f"part.{part}" in words else part for part in parts
        )
        still = "" if path in report.changed else " " + words("explain.same")
        terminal.say(key, path=path, parts=names, still=still)
    for path in report.removed:
        terminal.say("explain.removed", path=path)


def _as_json(report: BuildReport) -> str:
    facts = {
        "folder": report.folder,
        "episodes": report.episodes,
        "pages": report.pages,
        "files": report.files,
        "changed": list(report.changed),
        "removed": list(report.removed),
        "reasons": {path: list(parts) for path, parts in report.reasons.items()},
        "problems": len(report.problems),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
