"""The pages of a show other than an episode's: start, archive, people, own pages, following.

Everything here is pure: model values in, page values out, ready for a template to print.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

import msgspec

from avsnitt import routes
from avsnitt.model.selection import coming, published
from avsnitt.model.show import Credit, Episode, Person, Show, ShowPage
from avsnitt.model.value import Value
from avsnitt.site.components import (
    ask_id,
    ask_view,
    bare_person_view,
    demote_headings,
    person_view,
    published_date,
)
from avsnitt.site.feed_links import FeedView, network_list
from avsnitt.site.images import PictureView, picture_view
from avsnitt.site.layout import Head, LinkView, SiteFrame, head, series_json_ld
from avsnitt.site.views import AskView, DateView, PersonView, PublishedAudio
from avsnitt.site.wording import (
    excerpt,
    iso_duration,
    linkable,
    paragraphs,
    spell_label,
    spell_minutes,
    spell_role,
)

NEWEST_EPISODES: Final = 20
"""The number of episodes on the start page; the archive shows all."""

APPS: Final = ("antennapod", "apple", "pocketcasts", "overcast", "thunderbird", "closed")


class EntryView(Value, frozen=True, kw_only=True):
    """One episode in a list. `duration` is in whole minutes, in words."""

    title: str
    href: str
    lang: str
    label: str
    status: str
    status_text: str
    date: DateView | None
    iso_duration: str
    duration: str
    summary: str
    question: str
    cover: PictureView | None
    role: str = ""
    speaks_as: str = ""


class HomeAsk(Value, frozen=True, kw_only=True):
    """A request for help on the front page, with a link to its episode."""

    ask: AskView
    href: str
    episode: str
    lang: str


class HomePage(Value, frozen=True, kw_only=True):
    """The values of the front page's template."""

    site: SiteFrame
    head: Head
    title: str
    subtitle: str
    description: tuple[str, ...]
    cover: PictureView | None
    latest: EntryView | None
    entries: tuple[EntryView, ...]
    archive: LinkView | None
    open_questions: tuple[EntryView, ...]
    recorded: tuple[EntryView, ...]
    asks: tuple[HomeAsk, ...]
    hosts: tuple[PersonView, ...]
    follow: str
    funding: tuple[LinkView, ...]


class Year(Value, frozen=True, kw_only=True):
    """`lines` is the year's episodes as safe HTML, a list item each."""

    year: str
    lines: str


class ArchivePage(Value, frozen=True, kw_only=True):
    """The values of the template for the list of all episodes."""

    site: SiteFrame
    head: Head
    count: str
    coming: tuple[EntryView, ...]
    years: tuple[Year, ...]


class PersonRow(Value, frozen=True, kw_only=True):
    """A person in the list of people."""

    person: PersonView
    count: str


class PeoplePage(Value, frozen=True, kw_only=True):
    """The values of the template for the list of people."""

    site: SiteFrame
    head: Head
    rows: tuple[PersonRow, ...]


class PersonPage(Value, frozen=True, kw_only=True):
    """The values of the template for a person's page."""

    site: SiteFrame
    head: Head
    person: PersonView
    portrait: PictureView | None
    pronouns: str
    bio_html: str
    links_heading: str
    links: tuple[LinkView, ...]
    appearances: tuple[EntryView, ...]
    older: str


class OwnPage(Value, frozen=True, kw_only=True):
    """The values of the template for a page that the author wrote."""

    site: SiteFrame
    head: Head
    title: str
    body_html: str


class FollowPage(Value, frozen=True, kw_only=True):
    """
    `feed_url` is the absolute address, or empty when the show has none yet; `more` are the other
    feeds.
    """

    site: SiteFrame
    head: Head
    feed_url: str
    apps: tuple[LinkView, ...]
    more: tuple[FeedView, ...]


