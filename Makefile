# relance: what can be done with a checkout. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
NEWEST := .venv-newest
RUN := $(VENV)/bin

.PHONY: pictures help demo test test-newest check format lock clean venv venv-dev

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r t h; do printf '  make %-12s %s\n' "$$t" "$$h"; done

demo: venv ## install, then run the service through three invented weeks of mail (ONCE=1: no terminal, ends by itself)
	@$(RUN)/relance demo $(if $(filter-out 0,$(ONCE)),--once)

test: venv-dev ## install what the tests need, run them all (PYTEST_ARGS='-k word' runs some)
	@tools/debian-packages
	@$(RUN)/python -m pytest -n 2 $(PYTEST_ARGS)
	@if [[ $${CI:-} == true ]]; then $(MAKE) test-newest; fi

test-newest: ## run the quick tests on the newest Python at hand
	@python=$$(tools/find-python newest) || { echo "test-newest skipped: no Python newer than the default one found"; exit 0; }; \
	echo "newest Python at hand: $$("$$python" -V)"; \
	tools/venv $(NEWEST) "$$python" requirements-dev.txt; \
	$(NEWEST)/bin/python -m pytest -m "not slow" -n 2 $(PYTEST_ARGS)

check: venv-dev ## lint, formatting, types, import order
	@$(RUN)/ruff check --quiet
	@$(RUN)/ruff format --check --quiet
	@$(RUN)/mypy
	@$(RUN)/lint-imports --no-logo

format: venv-dev ## mend what ruff can mend
	@$(RUN)/ruff check --fix --quiet
	@$(RUN)/ruff format --quiet

pictures: venv-dev ## draw the pictures of the README anew
	@RELANCE_PICTURES=write $(RUN)/python -m pytest -q tests/demo/test_pictures.py

# Resolved on the oldest Python that is supported: what only an old one needs must be in the files too.
# UPGRADE=1 takes newer releases; otherwise only what pyproject.toml changed moves.
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(RUN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(if $(UPGRADE),--upgrade)
lock: venv-dev ## write the requirement files anew from pyproject.toml (UPGRADE=1: newest releases)
	@$(RUN)/python -c 'import sys; sys.version_info[:2] == (3, 11) or sys.exit("make lock needs Python 3.11: make clean lock PYTHON=python3.11")'
	@$(COMPILE) --output-file requirements.txt pyproject.toml
	@$(COMPILE) --build-deps-for wheel --only-build-deps --output-file requirements-build.txt pyproject.toml
	@$(COMPILE) --extra dev -c requirements.txt -c requirements-build.txt --output-file requirements-dev.txt pyproject.toml
	@echo setuptools | $(COMPILE) -c requirements-dev.txt --output-file requirements-source.txt -

clean: ## remove environments, caches and builds
	@rm -rf $(VENV) $(NEWEST) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

venv:
	@tools/venv $(VENV) "$$(tools/find-python)" requirements.txt requirements-build.txt

venv-dev:
	@tools/venv $(VENV) "$$(tools/find-python)" requirements-dev.txt
