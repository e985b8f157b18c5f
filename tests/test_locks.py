"""The lock files hold every dependency in its range, by hash, and name no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = Path(__file__).parent.parent
REQUIREMENTS = PROJECT / "requirements"
FILES = sorted(path.name for path in REQUIREMENTS.glob("*.txt"))
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = re.compile(
    r"(?P<pin>[^\s;]+==[^\s;]+(?: ; .+?)?)(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)"
)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = ("linux", "darwin", "win32")

RUN = PYPROJECT["project"]["dependencies"]
DASK = PYPROJECT["project"]["optional-dependencies"]["dask"]
GROUPS = PYPROJECT["dependency-groups"]
LOCKED = {
    "build.txt": GROUPS["build"],
    "run.txt": RUN,
    "dev.txt": RUN + GROUPS["build"] + GROUPS["dev"],
    "bench.txt": RUN + DASK + GROUPS["bench"],
    "lowest.txt": RUN + DASK + GROUPS["build"] + GROUPS["dev"],
}


def entries(name: str) -> list[str]:
    """The requirements of a lock file, each with its hashes in one line."""
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    return [line for line in text.replace(" \\\n   ", "").splitlines() if line]


def pins(name: str) -> list[Requirement]:
    return [Requirement(entry.partition(" --hash=")[0]) for entry in entries(name)]


def environment(python: str, platform: str) -> dict[str, str]:
    return {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": platform,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def versions(name: str, where: dict[str, Any]) -> dict[str, Version]:
    """The version of each package that a lock file installs in an environment."""
    found: dict[str, Version] = {}
    for pin in pins(name):
        if pin.marker is None or pin.marker.evaluate(where):
            package = canonicalize_name(pin.name)
            assert package not in found, f"{name} has two versions of {package}"
            (version,) = pin.specifier
            found[package] = Version(version.version)
    return found


def test_every_lock_file_is_known() -> None:
    assert sorted(LOCKED) == FILES


@pytest.mark.parametrize("name", FILES)
def test_every_entry_is_one_version_with_hashes_and_nothing_else(name: str) -> None:
    """So it names no index, no address, no folder and no option."""
    assert [entry for entry in entries(name) if not PINNED.fullmatch(entry)] == []


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", FILES)
def test_every_dependency_is_locked_within_its_range(name: str, python: str, platform: str) -> None:
    where = environment(python, platform)
    locked = versions(name, where)
    for dependency in map(Requirement, LOCKED[name]):
        if dependency.marker is None or dependency.marker.evaluate(where):
            version = locked.get(canonicalize_name(dependency.name))
            assert version is not None, f"{dependency.name} is missing: make lock"
            assert dependency.specifier.contains(version, prereleases=True), dependency


@pytest.mark.parametrize("name", ["build.txt", "run.txt", "bench.txt"])
def test_a_package_has_one_version_in_all_locks_but_the_lowest(name: str) -> None:
    """Development, CI and benchmarks run on the same versions."""
    shared = set(map(str, pins(name))) & set(map(str, pins("dev.txt")))
    named = {pin.name for pin in pins("dev.txt")}
    assert {str(pin) for pin in pins(name) if pin.name in named} == shared


def test_the_lowest_lock_holds_the_floor_of_every_dependency() -> None:
    locked = versions("lowest.txt", environment("3.11", "linux"))
    for dependency in map(Requirement, RUN + DASK):
        floors = [bound.version for bound in dependency.specifier if bound.operator == ">="]
        version = locked[canonicalize_name(dependency.name)]
        # The first release within a floor may have a zero more: 6 and 6.0.0.
        assert [Version(floor) for floor in floors] == [version], dependency.name


def test_what_builds_the_package_is_locked() -> None:
    assert set(PYPROJECT["build-system"]["requires"]) <= set(GROUPS["build"])
