"""Limits on the rules: a feed may come from anybody and be made to cost time and memory."""

from __future__ import annotations

from typing import Final

MOST_OF_A_KIND: Final = 1000
"""Findings of one code that are reported; more are the same mistake of the same program."""
MOST_TAGS: Final = 2_000_000
"""A feed of 25 MB has half as many; more would only fill the memory."""
PATIENCE: Final = 20 * MOST_OF_A_KIND
"""Findings after which a rule that has exceeded `MOST_OF_A_KIND` is stopped."""
