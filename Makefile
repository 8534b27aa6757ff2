# `make` alone prints what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
args ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-runtime run test lint types imports unit fix train transcripts bench lock migration teams-app fuzz backlog

help: ## print this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(VENV)/bin/uv:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 eller nyare saknas. Installera det, eller ange PYTHON=/sökväg."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Lotsen behöver Python 3.11 eller nyare."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/runtime.done: requirements.lock $(VENV)/bin/uv
	@echo "Hämtar beroenden ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@printf '#!/bin/sh\nexec "%s/$(BIN)/python" -m bot "$$@"\n' "$(CURDIR)" > $(BIN)/lotsen && chmod +x $(BIN)/lotsen
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/lotsen.pth"
	@touch $@

$(VENV)/dev.done: requirements-dev.lock $(VENV)/runtime.done
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/dev.done ## environment with everything that tests and tools need
setup-runtime: $(VENV)/runtime.done

run: $(VENV)/runtime.done ## make ready and serve on 127.0.0.1:8000
	@$(BIN)/lotsen serve

test: setup ## lint, types, import rules and all tests, from a bare checkout
	@bash tests/prepare.sh
	@$(MAKE) --no-print-directory lint types imports
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(args)

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy

imports: setup
	@$(BIN)/lint-imports

unit: setup ## tests only: make unit args="-k reminder"
	@$(BIN)/python -m pytest $(args)

fix: setup ## mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

train: $(VENV)/runtime.done ## train the model anew and put it in use
	@$(BIN)/lotsen train

bench: setup ## measure; prints figures of this machine
	@$(BIN)/python -m tests.bench

fuzz: setup ## 20,000 mutated mails
	@$(BIN)/python -m tests.mail_fuzz ../shared/mail

teams-app: setup-runtime ## the app package for Teams, from the settings
	@$(BIN)/python deploy/teams/build_app.py $(args)

backlog: setup ## 5,000 mails after a month without Lotsen, through a real Dovecot
	@$(BIN)/python -m tests.mail_backlog

transcripts: setup ## write the transcripts anew; then read git diff
	@$(BIN)/python -m tests.write_transcripts

migration: setup ## write a migration from the tables: make migration m="add severity"
	@$(BIN)/python -m storage.write_migration "$(m)"

lock: $(VENV)/bin/uv ## resolve the dependencies anew
	@$(BIN)/uv pip compile --upgrade --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --generate-hashes --no-emit-index-url --no-header --quiet --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
