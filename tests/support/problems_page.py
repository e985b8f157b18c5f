"""`docs/reference/problems.md` from tables; `python -m tests.support.problems_page` writes it."""

from __future__ import annotations

from tests.support.paths import DOCS

from avsnitt.cli.output.problems import without_values
from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.problems.codes import SEVERITIES
from avsnitt.system.locales import read_strings

PAGE = DOCS / "reference" / "problems.md"
HEAD = """\
# Problems

What Avsnitt says about a show, by code. An error in what you wrote stops a build before anything
is written; a warning does not. `avsnitt check` shows what is wrong with a feed, your own
or anybody's; who asks for each such rule, and where, is in [rules](rules.md).
`avsnitt check --explain CODE` shows the same text, in Swedish too.

<!-- Written by `python -m tests.support.problems_page` from the words in src/avsnitt/locale. -->
"""


def render_page() -> str:
    return HEAD + "".join(map(_section, SEVERITIES))


def _section(code: str) -> str:
    words = read_strings("en", "cli", *PROBLEM_DOMAINS)
    title, severity = words(f"problems.{code}", n=1), SEVERITIES[code]
    why, cure = (without_values(words.raw(f"problems.{code}.{key}")) for key in ("why", "cure"))
    cure = f"\n\n**What to do:** {cure}" if cure else ""
    return f"\n## {code}\n\n{title} ({severity}).\n\n**Why:** {why}{cure}\n"


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
