# `make` lists what can be done. Everything runs in .venv, which the first target that needs it makes.
# Another interpreter than python3: make PYTHON=python3.12 test

.DEFAULT_GOAL := help
.PHONY: help demo test quick check lint types contracts schema graphiql bench lock clean environment

python := .venv/bin/python

# One worker more than the two cores that are reckoned with: many tests wait for a deadline or for a process to start.
workers := 3

# Servers that the tests start would otherwise compile the whole gateway anew, each of them.
unexport PYTHONDONTWRITEBYTECODE
export PYTHON

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

demo: environment ## start the gateway over simulated legacy systems, until Ctrl-C
	@$(python) -m gateway demo

test: environment ## run every test, with real servers, and demand full coverage
	@rm -rf .cache/coverage && mkdir -p .cache/coverage
	$(python) -m coverage run -m pytest -n $(workers) --dist loadgroup
	@$(python) -m coverage combine --quiet
	$(python) -m coverage report

quick: environment ## run what starts no server and tries few cases, in less than a minute
	$(python) -m pytest -n $(workers) --dist loadgroup -m "not servers and not thorough and not postgres and not tryton"

check: lint types contracts schema graphiql ## lint, formatting, types, import contracts, the schema, GraphiQL

lint: environment
	.venv/bin/ruff check
	.venv/bin/ruff format --check

types: environment
	.venv/bin/mypy

contracts: environment
	.venv/bin/lint-imports --cache-dir .cache/import-linter --no-logo

schema: environment
	$(python) -m gateway schema --check

graphiql: environment
	@scripts/graphiql.sh check

bench: environment ## measure requests per second, processor time and memory
	@$(python) -m tests.benchmarks

lock: environment ## refresh the hash-pinned locks in requirements/
	@scripts/lock.sh

clean: ## remove caches, the demo's data and build results; .venv stays
	rm -rf .cache .demo dist

environment:
	@scripts/bootstrap.sh
