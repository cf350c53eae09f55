# School Diary. `make help` lists what you can do.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PY := .venv/bin/python
CODE := services deploy tests
export PYTHONUNBUFFERED := 1

.PHONY: help run up down status reset logs test bench faults analysts lint format browser lock secrets clean environment environment-dev environment-bench \
  translations

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'
	@echo
	@echo "  SCHOOLDIARY_HOME=DIR         data directory (default: var)"
	@echo "  SCHOOLDIARY_PORT_BASE=7100   moves all ports; SCHOOLDIARY_GATEWAY_PORT=8080 and its like move one"

run: environment translations ## start everything and stay in the foreground; Ctrl-C stops it
	@exec $(PY) -m deploy.local run

up: environment translations ## start everything in the background, return when it is ready
	@exec $(PY) -m deploy.local up

down: environment ## stop what `make up` or `make run` started
	@exec $(PY) -m deploy.local down

status: environment ## what runs, since when, how much memory it takes
	@exec $(PY) -m deploy.local status

reset: environment ## delete all data of this directory (asks; FORCE=1 does not ask)
	@exec $(PY) -m deploy.local reset $(if $(FORCE),--force)

logs: ## follow the logs of all processes
	@tail -n 20 -F $${SCHOOLDIARY_HOME:-var}/log/*.log

test: environment-dev translations browser ## all tests
	@exec $(PY) -m pytest $(if $(ARGS),$(ARGS),-n 3)

bench: environment-bench translations ## measure: a table and build/bench.json; QUICK=1 in minutes, GROWTH=1 how cost grows, ONLY="append week"
	@exec $(PY) -m tests.benchmarks $(if $(QUICK),--quick) $(if $(GROWTH),--growth) $(if $(DOCS),--docs) $(ONLY)

faults: environment-dev translations ## kill, stop and starve everything under load, print the table; SHORT=1 in minutes, ONLY="F1 F3"
	@exec $(PY) -m tests.faults $(if $(SHORT),--short) $(ONLY)

analysts: environment ## add what `diaryctl export parquet` needs (DuckDB)
	@sh deploy/environment.sh requirements-analysts.lock

lint: environment-dev ## style, types, who may import whom, events up to date and readable; BASE=main compares with that revision
	$(PY) -m ruff check $(CODE)
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	$(PY) -m deploy.eventdocs --check $(if $(BASE),--base $(BASE))

format: environment-dev ## rewrite the sources in the house style
	$(PY) -m ruff check --fix $(CODE)
	$(PY) -m ruff format $(CODE)

browser: environment-dev ## install a browser for the tests unless there is one
	@sh deploy/browser.sh

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml
lock: ## write the lock files again after a change in pyproject.toml (needs uv)
	$(LOCK) -o requirements-image.lock
	$(LOCK) --group embedded -c requirements-image.lock -o requirements.lock
	$(LOCK) --group analysts -c requirements.lock -o requirements-analysts.lock
	$(LOCK) --group dev -c requirements.lock -c requirements-analysts.lock -o requirements-dev.lock
	$(LOCK) --group bench -c requirements-dev.lock -o requirements-bench.lock

secrets: ## make the credentials that compose.yaml mounts (kept when they exist)
	@sh deploy/docker/secrets.sh

clean: ## remove the environment and caches, keep the data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build
	find services deploy tests -name __pycache__ -prune -exec rm -rf {} +

environment:
	@sh deploy/environment.sh requirements.lock

environment-dev: environment
	@sh deploy/environment.sh requirements-dev.lock

environment-bench: environment-dev
	@sh deploy/environment.sh requirements-bench.lock

translations:
	@sh deploy/translations.sh
