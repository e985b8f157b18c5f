"""Page values to HTML, by Jinja2: the show's own templates first, then the theme's.

A show's template may extend the one it replaces: `{% extends "plain/episode.html" %}`.
"""

from __future__ import annotations

import marshal
import operator
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.digests import digest
from avsnitt.model.value import Value
from avsnitt.problems.errors import AvsnittError

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import BaseLoader, Environment, Template
    from jinja2.bccache import Bucket, BytecodeCache

THEME: Final = "plain"
THEME_FOLDER: Final = Path(__file__).parents[2] / "themes" / THEME
TEMPLATES: Final = "templates"
STATIC: Final = "static"


def user_cache_folder() -> Path:
    """
    The folder for compiled templates: one of the user's own, never one that is copied with the
    show.

    `XDG_CACHE_HOME`, or the system's usual place for files that can be made again.
    """
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(given or Path.home() / ".cache", "avsnitt", "templates")


class TemplateError(AvsnittError):
    """
    A template does not work. `template` is its name, `line` counts from 1 (0 if unknown), and
    `own` says whether it is the show's own and not the theme's.
    """

    exit_code = 1

    def __init__(self, template: str, line: int, message: str, *, own: bool) -> None:
        values = {"template": template, "line": str(line), "message": message}
        super().__init__(f"{template}:{line}: {message}", key="template", values=values)
        self.template = template
        self.line = line
        self.message = message
        self.own = own


class Templates:
    """
    The compiled templates of one show.

    `own_folder` is the show's `site/templates`, if any. `cache_folder` holds compiled templates
    between runs. It holds code, so it must lie where nobody but the user writes: not in a
    folder that travels with a show.
    """

    def __init__(self, own_folder: Path | None = None, cache_folder: Path | None = None) -> None:
        self._own_folder = own_folder if own_folder and own_folder.is_dir() else None
        self._environment = _environment(self._own_folder, cache_folder)
        self._ready: dict[str, Callable[[Any], Iterator[str]]] = {}
        self._contexts: dict[str, Callable[[dict[str, object]], Any]] = {}

    def render(self, name: str, page: object) -> bytes:
        """
        One page as UTF-8. The template sees `page` and nothing else. Raises TemplateError
        for a template that is missing, does not parse, or asks for what the page has not.
        """
        try:
            if name not in self._ready:
                template = self._environment.get_template(name)
                self._ready[name] = template.root_render_func
                self._contexts[name] = template.new_context
            context = self._contexts[name]({"page": page})
            return "".join(self._ready[name](context)).encode()
        except Exception as error:
            raise self._template_error(name, self._pointing_at_source(error)) from error

    def _template_error(self, name: str, error: Exception) -> TemplateError:
        from jinja2 import TemplateNotFound, TemplateSyntaxError

        if isinstance(error, TemplateSyntaxError):
            where, line, message = error.name or name, error.lineno, error.message or ""
        elif isinstance(error, TemplateNotFound):
            where, line = name, 0
            message = f"there is no template named {error.message or error.name}"
        else:
            where, line = self._place(name, error)
            message = str(error) or type(error).__name__
        return TemplateError(where, line, message, own=self._is_own(where))

    def _pointing_at_source(self, error: Exception) -> Exception:
        """The same error, with a traceback in the template's own lines."""
        try:
            self._environment.handle_exception()
        except Exception as pointing:  # noqa: BLE001  (it is the one just caught)
            return pointing
        return error

    def _place(self, name: str, error: Exception) -> tuple[str, int]:
        """The innermost line of a template in a traceback."""
        place = (name, 0)
        trace = error.__traceback__
        while trace is not None:
            path = Path(trace.tb_frame.f_code.co_filename)
            for folder in (self._own_folder, THEME_FOLDER / TEMPLATES):
                if folder and path.is_relative_to(folder):
                    place = (path.relative_to(folder).as_posix(), trace.tb_lineno)
            trace = trace.tb_next
        return place

    def _is_own(self, name: str) -> bool:
        return bool(self._own_folder and (self._own_folder / name).is_file())


