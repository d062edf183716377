# make demo: see it run. make test: check everything. CONTRIBUTING tells the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-external check bench lock clean

BIN := .venv/bin
ONCE ?=
BENCH ?= all
# Python 3.11 under whichever name this machine has it; found before PATH gets ours.
PYTHON := $(shell for name in python3.11 python3 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; \
	then command -v $$name; break; fi; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

setup: .venv/.installed node_modules/.installed ## install everything, once

demo: .venv/.installed ## show the main job, then serve (ONCE=1: leave after the job)
	@exec $(BIN)/novads demo $(if $(ONCE),--once)

check: setup ## format, lint, types, imports, spelling, contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	node_modules/.bin/pyright
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/novads openapi --check

test: check ## check, and all tests on two cores
	$(BIN)/pytest -q -n 2

test-external: .venv/.installed ## the tests that also run on a given PostgreSQL and Redis
	$(BIN)/python .ci/external.py

bench: .venv/.installed ## measure against the promises (BENCH=name: one of them)
	$(BIN)/python -m tests.benchmarks $(BENCH)

lock: .venv/.installed ## resolve the dependencies anew, with hashes
	$(BIN)/uv pip compile pyproject.toml --universal --extra dev --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --python-version 3.11 \
		-o requirements/dev.txt
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --python-version 3.11 \
		-c requirements/dev.txt -o requirements/runtime.txt

clean: ## remove what setup and tools made; var/ with its data stays
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The stamps make a second start install nothing.
.venv/.installed: requirements/dev.txt pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 was not found as python3.11, python3 or python; please install it." >&2; \
		exit 1; fi
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --no-build-isolation --no-deps -e .
	@touch $@

node_modules/.installed: package-lock.json .venv/.installed
	npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@
