"""Runs compared pair by pair, held to thresholds, and reported."""

import dataclasses
import json
import re

import pytest

from eval.comparing import compare
from eval.errors import InvalidGate, NotComparable, ReportOnly
from eval.figures import MEASURES, figures_of
from eval.gating import Threshold, judge_runs, read_gate
from eval.models import Row, Run
from eval.questions import SHIPPED, read_questions
from eval.reliability import reliability
from eval.report import HEADLINES, summary, write_report
from eval.scoring import Place
from eval.texts import number, percent, text, texts

RIGHT = Place("a#1", "a", "a.md", "A & <b>, p. 1", (1,))
BESIDE = Place("b#1", "b", "b.md", "B | p. 2", ())


def row(identifier, *, rank, refused=False, kind="case"):
    answerable = rank is not None
    values = {"error": 0.0}
    if answerable:
        reciprocal = 1 / rank if rank else 0.0
        values |= {"mrr@10": reciprocal, "recall@5": float(0 < rank <= 5), "over_refusal": float(refused)}
        values |= {"cites_right": float(not refused and rank == 1), "fact_coverage": reciprocal / 2}
    else:
        values |= {"refusal_recall": float(refused)}
    if not refused:
        values["quote_fidelity"] = 1.0
    return Row(
        id=identifier,
        kind=kind,
        question=f"question {identifier} avec <script>alert(1)</script> et [NIR]",
        answerable=answerable,
        outcome="refused" if refused else "answered",
        reason=None,
        confidence=0.8,
        wanted=("a.md [0:10]",) if answerable else (),
        passages=tuple(RIGHT if n == rank else BESIDE for n in range(1, 4)),
        citations=(RIGHT,) if rank == 1 and not refused else (),
        values=values,
    )


def made(rows, *, name="first", sha="s", data="development"):
    about = {
        "name": name,
        "set": data,
        "sha256": sha,
        "questions": len(rows),
        "date": "2026-01-02T03:04:05+00:00",
        "target": "index",
        "documents": 8,
        "passages": 900,
        "encoder": "small",
        "retrievers": ["lexical"],
        "latency_ms": {"n": len(rows), "p50": 12.3, "p95": 20.0, "max": 31.0},
    }
    pairs = [(r.confidence, r.became == "right") for r in rows]
    return Run(
        about, tuple(rows), figures_of([(r.kind, r.values) for r in rows]), reliability(pairs), reliability(pairs)
    )


FIRST = made(
    [row("a", rank=1), row("b", rank=2), row("c", rank=4), row("d", rank=None), row("e", rank=0, refused=True)]
)
SECOND = made(
    [row("a", rank=1), row("b", rank=1), row("c", rank=1), row("d", rank=None, refused=True), row("e", rank=0)],
    name="second",
)


# --- comparing


def test_a_comparison_pairs_the_questions_and_lists_wins_and_losses():
    found = compare(FIRST, SECOND)
    assert [b.id for _, b in found.won] == ["b", "c", "d"]
    assert found.lost == ()
    change = next(c for c in found.changes if c.measure == "mrr@10")
    # 1, 1/2, 1/4, 0 → 1, 1, 1, 0: means 0.4375 and 0.75
    assert (change.n, change.first, change.second, change.difference) == (4, 0.4375, 0.75, 0.3125)
    assert change.low <= 0.3125 <= change.high
    assert compare(SECOND, FIRST).won == ()
    assert [b.id for _, b in compare(SECOND, FIRST).lost] == ["b", "c", "d"]


def test_a_measure_that_only_some_questions_have_is_compared_on_those_both_runs_have():
    quotes = next(c for c in compare(FIRST, SECOND).changes if c.measure == "quote_fidelity")
    assert quotes.n == 3, "d is refused in the second run and e in the first"
    refusals = next(c for c in compare(FIRST, SECOND).changes if c.measure == "over_refusal")
    assert (refusals.n, refusals.difference) == (4, -0.25)


def test_a_clear_change_leaves_out_zero_and_a_run_is_level_with_itself():
    many = [row(f"q{n}", rank=2) for n in range(40)]
    better = [row(f"q{n}", rank=1 if n % 4 else 2) for n in range(40)]
    found = {c.measure: c for c in compare(made(many), made(better)).changes}
    assert found["mrr@10"].clear
    assert found["mrr@10"].low > 0
    assert not any(c.clear for c in compare(FIRST, FIRST).changes)


def test_runs_on_other_questions_are_not_compared():
    with pytest.raises(NotComparable):
        compare(FIRST, made(FIRST.rows, sha="other"))
    with pytest.raises(NotComparable):
        compare(FIRST, made(FIRST.rows[:-1]))


# --- thresholds


def gate_file(path, content):
    path.write_text(content, encoding="utf-8")
    return path


def test_a_threshold_that_is_met_passes_and_one_that_is_not_fails(tmp_path):
    bounds = read_gate(
        gate_file(
            tmp_path / "gate.toml",
            """[development]
"mrr@10" = { min = 0.43 }
"mrr@10 case" = { min = 0.44, max = 1 }
"over_refusal" = { max = 0.3 }
"latency p95" = { max = 19 }
"leaks" = { max = 0 }
[sheets]
"mrr@10" = { min = 0.9 }
""",
        )
    )
    verdicts = judge_runs(bounds, [FIRST])
    assert [(v.threshold.measure, v.passed) for v in verdicts] == [
        ("mrr@10", True),
        ("mrr@10", False),
        ("over_refusal", True),
        ("latency p95", False),
        ("leaks", False),  # no question measures it: a threshold that nothing can miss would guard nothing
    ]
    assert verdicts[4].value is None
    assert bounds[0] == Threshold("development", "mrr@10", "all", 0.43, None)


