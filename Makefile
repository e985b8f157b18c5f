# Python 3.11 or later with pip and venv is all that is assumed; the rest is set up in .venv.
# The stamps in .venv make the second time quick: they are older than pyproject.toml only after
# it has changed.

PYTHON ?= python3
SERVE  ?= 1
BENCH  ?=

VENV := .venv
BIN  := $(VENV)/bin
# axe-core and feed parsers, where npm can fetch them; the tests that need them say so when they are
# missing, so npm may fail.
NODE := tests/browser tests/clients/node
NPM  := $(if $(shell command -v npm),$(NODE:=/node_modules/.package-lock.json))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help show test lint pytest bench golden images clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

show: $(VENV)/run.stamp ## Build the sample show and serve it (SERVE=0: only build)
	$(BIN)/avsnitt build
ifneq ($(SERVE),0)
	$(BIN)/avsnitt serve
endif

test: lint pytest ## Everything that CI runs

lint: $(VENV)/dev.stamp ## Form, mistakes, types and the floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

pytest: $(VENV)/dev.stamp $(NPM)
	$(BIN)/python -m pytest -n auto

bench: $(VENV)/bench.stamp ## Measure against feedgen, FFmpeg and Hugo (BENCH=--large: 10,000 episodes too)
	$(BIN)/python -m tests.bench.feed
	$(BIN)/python -m tests.bench.audiogram
	$(BIN)/python -m tests.bench.making
	$(BIN)/python -m tests.bench.run $(BENCH)

golden: $(VENV)/dev.stamp ## Rewrite the golden trees; read the diff before you commit it
	GOLDEN=rewrite $(BIN)/python -m pytest -p no:randomly tests/golden

images: $(VENV)/dev.stamp ## Take the picture in README.md anew; look at it before you commit it
	$(BIN)/python -m tests.support.readme_image

clean: ## Remove everything that was made here
	rm -rf $(VENV) public .avsnitt $(NODE:=/node_modules)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# `pip install --group` came with pip 25.1.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(VENV)/run.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@ $(VENV)/run.stamp

$(VENV)/bench.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable . --group bench
	touch $@ $(VENV)/run.stamp

%/node_modules/.package-lock.json: %/package-lock.json
	-npm ci --prefix $* --no-audit --no-fund
