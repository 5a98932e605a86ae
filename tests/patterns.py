"""Every compiled pattern of the project against long repetitions; run by ``test_hostile_patterns`` in a process.

Prints each pattern that takes longer than ``SECONDS`` on one of them: a pattern that takes the square of the length, or
worse, does; one that takes its length needs milliseconds.
"""

import importlib
import inspect
import os
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator

LONG = "FUZZ_EXAMPLES" in os.environ
LENGTH = 30_000 if LONG else 10_000
SECONDS = 2.0 if LONG else 0.5
"""Of the processor, not of the clock: other work on the machine changes nothing."""
PACKAGES = ("corpus", "indexes", "assistant", "api")
NOT_IMPORTED = ("indexes.training", "corpus.sheets", "corpus.precedents.", "__main__")
EXEMPT = {
    "assistant.redaction.name_words._SENTENCE_END",  # is shown twenty characters
    "assistant.forms.forms",  # passages and questions, a few thousand characters
    "api.assembling.AIR",  # our own files
    "api.routes.widget.TOKEN",
}
UNITS = (
    *"aAé01 \n\t-.,'_*#`<[(!?|/\\@",
    *"a |A |0 |1-|1.|1, |a@|a.|a-|- |a'|d'|(a|[a](|![a](|<!-- |<b |**a |__a |\\a|x\n|\n\n|# |--- |[1] |[1, |【1".split(
        "|"
    ),
    *"à la |le |né le |art. |article 1 |articles 1, 2, |R. 4127-|R. 4127 |226-13 |M. A |Mme Untel |docteur ".split("|"),
    *"rue de la |1 rue |75001 |arrêt |décision de |n° 1 |1er janvier |12/12/|janvier 2020 |06 |fr76|2A ".split("|"),
    *"si |et |ou |ne |pas |il |que |qu'|« a » |a; |a: |http://a|a.b.|€ |1 € |code pénal |chambre |dossier ".split("|"),
    *"chambre disciplinaire |cour de cassation |patient |docteur |mon mari |zero |code ".split("|"),
)
ENDS = ("!", "", "1") if LONG else ("!", "1")


class Slow(Exception):
    """A search took too long."""


def patterns() -> Iterator[tuple[str, re.Pattern[str], frozenset[str]]]:
    """Yield the patterns that modules hold, and those of their cached functions without arguments.

    With each comes how it is used: looked for all over a text, or tried at one place only.
    """
    for package in PACKAGES:
        home = importlib.import_module(package)
        for info in pkgutil.walk_packages(home.__path__, f"{package}."):
            if any(part in info.name for part in NOT_IMPORTED):
                continue
            module = importlib.import_module(info.name)
            source = inspect.getsource(module)
            for name, value in vars(module).items():
                foreign = hasattr(value, "cache_info") and value.__module__ != info.name
                if foreign or f"{info.name}.{name}" in EXEMPT:
                    continue
                uses = frozenset(
                    re.findall(rf"\b{name}\.(match|fullmatch|search|finditer|findall|sub|split)\b", source)
                )
                for one in _held(value):
                    yield f"{info.name}.{name}", one, uses or frozenset({"match", "search"})


def _held(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 4 and isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from _held(one, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        yield from _held(list(value.values()), depth + 1)
    elif hasattr(value, "cache_info") and not depth:
        try:
            yield from _held(value(), 1)
        except TypeError:  # it takes arguments
            return
    elif depth and hasattr(value, "__dataclass_fields__"):
        yield from _held([getattr(value, field) for field in value.__dataclass_fields__], depth + 1)


def search(pattern: re.Pattern[str], uses: frozenset[str], text: str) -> None:
    """Use a pattern on a text as the project does."""
    for use in uses:
        if use in {"match", "fullmatch"}:
            getattr(pattern, use)(text)
        else:
            for _ in pattern.finditer(text):
                pass


def main() -> None:
    """Search every pattern in every repetition."""

    def stop(*_: object) -> None:
        raise Slow

    signal.signal(signal.SIGPROF, stop)
    texts = [unit * (LENGTH // len(unit)) + end for unit in UNITS for end in (ENDS if len(unit) == 1 else ENDS[:1])]
    seen: set[tuple[str, frozenset[str]]] = set()
    slow = 0
    for name, pattern, uses in patterns():
        if (pattern.pattern, uses) in seen:
            continue
        seen.add((pattern.pattern, uses))
        started, worst = time.process_time(), ""
        for text in texts:
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            try:
                search(pattern, uses, text)
            except Slow:
                worst = text[:12] + "…" + text[-1:]
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            if worst:
                break
        if worst:
            slow += 1
            print(f"{name} takes too long on {worst!r}", flush=True)  # noqa: T201
        elif "-v" in sys.argv and time.process_time() - started > 1:
            print(f"# {name} {time.process_time() - started:.1f} s", flush=True)  # noqa: T201
    print(f"{len(seen)} patterns, {slow} too slow")  # noqa: T201
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