def test_the_shipped_gate_speaks_of_shipped_sets_and_not_of_the_test_part():
    bounds = read_gate()
    assert {t.set for t in bounds} == set(SHIPPED) - {"test"}
    assert {t.measure for t in bounds} >= {"recall@5", "mrr@10", "quote_fidelity", "over_refusal"}


@pytest.mark.parametrize(
    "content",
    [
        "[development",
        "development = 3",
        '[development]\n"recall@6" = { min = 0.5 }',
        '[development]\n"recall@5" = 0.5',
        '[development]\n"recall@5" = {}',
        '[development]\n"recall@5" = { least = 0.5 }',
        '[development]\n"recall@5" = { min = "high" }',
        '[development]\n"recall@5" = { min = true }',
    ],
)
def test_a_gate_that_is_not_of_the_form_is_refused(tmp_path, content):
    with pytest.raises(InvalidGate) as caught:
        read_gate(gate_file(tmp_path / "gate.toml", content))
    assert caught.value.values["file"] == "gate.toml"


def test_nothing_is_held_to_the_test_part(tmp_path):
    with pytest.raises(ReportOnly):
        read_gate(gate_file(tmp_path / "gate.toml", '[test]\n"recall@5" = { min = 0.5 }'))


# --- reports


@pytest.fixture
def report(tmp_path) -> dict[str, str]:
    paths = write_report([FIRST, made(SECOND.rows, name="contrôle", data="test")], tmp_path, [compare(FIRST, SECOND)])
    return {path.suffix: path.read_text(encoding="utf-8") for path in paths}


def test_the_summary_is_in_whole_sentences():
    said = summary(FIRST)
    assert said[0].startswith(
        "Sur 4 question(s) dont les documents contiennent la réponse, 1 reçoivent une réponse qui cite"
    )
    assert "2 une réponse qui cite autre chose, et 1 sont refusées à tort." in said[0]
    assert said[1].startswith("Sur 1 question(s) auxquelles")
    assert all(sentence.endswith(".") for sentence in said)


def test_a_report_shows_numbers_with_counts_and_intervals_and_every_miss(report):
    page = report[".html"]
    for words in (
        "Questions de mise au point",
        "50,0\u00a0%",
        "Questions manquées (4)",
        "Partie de contrôle",
        "02/01/2026",
    ):
        assert words in page, words
    for identifier in "bcde":
        assert f"question {identifier} avec" in page
    assert "bon passage au rang 2" in page
    assert "Gagnées (3)" in page
    assert page.count("<svg") == 6


def test_a_report_never_takes_words_for_markup(report):
    assert "<script>alert" not in report[".html"]
    assert "A &amp; &lt;b&gt;, p. 1" in report[".html"]
    for line in report[".md"].splitlines():
        if line.startswith("| ") and "Genre" not in line:
            assert len(re.findall(r"(?<!\\)\|", line)) in {5, 8}, line


def test_a_report_asks_nothing_of_any_other_place(report):
    links = re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?([^\"')>\s]+)", report[".html"])
    assert all(link.startswith("#") for link in links)
    assert "@import" not in report[".html"]


def test_the_markdown_and_its_pictures_are_beside_the_page(tmp_path):
    write_report([FIRST], tmp_path)
    pictures = re.findall(r"\]\((.+?\.svg)\)", (tmp_path / "report.md").read_text(encoding="utf-8"))
    assert len(pictures) == 3
    assert all((tmp_path / name).read_text(encoding="utf-8").startswith("<svg") for name in pictures)


def test_the_json_holds_all_figures_and_misses(report):
    found = json.loads(report[".json"])
    assert [f["measure"] for f in found["runs"][0]["figures"] if f["kind"] == "all"] == [
        m for m in MEASURES if FIRST.value(m)
    ]
    assert [miss["id"] for miss in found["runs"][0]["misses"]] == ["b", "c", "d", "e"]
    assert found["comparisons"][0]["won"] == ["b", "c", "d"]


def test_the_same_run_gives_the_same_report(tmp_path):
    for name in ("one", "two"):
        write_report([FIRST], tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 6
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_a_run_without_any_answer_or_confidence_has_a_report(tmp_path):
    bare = dataclasses.replace(row("a", rank=None), answerable=None, values={"error": 0.0})
    empty = made([bare])
    assert "Questions manquées (0)" in write_report([empty], tmp_path)[0].read_text(encoding="utf-8")


def test_every_measure_and_kind_has_its_french_name():
    assert set(texts()["measures"]) == set(texts()["definitions"]) == set(MEASURES)
    assert {question.kind for name in SHIPPED for question in read_questions(name).questions} <= set(texts()["kinds"])
    assert set(HEADLINES) <= set(MEASURES)
    assert text("kinds", "my own kind") == "my own kind"


def test_numbers_are_written_as_in_french():
    assert percent(0.6125) == "61,3\u00a0%" or percent(0.6125) == "61,2\u00a0%"
    assert (number(0.5), number(12.0, 0), number(12.6, 0)) == ("0,500", "12", "13")
