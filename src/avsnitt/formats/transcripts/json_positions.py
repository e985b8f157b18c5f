"""Lists in JSON with the line that each element stands on, which no parser of JSON gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple, NoReturn

from avsnitt.formats.transcripts.cue_blocks import BYTE_ORDER_MARK

BLANKS: Final = re.compile(r"[ \t\n\r]*")


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


DECODER: Final = json.JSONDecoder(parse_constant=_refuse)


class JsonPositionError(NamedTuple):
    """The reason why a text is no JSON: the line (0 when unknown), and the parser's own words."""

    line: int = 0
    text: str = ""


def load_json(text: str) -> tuple[object, JsonPositionError | None]:
    """The document, or what keeps it from being one. Never raises."""
    try:
        return DECODER.decode(text.removeprefix(BYTE_ORDER_MARK)), None
    except json.JSONDecodeError as error:
        return None, JsonPositionError(error.lineno, error.msg)
    except (ValueError, RecursionError):  # a number or a nesting that nothing we read needs
        return None, JsonPositionError()


def list_elements(text: str, name: str = "") -> Iterator[tuple[int, object]]:
    """
    Each element of a list, with its line from 1: of the whole document, or of the last `name` in
    the object that it is. `text` is known to be JSON with that list in it.
    """
    body = text.removeprefix(BYTE_ORDER_MARK)
    begins = _skip(body, 0)
    place = _skip(body, (_value_of(body, begins, name) if name else begins) + 1)
    line, seen = 1, 0
    while body[place] != "]":
        value, end = DECODER.raw_decode(body, place)
        line, seen = line + body.count("\n", seen, place), place
        yield line, value
        place = _next(body, end)


def _value_of(body: str, begins: int, name: str) -> int:
    """Find where the last value of a name begins: of two equal keys, parsers keep the last."""
    found = begins
    place = _skip(body, begins + 1)
    while body[place] == '"':
        key, place = DECODER.raw_decode(body, place)
        place = _skip(body, _skip(body, place) + 1)
        found = place if key == name else found
        _, place = DECODER.raw_decode(body, place)
        place = _next(body, place)
    return found


def _skip(body: str, place: int) -> int:
    blanks = BLANKS.match(body, place)
    return blanks.end() if blanks else place


def _next(body: str, place: int) -> int:
    """Past the comma to the next element, or at the bracket that ends them."""
    place = _skip(body, place)
    return _skip(body, place + 1) if body[place] == "," else place
