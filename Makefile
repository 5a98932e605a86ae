# Two commands on a fresh machine: `make run` and `make test`. Everything is installed in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install run test lint bench clean

install: .venv/installed

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

run: install
	$(BIN)/deonto serve

test: install
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	$(BIN)/python -m eval.bench

clean:
	rm -rf .venv var
