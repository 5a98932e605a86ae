"""How much is fuzzed: a little and always the same in CI, as long as wanted by ``make fuzz``.

``python -m tests.fuzzing --seconds 600`` runs the fuzzed tests in rounds, each with twice the examples of the one
before and another seed, until the time is up; it prints every round, and ends with 1 at the first failure, whose seed
it says.
"""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import suppress

from hypothesis import HealthCheck, settings

LONG = "FUZZ_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
FIRST_ROUND = 500
FILES = (
    "tests/test_fuzz_readers.py",
    "tests/test_fuzz_words.py",
    "tests/test_api_schema.py",
    "tests/test_hostile_patterns.py",
)


def bounded(examples: int) -> settings:
    """Return the settings of a fuzzed test: so many examples in CI, the same each time."""
    return settings(
        max_examples=EXAMPLES if LONG else examples,
        derandomize=not LONG,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def main() -> int:
    """Run round after round."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600.0)
    end = time.monotonic() + parser.parse_args().seconds
    examples, rounds = FIRST_ROUND, 0
    while (left := end - time.monotonic()) > 1:
        seed = secrets.randbelow(2**31)
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            f"--hypothesis-seed={seed}",
            *FILES,
        ]
        print(f"fuzz: {examples} examples a test, seed {seed}, {left:.0f} s left", flush=True)  # noqa: T201
        environment = {**os.environ, "FUZZ_EXAMPLES": str(examples)}
        running = subprocess.Popen(command, env=environment, start_new_session=True)
        try:
            code = running.wait(timeout=left)
        except subprocess.TimeoutExpired:
            break  # in the middle of a round, without a failure so far
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)  # and what it started
            running.wait()
        if code:
            print(f"fuzz: failed; again with FUZZ_EXAMPLES={examples} {' '.join(command)}")  # noqa: T201
            return 1
        rounds, examples = rounds + 1, examples * 2
    print(f"fuzz: {rounds} whole rounds of {', '.join(FILES)}, no failure")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
