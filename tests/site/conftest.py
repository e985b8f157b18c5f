from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The module that makes a show of model values and writes its site."""
    path = Path(__file__).parent / "sample_show.py"
    spec = importlib.util.spec_from_file_location("sample_show", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def swedish_site(sample: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sv") / "under a path"
    sample.write_site(sample.swedish_show(), folder)
    return folder


@pytest.fixture(scope="session")
def english_site(sample: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("en")
    sample.write_site(sample.english_show(), folder)
    return folder
