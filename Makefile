PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
PORT ?= 3000
PAGES_PORT ?= 3001
SALES := data/lottery_sales.csv.gz
export DAGSTER_HOME ?= $(CURDIR)/.dagster
# Where a browser finds what lies below artifacts/: `make ui` serves it there, and links in the UI lead there.
export LOTTERY_PAGES ?= http://127.0.0.1:$(PAGES_PORT)

.DEFAULT_GOAL := help
.PHONY: help recommend test e2e ui check image bench scorecard screenshots

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

recommend: $(VENV)/.run $(SALES) $(DAGSTER_HOME)/dagster.yaml  ## say which jackpot to announce next week, for every country
	$(BIN)/lottery recommend

test: $(VENV)/.dev $(SALES)  ## run the tests
	$(BIN)/python -m pytest -n 2

# E2E=lottery_assets_tests/e2e/test_essentials.py is the short form: a run, and one that is killed.
E2E ?= lottery_assets_tests/e2e
e2e: $(VENV)/.dev  ## play the deployment with real daemon, webserver, tasks and Postgres on this machine: about ten minutes
	$(BIN)/python -m pytest -p no:logging --durations 0 $(E2E)

check: $(VENV)/.dev  ## lint, format, types, import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

image:  ## build the container image from the last commit, and check it as production runs it
	deploy/image.sh

bench: $(VENV)/.dev $(SALES)  ## measure time and memory, printed as tables
	$(BIN)/python -m benchmarks

scorecard: $(VENV)/.dev $(SALES)  ## play every policy in worlds whose demand is known: takes some hours on two cores, goes on if interrupted
	$(BIN)/python -m benchmarks scorecard --write

# A browser follows no link from the UI to a file, and Dagster serves none: Python's own server shows the pages, to this machine only.
ui: $(VENV)/.run $(SALES) $(DAGSTER_HOME)/dagster.yaml  ## open the Dagster UI on http://127.0.0.1:3000
	mkdir -p artifacts
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory artifacts $(PAGES_PORT) 2>/dev/null & pages=$$!; \
	trap "kill $$pages 2>/dev/null" EXIT INT TERM; \
	$(BIN)/dagster dev --host 127.0.0.1 --port $(PORT)

screenshots: $(VENV)/.dev $(SALES)  ## renew the README's pictures of the UI, from a walk through it in Chromium
	LOTTERY_PICTURES=write $(BIN)/python -m pytest lottery_assets_tests/browser

$(DAGSTER_HOME)/dagster.yaml: dagster.yaml
	mkdir -p $(DAGSTER_HOME)
	cp $< $@

# What the job needs, from the lock: exact versions, checked by hash, no resolver.
$(VENV)/.run: requirements/run.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; try make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --no-deps --require-hashes --requirement requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

# What tests and checks need beside it.
$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(PIP) install --no-deps --require-hashes --requirement requirements/dev.txt
	touch $@

$(SALES): $(SALES).dvc $(VENV)/.run
	$(BIN)/dvc pull --quiet $@
	touch $@
