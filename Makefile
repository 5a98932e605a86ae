# Two commands on a fresh machine: `make run` and `make test`. Everything is installed in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install browser run test lint types gate eval bench bench-peers load fuzz clean

install: .venv/installed

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

run: install
	$(BIN)/deonto serve

# Debian's Chromium, which the tests of the pages drive. Without one they are skipped; with CI=true they fail.
browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null && exit 0; \
	fi; \
	echo "The tests in a real browser will be skipped: install chromium, e.g. sudo apt-get install chromium"

test: install browser
	$(BIN)/python -m pytest

# What CI fuzzes for seconds, for FUZZ_SECONDS: readers, words, requests from the OpenAPI description, patterns.
FUZZ_SECONDS ?= 600
fuzz: install
	$(BIN)/python -m tests.fuzzing --seconds $(FUZZ_SECONDS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The scripts of the pages, their JSDoc types, where node is present.
TSC := --noEmit --allowJs --checkJs --strict --target es2022 --module es2022 --moduleResolution bundler --lib es2022,dom,dom.iterable
types:
	@if command -v npx >/dev/null; then npx --yes --package typescript@5 tsc $(TSC) api/static/*.js api/static/widget/*.js; \
	else echo "No node here: the types of the scripts are not checked."; fi

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

# A server under rising load, and its last stage for DURATION seconds; its own server, or URL (with PID, its memory).
DURATION ?= 600
CLIENTS ?= 1,4,16,64
THINK ?= 5
WORKERS ?= 1
URL ?=
PID ?=
load: install
	$(BIN)/python -m eval.load --duration $(DURATION) --clients $(CLIENTS) --think $(THINK) --workers $(WORKERS) \
		$(if $(URL),--url $(URL)) $(if $(PID),--pid $(PID))

clean:
	rm -rf .venv var
