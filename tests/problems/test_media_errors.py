from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import pytest
from tests.support import shows

from avsnitt.problems.media_errors import AudioError, ImageError, MediaError

ERRORS = [
    AudioError("SOUND-001", reason="damaged"),
    AudioError("SOUND-005"),
    AudioError("SOUND-008", rate="3", channels="1000"),
    ImageError("PICTURE-002", width="9", height="9", limit="1000000"),
]


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_is_the_same_after_pickling_and_copying(error: MediaError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301
        assert (type(again), again.code, again.values) == (
            type(error), error.code, error.values,
        )  # fmt: skip
        assert (str(again), again.words) == (str(error), error.words)


RAISE = """
from concurrent.futures import ProcessPoolExecutor
from avsnitt.problems.media_errors import AudioError
def fail():
    raise AudioError("SOUND-009", codec="ac4")
if __name__ == "__main__":
    with ProcessPoolExecutor(1) as pool:
        try:
            pool.submit(fail).result()
        except AudioError as error:
            print(error.code, error.values)
"""


def test_an_error_is_raised_again_from_another_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", RAISE],
        env=shows.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "SOUND-009 {'codec': 'ac4'}\n", done.stderr
