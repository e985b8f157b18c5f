from __future__ import annotations

import pytest

from avsnitt.audio.mp3.bitrates import mp3_level_db, nearest_kbps


@pytest.mark.parametrize(
    ("asked", "given"), [(16, 32), (64, 64), (100, 96), (104, 112), (144, 160), (320, 320)]
)
def test_a_bitrate_that_mp3_does_not_have_becomes_the_nearest(asked, given):
    assert nearest_kbps(asked) == given


def test_the_level_changes_less_at_higher_bitrates():
    levels = [mp3_level_db(kbps) for kbps in range(16, 321)]
    assert levels == sorted(levels)
    assert (levels[0], levels[-1]) == (-0.446, 0.0)
