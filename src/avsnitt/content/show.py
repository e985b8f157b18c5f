"""All parsed files to one Show: who is who is settled here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Sequence

import msgspec

from avsnitt.content.episode import ParsedEpisode
from avsnitt.content.podcast20 import with_show_elements
from avsnitt.content.schema.front_matter import CreditFields
from avsnitt.content.settings import ShowSettings
from avsnitt.model.show import Category, Credit, Episode, License, Person, Picture, Show, ShowPage
from avsnitt.problems.finding import Finding, finding_in_file
from avsnitt.show_files import PEOPLE_FOLDER, SETTINGS_PATH, episode_file
from avsnitt.vocabulary.categories import find_category
from avsnitt.vocabulary.licenses import find_license
from avsnitt.vocabulary.roles import find_group


def assemble_show(
    settings: ShowSettings,
    people: Sequence[Person],
    pages: Sequence[ShowPage],
    parsed: Iterable[ParsedEpisode],
    files: Container[str] = (),
) -> tuple[Show, tuple[Finding, ...]]:
    """
    One Show, with each credit's person found, and a Finding for each person there is none for.
    A person whose file is among `files` is one whose own mistakes are reported already.

    Episodes stand newest first, by date, then season, number and address, so that the order
    never depends on the disk.
    """
    known = {person.id: person for person in people}
    findings: list[Finding] = []
    hosts = tuple(
        _credits(
            SETTINGS_PATH,
            "hosts",
            (
                CreditFields(id=host.id, role=host.role, speaks_as=host.speaks_as)
                for host in settings.hosts
            ),
            known,
            findings,
        )
    )
    episodes = [_with_credits(one, hosts, known, findings) for one in parsed if one.episode]
    unknown = (one for one in findings if f"{PEOPLE_FOLDER}/{one.values['id']}.md" not in files)
    return _show(settings, hosts, people, pages, episodes), tuple(unknown)


def _show(
    settings: ShowSettings,
    hosts: tuple[Credit, ...],
    people: Sequence[Person],
    pages: Sequence[ShowPage],
    episodes: Sequence[Episode],
) -> Show:
    categories = (find_category(name) for name in settings.categories)
    license_ = find_license(settings.license, settings.license_url)
    show = Show(
        title=settings.title.strip(),
        address=settings.address.rstrip("/"),
        language=settings.language,
        description=settings.description.strip(),
        guid=settings.guid,
        author=settings.author.strip(),
        license=license_ or License(id=settings.license, name=settings.license),
        categories=tuple(category for category in categories if isinstance(category, Category)),
        cover=Picture(path=f"site/{settings.cover}", alt=settings.cover_alt),
        subtitle=settings.subtitle,
        timezone=settings.timezone,
        type=settings.type,
        explicit=settings.explicit,
        copyright=settings.copyright,
        locked=settings.locked,
        locked_owner=settings.locked_owner,
        contact=settings.contact,
        demonstration=settings.demonstration,
        hosts=hosts,
        people=tuple(sorted(people, key=lambda person: person.id)),
        episodes=tuple(sorted(episodes, key=_age, reverse=True)),
        pages=tuple(sorted(pages, key=lambda page: page.name)),
        new_feed_url=settings.new_feed_url,
        complete=settings.complete,
        block=settings.block,
    )
    return with_show_elements(show, settings)


def _age(episode: Episode) -> tuple[float, int, int, str]:
    moment = episode.published.timestamp() if episode.published else 0.0
    return moment, episode.season or 0, episode.number or 0, episode.slug


def _with_credits(
    parsed: ParsedEpisode,
    hosts: tuple[Credit, ...],
    known: dict[str, Person],
    findings: list[Finding],
) -> Episode:
    episode = parsed.episode
    assert episode is not None  # noqa: S101 - the caller has looked
    path = episode_file(episode.folder)
    own = tuple(_credits(path, "people", parsed.people, known, findings))
    if parsed.with_hosts:
        named = {credit.person.id for credit in own}
        own = (*(host for host in hosts if host.person.id not in named), *own)
    moment = dt.datetime.fromisoformat(parsed.published) if parsed.published else None
    voices = ((number, track.person) for number, track in enumerate(episode.tracks) if track.person)
    findings += [
        _unknown(path, ("tracks", number, "person"), person, known)
        for number, person in voices
        if person not in known
    ]
    return msgspec.structs.replace(episode, credits=own, published=moment)


def _credits(
    path: str,
    key: str,
    credits: Iterable[CreditFields],
    known: dict[str, Person],
    findings: list[Finding],
) -> Iterable[Credit]:
    for number, credit in enumerate(credits):
        person = known.get(credit.id)
        if person is None:
            findings.append(_unknown(path, (key, number, "id"), credit.id, known))
            continue
        role = credit.role.strip().lower()
        group = credit.group.strip().lower() or find_group(role)
        yield Credit(person=person, role=role, group=group, speaks_as=credit.speaks_as)


def _unknown(path: str, key: tuple[str | int, ...], id_: str, known: Iterable[str]) -> Finding:
    import difflib

    near = ", ".join(difflib.get_close_matches(id_, known, 3, 0.5))
    return finding_in_file("SHOW-004", path, key, {"id": id_, "near": near})
