"""A show's own feed is judged before it is written, and told of at home."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from tests.cli.conftest import CommandResult
from tests.support import shows
from tests.support.linked_shows import write_fine_show
from tests.support.paths import PROJECT

from avsnitt.cli.main import run
from avsnitt.model.podcast20 import Extras
from avsnitt.model.show import Episode, Show
from avsnitt.problems.codes import SEVERITIES
from avsnitt.problems.feed_rules import FEED_RULES_REPORTED_BY, FILE_RULES_REPORTED_BY, RULEBOOK
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.snapshot import program_name
from avsnitt.workflow.build.build import build_show
from avsnitt.workflow.build.images import plan_images
from avsnitt.workflow.check.built_feed import CHANNEL_KEYS, ITEM_KEYS, BuiltFeed
from avsnitt.workflow.check.show import check_show
from avsnitt.workflow.load.show import load_show

ODD_PAIR = "title: Vem svarar?\npeople: [{id: ake, role: guest, group: writing}]"
SECOND = "episodes/002-andra/episode.md"


def codes(show: Path) -> list[str]:
    return [found.code for found in check_show(str(show)) if found.code in RULEBOOK]


def assembled(show: Path) -> bytes:
    root = os.path.realpath(show)
    store = BuildCache(f"{root}/.avsnitt", program_name())
    try:
        loaded = load_show(root, store)
        assert loaded.show is not None
        images, _ = plan_images(root, loaded.show, loaded.inputs, store)
        return BuiltFeed(root, loaded, loaded.show, images, store).document()
    finally:
        store.close(commit=True)


def without_lengths(feed: bytes) -> bytes:
    """The tags may have changed, and the length with them, which only tagging tells."""
    return re.sub(rb'length="[0-9]+"', b"", feed)


def test_what_is_checked_is_what_a_build_writes(show: Path) -> None:
    build_show(str(show))
    assert assembled(show) == (show / "public/feed.xml").read_bytes()
    shows.edit(show, SECOND, "Mer om svar.", "Mera.")
    shows.edit(show, "site/people/ake.md", "Åke Ö", "Åke Öh")
    changed = assembled(show)
    build_show(str(show))
    written = (show / "public/feed.xml").read_bytes()
    assert without_lengths(changed) == without_lengths(written)


def test_judging_writes_no_part_of_the_site(show: Path) -> None:
    check_show(str(show))
    assert not (show / "public").exists()


def test_a_fine_show_has_no_error_and_no_warning(tmp_path: Path) -> None:
    show = write_fine_show(tmp_path / "show")
    assert [one for one in check_show(str(show)) if one.severity != "info"] == []


def test_a_fault_in_an_item_is_reported_in_the_episode(show: Path) -> None:
    shows.edit(show, SECOND, "guid: 22222222-2222-4222-8222-222222222222", "guid: '12'")
    (found,) = [one for one in check_show(str(show)) if one.code == "IT-006"]
    assert (found.where.path, found.where.line, found.where.text) == (SECOND, 2, "guid: '12'")


def test_a_fault_in_the_channel_is_reported_in_the_settings(show: Path) -> None:
    shows.edit(show, "site/show.toml", "Öppen kanal", "Öppen | Kanal | Podd")
    (found,) = [one for one in check_show(str(show)) if one.code == "CH-002"]
    assert (found.where.path, found.where.line) == ("site/show.toml", 1)
    assert found.severity == "warning"


def test_a_title_too_long_for_the_list_in_the_description_is_shown_where_it_is(
    tmp_path: Path,
) -> None:
    show = write_fine_show(tmp_path / "show")
    fields = "episodes/001-forsta/episode.md"
    shows.edit(show, fields, "title: Svaret", f"title: {'Svaret ' * 7}")
    (found,) = check_show(str(show))
    assert (found.code, found.where.path, found.where.line) == ("IT-028", fields, 9)


def test_a_fault_that_is_mended_is_shown_no_more_and_comes_back(show: Path) -> None:
    first = codes(show)
    shows.edit(show, SECOND, "guid: 22222222-2222-4222-8222-222222222222", "guid: '12'")
    assert set(codes(show)) - set(first) == {"IT-006"}
    assert codes(show) == codes(show)
    shows.edit(show, SECOND, "guid: '12'", "guid: 22222222-2222-4222-8222-222222222222")
    assert codes(show) == first


def test_what_is_remembered_is_what_would_be_found_afresh(show: Path, tmp_path: Path) -> None:
    shows.edit(show, "site/show.toml", "Öppen kanal", "Öppen | Kanal | Podd")
    again = [check_show(str(show)) for _ in range(2)][1]
    fresh = shows.copy_inputs(show, tmp_path / "fresh")
    assert again == check_show(str(fresh))


def test_what_the_content_checks_show_is_not_reported_twice(show: Path) -> None:
    shows.edit(show, SECOND, "title: Vem svarar?", "title: 'Avsnitt 2: Vem svarar?'")
    found = [one.code for one in check_show(str(show))]
    assert "EPISODE-007" in found
    assert "IT-002" not in found
    assert "EPISODE-004" in found
    assert "IT-026" not in found


def test_what_the_content_checks_do_not_see_is_reported(show: Path) -> None:
    """The role is known, and so is the group, but not the one in the other."""
    shows.edit(show, SECOND, "title: Vem svarar?", ODD_PAIR)
    (found,) = [one for one in check_show(str(show)) if one.code in ("P20-006", "EPISODE-011")]
    assert (found.code, found.where.path, found.where.line) == ("P20-006", SECOND, 4)


def test_a_show_with_errors_is_not_checked_further(show: Path) -> None:
    shows.edit(show, "site/show.toml", "Öppen kanal", "Öppen | Kanal | Podd")
    shows.edit(show, SECOND, "title:", "titel:")
    assert codes(show) == []


def test_every_rule_that_is_reported_elsewhere_is_reported_by_a_check_of_ours() -> None:
    ours = set(SEVERITIES) - set(RULEBOOK)
    for source_paths, others in (
        (FEED_RULES_REPORTED_BY, set()),
        (FILE_RULES_REPORTED_BY, {"IT-028"}),
    ):
        assert set(source_paths) <= set(RULEBOOK)
        assert {code for codes in source_paths.values() for code in codes} <= ours | others


def test_every_place_of_an_element_is_something_that_a_show_can_say() -> None:
    schemas = PROJECT / "site/schemas"
    fields = {*Show.__struct_fields__, *Episode.__struct_fields__, *Extras.__struct_fields__}
    for keys, name in ((CHANNEL_KEYS, "show"), (ITEM_KEYS, "episode")):
        written = (schemas / f"{name}.schema.json").read_text(encoding="utf-8")
        assert {key for key in keys.values() if f'"{key}":' not in written} <= fields


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_the_sample_show_is_shown_nothing(
    form: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = PROJECT
    monkeypatch.chdir(sample)
    printed = CommandResult(run(["check", "--format", form]), *capfd.readouterr())
    assert printed.code == 0
    assert "::" not in printed.out
    if form == "text":
        assert printed.err == "Allt kontrollerat, inget att rätta.\n"
    if form == "json":
        assert json.loads(printed.out) == []
