"""Parts that several pages show: people, dates, asks, and an author's own HTML."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from avsnitt import routes
from avsnitt.formats.html_tags import edit_tags, tag_pattern
from avsnitt.i18n import spell_date
from avsnitt.model.show import Ask, Credit, Episode, Person
from avsnitt.site.layout import SiteFrame
from avsnitt.site.sharing import mail, mail_address
from avsnitt.site.views import AskView, DateView, PersonView
from avsnitt.site.wording import excerpt, initials, spell_role

_PLAIN_ID: Final = re.compile(r"[\w-]{1,60}", re.ASCII)
_HEADING: Final = tag_pattern("/?h[1-6]")


def published_date(episode: Episode, site: SiteFrame) -> DateView | None:
    """The day in the offset the author wrote, since that is the day they meant."""
    if episode.published is None:
        return None
    day = episode.published.date()
    return DateView(iso=day.isoformat(), text=spell_date(day, site.strings.language))


def person_view(site: SiteFrame, credit: Credit) -> PersonView:
    """A person as shown in an episode or a list of hosts."""
    capacity = credit.speaks_as
    return bare_person_view(
        site,
        credit.person,
        role=spell_role(credit.role, site.strings),
        speaks_as=site.strings("episode.speaks_as", capacity=capacity) if capacity else "",
    )


def bare_person_view(
    site: SiteFrame, person: Person, *, role: str = "", speaks_as: str = ""
) -> PersonView:
    """A person as shown outside any episode. Initials stand in for a missing portrait."""
    title = "" if person.title.casefold() == role.casefold() else person.title
    portrait = site.images.portraits.get(person.id)
    return PersonView(
        name=person.name,
        href=site.href(routes.person_page(person.id)),
        role=role,
        speaks_as=speaks_as,
        title=title,
        initials="" if portrait else initials(person.name),
        portrait=site.href(portrait.small) if portrait else "",
    )


def ask_view(site: SiteFrame, episode: Episode, ask: Ask) -> AskView:
    """An ask; only an open one can be answered."""
    subject = site.strings("episode.answer_subject", title=excerpt(ask.text, 60))
    return AskView(
        id=ask_id(episode, ask),
        text=ask.text,
        status=ask.status,
        status_text=site.words[f"episode.ask.{ask.status}"],
        until=_until(site, ask.until) if ask.status == "open" else "",
        outcome=ask.outcome,
        answer_href=mail(site.contact, subject) if ask.status == "open" else "",
        answer_how=_answer_how(site),
    )


def _answer_how(site: SiteFrame) -> str:
    """
    Explain what the link does, with the address for a reader whose browser has no mail program.
    """
    address = mail_address(site.contact)
    return site.strings("episode.answer_by_mail", address=address) if address else ""


def _until(site: SiteFrame, until: str) -> str:
    try:
        day = dt.date.fromisoformat(until)
    except ValueError:
        return ""
    return site.strings("episode.ask_until", date=spell_date(day, site.strings.language))


def ask_id(episode: Episode, ask: Ask) -> str:
    """The id of an ask on its episode's page; by place when its own name is no plain word."""
    if _PLAIN_ID.fullmatch(ask.id):
        return f"ask-{ask.id}"
    return f"ask-{episode.asks.index(ask) + 1}"


def demote_headings(html: str, first: int = 3) -> str:
    """
    Move an author's headings below the page's own, so that the outline has one top: the first
    becomes `first`, and no level is skipped on the way down.
    """
    outline: list[int] = []

    def moved(tag: str) -> str:
        start, _, rest = tag.partition("h")  # such as `</` and `2>`
        level = int(rest[0])
        if start == "<":
            while outline and outline[-1] >= level:
                outline.pop()
            outline.append(level)
        return f"{start}h{min(6, first - 1 + max(1, len(outline)))}{rest[1:]}"

    return edit_tags(html, _HEADING, moved)
