# Two commands on a fresh machine: `make run` and `make test`. Everything is installed in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install run test lint gate eval bench bench-peers clean

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

# The thresholds of eval/gate.toml; what needs official documents is skipped, and said, where DEONTO_DOCUMENTS is not set.
gate: install
	$(BIN)/deonto eval gate

# Every set, the test part too, and a report of them all. SETS adds others: SETS="cnil:FILE piaf:FILE mine.jsonl".
SETS ?=
eval: install
	$(BIN)/deonto eval run --all $(foreach set,$(SETS),--data $(set))
	$(BIN)/deonto eval report

bench: install
	$(BIN)/python -m eval.bench

# Other systems on the same documents and questions; writes docs/benchmarks.md. SETS adds public sets here too.
bench-peers: install
	$(BIN)/python -m eval.peers --data test $(foreach set,$(SETS),--data $(set)) --write docs/benchmarks.md

clean:
	rm -rf .venv var