def home_page(show: Show, *, site: SiteFrame, sounds: Mapping[str, PublishedAudio]) -> HomePage:
    """The start page; `sounds` goes from an episode's slug to its published sound."""
    out = published(show)
    waiting = coming(show)
    newest = [
        entry_view(site, episode, sounds.get(episode.slug)) for episode in out[:NEWEST_EPISODES]
    ]
    whole_archive = site.strings("home.whole_archive", n=len(out))
    return HomePage(
        site=site,
        head=_home_head(show, site),
        title=show.title,
        subtitle=show.subtitle,
        description=paragraphs(show.description),
        cover=site.cover,
        latest=newest[0] if newest else None,
        entries=tuple(newest[1:]),
        archive=LinkView(title=whole_archive, href=site.href(routes.ARCHIVE)) if out else None,
        open_questions=tuple(
            entry_view(site, episode, sounds.get(episode.slug))
            for episode in waiting
            if episode.status == "planned"
        ),
        recorded=tuple(
            entry_view(site, episode, sounds.get(episode.slug))
            for episode in waiting
            if episode.status == "recorded"
        ),
        asks=tuple(_open_asks(site, [*waiting, *out])),
        hosts=tuple(person_view(site, credit) for credit in show.hosts),
        follow=site.href(routes.FOLLOW),
        funding=tuple(
            LinkView(title=row.text or row.url, href=linkable(row.url))
            for row in show.extras.funding
            if linkable(row.url)
        ),
    )


def archive_page(
    show: Show,
    *,
    site: SiteFrame,
    sounds: Mapping[str, PublishedAudio],
    lines: Mapping[str, str],
) -> ArchivePage:
    """
    Every episode, a line each, by year, newest first.

    `lines` has each published episode's list item as safe HTML, by slug: the template
    `line.html` of its `entry_view`. Lists of thousands are joined of them, not made anew.
    """
    strings = site.strings
    out = published(show)
    title = site.words["archive.title"]
    years = (
        Year(year=year, lines="".join(lines[episode.slug] for episode in group).strip())
        for year, group in groupby(out, key=_year)
    )
    return ArchivePage(
        site=site,
        head=head(site, routes.ARCHIVE, title, excerpt(show.subtitle or show.description)),
        count=strings("archive.count", n=len(out)),
        coming=tuple(
            entry_view(site, episode, sounds.get(episode.slug)) for episode in coming(show)
        ),
        years=tuple(years),
    )


def people_page(
    show: Show,
    *,
    site: SiteFrame,
    appearances: Mapping[str, Sequence[tuple[Episode, Credit]]],
) -> PeoplePage:
    """Everybody, hosts first and then by name; `appearances` is from `ordering`."""
    hosts = {host.person.id: rank for rank, host in enumerate(show.hosts)}
    ranked = sorted(
        show.people, key=lambda person: (hosts.get(person.id, len(hosts)), person.name, person.id)
    )
    title = site.words["people.title"]
    return PeoplePage(
        site=site,
        head=head(site, routes.PEOPLE, title, site.words["people.lead"]),
        rows=tuple(_person_row(site, person, appearances) for person in ranked),
    )


def person_page(
    person: Person,
    *,
    site: SiteFrame,
    bio_html: str,
    episodes: Sequence[tuple[Episode, Credit]],
    sounds: Mapping[str, PublishedAudio],
    lines: Mapping[str, str],
) -> PersonPage:
    """
    One person and what they took part in, in the order given; the HTML is safe already.

    The first are shown at length, the rest by their `lines`, as in `archive_page`.
    """
    older = (episode.slug for episode, _ in episodes[NEWEST_EPISODES:])
    path = routes.person_page(person.id)
    view = bare_person_view(site, person)
    portrait = site.images.portraits.get(person.id)
    return PersonPage(
        site=site,
        head=head(site, path, person.name, excerpt(person.title or site.title)),
        person=view,
        portrait=picture_view(site.root, portrait, person.picture_alt) if portrait else None,
        pronouns=person.pronouns,
        bio_html=demote_headings(bio_html),
        links_heading=site.strings("person.links", name=person.name),
        links=tuple(
            LinkView(title=link.title or link.url, href=linkable(link.url))
            for link in person.links
            if linkable(link.url)
        ),
        appearances=tuple(
            entry_view(site, episode, sounds.get(episode.slug), credit)
            for episode, credit in episodes[:NEWEST_EPISODES]
        ),
        older="".join(lines.get(slug, "") for slug in older).strip(),
    )


