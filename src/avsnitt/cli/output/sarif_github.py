"""Problems for programs that show them beside the source: SARIF, and GitHub's annotations. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from avsnitt.cli.output.problems import say, sort_problems, words
from avsnitt.cli.output.safe_text import json_safe, visible
from avsnitt.i18n import Strings
from avsnitt.problems.codes import SEVERITIES
from avsnitt.problems.feed_rules import RULEBOOK
from avsnitt.problems.problem import Problem, Severity, Where

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}
_COMMANDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}
_ADDRESS_SIGNS: Final = "/:?#[]@!$&'()*+,;=%~"


def problems_as_sarif(problems: Iterable[Problem], strings: Strings, version: str) -> str:
    """
    A SARIF 2.1.0 log (OASIS) with one run, a rule for each code that was reported and a result for
    each problem, and a line break. `version` is the program's.
    """
    found = sort_problems(problems)
    codes = list(dict.fromkeys(problem.code for problem in found))
    driver = {
        "name": "Avsnitt",
        "version": version,
        "language": strings.language,
        "rules": [_rule(code, strings) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code), strings) for problem in found],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_safe(json.dumps(log, ensure_ascii=False, indent=1)) + "\n"


def _rule(code: str, strings: Strings) -> dict[str, object]:
    facts = RULEBOOK.get(code)
    example = Problem(code=code, severity=SEVERITIES[code], where=Where(""))
    headline = words(example, "", strings, n=1)
    why, cure = (words(example, ending, strings) for ending in (".why", ".cure"))
    properties: dict[str, object] = {"tags": ["podcast", *(facts.asked_by if facts else ())]}
    if facts:
        properties["source"] = facts.source
    return {
        "id": code,
        "shortDescription": {"text": headline or code},
        "fullDescription": {"text": why or headline or code},
        "help": {"text": cure or why or code},
        "defaultConfiguration": {"level": _LEVELS[SEVERITIES[code]]},
        "properties": properties,
    }


def _result(problem: Problem, index: int, strings: Strings) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": _uri(problem.where.path)}}
    if region := _region(problem.where):
        place["region"] = region
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": _LEVELS[problem.severity],
        "message": {"text": say(problem, strings)},
        "locations": [{"physicalLocation": place}] if problem.where.path else [],
    }


def _region(where: Where) -> dict[str, object]:
    if not where.line:
        return {}
    region: dict[str, object] = {"startLine": where.line}
    if where.column:
        region["startColumn"] = where.column
    if where.text:
        region["snippet"] = {"text": visible(where.text)}
    return region


def _uri(path: str) -> str:
    """A path as a relative reference, or a whole `file:` address; an address as it is."""
    if path.startswith(("http://", "https://")):
        return quote(path, safe=_ADDRESS_SIGNS)
    quoted = quote(path.replace("\\", "/"), safe="/")
    return f"file://{quoted}" if quoted.startswith("/") else quoted


def problems_for_github(problems: Iterable[Problem], strings: Strings) -> str:
    """
    One workflow command a line (GitHub, "Workflow commands for GitHub Actions"), which GitHub
    shows on the lines of a pull request.
    """
    return "".join(_annotation(problem, strings) for problem in sort_problems(problems))


def _annotation(problem: Problem, strings: Strings) -> str:
    where = problem.where
    title = words(problem, "", strings, n=1)
    parts = (
        ("file", "" if "://" in where.path else where.path),
        ("line", str(where.line or "")),
        ("col", str(where.column or "")),
        ("title", visible(f"{problem.code}: {title}" if title else problem.code)),
    )
    shown = ",".join(f"{name}={_escape_property(value)}" for name, value in parts if value)
    cure = words(problem, ".cure", strings)
    place = f"{where.path}: " if "://" in where.path else ""
    message = " ".join(filter(None, (f"{place}{say(problem, strings)}", cure)))
    return f"::{_COMMANDS[problem.severity]} {shown}::{_escape(visible(message))}\n"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
