from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import pytest
from tests.support import shows

from avsnitt.problems.media_errors import MediaTrouble, PictureTrouble, SoundTrouble

TROUBLES = [
    SoundTrouble("SOUND-001", reason="damaged"),
    SoundTrouble("SOUND-005"),
    SoundTrouble("SOUND-008", rate="3", channels="1000"),
    PictureTrouble("PICTURE-002", width="9", height="9", limit="1000000"),
]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_the_same_after_it_has_been_packed(trouble: MediaTrouble) -> None:
    for again in (pickle.loads(pickle.dumps(trouble)), copy.copy(trouble)):  # noqa: S301
        assert (type(again), again.code, again.values) == (
            type(trouble), trouble.code, trouble.values,
        )  # fmt: skip
        assert (str(again), again.words) == (str(trouble), trouble.words)


RAISE = """
from concurrent.futures import ProcessPoolExecutor
from avsnitt.problems.media_errors import SoundTrouble
def fail():
    raise SoundTrouble("SOUND-009", codec="ac4")
if __name__ == "__main__":
    with ProcessPoolExecutor(1) as pool:
        try:
            pool.submit(fail).result()
        except SoundTrouble as trouble:
            print(trouble.code, trouble.values)
"""


def test_trouble_comes_home_from_another_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", RAISE],
        env=shows.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "SOUND-009 {'codec': 'ac4'}\n", done.stderr
