"""The rules of the source code that no other tool holds: names, words, docstrings and purity."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

import avsnitt

PACKAGE = Path(avsnitt.__file__).parent
PROJECT = PACKAGE.parent.parent
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.stat().st_size]
TESTS = [path for path in sorted((PROJECT / "tests").rglob("*.py")) if path.stat().st_size]
DOCUMENTS = sorted(
    path
    for folder in (PROJECT, PROJECT / "docs", PACKAGE)
    for path in (folder.glob("*.md") if folder != PROJECT / "docs" else folder.rglob("*.md"))
    if path.name != "CHANGELOG.md" and "reference" not in path.parts
)
"""All but the changelog, and the reference, which is generated from the words for users."""
MOST_MODULES = 22
MOST_LINES_OF_A_FUNCTION = 50

IMPURE_FOLDERS = {"io", "system", "work", "net", "preview"}
"""The folders that may touch disk, network, clock, processes and media libraries."""
COMPOSITION = {"cli", "workflow"}
"""They put the parts together: they may ask a folder of the list above, and paths of `os.path`."""
IMPURE_MODULES = {
    *(
        "asyncio",
        "concurrent",
        "fcntl",
        "getpass",
        "glob",
        "http",
        "locale",
        "multiprocessing",
    ),
    *("platform", "random", "secrets", "select", "shutil", "signal", "socket", "sqlite3"),
    *("ssl", "subprocess", "tempfile", "threading", "time", "urllib.request"),
    *("av", "lameenc", "mutagen", "PIL"),
}
"""`mmap` is not among them: a mapped file is bytes in memory, and only `io/` opens one."""
IMPURE_CALLS = {"open", "print", "input", "exec", "eval"}
IMPURE_METHODS = {
    *("now", "today", "utcnow", "read_text", "read_bytes", "write_text", "write_bytes", "exists"),
    *("is_file", "is_dir", "unlink", "mkdir", "iterdir", "rglob", "uuid1", "uuid4"),
}

VALUES_OF_IMPURE_FOLDERS = {"avsnitt.net.messages"}
"""Values without input or output, which a pure capability may know."""

METAPHORS = {
    *("breach", "breaches", "crew", "crews", "depot", "depots", "dress", "dressed", "dresses"),
    *("errand", "errands", "footprint", "gallery", "glance", "kitchen", "mate", "mates"),
    *("mattered", "minted", "minting", "misfit", "misfits", "outlook", "tell", "telling"),
    *("tells", "told", "trouble", "troubles", "untold", "workshop"),
}
METAPHORS_IN_NAMES = METAPHORS | {"said", "heard", "hear", "hears", "listen", "listened", "judge"}

QUESTION_WORDS = re.compile(r"(What|How|Where|Which|Whether|Whose|Who|When|Why)\b")


class Function(NamedTuple):
    """A function or method, with the class that it stands in."""

    path: Path
    node: ast.FunctionDef | ast.AsyncFunctionDef
    owner: str

    @property
    def is_public(self) -> bool:
        return not self.node.name.startswith("_") and not self.owner.startswith("_")

    @property
    def docstring(self) -> str:
        return ast.get_docstring(self.node) or ""

    def __str__(self) -> str:
        return f"{place(self.path)}:{self.node.lineno} {self.node.name}"


def place(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """Functions of a module and methods of its classes; not functions inside functions."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(path, node, "")
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield Function(path, inner, node.name)


def folders_of(path: Path) -> tuple[str, ...]:
    return path.relative_to(PACKAGE).parts[:-1]


def is_pure(path: Path) -> bool:
    folders = folders_of(path)
    return not IMPURE_FOLDERS.intersection(folders) and path.name != "__main__.py"


# Layout


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    counts = Counter(path.parent for path in MODULES)
    assert {place(folder): n for folder, n in counts.items() if n > MOST_MODULES} == {}


def test_a_class_name_is_used_once() -> None:
    names = Counter(
        node.name
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name: n for name, n in names.items() if n > 1} == {}


def long_functions() -> list[str]:
    return [
        str(one)
        for path in MODULES
        for one in functions(path)
        if (one.node.end_lineno or 0) - one.node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]


def test_no_function_is_too_long() -> None:
    assert long_functions() == []


END_TO_END = {"bench", "browser", "clients", "golden", "invalid", "support", "soak"}
"""Folders of tests that run the program as a whole."""


