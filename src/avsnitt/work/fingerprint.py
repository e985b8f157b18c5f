"""
The versions of the program and its codecs: machines that share work must agree in them, or the
segments that they encode would not fit together.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from msgspec import Struct

from avsnitt.digests import combine, digest
from avsnitt.system.snapshot import program_files


class Fingerprint(Struct, frozen=True, kw_only=True):
    """
    `program` names the contents of Avsnitt's own files, wherever they lie; `ffmpeg` is the
    version of the codecs that `av` was built with. A package that is not there is empty.
    """

    avsnitt: str
    program: str
    python: str
    av: str
    ffmpeg: str
    numpy: str
    lameenc: str


@cache
def own_fingerprint() -> Fingerprint:
    """This process's own. The sound packages are not imported for it, but FFmpeg's name is."""
    return Fingerprint(
        avsnitt=_version("avsnitt"),
        program=_program(),
        python="{}.{}".format(*sys.version_info),
        av=_version("av"),
        ffmpeg=_ffmpeg(),
        numpy=_version("numpy"),
        lameenc=_version("lameenc"),
    )


def differences(ours: Fingerprint, theirs: Fingerprint) -> list[str]:
    """`av 18.1.0 ≠ 19.0.2`, theirs first, one for each part in which they differ."""
    parts = [(name, getattr(ours, name), getattr(theirs, name)) for name in ours.__struct_fields__]
    return [
        f"{name} {_shown(name, their)} ≠ {_shown(name, our)}"
        for name, our, their in parts
        if our != their
    ]


def _shown(name: str, value: str) -> str:
    return (value[:8] if name == "program" else value) or "-"


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _ffmpeg() -> str:
    try:
        import av
    except ImportError:
        return ""
    return ".".join(map(str, av.library_versions["libavcodec"]))


def _program() -> str:
    """By content: the same program has other paths and times on another machine."""
    top = Path(__file__).parent.parent
    return combine(
        {
            Path(path).relative_to(top).as_posix(): digest(Path(path).read_bytes())
            for path, _ in program_files()
        }
    )
