"""Whether a text states an expected fact: all of its figures are there, and at least half of its other stems.

Chosen on the development questions: the gold passage of a question states 99 % of its facts by this rule, and another
gold passage of the same document 6 % (``python -m eval.facts DIR``).
"""

import random
import sys
from pathlib import Path

from eval.questions import Gold, read_questions
from indexes.french import stem, words

STATED = 0.5
"""Share of the stems of a fact, figures apart, that must stand in the text."""
CLOSE = 5
"""Letters that make two stems one: "convocation" and "convoquer" do not stem alike."""
NUMBERS = dict(
    zip(
        "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split(),
        map(str, range(2, 17)),
        strict=True,
    )
) | {"vingt": "20", "trente": "30", "quarante": "40", "cinquante": "50", "soixante": "60", "cent": "100"}
"""Numbers in words, as texts of law write them."""


def is_stated(fact: str, text: str) -> bool:
    """Tell whether a text states a fact; a fact without any word of weight is stated by nothing."""
    wanted, there = _stems(fact), _stems(text)
    figures = {word for word in wanted if word[-1].isdigit()}
    rest = wanted - figures
    begun = {word[:CLOSE] for word in there}
    found = sum(word in there or word[:CLOSE] in begun for word in rest)
    return bool(wanted) and figures <= there and found >= STATED * len(rest)


def _stems(text: str) -> frozenset[str]:
    plain = [NUMBERS.get(word, word) for word in words(text)]
    return frozenset(word if word[-1].isdigit() else stem(word) for word in plain)


def main() -> None:
    """Print how often the rule finds the facts of a question in its gold passages, and in those of another question."""
    folder = Path(sys.argv[1])
    questions = [q for q in read_questions("development").questions if q.facts and q.gold]
    chance = random.Random(7)  # noqa: S311 - a sample, not a secret
    own = [is_stated(fact, _gold_text(q.gold, folder)) for q in questions for fact in q.facts]
    other = []
    for question in questions:
        near = [
            q for q in questions if q.gold[0].file == question.gold[0].file and not set(q.gold) & set(question.gold)
        ]
        texts = [_gold_text(q.gold, folder) for q in chance.sample(near, min(5, len(near)))]
        other += [is_stated(fact, text) for fact in question.facts for text in texts]
    for name, seen in (("its own gold passages", own), ("other gold passages of the same document", other)):
        sys.stdout.write(f"stated by {name}: {sum(seen) / len(seen):.3f} (n = {len(seen)})\n")


def _gold_text(gold: tuple[Gold, ...], folder: Path) -> str:
    found = []
    for place in gold:
        with (folder / place.file).open(encoding="utf-8", newline="") as stream:
            found.append(stream.read()[place.start : place.end])
    return "\n".join(found)


if __name__ == "__main__":
    main()
