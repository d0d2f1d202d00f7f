# Every target needs only a Python (3.11 or newer) on PATH; `make help` lists them.
VENV    := .venv
BIN     := $(VENV)/bin
RUN     := $(VENV)/.runtime-installed
DEV     := $(VENV)/.dev-installed
PIP     := $(BIN)/python -m pip --disable-pip-version-check --quiet
# One more than the smallest machine has cores: a walk in a browser mostly waits.
WORKERS ?= 3
# The order is that of tests/fixtures/scheduling.py.
PYTEST  := $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
SOURCES := platform tenants themes plugins billing cli migrations tests wsgi.py

# Dozens of processes load the same thousand modules: they are compiled once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test browser check proof bench lighthouse lint fmt types imports ddl docs

##@ Run it
demo: setup ## Two demo shops with web and worker; Ctrl-C stops everything
	@exec $(BIN)/souk up --demo

setup: $(RUN) ## Make .venv from the hashed lock file

##@ Change it
setup-dev: $(DEV) ## Add the tools of the tests and linters to .venv

test: setup-dev browser ## The whole suite, in a browser too
	@$(PYTEST) -m "not slow"

proof: setup-dev browser ## Proofs with faults, scale and fuzzing
	@$(PYTEST) -m slow

# Lighthouse comes before the tests: nothing runs beside it, and pytest's lines stay the last. The suite and the
# proofs run as one, so that services and demo are started once and no process waits for the last of the others.
check: setup-dev browser ## All that the pipeline runs
	@$(MAKE) --no-print-directory -j2 lint types imports
	@$(MAKE) --no-print-directory lighthouse
	@$(PYTEST)

lint: setup-dev ## Style, spelling and formatting
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/codespell $(SOURCES) docs README.md

fmt: setup-dev ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

types: setup-dev ## mypy --strict
	@$(BIN)/mypy

imports: setup-dev ## The layers of the packages
	@$(BIN)/lint-imports

ddl: setup-dev ## Write the tables' DDL anew from the models
	@$(BIN)/python -m migrations.generate

docs: setup-dev ## Write the reference of the theme language anew
	@$(BIN)/python -m themes.reference

bench: setup-dev ## Measure speed against a bare Flask app in the same run
	@$(BIN)/python -m tests.benchmarks

lighthouse: setup-dev browser ## Lighthouse's scores of both built-in themes, if Node is there
	@$(BIN)/python -m tests.lighthouse

##@ Find out
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@for candidate in python3 python3.13 python3.12 python3.11; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Souk needs Python 3.11 or newer on PATH (python3, python3.13, python3.12 or python3.11)." >&2; exit 1; fi; \
	if ! $$found -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "$$found has no venv or ensurepip; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; fi; \
	$$found -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The stamps are newer than the locks exactly when the environment matches them.
$(RUN): requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# Only Debian's own chromium is used; a machine that cannot have it says so instead of skipping tests.
browser:
	@command -v chromium >/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else echo "The browser tests need chromium on PATH: sudo apt-get install chromium" >&2; exit 1; fi
