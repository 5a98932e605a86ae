"""Make the two sets of words that the search for names rests on: ordinary French words and first names.

``python -m eval.vocabulary --first-names FILE`` writes the ``*.bloom`` files of
``assistant/redaction/vocabulary``. FILE is INSEE's first names as ``ThinkR-open/prenoms`` gives them: a name, a tab,
how many people bear it. The words are the French dictionary of ``simplemma``, the adverbs and the most common words
that ``wordfreq`` has met, what the question bank uses, and the words in small letters of other French texts
(``--texts``, JSON Lines of strings in any shape, gzip).
"""

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from assistant.redaction.bloom import BloomFilter, folded
from assistant.redaction.name_words import FOLDER, wording
from corpus.questions import load_wordings

ERRORS = {"first_names": 0.0005, "words": 1e-6}
"""The words are also asked whether any of the hundreds of spellings next to another one is among them."""
COMMON = 10**-5.3  # of all words: Washington, internet, OTAN, hardly a patient
SEEN_IN_TEXTS = 12
SEEN = 3  # times that our own questions use a word before it counts as one
_WORD = re.compile(r"[^\W\d_]+")


def first_names(path: Path) -> set[str]:
    """Return the folded first names of a file; function words that somebody was called by are none."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        names = {folded(line.split("\t")[0]) for line in lines if line.strip()}
    parts = {part for name in names for part in name.split("-") if len(part) > 2}
    known = wording()["first"]
    return {name for name in names | parts | known["grown"] if len(name) > 1} - known["never"]


def words(first: set[str], read: set[str]) -> set[str]:
    """Return the folded ordinary words, but names that are hardly ever a word (``plain`` in ``names.toml``)."""
    import wordfreq
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    frequencies = wordfreq.get_frequency_dict("fr", wordlist="best")
    met = {folded(word) for word in frequencies}
    common = {folded(word) for word, share in frequencies.items() if share >= COMMON and len(word) > 2}
    found = {_text(word) for word in DefaultDictionaryFactory().get_dictionary("fr")}
    known = {folded(word) for word in found if word.islower()}
    known |= {word for word in met if word.endswith("ment") and len(word) > 6}
    asked = Counter(
        folded(word)
        for wordings in load_wordings()
        for question in wordings.questions
        for word in _WORD.findall(question)
        if word.islower()
    )
    known |= {word for word, times in asked.items() if times >= SEEN}
    known |= read | ({word for word in common if word.isalpha()} - first - wording()["last"]["everyday"])
    # Words of the clinic, of sport and cooking, in the questions written to be refused.
    for name in ("intents", "margins"):
        for line in files("eval").joinpath(f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            known |= {folded(word) for word in _WORD.findall(json.loads(line)["question"])} - first
    return known - wording()["first"]["plain"] - wording()["last"]["plain"]


def written_small(paths: Iterable[Path]) -> set[str]:
    """Return the words that files write in small letters, often and mostly: hardly ever a name then."""
    small: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                found = _WORD.findall(json.dumps(json.loads(line), ensure_ascii=False))
                small.update(word for word in found if word.islower())
                every.update(word.lower() for word in found)
    return {folded(word) for word, times in small.items() if times >= SEEN_IN_TEXTS and times > 0.6 * every[word]}


def _text(word: str | bytes) -> str:
    return word.decode() if isinstance(word, bytes) else word


def main(arguments: list[str] | None = None) -> int:
    """Write both filters; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.vocabulary", description=__doc__)
    parser.add_argument("--first-names", type=Path, required=True)
    parser.add_argument("--texts", type=Path, nargs="*", default=())
    given = parser.parse_args(arguments)
    names = first_names(given.first_names)
    for name, held in (("first_names", names), ("words", words(names, written_small(given.texts)))):
        BloomFilter.of(sorted(held), ERRORS[name]).save(FOLDER / f"{name}.bloom")
        sys.stdout.write(f"{name}: {len(held)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