def show_page(page: ShowPage, *, site: SiteFrame, body_html: str) -> OwnPage:
    """A page the show wrote itself; the HTML is safe already."""
    return OwnPage(
        site=site,
        head=head(site, routes.show_page(page.name), page.title, site.subtitle or site.title),
        title=page.title,
        body_html=demote_headings(body_html, first=2),
    )


def follow_page(show: Show, *, site: SiteFrame) -> FollowPage:
    """The page on how to subscribe, without an account, and to which feeds."""
    words = site.words
    apps = tuple(
        LinkView(title=words[f"follow.app.{app}"], note=words[f"follow.app.{app}.how"])
        for app in APPS
    )
    title = words["follow.title"]
    return FollowPage(
        site=site,
        head=head(site, routes.FOLLOW, title, words["home.follow_lead"]),
        feed_url=site.absolute(routes.FEED),
        apps=apps,
        more=(*site.feeds, *network_list(show, site.strings, site.root)),
    )


def entry_view(
    site: SiteFrame,
    episode: Episode,
    sound: PublishedAudio | None,
    credit: Credit | None = None,
) -> EntryView:
    """An episode as lists show it; with `credit`, as somebody's part in it."""
    strings = site.strings
    cover = site.images.covers.get(episode.slug)
    capacity = credit.speaks_as if credit else ""
    return EntryView(
        title=episode.title,
        href=site.href(routes.episode_page(episode.slug)),
        lang=site.lang(episode.language),
        label=spell_label(episode, strings),
        status=episode.status,
        status_text=site.words[f"episode.status.{episode.status}"],
        date=published_date(episode, site),
        iso_duration=iso_duration(sound.duration_ms) if sound else "",
        duration=spell_minutes(sound.duration_ms, strings) if sound else "",
        summary=episode.summary,
        question=episode.question,
        cover=picture_view(site.root, cover, "") if cover else None,
        role=spell_role(credit.role, strings) if credit else "",
        speaks_as=strings("episode.speaks_as", capacity=capacity) if capacity else "",
    )


def _open_asks(site: SiteFrame, episodes: Sequence[Episode]) -> list[HomeAsk]:
    return [
        HomeAsk(
            ask=ask_view(site, episode, ask),
            href=f"{site.href(routes.episode_page(episode.slug))}#{ask_id(episode, ask)}",
            episode=episode.title,
            lang=site.lang(episode.language),
        )
        for episode in episodes
        for ask in episode.asks
        if ask.status == "open"
    ]


def _home_head(show: Show, site: SiteFrame) -> Head:
    series = {
        "@context": "https://schema.org",
        **series_json_ld(site),
        "description": show.description,
    }
    title = f"{show.title} – {show.subtitle}" if show.subtitle else show.title
    made = head(site, routes.HOME, show.title, excerpt(show.description), json_ld=series)
    return msgspec.structs.replace(made, title=title)


def _person_row(
    site: SiteFrame,
    person: Person,
    appearances: Mapping[str, Sequence[tuple[Episode, Credit]]],
) -> PersonRow:
    slugs = {episode.slug for episode, _ in appearances.get(person.id, ()) if episode.is_out}
    return PersonRow(
        person=bare_person_view(site, person),
        count=site.strings("people.count", n=len(slugs)) if slugs else "",
    )


def _year(episode: Episode) -> str:
    return str(episode.published.year) if episode.published else ""
