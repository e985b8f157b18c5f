"""Words by their keys in the tables of `locale/`: another type than text that a person wrote."""

from __future__ import annotations

from msgspec import Struct


class Message(Struct, frozen=True, array_like=True):
    """
    One sentence or part of one a key, in the reader's language once it is known. The values that
    stand beside it fill in its `{names}`.
    """

    keys: tuple[str, ...]

    def __add__(self, other: Message) -> Message:
        """Both, one after the other, each key once."""
        return Message(tuple(dict.fromkeys((*self.keys, *other.keys))))


MessageValue = str | Message
"""The value of a name in a sentence: text as it is, or words to be looked up."""
MessageValues = dict[str, MessageValue]
"""By the names in the sentence."""


def message(key: str) -> Message:
    """The words under one key."""
    return Message((key,))
