"""The names of a show's own files and folders, relative to the show's folder.

Where published things live is in `routes`.
"""

from __future__ import annotations

from typing import Final

SETTINGS_PATH: Final = "site/show.toml"
LOCK_PATH: Final = "site/published.lock"
"""
The record of what has been published: the one file that `publish` writes among the author's own.
"""
SITE_FOLDER: Final = "site"
PEOPLE_FOLDER: Final = "site/people"
PAGES_FOLDER: Final = "site/pages"
TEMPLATES_FOLDER: Final = "site/templates"
STATIC_FOLDER: Final = "site/static"
EPISODES_FOLDER: Final = "episodes"
EPISODE_FILE: Final = "episode.md"
"""In each folder of `EPISODES_FOLDER`: front matter and notes."""
OUTPUT_FOLDER: Final = "public"
CACHE_FOLDER: Final = ".avsnitt"
"""May be deleted at any time: the next build is then a fresh one."""


def episode_file(folder: str) -> str:
    """The path of the text of the episode in `folder`, which is relative to the show's folder."""
    return f"{folder}/{EPISODE_FILE}"
