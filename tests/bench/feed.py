"""The feed alone, beside plain feedgen with its podcast extension writing the same items.

    python -m tests.bench.feed            1,000 and 10,000 items, in turn, each in its own process

`same` is judged: the elements that feedgen's extension knows, and nothing else. `whole` is what our
feeds really hold (people, transcripts, chapters twice, licence), which feedgen cannot write. Exit 1
when a budget is broken.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

SIZES = (1000, 10_000)
ROUNDS = 5
TIME_BUDGET = 0.7
MEMORY_BUDGET = 1.0
GROWTH_BUDGET = 1.2
"""Time an item at the larger size over that at the smaller."""

WORDS = "Ett stycke om öppenhet &amp; <a href='https://exempel.se/?a=1'>frågor</a> utan svar. "
NOTES = "".join(f"<p>{WORDS * 8}</p>" for _ in range(4))
ZONE = dt.timezone(dt.timedelta(hours=1))
BASE = "https://podd.exempel.se"


class Cost(NamedTuple):
    """Processor time of the writing alone, and the most memory of its process."""

    seconds: float
    peak_mib: float
    size_bytes: int


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", nargs=2, metavar=("WHO", "COUNT"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.write:
        print(json.dumps(_write(options.write[0], int(options.write[1]))))
        return 0
    found = {
        (who, count): [_measure(who, count) for _ in range(options.rounds)]
        for count in SIZES
        for who in WRITERS
    }
    return _report({key: _middle(costs) for key, costs in found.items()})


def _measure(who: str, count: int) -> Cost:
    command = [sys.executable, "-m", "tests.bench.feed", "--write", who, str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(*json.loads(done.stdout))


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(cost.seconds for cost in costs),
        median(cost.peak_mib for cost in costs),
        costs[0].size_bytes,
    )


def _report(found: dict[tuple[str, int], Cost]) -> int:
    lines = [("items", "work", "avsnitt", "feedgen", "ratio", "budget", "")]
    broken = 0
    for what, count, ours, theirs, budget in _rows(found):
        ratio = ours / theirs
        late = budget is not None and ratio > budget
        broken += late
        allowed = f"{budget:.2f}" if budget is not None else ""
        mark = "BROKEN" if late else ""
        lines.append(
            (f"{count:,}", what, f"{ours:.3f}", f"{theirs:.3f}", f"{ratio:.2f}", allowed, mark)
        )
    for line in lines:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, WIDTHS, strict=True)))
    return 1 if broken else 0


def _rows(
    found: dict[tuple[str, int], Cost],
) -> Iterator[tuple[str, int, float, float, float | None]]:
    small, large = SIZES
    for count in SIZES:
        theirs = found["feedgen", count]
        same, whole = found["same", count], found["whole", count]
        yield "same elements, s", count, same.seconds, theirs.seconds, TIME_BUDGET
        yield "whole items, s", count, whole.seconds, theirs.seconds, None
        yield "same elements, peak MiB", count, same.peak_mib, theirs.peak_mib, MEMORY_BUDGET
    for who in ("same", "whole"):
        at_large = found[who, large].seconds / large * 1e6
        at_small = found[who, small].seconds / small * 1e6
        name = f"{who}: us an item, beside {small:,}"
        yield name, large, at_large, at_small, GROWTH_BUDGET


WIDTHS = (6, 34, 8, 8, 6, 6, 6)


# One process's work


def _write(who: str, count: int) -> Cost:
    write = WRITERS[who](count)
    before = time.process_time()
    size_bytes = write()
    took = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(took, peak, size_bytes)


def _facts(number: int) -> dict[str, object]:
    """What both programs are told of one item."""
    return {
        "guid": f"6b1f0c52-6d2c-4c0e-9a5e-{number:012}",
        "title": f"Vågar vi visa frågan före svaret? Samtal {number}",
        "link": f"{BASE}/episodes/nummer-{number}.html",
        "published": dt.datetime(2020, 1, 6, 7, tzinfo=ZONE) + dt.timedelta(hours=number),
        "description_html": f"<p>Ett samtal om sak {number}, med frågan före svaret.</p>",
        "content_html": f"<p>Samtal {number}.</p>{NOTES}",
        "image": f"{BASE}/pictures/cover-1f2e3d4c.jpg",
        "number": number,
        "season": 1,
    }


def _items(count: int, *, whole: bool) -> Iterator[object]:
    from avsnitt.feed.values import Enclosure, Item, ItemPerson, TranscriptLink
    from avsnitt.model.show import Chapter, License

    extras: dict[str, object] = {}
    for number in range(1, count + 1):
        if whole:
            files = f"{BASE}/transcripts/nummer-{number}"
            extras = {
                "chapters_url": f"{BASE}/chapters/nummer-{number}.json",
                "chapters": tuple(
                    Chapter(start_ms=at * 240_000, title=f"Del {at} av {number}") for at in range(6)
                ),
                "transcripts": (
                    TranscriptLink(
                        url=f"{files}.vtt", mime="text/vtt", language="sv", captions=True
                    ),
                    TranscriptLink(url=f"{files}.txt", mime="text/plain", language="sv"),
                ),
                "people": (
                    ItemPerson(name="Vera Lind", role="host", href=f"{BASE}/people/vera.html"),
                    ItemPerson(name="Amina Öst", role="guest", href=f"{BASE}/people/amina.html"),
                ),
            }
        yield Item(
            **_facts(number),
            **extras,
            type="full",
            explicit=False,
            license=License(id="CC-BY-4.0", name="CC BY 4.0") if whole else License(id="", name=""),
            enclosure=Enclosure(
                url=f"{BASE}/media/nummer-{number}.mp3",
                length_bytes=20_000_000 + number,
                mime="audio/mpeg",
                duration_ms=1_500_000,
            ),
        )


def _ours(count: int, *, whole: bool) -> Callable[[], int]:
    """As a build does it: an item becomes bytes at once, and only those are kept."""
    from avsnitt.feed.rss_item import render_item

    def write() -> int:
        parts = [render_item(item) for item in _items(count, whole=whole)]
        return _to_nowhere(parts)

    return write


def _to_nowhere(parts: Sequence[bytes]) -> int:
    with open(os.devnull, "wb") as sink:  # noqa: PTH123 - measured as the build writes
        sink.writelines(parts)
    return sum(map(len, parts))


def _feedgen(count: int) -> Callable[[], int]:
    """Plain feedgen, as its documentation uses it."""
    from feedgen.feed import FeedGenerator

    def write() -> int:
        feed = FeedGenerator()
        feed.load_extension("podcast")
        feed.title("Öppen kanal")
        feed.link(href=BASE)
        feed.description("Ett samtal.")
        for number in range(1, count + 1):
            facts = _facts(number)
            entry = feed.add_entry(order="append")
            entry.title(facts["title"])
            entry.guid(facts["guid"], permalink=False)
            entry.link(href=facts["link"])
            entry.description(facts["description_html"])
            entry.content(facts["content_html"], type="CDATA")
            entry.enclosure(
                f"{BASE}/media/nummer-{number}.mp3", str(20_000_000 + number), "audio/mpeg"
            )
            entry.pubDate(facts["published"])
            entry.podcast.itunes_title(facts["title"])
            entry.podcast.itunes_duration("1500")
            entry.podcast.itunes_image(facts["image"])
            entry.podcast.itunes_explicit("no")
            entry.podcast.itunes_season(facts["season"])
            entry.podcast.itunes_episode(facts["number"])
            entry.podcast.itunes_episode_type("full")
        return _to_nowhere([feed.rss_str(pretty=True)])

    return write


WRITERS: dict[str, Callable[[int], Callable[[], int]]] = {
    "same": lambda count: _ours(count, whole=False),
    "whole": lambda count: _ours(count, whole=True),
    "feedgen": _feedgen,
}

if __name__ == "__main__":
    sys.exit(main())
