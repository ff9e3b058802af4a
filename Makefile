.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

.PHONY: help setup run test check lint types shape contracts bench demo-reset screenshots openapi messages lock clean

help: ## show this
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready ## the virtual environment with everything in it, from the system's python3

$(VENV)/.ready: requirements-dev.lock pyproject.toml scripts/ensure-venv
	@sh scripts/ensure-venv $(VENV)

run: setup ## set up what is missing, then serve http://127.0.0.1:8000 with the demonstration province
	@$(BIN)/nguongoc up

test: setup ## all tests, on SQLite and PostgreSQL, with a real browser
	@sh scripts/ensure-packages
	$(PYTEST) -n 2

check: setup lint types shape contracts ## the fast checks, in seconds

lint: setup ## ruff, templates, spelling, unused dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint app/web/templates --lint --quiet
	$(BIN)/codespell app tests benchmarks docs scripts README.md CHANGELOG.md CONTRIBUTING.md
	$(BIN)/deptry app

types: setup ## mypy, strictly
	$(BIN)/mypy

shape: setup ## who may import whom
	$(BIN)/lint-imports

contracts: setup ## the code's shape, documents that must not lag, translations
	$(PYTEST) tests/contracts --engine sqlite -q -n 2 -m 'not walk'

bench: setup ## measure; ONLY=name for one
	$(BIN)/python -m benchmarks $(ONLY)

demo-reset: setup ## throw the demonstration away and make it anew
	$(BIN)/nguongoc demo reset

screenshots: setup ## every page at two sizes into docs/screenshots
	@sh scripts/ensure-packages
	$(BIN)/python -m scripts.screenshots

openapi: setup ## write docs/openapi.json
	$(BIN)/nguongoc openapi --write docs/openapi.json

messages: setup ## collect sentences into the catalogues and list what is not translated
	$(BIN)/python -m scripts.messages

lock: setup ## resolve the locked requirements anew
	@sh scripts/lock

clean: ## remove what was built; data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info build dist
