"""The house is as it says: floors, sizes, words in both languages, and everything documented."""

from __future__ import annotations

import json
import os
import re
import string
import subprocess
import sys
import typing
from collections import Counter
from pathlib import Path

import click
import msgspec
import pytest
from tests.support import shows

import avsnitt
from avsnitt.cli.main import COMMANDS, OTHER_COMMANDS, Commands
from avsnitt.cli.session import PROBLEM_DOMAINS, Session
from avsnitt.content.schema.front_matter import EpisodeFields, PageFields, PersonFields
from avsnitt.content.settings import ShowSettings
from avsnitt.problems.codes import SEVERITIES

PACKAGE = Path(avsnitt.__file__).parent
PROJECT = PACKAGE.parent.parent
DOCS = PROJECT / "docs"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 400
LOCALES = PACKAGE / "locale"
DOMAINS = sorted(path.name for path in (LOCALES / "sv").glob("*.json"))

# Imports everything, each module in a child of its own that has imported nothing else of ours.
IMPORT_ALONE = """
import os, sys
import click, jinja2.sandbox, lxml.etree, msgspec, mutagen.id3, PIL.Image  # others' may be shared
failed = []
for name in sys.argv[1:]:
    pid = os.fork()
    if pid == 0:
        try:
            __import__(name)
        except BaseException as error:
            print(f"{name}: {error!r}", flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        failed.append(name)
sys.exit(len(failed))
"""


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


# The source


def test_the_floors_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_every_module_can_be_imported_by_itself() -> None:
    names = [module_name(path) for path in MODULES]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_ALONE, *names],
        env=shows.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_folders_of_modules_hold_nothing_of_their_own() -> None:
    assert [path for path in MODULES if path.name == "__init__.py" and path.stat().st_size] == []


def test_no_module_is_too_long_to_read() -> None:
    lengths = {module_name(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_every_module_says_what_it_is() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in MODULES if path.stat().st_size}
    assert [path for path, text in texts.items() if not text.startswith('"""')] == []


def test_every_room_is_on_the_map() -> None:
    house = (PACKAGE / "README.md").read_text(encoding="utf-8")
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert [room for room in sorted(rooms) if f"`{room}/`" not in house] == []
    modules = {path.name for path in PACKAGE.glob("*.py") if path.name[0] != "_"}
    assert [name for name in sorted(modules) if f"`{name}`" not in house] == []


def test_every_file_that_the_map_names_is_there() -> None:
    house = (PACKAGE / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:[a-z0-9_]+/)+[a-z0-9_]*(?:\.py)?|[a-z0-9_]+\.py)`", house)
    ours = [name for name in named if name not in ELSEWHERE]
    assert len(ours) > 40
    places = (PACKAGE, PROJECT)
    assert [name for name in ours if not any((place / name).exists() for place in places)] == []


ELSEWHERE = {"io/", "sound/"}
"""Named on the map without their place: in every capability, and in `.avsnitt/`."""


# The words


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_say_the_same(domain: str) -> None:
    tables = [json.loads((LOCALES / tag / domain).read_bytes()) for tag in ("sv", "en")]
    swedish, english = ({key: shape(entry) for key, entry in table.items()} for table in tables)
    assert swedish == english


def shape(entry: str | dict[str, str]) -> object:
    """What a sentence is filled in with; of a plural, what both its forms may be."""
    if isinstance(entry, str):
        return placeholders(entry)
    assert set(entry) == {"one", "other"}
    return "plural", placeholders(entry["other"]) | {"n"}, placeholders(entry["one"]) | {"n"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_tables() -> None:
    assert sorted(path.name for path in (LOCALES / "en").glob("*.json")) == DOMAINS


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_problem_has_a_headline_a_sentence_a_reason_and_a_cure(language: str) -> None:
    table = {
        key: entry
        for domain in PROBLEM_DOMAINS
        for key, entry in json.loads((LOCALES / language / f"{domain}.json").read_bytes()).items()
    }
    wanted = {
        f"problems.{code}{end}" for code in SEVERITIES for end in ("", ".say", ".why", ".cure")
    }
    assert wanted - set(table) == set()
    codes = re.findall(r"problems\.([A-Z]+-\d+)", " ".join(table))
    assert set(codes) - set(SEVERITIES) == set()


def test_every_word_that_is_asked_for_is_there() -> None:
    """Keys written out in the source; keys that are put together are met by other tests."""
    known = set[str]()
    for domain in DOMAINS:
        known |= set(json.loads((LOCALES / "en" / domain).read_bytes()))
    asked = set[str]()
    for path in (PACKAGE / "cli").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"(?:words|strings|\.say)\(\s*\"([a-z][a-z.-]+)\"", text))
    for path in MODULES:
        keys = re.findall(r"\bkey=\"([a-z.-]+)\"", path.read_text(encoding="utf-8"))
        asked |= {f"error.{key}" for key in keys} | {f"error.{key}.cure" for key in keys}
    assert len(asked) > 40
    assert asked - known == set()


# The documentation


def document(name: str) -> str:
    return (PROJECT / "docs" / name).read_text(encoding="utf-8")


def test_every_command_and_option_is_documented() -> None:
    text = document("commands.md")
    group = Commands(Session(str(PROJECT)))
    context = click.Context(group)
    for name in (*COMMANDS, *OTHER_COMMANDS):
        command = group.get_command(context, name)
        assert command
        section = text.partition(f"## `avsnitt {name}")[2].partition("\n## ")[0]
        assert section, f"{name} is not in docs/commands.md"
        options = [one for one in command.params if isinstance(one, click.Option)]
        missing = [flag for one in options for flag in one.opts if f"`{flag}" not in section]
        assert missing == [], name


