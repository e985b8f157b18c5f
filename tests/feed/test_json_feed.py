"""JSON Feed 1.1, held to a schema written from its text and not from our code."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from lxml import etree
from tests.feed.test_rss_document import CHANNELS, ITEMS, NS
from tests.support.feed_values import ADDRESS, HARD, LICENSE, channel, episode, item, show

from avsnitt.feed.json_feed import (
    assemble_head,
    join_content,
    render_json_feed,
    render_json_item,
)
from avsnitt.feed.rss_item import parse_content, render_item
from avsnitt.feed.values import Item
from avsnitt.model.show import Episode

FRAME = b"<channel %s>%%s</channel>" % b" ".join(
    f'xmlns:{prefix}="{uri}"'.encode() for prefix, uri in NS.items()
)
URL = {"type": "string", "pattern": "^https?://[^ ]+$"}
TEXT = {"type": "string", "minLength": 1}
AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"name": TEXT, "url": URL, "avatar": URL},
        "additionalProperties": False,
        "minProperties": 1,
    },
}
ATTACHMENT = {
    "type": "object",
    "required": ["url", "mime_type"],
    "properties": {
        "url": URL,
        "mime_type": {"type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+$"},
        "size_in_bytes": {"type": "integer", "minimum": 0},
        "duration_in_seconds": {"type": "number", "minimum": 0},
    },
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        **dict.fromkeys(("home_page_url", "feed_url", "icon", "next_url"), URL),
        "title": TEXT,
        "description": TEXT,
        "language": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"},
        "authors": AUTHORS,
        "expired": {"type": "boolean"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "properties": {
                    **dict.fromkeys(("id", "title", "content_html", "summary"), TEXT),
                    "url": URL,
                    "image": URL,
                    "date_published": {"type": "string", "format": "date-time"},
                    "authors": AUTHORS,
                    "tags": {"type": "array", "items": TEXT, "uniqueItems": True, "minItems": 1},
                    "language": TEXT,
                    "attachments": {"type": "array", "items": ATTACHMENT},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


def validate(document: Any) -> None:
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(SCHEMA, format_checker=checker).validate(document)


def whole_item(one: Item, of: Episode) -> bytes:
    """As a build makes it: the text is taken from the item in the RSS."""
    return join_content(render_json_item(one, of), parse_content(render_item(one)))


def document(*numbers: int, **changes: object) -> dict[str, Any]:
    of = show(*(episode(number, **changes) for number in numbers))
    head = assemble_head(channel(of), feed_url=f"{ADDRESS}/feed.json")
    data = render_json_feed(head, [whole_item(item(of, one), one) for one in of.episodes])
    found: dict[str, Any] = json.loads(data)
    return found


def test_a_whole_show_is_what_the_format_says() -> None:
    validate(document(3, 2, 1))
    validate(document())


def test_it_says_what_the_rss_says() -> None:
    made = document(3, 2)
    assert made["title"] == f"Öppen kanal {HARD}"
    assert (made["home_page_url"], made["language"]) == (f"{ADDRESS}/", "sv")
    assert made["authors"] == [{"name": f"Kommunen {HARD}", "url": f"{ADDRESS}/"}]
    assert [one["id"] for one in made["items"]] == [episode(3).guid, episode(2).guid]
    first = made["items"][0]
    assert first["url"] == f"{ADDRESS}/episodes/avsnitt-3.html"
    assert dt.datetime.fromisoformat(first["date_published"]) == episode(3).published
    assert first["attachments"] == [
        {
            "url": f"{ADDRESS}/media/avsnitt-3.mp3",
            "mime_type": "audio/mpeg",
            "size_in_bytes": 1_234_567,
            "duration_in_seconds": 62,
        }
    ]
    assert first["summary"] == f"Om {HARD}.\nOch mer."
    assert LICENSE.url in first["content_html"]


def test_everybody_is_named_once_however_many_parts_they_have() -> None:
    (people,) = {tuple(person["name"] for person in one["authors"]) for one in document(1)["items"]}
    assert people == (f"Vera {HARD}", "Amina Öst")
    host = episode(1).credits[0]
    twice = document(1, credits=(host, msgspec.structs.replace(host, role="editor")))
    assert len(twice["items"][0]["authors"]) == 1


def test_tags_are_the_episodes_keywords_each_once() -> None:
    tagged = document(1, keywords=("troll", "snö ", "", "troll"))["items"][0]
    assert tagged["tags"] == ["troll", "snö"]
    assert "tags" not in document(1)["items"][0]


def test_an_episode_in_another_language_says_so() -> None:
    assert document(1, language="en")["items"][0]["language"] == "en"


def test_a_finished_show_is_expired_and_a_page_names_the_next() -> None:
    head = channel(show(complete=True))
    url = f"{ADDRESS}/feed-1.json"
    made = json.loads(render_json_feed(assemble_head(head, feed_url=url, next_url=url), ()))
    assert (made["expired"], made["next_url"]) == (True, url)
    assert "expired" not in document()


def content_of(one: Item) -> str:
    """What an XML parser finds in the RSS, where each lone line end has become a line feed."""
    channel = etree.fromstring(FRAME % render_item(one))
    found = channel.findtext("item/content:encoded", namespaces=NS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "]]>",
        "a]]]]><![CDATA[>b",
        "]]></content:encoded>",
        "<content:encoded><![CDATA[",
        "]]]>]]>",
        "&lt;]]&gt;",
    ],
)
def test_the_text_is_taken_whole_from_the_rss(text: str) -> None:
    one = msgspec.structs.replace(item(show(episode(1)), episode(1)), content_html=text, title=text)
    assert parse_content(render_item(one)) == content_of(one) == text


@settings(max_examples=60)
@given(one=ITEMS, head=CHANNELS)
def test_no_text_breaks_it(one: Any, head: Any) -> None:
    fragment = whole_item(one, episode(1))
    assert b"\n" not in fragment
    assert json.loads(fragment)["content_html"] == content_of(one)
    made = json.loads(render_json_feed(assemble_head(head, feed_url="x"), [fragment, fragment]))
    assert len(made["items"]) == 2
