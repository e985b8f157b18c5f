# Python 3.11 or later with pip and venv is all that is assumed; the rest is set up in .venv.
# The stamps in .venv make the second time quick: they are older than pyproject.toml only after
# it has changed.

PYTHON ?= python3
SERVE  ?= 1
BENCH  ?=

VENV := .venv
BIN  := $(VENV)/bin
# axe-core, feedsmith and podcast-partytime, where npm can fetch them; the tests that need them say
# so when they are missing, so npm may fail.
LOCKS := $(wildcard tests/*/package-lock.json)
NODE  := $(and $(shell command -v npm),$(LOCKS:package-lock.json=node_modules/.package-lock.json))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help show test lint pytest bench golden clean

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

pytest: $(VENV)/dev.stamp $(NODE)
	$(BIN)/python -m pytest -n auto

bench: $(VENV)/bench.stamp ## Measure against Hugo (BENCH=--large: 10,000 episodes too)
	$(BIN)/python -m tests.bench.run $(BENCH)

golden: $(VENV)/dev.stamp ## Rewrite the golden trees; read the diff before you commit it
	GOLDEN=rewrite $(BIN)/python -m pytest -p no:randomly tests/golden

clean: ## Remove everything that was made here
	rm -rf $(VENV) public .avsnitt tests/*/node_modules
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

tests/%/node_modules/.package-lock.json: tests/%/package-lock.json
	-npm ci --prefix tests/$* --no-audit --no-fund
