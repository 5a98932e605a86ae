"""Whether a text states a fact: its figures, and half of its other stems."""

import json
import re
import sys

import pytest

from eval import facts
from eval.facts import is_stated
from eval.questions import read_questions


@pytest.mark.parametrize(
    ("fact", "text", "stated"),
    [
        ("délai de 30 jours", "Le délai est de 30 jours.", True),
        ("délai de 30 jours", "Le délai est de 15 jours.", False),  # the figure is another
        ("délai de 30 jours", "Un délai de 130 jours.", False),
        ("30 jours", "trente jours", True),
        ("trente jours", "30 jours", True),
        ("seize pages", "16 pages", True),
        ("cent euros", "100 €", False),  # the figure alone, when half of the rest is none
        ("30", "il y en a trente", True),  # nothing but a figure
        ("article R. 4127-4", "l'article R.4127-4 le dit", True),
        ("article R. 4127-4", "l'article R. 4127-40 le dit", False),
        ("convocation", "on peut convoquer", True),  # the first letters
        ("conseil ordinal", "conseil", True),  # exactly half
        ("conseil ordinal départemental", "conseil", False),  # a third
        ("SECRÉTARIAT FERMÉ", "les secretariats fermés", True),
        ("le secret", "la porte", False),
        ("le secret", "", False),
        ("", "le secret", False),
        ("de la", "de la", False),  # no word of weight
    ],
)
def test_what_states_a_fact(fact, text, stated):
    assert is_stated(fact, text) is stated


def test_figures_do_not_count_among_the_stems():
    assert not is_stated("armoire 2 clefs 3 portes", "2, 3")
    assert is_stated("armoire 2 clefs 3 portes", "2 clefs et 3 portes")


@pytest.fixture
def documents(tmp_path):
    passages = {"a.txt": ["armoire ignifugée fermée à clef", "délai de trente jours"], "b.txt": ["une copie papier"]}
    stated = {"armoire ignifugée fermée à clef": ["armoire fermée"], "une copie papier": ["copie numérique 3"]}
    rows = []
    for name, texts in passages.items():
        (tmp_path / name).write_text("".join(texts), encoding="utf-8")
        for n, text in enumerate(texts):
            start = sum(map(len, texts[:n]))
            gold = [{"file": name, "start": start, "end": start + len(text)}]
            found = stated.get(text, ["30 jours"])
            rows.append({"id": f"{name}-{n}", "question": "q", "gold": gold, "facts": found})
    rows.append({"id": "z", "question": "sans passage", "facts": ["rien"]})
    (tmp_path / "set.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def test_the_rule_is_measured_on_gold_passages(documents, monkeypatch, capsys):
    monkeypatch.setattr(facts, "read_questions", lambda name: read_questions(str(documents / "set.jsonl")))
    monkeypatch.setattr(sys, "argv", ["facts", str(documents)])
    facts.main()
    # Two of three facts stand in their own passage; a.txt lends each of its two passages the other as a decoy.
    own, other = capsys.readouterr().out.splitlines()
    assert re.search(r"its own .*: 0\.667 \(n = 3\)", own)
    assert re.search(r"other .*: 0\.000 \(n = 2\)", other)
