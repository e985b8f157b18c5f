"""`avsnitt init`: a new show that already looks finished."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from avsnitt.content.json_schema import render_schemas
from avsnitt.digests import show_guid
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ContentError, UsageError
from avsnitt.problems.problem import Where
from avsnitt.show_files import CACHE_FOLDER, OUTPUT_FOLDER, SETTINGS_PATH
from avsnitt.system.disk import exists, files_below, is_folder, read_file, visible_names
from avsnitt.system.files import make_folder, write_bytes
from avsnitt.system.machine import new_guid

STARTER: Final = Path(__file__).parent.parent / "starter"
EXAMPLE: Final = "https://podd.example"
SCHEMAS: Final = "site/schemas"
_ADDRESS: Final = re.compile(r"https?://[^\s/]\S*")
_TEXTS: Final = (".md", ".toml", ".vtt", ".json")


def start_show(folder: str, *, title: str, language: str, address: str = "") -> tuple[str, ...]:
    """
    Write a whole small show into a new or empty folder. Returns the paths written, sorted.

    `language` is `sv` or `en`. Without an address the show lives at an example, and its GUID
    comes from chance: two shows must never share one. Raises UsageError when the folder has
    something in it.
    """
    target = Path(folder)
    base = _one_line(address).rstrip("/")
    if base and not _ADDRESS.fullmatch(base):
        raise UsageError(base, key="bad-address", values={"address": base})
    if exists(target) and (not is_folder(target) or visible_names(target)):
        raise UsageError(folder, key="not-empty", values={"folder": folder})
    values = {
        "title": _one_line(title),
        "address": base or EXAMPLE,
        "language": language,
        "guid": show_guid(f"{base}/feed.xml" if base else new_guid()),
        "guid_1": new_guid(),
        "guid_2": new_guid(),
    }
    written = [
        _copy(path, STARTER / language, target, values) for path in files_below(STARTER / language)
    ]
    written += write_schemas(folder)
    write_bytes(f"{folder}/.gitignore", f"{OUTPUT_FOLDER}/\n{CACHE_FOLDER}/\nclips/\n".encode())
    return tuple(sorted((*written, ".gitignore")))


def renew_schemas(root: str) -> list[str]:
    """The same for a show that is there. Raises ContentError where there is none."""
    if not exists(f"{root}/{SETTINGS_PATH}"):
        raise ContentError([problem("SHOW-001", Where(SETTINGS_PATH))])
    return write_schemas(root)


def write_schemas(folder: str) -> list[str]:
    """Write the JSON Schemas into a show, for its editors. Returns their paths."""
    make_folder(f"{folder}/{SCHEMAS}")
    paths = []
    for name, text in render_schemas().items():
        write_bytes(f"{folder}/{SCHEMAS}/{name}", text.encode())
        paths.append(f"{SCHEMAS}/{name}")
    return paths


def _one_line(text: str) -> str:
    """Return a text as it can stand between quotes in TOML."""
    signs = (sign if sign.isprintable() else " " for sign in text)
    return " ".join("".join(signs).replace("\\", "").replace('"', "”").split())


def _copy(source: Path, starter: Path, target: Path, values: dict[str, str]) -> str:
    relative = source.relative_to(starter).as_posix()
    data = read_file(source)
    if source.suffix in _TEXTS:
        text = data.decode()
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        data = text.encode()
    make_folder(os.path.dirname(f"{target}/{relative}"))
    write_bytes(f"{target}/{relative}", data)
    return relative
