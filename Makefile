# What one does with this repository. `make` alone lists it. Needs Python 3.11 or newer, make, and nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

BIN := .venv/bin
PYTHON_BIN := $(BIN)/python
PIP := $(PYTHON_BIN) -m pip --disable-pip-version-check
TANGGAP_DATA ?= $(CURDIR)/demo
# What knows no database runs once. What stands on the tables runs on both databases, and so do the journeys through the
# pages; single pages, commands and the browser run on SQLite: the whole suite has to end within a quarter of an hour.
PURE := $(wildcard $(addprefix tests/,worktime sop casework oracle documents laws channels))
BROWSER := $(wildcard tests/browser)
BOTH := $(wildcard $(addprefix tests/,actions records worker journeys))
STORED := $(filter-out $(PURE) $(BROWSER),$(patsubst %/,%,$(filter-out %/__pycache__/,$(wildcard tests/*/))))
PYTEST := $(PYTHON_BIN) -m pytest -q -n 2 --dist worksteal
LOCK := .venv-lock/bin/pip-compile --quiet --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --generate-hashes --allow-unsafe --strip-extras --build-deps-for=editable

.PHONY: help run test check bench reference lock clean

help: ## list what can be done
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# One recipe for both sets of packages: hashes checked, then Tanggap itself on top, without building anything else.
define install
	@sh scripts/venv
	@echo "Installing $(1) (hashes checked) ..."
	@$(PIP) install --quiet --require-hashes -r $(1)
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@
endef

.venv/run.stamp: requirements/run.txt pyproject.toml
	$(call install,requirements/run.txt)

.venv/test.stamp: requirements/test.txt pyproject.toml
	$(call install,requirements/test.txt)
	@touch .venv/run.stamp

run: .venv/run.stamp ## Tanggap with demo cases at http://127.0.0.1:8000 (data in ./demo or TANGGAP_DATA)
	@export TANGGAP_DATA='$(TANGGAP_DATA)'; $(BIN)/tanggap demo; exec $(BIN)/tanggap serve

check: .venv/test.stamp ## the quick half of what CI runs: lint, types, contracts, pure tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	TANGGAP_DATA=.mypy_cache/data $(BIN)/mypy
	@$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint src/tanggap
	@git ls-files '*.py' ':!*/migrations/*' | xargs wc -l | awk '$$1 > 300 && $$2 != "total" {print "What second thing does it do? " $$2 " (" $$1 " lines)"}'
	$(PYTEST) $(PURE)

test: check ## everything, as CI runs it: on SQLite, on PostgreSQL, in a browser
	@sh scripts/browser
	@sh scripts/dovecot
	TANGGAP_TEST_DB=sqlite $(PYTEST) $(STORED) $(BROWSER)
	TANGGAP_TEST_DB=postgres $(PYTEST) $(BOTH)

bench: .venv/test.stamp ## measure: decisions, stored steps, verification, working time
	$(PYTHON_BIN) -m bench

reference: .venv/test.stamp ## write docs/reference.md anew from the code
	$(PYTHON_BIN) scripts/reference.py

lock: ## resolve the packages anew and write requirements/*.txt with their hashes
	@sh scripts/venv
	@test -x .venv-lock/bin/pip-compile || { $(PYTHON_BIN) -m venv .venv-lock && .venv-lock/bin/pip install --quiet pip-tools; }
	$(LOCK) --upgrade -o requirements/run.txt pyproject.toml
	$(LOCK) --upgrade --extra test -c requirements/run.txt -o requirements/test.txt pyproject.toml

clean: ## remove the environment and what tools left behind (never ./demo, never data)
	rm -rf .venv .venv-lock build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
	find . -name '*.egg-info' -not -path './.git/*' -prune -exec rm -rf {} +
