"""Limits of how much is checked and reported of a feed that anybody may have made."""

from __future__ import annotations

from typing import Final

MOST_OF_A_KIND: Final = 1000
"""Faults of one code that are reported; what is more is the same mistake in the same program."""
MOST_TAGS: Final = 2_000_000
"""A feed of 25 MB has half as many; more would only fill the memory."""
PATIENCE: Final = 20 * MOST_OF_A_KIND
"""Faults that a rule may find before it is asked no more."""
