# Two commands matter: `make demo` and `make test`. Each sets up all it needs.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
SMOKE   = $(BIN)/smokerunner
APPS   ?= laravel oscar wagtail
REPEAT ?= 20

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-apps apps bench lint format browser wheel clean

help:            ## this list
	@grep -hE '^[a-z-]+: .*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(VENV)/.user  ## start the demo app, replay its flows, say where the evidence lies
	$(SMOKE) demo

test: $(VENV)/.developer browser  ## all tests but the slow ones
	$(BIN)/python -m pytest -n 3 --dist loadfile

test-slow: $(VENV)/.developer browser  ## the tests that take minutes, half an hour in all
	$(BIN)/python -m pytest --slow -m slow -n 2 --dist loadfile

test-apps: $(VENV)/.developer browser  ## record, replay and break real apps, an hour in all; tests/apps/README.md
	$(BIN)/python -m pytest --apps -m apps

apps: $(VENV)/.user browser  ## start real apps, replay their flows 20 times, half an hour; APPS=laravel REPEAT=2 takes a minute or two
	$(BIN)/python -m tests.apps replay $(APPS) --repeat $(REPEAT)

bench: $(VENV)/.developer browser  ## measure: beside a bare script and peers, an hour; ROUNDS=1 ONLY=one-flow,startup takes two
	$(BIN)/python -m benchmarks $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(ONLY),--only $(ONLY))

lint: $(VENV)/.developer  ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.developer  ## let ruff put everything in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser: $(VENV)/.user  ## find a browser, or install one
	@$(SMOKE) browser --install

wheel: $(VENV)/.developer  ## build the wheel into dist/
	$(BIN)/python -m build --wheel

clean:  ## remove the environment and what was built
	rm -rf $(VENV) dist build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "smokerunner needs Python 3.11 or newer: make PYTHON=python3.11 …" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "this Python cannot make environments; on Debian: apt-get install python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.user: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.developer: $(VENV)/.user
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
