"""A network's shows as OPML 2.0 (opml.org/spec2.opml), which podcast apps import as a list."""

from __future__ import annotations

from typing import Final

from lxml import etree

from avsnitt import routes
from avsnitt.formats.plain_text import clean_line
from avsnitt.model.show import NetworkShow, Show

VERSION: Final = "2.0"
FEED_KIND: Final = "rss"


def render_opml(show: Show) -> bytes:
    """The show itself first, then the others of its network, each once and in the order given."""
    root = etree.Element("opml", version=VERSION)
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = clean_line(show.author) or clean_line(show.title)
    body = etree.SubElement(root, "body")
    shows: dict[str, NetworkShow] = {}
    for one in (_itself(show), *show.network):
        shows.setdefault(one.feed_url, one)
    for one in shows.values():
        etree.SubElement(body, "outline", _attributes(one))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _itself(show: Show) -> NetworkShow:
    return NetworkShow(
        title=show.title,
        feed_url=routes.absolute(show.address, routes.FEED),
        site_url=f"{show.address}/",
        language=show.language,
    )


def _attributes(show: NetworkShow) -> dict[str, str]:
    """Readers show `text`, and a subscription list must have `title` too ("Subscription lists")."""
    title = clean_line(show.title) or clean_line(show.feed_url)
    values = {
        "type": FEED_KIND,
        "text": title,
        "title": title,
        "xmlUrl": clean_line(show.feed_url),
        "htmlUrl": clean_line(show.site_url),
        "language": clean_line(show.language),
    }
    return {name: value for name, value in values.items() if value}
