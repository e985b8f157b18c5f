"""The page at an address that an episode no longer has: it leads on, for people and machines."""

from __future__ import annotations

from avsnitt import routes
from avsnitt.model.show import Episode
from avsnitt.model.value import Value
from avsnitt.site.layout import SiteFrame


class MovedPage(Value, frozen=True, kw_only=True):
    """
    `href` is relative, so that it works from a disk too. The refresh is instant, which does not
    disturb those who hear the page (WCAG 2.2, technique H76), and the link is for those whose
    browser does not follow it.
    """

    site: SiteFrame
    head_title: str
    title: str
    lang: str
    href: str
    canonical: str


def moved_page(episode: Episode, *, site: SiteFrame) -> MovedPage:
    """`site` is the frame whose `root` is `"../"`."""
    path = routes.episode_page(episode.slug)
    return MovedPage(
        site=site,
        head_title=site.strings("site.page_title", page=episode.title, show=site.title),
        title=episode.title,
        lang=site.lang(episode.language),
        href=routes.quoted(path.rpartition("/")[2]),
        canonical=site.absolute(path),
    )
