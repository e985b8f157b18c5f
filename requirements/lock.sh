#!/usr/bin/env bash
# Renews the lock files in this folder from pyproject.toml: the newest version of everything, with
# the hash of every file of the release, for CPython 3.11 and later on Linux, macOS and Windows.
# `make lock` runs it with the uv in .venv.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() { # OUTPUT, options
  local output=$1
  shift
  "$uv" pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links --output-file "$output" "$@" >/dev/null
}

# dev.txt comes first and the others follow it, so that a package has one version in all of them.
hashed=(--generate-hashes)
compile "$work/dev.txt" "${hashed[@]}" pyproject.toml --group build --group dev
same=(--constraints "$work/dev.txt")
compile "$work/build.txt" "${hashed[@]}" "${same[@]}" --group build
compile "$work/run.txt" "${hashed[@]}" "${same[@]}" pyproject.toml
compile "$work/bench.txt" "${hashed[@]}" "${same[@]}" pyproject.toml --extra dask --group bench

# lowest.txt: the lowest versions that pyproject.toml allows of what Avsnitt itself depends on.
# What those depend on, and the tools for the tests, are the newest that go with them.
compile "$work/floors.txt" --resolution lowest-direct pyproject.toml --extra dask
compile "$work/lowest.txt" "${hashed[@]}" --constraints "$work/floors.txt" \
  pyproject.toml --extra dask --group build --group dev

rm "$work/floors.txt"
for file in "$work"/*.txt; do
  cp "$file" "requirements/$(basename "$file")"
done
