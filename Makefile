# Everything runs in .venv, which any target makes when it is missing or the dependencies moved.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo generate check test snap lint types unit bench pythons ci clean

help:  ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "linkwright needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $@

demo: $(READY)  ## Run the main job: generate the bundled clients, and let one make a call.
	$(BIN)/linkwright generate --out build/demo/clients
	$(BIN)/python docs/examples/first_call.py build/demo

generate: $(READY)  ## Rebuild generated/ from specs/.
	$(BIN)/linkwright generate

check: $(READY)  ## Fail with a diff if generated/ is not what specs/ and the generator give.
	$(BIN)/linkwright check --full

lint: $(READY)  ## Formatting and lint.
	$(BIN)/black --quiet --check --diff generator templates tests docs
	$(BIN)/ruff check --quiet .

types: $(READY)  ## mypy --strict and pyright strict on generator, runtime, output and tests.
	$(BIN)/mypy
	$(BIN)/basedpyright --warnings

unit: $(READY)  ## The tests alone; ARGS go to pytest.
	$(BIN)/python -m pytest -q -n auto $(ARGS)

test: lint types check unit  ## Lint, types, golden output and all tests.

snap: $(READY)  ## Rewrite every expectation of tests/cases and generated/, then show what changed.
	@test -z "$$CI" || { echo "snap: expectations are never rewritten in CI"; exit 2; }
	$(BIN)/linkwright generate
	LINKWRIGHT_SNAP=1 $(BIN)/python -m pytest -q tests/test_cases.py tests/extract/test_cases.py
	git diff --stat -- generated tests/cases

bench: $(READY)  ## Benchmarks, as ratios within one run.
	$(BIN)/python -m pytest -q -s -o python_files="bench_*.py" tests/benchmarks $(ARGS)

pythons: $(READY)  ## Have further CPythons, of Debian's packages, write the same bytes; needs root.
	bash tests/pythons.sh

ci:  ## What CI runs.
	bash .ci/run

clean:  ## Remove the environment and everything built.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
