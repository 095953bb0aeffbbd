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
# Where links of alerts lead.
export LOTTERY_UI_URL ?= http://127.0.0.1:$(PORT)

.DEFAULT_GOAL := help
.PHONY: help recommend test e2e ui check image bench scorecard screenshots

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

recommend: $(VENV)/.run $(SALES) $(DAGSTER_HOME)/dagster.yaml  ## say which jackpot to announce next week, for every country
	$(BIN)/lottery recommend

test: $(VENV)/.dev $(SALES)  ## run the tests
	$(BIN)/python -m pytest -n 3

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
# `exec` makes Dagster the process that a signal reaches; the pages are served as long as it lives.
ui: $(VENV)/.run $(SALES) $(DAGSTER_HOME)/dagster.yaml  ## open the Dagster UI on http://127.0.0.1:3000; Ctrl-C ends it
	@mkdir -p artifacts
	@for port in $(PORT) $(PAGES_PORT); do \
	  $(BIN)/python -c "import socket; socket.create_server(('127.0.0.1', $$port))" 2>/dev/null || \
	  { echo "port $$port is taken; choose two that are free: make ui PORT=3010 PAGES_PORT=3011"; exit 2; }; \
	done
	@echo "the graph: $(LOTTERY_UI_URL)/asset-groups (in half a minute); the pages: $(LOTTERY_PAGES)/index.html; Ctrl-C ends both"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory artifacts $(PAGES_PORT) >/dev/null 2>&1 & pages=$$!; \
	(while kill -0 $$$$ 2>/dev/null; do sleep 1; done; kill $$pages) & \
	exec $(BIN)/python -W 'ignore:Function `dev_command`' -m dagster dev --host 127.0.0.1 --port $(PORT)

screenshots: $(VENV)/.dev $(SALES)  ## renew the README's pictures of the UI, from a walk through it in Chromium
	LOTTERY_PICTURES=write $(BIN)/python -m pytest lottery_assets_tests/browser

# The source is not called dagster.yaml: Dagster warns of one in the current folder.
$(DAGSTER_HOME)/dagster.yaml: deploy/laptop.yaml
	mkdir -p $(DAGSTER_HOME)
	cp $< $@

# What the job needs, from the lock: exact versions, checked by hash, no resolver.
$(VENV)/.run: requirements/run.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; try make PYTHON=python3.12 ...")'
	@echo "setting up $(VENV) from the lock, once: a few minutes without a word"
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