def theme_files(own_folder: Path | None = None, own_static: Path | None = None) -> dict[str, Path]:
    """
    Every template and static file in force, by name (`templates/base.html`,
    `static/plain.css`), sorted; the show's own replaces the theme's of the same name. The
    theme's own templates are also there as `templates/plain/...`, as a show may extend them.
    """
    found = {f"{TEMPLATES}/{THEME}/{n}": p for n, p in _files(THEME_FOLDER / TEMPLATES)}
    found |= {f"{TEMPLATES}/{n}": p for n, p in _files(THEME_FOLDER / TEMPLATES)}
    found |= {f"{STATIC}/{n}": p for n, p in _files(THEME_FOLDER / STATIC)}
    found |= {f"{TEMPLATES}/{n}": p for n, p in _files(own_folder)}
    found |= {f"{STATIC}/{n}": p for n, p in _files(own_static)}
    return dict(sorted(found.items()))


def _files(folder: Path | None) -> Iterator[tuple[str, Path]]:
    """Plain files only: a link may lead out of the show."""
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            yield path.relative_to(folder).as_posix(), path


def _environment(own_folder: Path | None, cache_folder: Path | None) -> Environment:
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

    theme = FileSystemLoader(THEME_FOLDER / TEMPLATES)
    own = [_own_loader(own_folder)] if own_folder else []
    kind = _sandbox() if own_folder else Environment
    environment = kind(
        loader=ChoiceLoader([*own, theme, PrefixLoader({THEME: theme})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_bytecode_cache(cache_folder, kind) if cache_folder else None,
    )
    environment.template_class = _template_class()
    if not own_folder:
        # Our own templates ask our own values: what Jinja adds to a look-up is never used, and
        # there are three hundred of them in a page. A name that is missing raises all the same.
        environment.getattr = getattr  # type: ignore[method-assign,assignment]
        environment.getitem = operator.getitem  # type: ignore[method-assign,assignment]
    return environment


def _own_loader(folder: Path) -> BaseLoader:
    from jinja2 import FileSystemLoader, TemplateNotFound

    root = folder.resolve()

    class InsideLoader(FileSystemLoader):
        """A link out of the folder is no template: its text would end up on the site."""

        def get_source(
            self, environment: Environment, template: str
        ) -> tuple[str, str, Callable[[], bool]]:
            source, path, is_fresh = super().get_source(environment, template)
            if not Path(path).resolve().is_relative_to(root):
                raise TemplateNotFound(template)
            return source, path, is_fresh

    return InsideLoader(folder)


def _sandbox() -> type[Environment]:
    """A show's templates may come from anybody, and a bare Jinja template can run anything."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            if isinstance(obj, Value):  # ours, and most of what a template asks for
                return not attr.startswith("_")
            return super().is_safe_attribute(obj, attr, value)

    return Sandbox


def _template_class() -> type[Template]:
    """
    A template that escapes text straight to text. MarkupSafe 3 wraps every piece in a `Markup`
    that the page then joins to text anyway; without that a page renders in two thirds of the
    time. What is marked as safe goes the ordinary way.
    """
    import markupsafe
    from jinja2 import Template

    escape = markupsafe.escape
    inner: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)

    def escape_text(value: object) -> str:
        return inner(value) if type(value) is str else escape(value)

    class PlainTemplate(Template):
        @classmethod
        def from_code(
            cls,
            environment: Environment,
            code: CodeType,
            globals: MutableMapping[str, Any],
            uptodate: Callable[[], bool] | None = None,
        ) -> Template:
            template = super().from_code(environment, code, globals, uptodate)
            template.root_render_func.__globals__["escape"] = escape_text
            return template

    return PlainTemplate


def _bytecode_cache(folder: Path, kind: type[Environment]) -> BytecodeCache:
    from jinja2 import BytecodeCache
    from jinja2 import __version__ as jinja_version

    class Compiled(BytecodeCache):
        """
        Named by the source, the Python and the Jinja, so that an old file is never read, and by
        the kind of environment: a sandbox compiles other code than the rest can run.
        """

        def _path(self, bucket: Bucket) -> Path:
            python = f"{sys.implementation.cache_tag}-{sys.hexversion:x}"
            version = f"{python}-{jinja_version}-{kind.__name__}"
            name = digest(f"{version}\0{bucket.key}\0{bucket.checksum}".encode())
            return folder / f"{name}.template"

        def load_bytecode(self, bucket: Bucket) -> None:
            try:
                bucket.code = marshal.loads(self._path(bucket).read_bytes())  # noqa: S302
            except (OSError, ValueError, EOFError, TypeError):
                bucket.reset()

        def dump_bytecode(self, bucket: Bucket) -> None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                write_whole(self._path(bucket), marshal.dumps(bucket.code))
            except OSError:
                return  # a cache that cannot be written only costs time

    return Compiled()


def write_whole(path: Path, data: bytes) -> None:
    """Write beside and rename, so that nobody ever reads half a file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
