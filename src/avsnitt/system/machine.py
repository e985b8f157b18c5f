"""Facts of the machine and of chance: the terminal's width, Python's version, new GUIDs."""

from __future__ import annotations


def new_guid() -> str:
    """A new GUID from chance: UUIDv4 (RFC 9562, section 5.4)."""
    import uuid

    return str(uuid.uuid4())


def terminal_columns() -> int:
    """The width of the terminal in columns; 80 when there is none."""
    import shutil

    return shutil.get_terminal_size().columns


def python_version() -> str:
    """The version of Python, like `3.13.1`."""
    import platform

    return platform.python_version()