def test_every_exit_code_is_documented() -> None:
    text = document("commands.md")
    assert [code for code in (0, 1, 2, 3, 4, 130) if f"| {code} |" not in text] == []


def keys_of(shape: type[msgspec.Struct]) -> set[str]:
    """The keys of a shape and of the mappings in it."""
    keys = set[str]()
    for name, hint in typing.get_type_hints(shape).items():
        keys.add(name)
        for part in (hint, *typing.get_args(hint)):
            if isinstance(part, type) and issubclass(part, msgspec.Struct):
                keys |= keys_of(part)
    return keys


DOCUMENTED = {
    "episode.md": EpisodeFields,
    "site/show.toml": ShowSettings,
    "site/people/<id>.md": PersonFields,
    "site/pages/<name>.md": PageFields,
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_every_key_that_authors_may_write_is_documented(name: str) -> None:
    section = document("files.md").partition(f"## `{name}`")[2].partition("\n## ")[0]
    keys = keys_of(DOCUMENTED[name])
    missing = [key for key in keys if not re.search(rf"\b{key}\b\s*[:=\]]", section)]
    assert sorted(missing) == []


DOCUMENTS = sorted(
    path.relative_to(PROJECT).as_posix()
    for path in (*PROJECT.glob("*.md"), *DOCS.rglob("*.md"), PACKAGE / "README.md")
)


def prose(name: str) -> str:
    """A document without its code blocks, where brackets are code and no links."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """What a document's headings are linked by: as code hosts write it, a repeated one numbered."""
    found = Counter[str]()
    for title in re.findall(r"^#+ +(.+?)\s*$", prose(str(path)), re.MULTILINE):
        shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title).replace("`", "").lower()
        anchor = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
        found[anchor] += 1
        if found[anchor] > 1:
            found[f"{anchor}-{found[anchor] - 1}"] += 1
    return set(found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_between_documents_leads_somewhere(name: str) -> None:
    page = PROJECT / name
    lost = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(name)):
        if re.match(r"[a-z]+:", link):
            continue
        to, _, anchor = link.partition("#")
        path = page.parent / to if to else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            lost.append(link)
    assert lost == []


def test_every_page_of_documentation_is_in_the_table_of_contents() -> None:
    contents = (DOCS / "index.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([^)#]+)", contents))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {"index.md"}
    assert sorted(pages - linked) == []


METAPHORS = re.compile(
    r"\b(kitchens?|crews?|mates?|errands?|depots?|workshops?|dress(es|ed|ing)?)\b", re.IGNORECASE
)
"""What parts of the program were once called."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_use_the_names_of_the_field(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert METAPHORS.findall(text) == []


@pytest.mark.parametrize("name", ["README.md", "README.sv.md"])
def test_the_readme_opens_with_a_light_picture_that_is_described(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    shown = re.search(r"!\[([^]]{20,})\]\((\S+)\)", text.partition("\n## ")[0])
    assert shown
    assert (PROJECT / shown[2]).stat().st_size < 200_000


@pytest.mark.parametrize("name", ["README.md", "README.sv.md"])
def test_the_two_commands_come_first(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    commands = re.findall(r"^    (\S.*)$", text, re.MULTILINE)
    assert [line.split("#")[0].strip() for line in commands[:2]] == ["make show", "make test"]
