"""Questions by people nobody learnt from: the set itself, the shares, and the lines that are printed."""

from collections import Counter

import eval.unseen
from eval.intents import examples, margins
from eval.unseen import Share, Unseen, shares, unseen

ROWS = [
    Unseen("a ?", "answerable", "documents", "a"),
    Unseen("b ?", "near_miss", "documents", "a"),
    Unseen("c ?", "near_miss", "documents", "a"),
    Unseen("d ?", "plain", "documents", "b"),
    Unseen("e ?", "near_miss", "sheets", "c"),
]


def test_the_shares_are_by_who_wrote_and_of_all():
    found = {(share.by, share.of, share.kind): share.refused for share in shares(ROWS, lambda row: row.question < "c")}
    assert found == {
        ("a", "documents", "answerable"): (True,),
        ("a", "documents", "near_miss"): (True, False),
        ("b", "documents", "plain"): (False,),
        ("c", "sheets", "near_miss"): (False,),
        ("*", "documents", "answerable"): (True, False),
        ("*", "documents", "not"): (True, False),
        ("*", "sheets", "not"): (False,),
    }


def test_a_line_gives_the_share_and_its_interval():
    line = Share("a", "documents", "near_miss", (True, True, True, False)).line
    assert line.split() == ["a", "documents", "near_miss", "n", "4", "refused", "0.75", "[0.30,", "0.95]"]


def test_the_set_is_by_several_people_and_nothing_was_fitted_on_it():
    rows = list(unseen())
    assert len({row.question.casefold() for row in rows}) == len(rows) >= 3_000
    assert {row.of for row in rows} == {"documents", "sheets"}
    assert all(row.question.strip() for row in rows)
    written = Counter((row.by, row.kind) for row in rows)
    assert all(n >= 30 for n in written.values())
    assert all((by, "answerable") in written for by, kind in written if kind == "near_miss")
    learnt = {question.casefold() for question, _, _ in examples()} | {row.question.casefold() for row in margins()}
    assert [row.question for row in rows if row.question.casefold() in learnt] == []


def test_each_question_is_asked_of_what_it_was_written_beside(tmp_path, monkeypatch, capsys):
    (tmp_path / "a.md").write_text("# Statuts\n\nLe trésorier tient la caisse du club de pétanque.\n", encoding="utf-8")
    told = [
        Unseen("qui tient la caisse du club de pétanque ?", "answerable", "documents", "a"),
        Unseen("xyzzy plugh", "noise", "documents", "a"),
        Unseen("puis-je garder le secret après la mort du patient ?", "answerable", "sheets", "b"),
    ]
    monkeypatch.setattr(eval.unseen, "unseen", lambda: iter(told))
    eval.unseen.main(["--documents", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:5] for line in lines] == [
        ["a", "documents", "answerable", "n", "1"],
        ["a", "documents", "noise", "n", "1"],
        ["b", "sheets", "answerable", "n", "1"],
        ["*", "documents", "answerable", "n", "1"],
        ["*", "documents", "not", "n", "1"],
        ["*", "sheets", "answerable", "n", "1"],
    ]
    assert "refused 1.00" in lines[1]
    assert "refused 0.00" in lines[2]
