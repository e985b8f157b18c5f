# Python 3.11 or later with pip and venv is all that is assumed; the rest is set up in .venv, from the
# lock files in requirements/, which have a hash for every file.
# The stamps in .venv make the second time quick: they are older than pyproject.toml and the lock
# files only after those have changed.

PYTHON ?= python3
SERVE  ?= 1
BENCH  ?=

VENV := .venv
BIN  := $(VENV)/bin
PIP  := --quiet --disable-pip-version-check
# axe-core and feed parsers, where npm can fetch them; the tests that need them say so when they are
# missing, so npm may fail.
NODE := tests/browser tests/clients/node
NPM  := $(if $(shell command -v npm),$(NODE:=/node_modules/.package-lock.json))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help show test test-lowest test-wheel lint pytest bench lock golden images clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

show: $(VENV)/run.stamp ## Build the sample show and serve it (SERVE=0: only build)
	$(BIN)/avsnitt build
ifneq ($(SERVE),0)
	$(BIN)/avsnitt serve
endif

test: lint pytest test-wheel ## Everything that CI runs, but for test-lowest

lint: $(VENV)/dev.stamp ## Form, mistakes, types and the floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

pytest: $(VENV)/dev.stamp $(NPM)
	$(BIN)/python -m pytest -n auto

# With the lowest versions that pyproject.toml allows, only what calls the dependencies runs, or CI would
# take twice as long. By folder: content (pyromark, nh3, ryaml, PyYAML, msgspec, packaging), feed and
# formats (feedgen, lxml, tzdata), site/io (jinja2, its sandbox), images (pillow), audio/io (av, lameenc,
# mutagen, numpy), clips/io (av, pillow and numpy together), work (distributed), cli (click), and the
# golden trees, whose bytes are the same as with the newest. Browsers and clients are left out.
LOWEST := $(addprefix tests/,content feed formats site/io images audio/io clips/io work golden \
  cli/test_main.py cli/test_usage_errors.py cli/commands/test_add.py)

test-lowest: ## The tests that call dependencies, on their lowest versions (for Python 3.11; CI runs it)
	$(MAKE) VENV=.venv-lowest .venv-lowest/lowest.stamp
	.venv-lowest/bin/python -m pytest -n auto $(LOWEST)

test-wheel: $(VENV)/dev.stamp ## Build wheel and sdist; install the wheel and use it
	$(BIN)/python tests/wheel_check.py

bench: $(VENV)/bench.stamp ## Measure against feedgen, FFmpeg and Hugo (BENCH=--large: 10,000 episodes too)
	$(BIN)/python -m tests.bench.feed
	$(BIN)/python -m tests.bench.audiogram
	$(BIN)/python -m tests.bench.making
	$(BIN)/python -m tests.bench.run $(BENCH)

lock: $(VENV)/dev.stamp ## Renew requirements/ from pyproject.toml: the newest version of everything
	UV=$(BIN)/uv requirements/lock.sh

golden: $(VENV)/dev.stamp ## Rewrite the golden trees; read the diff before you commit it
	GOLDEN=rewrite $(BIN)/python -m pytest -p no:randomly tests/golden

images: $(VENV)/dev.stamp ## Take the picture in README.md anew; look at it before you commit it
	$(BIN)/python -m tests.support.readme_image

clean: ## Remove everything that was made here
	rm -rf $(VENV) .venv-lowest public .avsnitt $(NODE:=/node_modules)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# What is locked, and nothing else: neither a build in isolation nor our own package may bring more.
define install
	$(BIN)/python -m pip install $(PIP) --require-hashes -r requirements/build.txt
	$(BIN)/python -m pip install $(PIP) --no-build-isolation --require-hashes -r requirements/$(1).txt
	$(BIN)/python -m pip install $(PIP) --no-build-isolation --no-deps --editable .
endef

$(VENV)/%.stamp: pyproject.toml requirements/build.txt requirements/%.txt | $(BIN)/python
	$(call install,$*)
	touch $@
	$(if $(filter dev bench,$*),touch $(VENV)/run.stamp)

%/node_modules/.package-lock.json: %/package-lock.json
	-npm ci --prefix $* --no-audit --no-fund
