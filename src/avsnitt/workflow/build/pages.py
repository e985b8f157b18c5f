"""The pages that show many episodes, and those that show none."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from avsnitt import routes
from avsnitt.content.markdown import render_markdown
from avsnitt.model.selection import appearances
from avsnitt.site.layout import SiteFrame
from avsnitt.site.views import PublishedAudio
from avsnitt.workflow.build.context import BuildContext, EpisodeResult, frame_key, page_parts


def make_pages(
    context: BuildContext,
    outcomes: Mapping[str, EpisodeResult],
    sounds: Mapping[str, PublishedAudio],
) -> None:
    """Make, or leave alone, every page but the episodes' own."""
    from avsnitt.site import pages

    show = context.show
    top, inner = context.top, context.frame
    at_root = {slug: one.lines[0] for slug, one in outcomes.items()}
    in_folder = {slug: one.lines[1] for slug, one in outcomes.items()}
    seen = appearances(show)
    _page(context, routes.HOME, "home.html", pages.home_page(show, site=top, sounds=sounds))
    archive = pages.archive_page(show, site=top, sounds=sounds, lines=at_root)
    _page(context, routes.ARCHIVE, "archive.html", archive)
    _page(context, routes.FOLLOW, "follow.html", pages.follow_page(show, site=top))
    if show.people:
        people = pages.people_page(show, site=top, appearances=seen)
        _page(context, routes.PEOPLE, "people.html", people)
    for person in show.people:
        page = pages.person_page(
            person,
            site=inner,
            bio_html=render_markdown(person.bio),
            episodes=seen.get(person.id, ()),
            sounds=sounds,
            lines=in_folder,
        )
        _page(context, routes.person_page(person.id), "person.html", page)
    for own in show.pages:
        body_html = render_markdown(own.body)
        own_page = pages.show_page(own, site=top, body_html=body_html)
        _page(context, routes.show_page(own.name), "page.html", own_page)


def _page(context: BuildContext, path: str, template: str, page: Struct) -> None:
    frame: SiteFrame = page.site  # type: ignore[attr-defined]
    shared = {"site": frame_key(frame), "templates": context.templates_key}
    parts = page_parts(page) | shared
    context.output.want(path, parts, lambda: context.templates.render(template, page))
