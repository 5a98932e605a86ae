"""Follow-ups beside the same questions asked whole: what is asked, how it is counted, and the table of both."""

import dataclasses
import json
import re
import sys

import pytest

from eval import conversations
from eval.answers import Given
from eval.conversations import MEASURES, pairs, table, values, whole
from eval.questions import read_questions
from eval.scoring import Place

ROWS = [
    {
        "id": "k1",
        "question": "et pour un mineur ?",
        "turns": ["puis-je parler aux parents ?"],
        "whole": "puis-je parler aux parents d'un mineur ?",
        "kind": "follow-up",
        "gold": [{"document": "fiche:a"}, {"document": "fiche:b"}],
    },
    {
        "id": "k2",
        "question": "rien à voir : la plaque ?",
        "turns": ["un avant", "deux"],
        "whole": "que mettre sur la plaque ?",
        "kind": "topic-change",
        "gold": [{"document": "fiche:c"}],
    },
    {"id": "k3", "question": "et sans autre mots ?", "turns": ["un avant"], "kind": "follow-up"},
]


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "conversations.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    return read_questions(str(path))


class Scripted:
    """Finds the sheets it is told for a question, by its words, and cites the first; refuses when there is none."""

    def __init__(self, found):
        self.found = found
        self.asked = []

    def ask(self, question):
        self.asked.append((question.question, question.turns))
        sheets = self.found.get(question.question, [])
        passages = [{"passage_id": f"{s}:x#1", "document_id": s, "source": "s", "text": "t"} for s in sheets]
        cited = [{**p, "quote": "q", "start": 0, "end": 1, "marker": 1} for p in passages[:1]]
        outcome = "answered" if cited else "refused"
        answer = {"outcome": outcome, "passages": passages, "citations": cited, "answer": "« q » [1]", "question": "x"}
        return Given(answer, 1.0)

    def text(self, document_id):
        return "q"


FOUND = {
    "et pour un mineur ?": ["fiche:x", "fiche:x", "fiche:y", "fiche:b"],
    "puis-je parler aux parents d'un mineur ?": ["fiche:a", "decision:z"],
    "que mettre sur la plaque ?": ["fiche:d", "fiche:e", "fiche:f", "fiche:g", "fiche:c"],
}


def test_questions_are_asked_with_their_turns_and_whole_without(asked):
    source = Scripted({})
    found = pairs(asked, source)
    assert source.asked == [
        ("et pour un mineur ?", ("puis-je parler aux parents ?",)),
        ("rien à voir : la plaque ?", ("un avant", "deux")),
        ("puis-je parler aux parents d'un mineur ?", ()),
        ("que mettre sur la plaque ?", ()),
    ]
    assert [(row.id, alone.id) for row, alone in found] == [("k1", "k1"), ("k2", "k2")]
    assert [q.id for q in whole(asked).questions] == ["k1", "k2"], "what has no whole form cannot be compared"
    assert asked.questions[0].turns, "the set itself is untouched"


def test_a_sheet_counts_once_among_those_found(asked):
    (first, first_whole), (second, second_whole) = pairs(asked, Scripted(FOUND))
    # x, y, b: two passages of x are one sheet, so that b is the third.
    assert values(first) == {"cites_right": 0.0, "recall@3": 1.0, "recall@5": 1.0, "over_refusal": 0.0}
    assert values(first_whole) == {"cites_right": 1.0, "recall@3": 1.0, "recall@5": 1.0, "over_refusal": 0.0}
    assert values(second) == {"cites_right": 0.0, "recall@3": 0.0, "recall@5": 0.0, "over_refusal": 1.0}
    assert values(second_whole) == {"cites_right": 0.0, "recall@3": 0.0, "recall@5": 1.0, "over_refusal": 0.0}


def test_a_sixth_sheet_is_too_late(asked):
    (row, _), *_ = pairs(asked, Scripted({}))
    late = tuple(Place("p", f"fiche:{n}", "s", "", (1,) if n == 6 else ()) for n in range(1, 7))
    assert values(dataclasses.replace(row, passages=late))["recall@5"] == 0.0
    assert values(dataclasses.replace(row, passages=late[1:]))["recall@5"] == 1.0


def test_the_table_has_both_ways_their_intervals_and_the_difference(asked):
    lines = list(table(pairs(asked, Scripted(FOUND))))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == ["kind", "n", "measure", "in conversation", "asked whole", "difference"]
    assert [(row[0], row[2]) for row in cells[2:]] == [
        (kind, measure) for kind in ("all", "follow-up", "topic-change") for measure in MEASURES
    ]
    by = {(row[0], row[2]): row for row in cells[2:]}
    # Wilson at 95 % for 1 of 1: [1 / (1 + 1.96²), 1] = [0.21, 1]; for 1 of 2: [0.09, 0.91].
    assert by["follow-up", "cites_right"][1:] == [
        "1",
        "cites_right",
        "0.00 [0.00, 0.79]",
        "1.00 [0.21, 1.00]",
        "-100.0 [-100.0, -100.0]",
    ]
    assert by["all", "cites_right"][4] == "0.50 [0.09, 0.91]"
    assert by["all", "over_refusal"][3:] == ["0.50 [0.09, 0.91]", "0.00 [0.00, 0.66]", "+50.0 [+0.0, +100.0]"]
    assert by["all", "recall@3"][5] == "+0.0 [+0.0, +0.0]"


def test_the_command_prints_the_table_for_an_index(asked, monkeypatch, capsys, tmp_path):
    opened = []
    monkeypatch.setattr(conversations, "read_questions", lambda name: asked if name == "conversations" else None)
    monkeypatch.setattr(conversations, "open_assistant", lambda settings: opened.append(settings.index))
    monkeypatch.setattr(conversations, "IndexSource", lambda _: Scripted(FOUND))
    monkeypatch.setattr(sys, "argv", ["conversations", "--index", str(tmp_path / "index")])
    conversations.main()
    assert opened == [tmp_path / "index"]
    assert re.search(r"^\| follow-up \| 1 \| cites_right \|", capsys.readouterr().out, re.MULTILINE)


def test_without_an_index_the_shipped_sheets_are_indexed(asked, monkeypatch, capsys):
    built = []
    monkeypatch.setattr(conversations, "read_questions", lambda _: asked)
    monkeypatch.setattr(conversations, "build", lambda folders, path, encoder: built.append((folders, path, encoder)))
    monkeypatch.setattr(conversations, "open_assistant", lambda settings: settings)
    monkeypatch.setattr(conversations, "IndexSource", lambda settings: built.append(settings.index) or Scripted(FOUND))
    monkeypatch.setattr(sys, "argv", ["conversations"])
    conversations.main()
    (folders, path, _), used = built
    assert folders == []
    assert used == path
    assert capsys.readouterr().out.startswith("| kind |")
