"""`docs/themes.md` against the pages as they are: no more, no less, and the example works."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from tests.support import shows
from tests.support.paths import DOCS

from avsnitt.site import (
    episode,
    feed_links,
    images,
    layout,
    pages,
    redirects,
    sharing,
    transcripts,
    views,
)
from avsnitt.site.io.templates import THEME_FOLDER
from avsnitt.workflow.build.build import build_show

TEXT = (DOCS / "themes.md").read_text(encoding="utf-8")
ROWS = {
    cells[1].strip(): cells[-2]
    for line in TEXT.splitlines()
    if line.startswith("| ") and len(cells := line.split("|")) > 3
}
ROW_TYPES = {
    "`home.html`": pages.HomePage,
    "`episode.html`": episode.EpisodePage,
    "`archive.html`": pages.ArchivePage,
    "`people.html`": pages.PeoplePage,
    "`person.html`": pages.PersonPage,
    "`page.html`": pages.OwnPage,
    "`follow.html`": pages.FollowPage,
    "`moved.html`": redirects.MovedPage,
    "`page.site`": layout.SiteFrame,
    "`page.head`": layout.Head,
    "an entry (`latest`, `entries`, `appearances`)": pages.EntryView,
    "a link": layout.LinkView,
    "a feed (`feeds`, `more`)": feed_links.FeedView,
    "a picture": images.PictureView,
    "a set (`sets`)": images.SetView,
    "a person": views.PersonView,
    "a date": views.DateView,
    "`opening`": views.OpeningView,
    "`question`": views.QuestionView,
    "`player`": views.PlayerView,
    "a chapter": views.ChapterView,
    "`host_note`": views.HostNoteView,
    "an ask": views.AskView,
    "an ask on the start page": pages.HomeAsk,
    "a correction": views.CorrectionView,
    "a moment": views.MomentView,
    "a source": views.SourceView,
    "a track": views.TrackView,
    "`transcript`": views.TranscriptView,
    "a file of a transcript": views.FileView,
    "a transcript in another language": views.TranslationView,
    "a section": transcripts.Section,
    "a turn": transcripts.Turn,
    "a paragraph": transcripts.Paragraph,
    "`share`": sharing.ShareView,
}


@pytest.mark.parametrize("row", ROW_TYPES)
def test_every_value_that_a_template_sees_is_reported(row: str) -> None:
    shown = re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", ROWS[row]))
    shared = ("site", "head") if row.endswith(".html`") else ()
    assert shown == [f.name for f in msgspec.structs.fields(ROW_TYPES[row]) if f.name not in shared]


def test_every_template_is_reported() -> None:
    for path in (THEME_FOLDER / "templates").glob("*.html"):
        assert f"`{path.name}`" in TEXT


def test_the_example_adds_its_line_and_keeps_the_page(tmp_path: Path) -> None:
    show = shows.write_show(tmp_path / "show")
    example = re.search(r"```jinja\n(.*?)```", TEXT, re.DOTALL)
    assert example
    shows.write(show, "site/templates/episode.html", example[1])
    build_show(str(show))
    page = (show / "public/episodes/forsta.html").read_text(encoding="utf-8")
    assert "<p>Det här var ”Vågar vi fråga?”. Tack för att du lyssnade.</p>" in page
    assert "<audio" in page