def misplaced_tests() -> Iterator[str]:
    for path in TESTS:
        folders = path.relative_to(PROJECT / "tests").parts[:-1]
        if not folders or folders[0] in END_TO_END or not path.name.startswith("test_"):
            continue
        if not (PACKAGE.joinpath(*folders)).is_dir():
            yield f"{place(path)}: no such folder in the package"
        package = ".".join(("avsnitt", *folders))
        imported = {
            node.module or "" for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)
        }
        known = {name for name in imported if name.startswith("avsnitt.")}
        helped = any(name.startswith("tests.") for name in imported)
        used = helped or any(name.startswith(package) for name in known)
        if folders[0] != "cli" and known and not used:
            yield f"{place(path)}: uses nothing of {package}"


def test_tests_stand_in_the_folder_of_their_capability() -> None:
    assert list(misplaced_tests()) == []


# Purity


def impurities(path: Path) -> Iterator[str]:
    """Where a module outside `io/ system/ work/ net/ preview/` touches the world by itself."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from impure_imports(path, node)
        if isinstance(node, ast.Call):
            called = node.func
            if is_impure_call(called):
                yield f"{place(path)}:{node.lineno} calls {ast.unparse(called)}"


def impure_imports(path: Path, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    composes = not COMPOSITION.isdisjoint(folders_of(path)[:1])
    many = node.names if isinstance(node, ast.Import) else ()
    for name in (getattr(node, "module", None) or "", *(one.name for one in many)):
        parts = name.split(".")
        ours = parts[0] == "avsnitt" and not composes and name not in VALUES_OF_IMPURE_FOLDERS
        if (
            name in IMPURE_MODULES
            or parts[0] in IMPURE_MODULES
            or (ours and IMPURE_FOLDERS.intersection(parts))
        ):
            yield f"{place(path)}:{node.lineno} imports {name}"


@pytest.mark.parametrize("path", [path for path in MODULES if is_pure(path)], ids=place)
def test_only_the_folders_for_it_touch_the_world(path: Path) -> None:
    assert list(impurities(path)) == []


def misnamed_readers() -> Iterator[str]:
    """`parse_` works on what it is given; `read_` reads from somewhere."""
    for path in MODULES:
        pure = is_pure(path) and COMPOSITION.isdisjoint(folders_of(path)[:1])
        for one in functions(path):
            name = one.node.name.lstrip("_")
            calls = [node.func for node in ast.walk(one.node) if isinstance(node, ast.Call)]
            given = any(argument.arg == "read" for argument in one.node.args.args)
            given = given or any(map(is_given_reader, calls))
            if pure and name.startswith("read_") and not given:
                yield f"{one}: pure, so parse_"
            if name.startswith("parse_") and any(map(is_impure_call, calls)):
                yield f"{one}: reads, so read_"


def is_given_reader(called: ast.expr) -> bool:
    """Whether what is called is a function that the caller gave to read files with."""
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    return name.strip("_") == "read"


def is_impure_call(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in IMPURE_CALLS
    return isinstance(called, ast.Attribute) and called.attr in IMPURE_METHODS


def test_parse_is_pure_and_read_is_not() -> None:
    assert list(misnamed_readers()) == []


# Docstrings


def undocumented(path: Path) -> Iterator[str]:
    for one in functions(path):
        if one.is_public and not one.docstring and not is_override(one):
            yield str(one)
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef) and node.name[0] != "_" and not ast.get_docstring(node):
            yield f"{place(path)}:{node.lineno} {node.name}"


def is_override(one: Function) -> bool:
    """True for a method whose docstring stands in a class that its own is made from."""
    return any(one.node.name in documented_methods(base) for base in bases_of(one.owner))


@cache
def classes() -> dict[str, ast.ClassDef]:
    nodes = (node for path in MODULES for node in ast.walk(tree(path)))
    return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}


def bases_of(name: str) -> Iterator[str]:
    """Names of all the classes that a class is made from, near ones first."""
    node = classes().get(name)
    for base in node.bases if node else ():
        inner = base.value if isinstance(base, ast.Subscript) else base
        if isinstance(inner, ast.Name):
            yield inner.id
            yield from bases_of(inner.id)


def documented_methods(name: str) -> set[str]:
    node = classes().get(name)
    return {
        inner.name
        for inner in (node.body if node else ())
        if isinstance(inner, ast.FunctionDef) and ast.get_docstring(inner)
    }


def test_each_public_name_is_documented() -> None:
    assert [found for path in MODULES for found in undocumented(path)] == []


def unnamed_errors(path: Path) -> Iterator[str]:
    """Public functions that raise, themselves or through a private one, and do not say so."""
    local = {one.node.name: one for one in functions(path)}
    for one in functions(path):
        if not one.is_public or is_override(one):
            continue
        raised = set(raised_in(one.node.body, local, frozenset()))
        missing = sorted(name for name in raised if name not in one.docstring)
        if missing:
            yield f"{one} raises {', '.join(missing)}"


def raised_by(
    node: ast.AST,
    local: dict[str, Function],
    seen: frozenset[str],
    caught: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """Names of the errors raised in a function, and in private functions of its module."""
    if isinstance(node, ast.Raise):
        yield from named_error(node, caught)
    if isinstance(node, ast.Call):
        name = private_name(node)
        if name in local and name not in seen:
            yield from raised_in(local[name].node.body, local, seen | {name}, caught)
    if isinstance(node, ast.Try):
        yield from raised_in(node.body, local, seen, caught | handled(node))
        yield from raised_in((*node.handlers, *node.orelse, *node.finalbody), local, seen, caught)
    elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        yield from raised_in(ast.iter_child_nodes(node), local, seen, caught)


def raised_in(
    nodes: Iterable[ast.AST],
    local: dict[str, Function],
    seen: frozenset[str],
    caught: frozenset[str] = frozenset(),
) -> Iterator[str]:
    for node in nodes:
        yield from raised_by(node, local, seen, caught)


def named_error(node: ast.Raise, caught: frozenset[str]) -> Iterator[str]:
    called = node.exc.func if isinstance(node.exc, ast.Call) else None
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    ours = name.endswith("Error") and not name.startswith("_")
    if ours and name not in caught | {"NotImplementedError", "AssertionError"}:
        yield name


def private_name(node: ast.Call) -> str:
    """The private function of the same module or class that is called; empty for any other."""
    called = node.func
    name = called.id if isinstance(called, ast.Name) else ""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        name = called.attr if called.value.id == "self" else ""
    return name if name.startswith("_") else ""


def handled(node: ast.Try) -> frozenset[str]:
    types = [handler.type for handler in node.handlers if handler.type is not None]
    return frozenset(
        name.id for one in types for name in ast.walk(one) if isinstance(name, ast.Name)
    )


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_docstring_names_the_errors(path: Path) -> None:
    assert list(unnamed_errors(path)) == []


def questions(path: Path) -> Iterator[str]:
    """Docstrings that begin as a question does: they name a thing and state nothing of it."""
    for line, text in (*docstrings(path), *attribute_docstrings(path)):
        if QUESTION_WORDS.match(text) and not text.partition("\n")[0].endswith("?"):
            yield f"{place(path)}:{line} {text[:50]!r}"


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""


def attribute_docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """The texts that stand right after a constant or a field."""
    for node in ast.walk(tree(path)):
        body = getattr(node, "body", None)
        for before, after in pairwise(body if isinstance(body, list) else ()):
            value = after.value if isinstance(after, ast.Expr) else None
            text = value.value if isinstance(value, ast.Constant) else None
            if isinstance(before, ast.Assign | ast.AnnAssign) and isinstance(text, str):
                yield after.lineno, text.strip()


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_docstring_is_a_plain_sentence(path: Path) -> None:
    assert list(questions(path)) == []


# Words


def metaphors(path: Path) -> Iterator[str]:
    """Words of an old picture language in names, comments and docstrings of a Python file."""
    in_package = PACKAGE in path.parents
    in_names = METAPHORS_IN_NAMES if in_package else METAPHORS
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        text, line = token.string, token.start[0]
        prose = token.type == tokenize.COMMENT or (in_package and text.startswith('"""'))
        if token.type == tokenize.NAME and f".{text}(" not in token.line.replace("self.", ""):
            found = words_of(re.sub(r"([a-z])([A-Z])", r"\1 \2", text)) & in_names
        else:
            found = words_of(text) & METAPHORS if prose else set()
        yield from (f"{place(path)}:{line} {word!r} in {text[:40]!r}" for word in sorted(found))


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=place)
def test_no_metaphor_is_left_in_the_code(path: Path) -> None:
    if path == Path(__file__):
        return
    assert list(metaphors(path)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=place)
def test_no_metaphor_is_left_in_the_documents(path: Path) -> None:
    assert sorted(words_of(path.read_text(encoding="utf-8")) & METAPHORS) == []
