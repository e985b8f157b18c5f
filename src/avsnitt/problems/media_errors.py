"""Errors of an audio or picture file, raised where the place that named the file is not known."""

from __future__ import annotations

from avsnitt.model.message import MessageValue, message


class MediaError(Exception):
    """
    A file that cannot be used. `code` is listed in `problems.SEVERITIES` and `values` fill its
    words; the caller, who knows the line that named the file, makes the Problem.
    """

    def __init__(self, code: str, **values: MessageValue) -> None:
        super().__init__(f"{code} {values}" if values else code)
        self.code = code
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """It crosses processes, and keywords do not by themselves."""
        return rebuild_error, (type(self), self.code, self.values)

    @property
    def words(self) -> dict[str, MessageValue]:
        """The values as a Problem has them: with the keys of words, where there are words."""
        values: dict[str, MessageValue] = dict(self.values)
        if "reason" in values:
            values["reason"] = message(f"reason.{values['reason']}")
        if "limit" in values:
            values["limit"] = str(int(str(values["limit"])) // 1_000_000)
        if "found" in values:
            unknown = values["found"] == "other"
            values["rename"] = message("rename.export") if unknown else message("rename.ending")
            values["found"] = message("found.other") if unknown else values["found"]
        return values


class AudioError(MediaError):
    """
    SOUND-001 (`reason`: empty, web-page, picture, document, archive, no-sound,
    damaged, master),
    SOUND-002 (`name`, `found`), SOUND-004 (`scheme`), SOUND-005 to SOUND-007, SOUND-008 (`rate`,
    `channels`), SOUND-009 (`codec`).
    """


class ImageError(MediaError):
    """
    PICTURE-001 (`reason`: empty, large, format, damaged),
    PICTURE-002 (`width`, `height`, `limit`, all in pixels).
    """


class TaskError(MediaError):
    """
    A task on an episode's audio that could not be done: the code of an AudioError in it, or
    SOUND-040 (`how`: how the process ended), SOUND-041 (`seconds` without progress), SOUND-042
    (`megabytes` allowed), SOUND-043 (`what`, `why`), SOUND-044 (`error`, `path`) or SOUND-045.
    """


def rebuild_error(kind: type[MediaError], code: str, values: dict[str, MessageValue]) -> MediaError:
    """The same error, in another process."""
    return kind(code, **values)
