"""Other systems beside Déonto: run in a process of their own, judged by the same rule, laid out in tables."""

import ast
import dataclasses
import json
import sys
import time
import types
from pathlib import Path

import pytest

import eval.peers.__main__ as peers
from eval.figures import figure
from eval.judging import Judge
from eval.peers import harness
from eval.peers.measuring import Measured, Peer, measure
from eval.peers.table import BEGIN, END, cost, notes, put_between, quality, verdict
from eval.questions import read_questions
from eval.ranking import MEASURES
from tests.small_questions import write

FOLDER = Path(peers.__file__).parent
BM25S = Peer("bm25s", "bm25s alone", "with_bm25s", (), ("bm25",), {"SOME_SWITCH": "1"}, "a note")


@pytest.fixture
def questions(tmp_path):
    return tuple(q for q in read_questions(str(write(tmp_path / "small.jsonl"))).questions if q.gold)


def systems_in(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == "SYSTEMS":
            return [key.value for key in node.value.keys]
    return []


def test_every_peer_names_a_module_that_holds_its_systems():
    known = peers.known_peers()
    assert {peer.name for peer in known} >= {"llama-index", "haystack", "txtai", "langchain", "bm25s"}
    for peer in [*known, peers.DEONTO]:
        assert list(peer.systems) == systems_in(FOLDER / f"{peer.module}.py"), peer.name
        assert all(any(sign in r for sign in "<=") for r in peer.requirements), "every requirement is bounded"
    assert {path.stem for path in FOLDER.glob("with_*.py")} == {p.module for p in [*known, peers.DEONTO]}


class Fake:
    """Gives the documents back in order, and remembers what it was told."""

    def build(self, documents, encoder, store):
        (store / "kept").write_text(f"{documents}|{encoder}")

    def load(self, encoder, store):
        self.kept = (store / "kept").read_text()

    def search(self, question, k):
        return [(self.kept, question)][:k]


def test_the_harness_builds_in_one_process_and_asks_in_another(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "eval.peers.fake", types.SimpleNamespace(SYSTEMS={"one": Fake}))
    monkeypatch.setenv("A_SWITCH", "old")
    job = {"documents": "d", "store": str(tmp_path / "store"), "encoder": "e", "questions": ["a", "b"], "k": 10}
    job |= {"environment": {"A_SWITCH": "new"}, "started": time.time() - 100}
    (tmp_path / "job.json").write_text(json.dumps(job))
    for step in ("build", "ask"):
        harness.main(["fake", "one", step, str(tmp_path / "job.json"), str(tmp_path / f"{step}.json")])
    built, asked = (json.loads((tmp_path / f"{step}.json").read_text()) for step in ("build", "ask"))
    assert built.keys() == {"peak_mb"}
    assert asked["results"] == [[["d|e", "a"]], [["d|e", "b"]]]
    assert len(asked["milliseconds"]) == 2
    assert 100 <= asked["cold_s"] < 110
    assert harness.os.environ["A_SWITCH"] == "new"


def test_documents_are_read_by_name_in_order(small_folder):
    found = harness.read_documents(small_folder)
    assert [name for name, _ in found] == ["accueil.md", "archives.txt", "articles.md", "sous-dossier/notes.md"]
    assert found[1][1].startswith("Conservation des archives")


def test_a_system_is_built_asked_and_judged_in_its_own_process(questions, small_folder):
    found = measure(
        Path(sys.executable), BM25S, "bm25", Path("no/encoder"), small_folder, questions, Judge(questions, small_folder)
    )
    assert found.figures["recall@10"].value == 1
    assert found.figures["mrr@10"].n == len(questions) == 3
    assert set(found.values) == {"q1", "q2", "q4"}
    assert found.index_s > 0
    assert found.cold_s > 0
    assert found.p50_ms <= found.p95_ms
    assert min(found.peak_mb) > 0
    assert 0 < found.characters <= 1_000


def test_a_system_that_fails_is_left_out_and_said(questions, small_folder, capsys):
    broken = dataclasses.replace(BM25S, module="with_nothing")
    judge = Judge(questions, small_folder)
    assert peers._tried(Path(sys.executable), broken, "bm25", Path("e"), small_folder, questions, judge) is None
    assert "bm25s alone, bm25: failed with exit code 1, left out" in capsys.readouterr().err


def test_a_peer_that_cannot_be_installed_is_left_out_and_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(peers, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(peers.venv, "create", lambda folder, **_: (folder / "bin").mkdir(parents=True))
    (tmp_path / "made" / "bin").mkdir(parents=True)
    runs = []

    def refuse(command, check):
        runs.append(command)
        return types.SimpleNamespace(returncode=1)

    monkeypatch.setattr(peers.subprocess, "run", refuse)
    assert peers._installed(dataclasses.replace(BM25S, requirements=("nothing==0",), name="other")) is None
    assert runs[0][-1] == "nothing==0"
    assert "cannot be installed here, left out" in capsys.readouterr().err
    (tmp_path / "made" / "requirements").write_text("nothing==0")
    made = dataclasses.replace(BM25S, requirements=("nothing==0",), name="made")
    assert peers._installed(made) == tmp_path / "made" / "bin" / "python", "what is there is not installed again"
    assert len(runs) == 1


def row(title, system, ranks):
    values = {
        f"q{n}": dict.fromkeys(MEASURES, float(rank == 1)) | {"mrr@10": 1 / rank if rank else 0.0}
        for n, rank in enumerate(ranks)
    }
    return Measured(
        peer=dataclasses.replace(BM25S, title=title),
        system=system,
        encoder="small",
        values=values,
        figures={m: figure(m, "all", [v[m] for v in values.values()]) for m in MEASURES},
        index_s=1.26,
        cold_s=2.0,
        p50_ms=3.14,
        p95_ms=5.0,
        peak_mb=(100.4, 200.6),
        characters=650.2,
    )


ROWS = [row("Déonto", "all", [1, 2, 2, 2] * 10), row("Better", "x", [1] * 40), row("Worse", "y", [0] * 40)]


def test_the_tables_hold_figures_costs_and_paired_differences():
    lines = quality(ROWS).splitlines()
    # MRR: (1 + 3/2) / 4 = 0.625; recall@1: 1/4
    assert lines[2].startswith("| Déonto | 0.25 |")
    assert "| 0.62 [" in lines[2]
    assert lines[2].endswith("|  |")
    assert lines[3].startswith("| Better (x) | 1.00 |")
    assert "| +0.38 [+" in lines[3]
    assert "| -0.62 [-" in lines[4]
    assert cost(ROWS).splitlines()[2] == "| Déonto | 1.3 | 2.0 | 3.1 | 5.0 | 100, 201 | 650 |"
    for table in (quality(ROWS), cost(ROWS)):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_who_wins_and_who_loses_is_said():
    level = row("Level", "z", [1, 2, 2, 2] * 10)
    assert verdict([*ROWS, level]) == (
        "By MRR@10, ahead of Déonto: Better (x); level with Déonto: Level (z); behind Déonto: Worse (y)."
    )


def test_notes_say_what_each_was_given():
    assert notes([dataclasses.replace(BM25S, requirements=("a<2", "b"))]) == "- bm25s alone: a note (`a<2`, `b`)"


def test_tables_take_their_place_in_a_document(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("# Title\n\nBefore.\n")
    put_between(path, "first")
    assert path.read_text() == f"# Title\n\nBefore.\n\n{BEGIN}\n\nfirst\n\n{END}\n"
    path.write_text(path.read_text() + "\nAfter.\n")
    put_between(path, "second")
    put_between(path, "second")
    assert path.read_text() == f"# Title\n\nBefore.\n\n{BEGIN}\n\nsecond\n\n{END}\n\nAfter.\n"


def test_the_whole_command_installs_nothing_it_need_not_and_writes_the_tables(
    tmp_path, small_folder, monkeypatch, capsys
):
    page = tmp_path / "page.md"
    set_path = write(tmp_path / "small.jsonl")
    monkeypatch.setattr(peers, "DEONTO", dataclasses.replace(BM25S, title="Déonto"))
    monkeypatch.setattr(peers, "known_peers", lambda: (BM25S,))
    arguments = ["peers", "--data", str(set_path), "--documents", str(small_folder), "--write", str(page)]
    monkeypatch.setattr(sys, "argv", arguments)
    peers.main()
    written = page.read_text(encoding="utf-8")
    assert "### Set `small`, 3 questions, encoder `deonto`" in written
    assert "level with Déonto: bm25s alone (bm25)" in written
    assert written.count("\n| bm25s alone (bm25) |") == 2
    assert capsys.readouterr().out.strip() in written


def test_without_documents_the_command_says_what_to_give(monkeypatch, tmp_path):
    monkeypatch.setattr(peers, "known_peers", lambda: ())
    monkeypatch.setattr(sys, "argv", ["peers", "--data", str(write(tmp_path / "small.jsonl"))])
    with pytest.raises(SystemExit, match="DEONTO_DOCUMENTS"):
        peers.main()
