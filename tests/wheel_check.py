"""Builds the sdist and the wheel, and uses the wheel as a user does: `make test-wheel` runs it.

The wheel must hold every file of the package, the sdist must build the same wheel, and in an
environment with nothing but locked dependencies `avsnitt init`, `build` and `check` must do their
work in a new show, in both languages. It stops at the first step that fails, with exit code 1.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "src" / "avsnitt"
PATTERNS = (  # at least one file of each, lest a folder is missing from source and wheel alike
    "py.typed",
    "fonts/*.ttf",
    "fonts/OFL.txt",
    "locale/en/*.json",
    "locale/sv/*.json",
    "preview/reload.js",
    "starter/en/site/show.toml",
    "starter/sv/site/show.toml",
    "starter/*/episodes/*/sound.mp3",
    "themes/plain/static/plain.css",
    "themes/plain/templates/base.html",
)
PUBLISHED = ("index.html", "feed.xml", "feed.json", "static/plain.css", "media/*.mp3")
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="avsnitt-wheel-") as folder:
        work = Path(folder)
        wheel, sdist = build_both(work / "dist")
        check_files(wheel)
        check_sdist(sdist, wheel, work)
        program = install(wheel, work)
        for language in ("sv", "en"):
            use(program, language, work)
    print(f"{wheel.name}: every file is there, the sdist builds it, and it builds a show.")


def build_both(folder: Path) -> tuple[Path, Path]:
    run(sys.executable, "-m", "hatchling", "build", "-d", os.fspath(folder), at=PROJECT)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def check_files(wheel: Path) -> None:
    wanted = {
        f"avsnitt/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.startswith("avsnitt-")}
    require(wanted == held, f"the wheel and src/avsnitt differ in {sorted(wanted ^ held)}")
    for pattern in PATTERNS:
        require(any(PACKAGE.glob(pattern)), f"no file is src/avsnitt/{pattern}")


def check_sdist(sdist: Path, wheel: Path, work: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(work / "source", filter="data")
    (source,) = (work / "source").iterdir()
    again = work / "again"
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", os.fspath(again))
    run(*command, at=source)
    same = (again / wheel.name).read_bytes() == wheel.read_bytes()
    require(same, "the wheel that the sdist builds is another one")


def install(wheel: Path, work: Path) -> Path:
    """The program, in an environment that holds what it depends on and not even pip."""
    lock = os.fspath(PROJECT / "requirements" / "run.txt")
    wheels, empty = work / "wheels", work / "empty"
    hashed = ("--no-build-isolation", "--no-deps", "--require-hashes", "-r", lock)
    run(*PIP, "wheel", *hashed, "-w", os.fspath(wheels), at=work)
    run(sys.executable, "-m", "venv", "--without-pip", os.fspath(empty), at=work)
    files = [os.fspath(path) for path in (wheel, *wheels.glob("*.whl"))]
    run(*PIP, "--python", os.fspath(empty), "install", "--no-deps", *files, at=work)
    run(*PIP, "--python", os.fspath(empty), "check", at=work)
    return empty / ("Scripts" if os.name == "nt" else "bin") / "avsnitt"


def use(program: Path, language: str, work: Path) -> None:
    show, cache = work / f"show-{language}", os.fspath(work / "cache")
    avsnitt = os.fspath(program)
    run(avsnitt, "init", "--language", language, show.name, at=work, XDG_CACHE_HOME=cache)
    for command in ("build", "check"):
        run(avsnitt, command, at=show, XDG_CACHE_HOME=cache)
    for pattern in PUBLISHED:
        require(any((show / "public").glob(pattern)), f"avsnitt build made no {pattern}")


def run(*command: str, at: Path, **environment: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    whole = kept | environment
    done = subprocess.run(command, cwd=at, env=whole, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    require(done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}")


def require(holds: bool, problem: str) -> None:
    if not holds:
        raise SystemExit(f"wheel_check: {problem}")


if __name__ == "__main__":
    main()
