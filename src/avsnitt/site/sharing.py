"""Sharing by plain links: nothing is asked of anybody until a reader follows one."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, unquote

from avsnitt.model.value import Value
from avsnitt.site.layout import LinkView, SiteFrame


@lru_cache(maxsize=1024)
def quote_all(text: str) -> str:
    """Quote a text for the value of a query: nothing in it is left with a meaning in addresses."""
    return quote(text, safe="")


class ShareView(Value, frozen=True, kw_only=True):
    """`url` is the page's full address, or empty when the show has none yet."""

    url: str
    links: tuple[LinkView, ...]


def share(site: SiteFrame, path: str, title: str) -> ShareView:
    """The block "Dela" of one page."""
    url = site.absolute(path)
    if not url:
        return ShareView(url="", links=())
    quoted_url, quoted_title = quote_all(url), quote_all(title)
    message = f"{quoted_title}%20{quoted_url}"
    rows = (
        (
            site.words["episode.share_email"],
            f"mailto:?subject={quoted_title}&body={quoted_title}%0A{quoted_url}",
        ),
        ("Bluesky", f"https://bsky.app/intent/compose?text={message}"),
        ("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={quoted_url}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={quoted_url}"),
    )
    return ShareView(url=url, links=tuple(LinkView(title=name, href=href) for name, href in rows))


def mail(contact: str, subject: str) -> str:
    """The contact address with a subject filled in, when it is a mail address."""
    if not contact.lower().startswith("mailto:"):
        return contact
    mark = "&" if "?" in contact else "?"
    return f"{contact}{mark}subject={quote_all(subject)}"


def mail_address(contact: str) -> str:
    """`podd@exempel.se` of the contact `mailto:podd@exempel.se?subject=x`, else nothing."""
    scheme, _, rest = contact.partition(":")
    return unquote(rest.partition("?")[0]) if scheme.lower() == "mailto" else ""
