"""`publish` to a folder: the plan first, then what differs and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Avsnitt
from tests.support import shows

MARKS = (".avsnitt", ".published")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(MARKS)
    }


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "www på servern"


def test_a_show_is_published_whole(avsnitt: Avsnitt, show: Path, target: Path) -> None:
    result = avsnitt("publish", str(target), at=show)
    assert result.code == 0, result.err
    assert result.out == f"{target}\n"
    assert "Att kopiera" in result.err
    assert tree(target) == tree(show / "public")


def test_a_plan_is_only_a_plan(avsnitt: Avsnitt, show: Path, target: Path) -> None:
    result = avsnitt("publish", "--dry-run", str(target), at=show)
    assert result.code == 0
    assert "bara planen" in result.err
    assert not target.exists()
    facts = json.loads(avsnitt("publish", "--dry-run", "--json", str(target), at=show).out)
    assert facts["dry_run"] is True
    assert sorted(facts["uploaded"]) == sorted(tree(show / "public"))
    assert not target.exists()


def test_the_sound_goes_before_the_feed_that_names_it(
    avsnitt: Avsnitt, show: Path, target: Path
) -> None:
    facts = json.loads(avsnitt("publish", "--json", str(target), at=show).out)
    order = list(facts["uploaded"])
    assert order.index("media/andra.mp3") < order.index("index.html") < order.index("feed.xml")


def test_publishing_again_touches_nothing(avsnitt: Avsnitt, show: Path, target: Path) -> None:
    avsnitt("publish", str(target), at=show)
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()}
    result = avsnitt("publish", str(target), at=show)
    assert result.code == 0
    assert "inget kopierades" in result.err
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_only_what_changed_is_copied_and_what_left_is_taken_away(
    avsnitt: Avsnitt, show: Path, target: Path
) -> None:
    avsnitt("publish", str(target), at=show)
    shows.edit(show, "episodes/002-andra/episode.md", "Mer om svar.", "Mera.")
    (show / "site/pages/about.md").unlink()
    facts = json.loads(avsnitt("publish", "--json", str(target), at=show).out)
    assert {"episodes/andra.html", "feed.xml", "media/andra.mp3"} <= set(facts["uploaded"])
    assert "media/forsta.mp3" not in facts["uploaded"]
    assert list(facts["deleted"]) == ["about.html"]
    assert tree(target) == tree(show / "public")


def test_files_of_others_are_kept(avsnitt: Avsnitt, show: Path, target: Path) -> None:
    mine = shows.write(target, "nyckel.txt", "min")
    assert avsnitt("publish", str(target), at=show).code == 0
    shows.edit(show, "episodes/002-andra/episode.md", "Mer om svar.", "Mera.")
    assert avsnitt("publish", str(target), at=show).code == 0
    assert mine.read_text() == "min"


@pytest.mark.parametrize("place", [".", "site", "episodes", "..", "public", "/"])
def test_a_show_is_never_published_over_itself(place: str, avsnitt: Avsnitt, show: Path) -> None:
    before = tree(show / "site") | tree(show / "episodes")
    result = avsnitt("publish", place, at=show)
    assert result.code == 2
    assert tree(show / "site") | tree(show / "episodes") == before


def test_a_broken_show_is_not_published(avsnitt: Avsnitt, show: Path, target: Path) -> None:
    shows.edit(show, "site/show.toml", "Government", "Nope")
    result = avsnitt("publish", str(target), at=show)
    assert result.code == 1
    assert "SHOW-009" in result.err
    assert not target.exists()


def test_a_target_that_cannot_be_written_is_not_our_bug(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    shows.write(tmp_path, "file", "a file")
    assert avsnitt("publish", str(tmp_path / "file"), at=show).code in (2, 3)
    assert avsnitt("publish", str(tmp_path / "file/below"), at=show).code in (2, 3)


@pytest.mark.parametrize(
    "target", ["https://podd.exempel.se/", "sftp://host/srv", "me@host:/srv", "host:podd"]
)
def test_an_address_on_the_net_is_no_folder(target: str, avsnitt: Avsnitt, show: Path) -> None:
    result = avsnitt("publish", target, at=show)
    assert result.code == 2
    assert "välj en mapp" in result.err
    assert not (show / "public").exists()
    assert sorted(path.name for path in show.iterdir()) == ["episodes", "site"]


def test_a_folder_with_a_colon_in_its_name_is_a_folder(avsnitt: Avsnitt, show: Path) -> None:
    assert avsnitt("publish", str(show.parent / "kl 12:30"), at=show).code == 0
