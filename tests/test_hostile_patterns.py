"""No pattern of the project takes the square of a text's length: a question or a file cannot stop the service so."""

import re
import subprocess
import sys
from pathlib import Path

from tests.patterns import patterns

ROOT = Path(__file__).parents[1]


def test_no_pattern_is_slow_on_long_repetitions() -> None:
    """In a process that can be ended: nothing else stops a pattern that takes for ever."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.patterns"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2_000:]


def test_the_patterns_of_every_package_are_tried() -> None:
    found = {name for name, _, _ in patterns()}
    assert {name.split(".")[0] for name in found} == {"api", "assistant", "corpus", "indexes"}
    assert {"corpus.cleaning._EMPHASIS", "corpus.sentences._END", "indexes.references._LIST"} <= found
    assert len(found) > 150


def test_a_slow_pattern_would_be_seen() -> None:
    code = (
        "import re, tests.patterns as t; "
        "t.patterns = lambda: [('slow', re.compile('(?:a|a)+b'), frozenset({'search'}))]; t.main()"
    )
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 1, done.stderr[-2_000:]
    assert re.search(r"^slow takes too long", done.stdout, re.MULTILINE)
