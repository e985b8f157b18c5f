"""The common parts of all pages of a site, and the head of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from avsnitt import routes
from avsnitt.i18n import Strings
from avsnitt.model.show import Show
from avsnitt.model.value import Value
from avsnitt.site.feed_links import FeedView, other_feeds
from avsnitt.site.images import ImageFiles, PictureView, picture_view
from avsnitt.site.wording import license_name, linkable

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; "
    "script-src 'self'; base-uri 'none'; form-action 'none'"
)
"""The browser's own guard of the promise that a page asks nobody else for anything."""

OPEN_GRAPH_LOCALES: Final = {"sv": "sv_SE", "en": "en_GB"}


class LinkView(Value, frozen=True, kw_only=True):
    """A link ready to print. `lang` is set when its text is not in the page's language."""

    title: str
    href: str = ""
    lang: str = ""
    note: str = ""


class FrameImages(Value, frozen=True, kw_only=True):
    """
    The paths of published images, from the site's root.

    `cover` is the show's as its author made it, `shown` for pages and `card` for those who
    share a link; `portraits` goes from a person's id and `covers` from an episode's slug.
    """

    cover: str = ""
    card: ImageFiles | None = None
    shown: ImageFiles | None = None
    portraits: Mapping[str, ImageFiles] = {}
    covers: Mapping[str, ImageFiles] = {}


class SiteFrame(Value, frozen=True, kw_only=True):
    """
    The common values of all pages in one folder. `root` leads from them to the site's root:
    `""` or `"../"`. `feeds` are those beside the podcast feed. `words` are the strings that a
    template looks up by itself.
    """

    root: str
    language: str
    title: str
    subtitle: str
    address: str
    author: str
    demonstration: str
    contact: str
    license: LinkView
    menu: tuple[LinkView, ...]
    feed: str
    feeds: tuple[FeedView, ...]
    stylesheet: str
    script: str
    icon: str
    security: str
    og_locale: str
    cover: PictureView | None
    images: FrameImages
    words: Mapping[str, str]
    strings: Strings

    def href(self, path: str) -> str:
        """A published path as a relative link from this folder."""
        return self.root + routes.quoted(path)

    def absolute(self, path: str) -> str:
        """The full address of a published path, or nothing when the show has no address."""
        return f"{self.address}/{routes.quoted(path)}" if self.address else ""

    def lang(self, language: str) -> str:
        """The `lang` an element needs inside a page: nothing when it is the page's own."""
        return "" if language.lower() == self.language.lower() else language


class Head(Value, frozen=True, kw_only=True):
    """
    The invisible part of a page. `json_ld` is safe inside `<script>`; `card` is what a shared link
    looks like (X, "About Cards"): a small square or a wide picture.
    """

    path: str
    title: str
    description: str
    canonical: str = ""
    og_title: str = ""
    og_type: str = "website"
    image: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0
    card: str = "summary"
    sound: str = ""
    sound_mime: str = ""
    json_ld: str = ""


def site_frame(  # noqa: PLR0913  (each is a different thing that the build made)
    show: Show,
    strings: Strings,
    *,
    root: str = "",
    stylesheet: str = "static/plain.css",
    script: str = "static/plain.js",
    icon: str = "static/icon.svg",
    images: FrameImages | None = None,
) -> SiteFrame:
    """The frame of the pages in one folder; `root` is `""` or `"../"`, the rest site paths."""
    images = images or FrameImages()
    return SiteFrame(
        root=root,
        language=show.language,
        title=show.title,
        subtitle=show.subtitle,
        address=show.address.rstrip("/"),
        author=show.author,
        demonstration=show.demonstration,
        contact=linkable(show.contact),
        license=LinkView(title=license_name(show.license), href=linkable(show.license.url)),
        menu=_menu(show, strings, root),
        feed=root + routes.FEED,
        feeds=other_feeds(show, strings, root),
        stylesheet=root + routes.quoted(stylesheet),
        script=root + routes.quoted(script),
        icon=root + routes.quoted(icon),
        security=CONTENT_SECURITY_POLICY,
        og_locale=OPEN_GRAPH_LOCALES.get(show.language.lower().split("-")[0], ""),
        cover=picture_view(root, images.shown, show.cover.alt) if images.shown else None,
        images=images,
        words=strings.plain(),
        strings=strings,
    )


def _menu(show: Show, strings: Strings, root: str) -> tuple[LinkView, ...]:
    built_in = [(strings("site.archive"), routes.ARCHIVE)]
    if show.people:
        built_in.append((strings("site.people"), routes.PEOPLE))
    own = [(page.title, routes.show_page(page.name)) for page in show.pages if page.in_menu]
    rows = [*built_in, *own, (strings("site.follow"), routes.FOLLOW)]
    return tuple(LinkView(title=title, href=root + routes.quoted(path)) for title, path in rows)


def head(
    site: SiteFrame,
    path: str,
    title: str,
    description: str,
    *,
    picture: tuple[ImageFiles, str] | None = None,
    json_ld: object = None,
) -> Head:
    """
    The head of an ordinary page. Without a `picture` of its own, and the words for it, the show's
    card stands in, since Open Graph (ogp.me) requires a picture.
    """
    made = Head(
        path=path,
        title=site.strings("site.page_title", page=title, show=site.title),
        description=description,
        canonical=site.absolute(path),
        og_title=title,
        json_ld=encode_json_ld(json_ld) if json_ld else "",
    )
    return msgspec.structs.replace(made, **_picture(site, picture))


def _picture(site: SiteFrame, picture: tuple[ImageFiles, str] | None) -> dict[str, str | int]:
    shown, alt = picture or (site.images.card, site.cover.alt if site.cover else "")
    if shown is None:
        return {}
    return {
        "image": site.absolute(shown.path),
        "image_alt": alt,
        "image_width": shown.width,
        "image_height": shown.height,
        "card": "summary" if picture else "summary_large_image",
    }


def encode_json_ld(value: object) -> str:
    """JSON that cannot end the `<script>` it stands in (HTML, "Restrictions for contents")."""
    text = msgspec.json.encode(value).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def series_json_ld(site: SiteFrame) -> dict[str, str]:
    """The show as schema.org's PodcastSeries, without what is not known."""
    fields = {
        "@type": "PodcastSeries",
        "name": site.title,
        "url": site.absolute(routes.HOME),
        "webFeed": site.absolute(routes.FEED),
        "inLanguage": site.language,
        "image": site.absolute(site.images.cover) if site.images.cover else "",
        "license": site.license.href,
    }
    return {name: text for name, text in fields.items() if text}
