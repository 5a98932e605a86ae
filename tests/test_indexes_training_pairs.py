"""What the encoder is trained on: sources, what is held out of them, hard negatives, and our own pairs."""

import json
from pathlib import Path

import pytest

import indexes.training.held_out
import indexes.training.sources as module
from corpus.questions import Wordings
from indexes.training.held_out import cnil_is_held_out, piaf_is_held_out
from indexes.training.negatives import KEPT, SKIPPED, by_model, by_words, merged
from indexes.training.pairs import Excluded, Pair
from indexes.training.sources import LONGEST, sources
from indexes.training.vocabulary import PADDING, UNKNOWN, kept_vocabulary, train_vocabulary
from tests.conftest import SMALL_DOCUMENTS
from tests.fakes import FixedEncoder
from tests.training_data import ARTICLE, CNIL, LONG, open_data

ROOT = Path(__file__).parents[1]
DOMAIN_PAIRS = ROOT / "indexes" / "training" / "domain-pairs.jsonl"
BANK = ROOT / "corpus" / "questions"
EVALUATION = ROOT / "eval" / "data"


@pytest.fixture
def data(tmp_path):
    return open_data(tmp_path)


@pytest.fixture
def read(data, small_folder, small_corpus, monkeypatch):
    """Reads a source by its name."""
    monkeypatch.setattr(indexes.training.held_out, "PIAF_LAST", 3)
    monkeypatch.setattr(module, "load", lambda *_, **__: small_corpus)
    by_name = {source.name: source.read for source in sources(data, [small_folder])}
    return lambda name: list(by_name[name]())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Un associé garde-t-il la clef de l'armoire ?", True),
        ("ASSOCIES gardant une clef d'armoires", True),  # same stems
        ("l'associé garde la clef de cette armoire ignifugée", True),  # 4 of 5: exactly the limit
        ("l'associé garde la vieille clef de l'armoire ignifugée", False),  # 4 of 6
        ("l'associé garde la clef", False),  # 3 of 4
        ("", False),
    ],
)
def test_near_duplicates_by_hand(query, expected):
    assert Excluded(["Qui ?", "Chaque associé garde la clef d'une armoire"]).resembles(query) is expected


def test_what_is_held_out_is_a_theme_and_a_fifth_of_the_rest():
    assert cnil_is_held_out("Santé Social", "n'importe quoi")
    rest = [f"Question {n} ?" for n in range(1000)]
    assert sum(cnil_is_held_out("Travail", question) for question in rest) in range(150, 250)
    assert all(cnil_is_held_out("Travail", q) is cnil_is_held_out("None", f" {q}\n") for q in rest[:50])
    assert [piaf_is_held_out(n, 1500) for n in (0, 499, 500, 1499)] == [False, False, True, True]


def test_headings_and_notes_are_read_and_cut(read):
    assert read("service-public.fr headings") == [Pair("Titre : registre", LONG)]
    assert read("marginal notes of statutes") == [Pair("Tenue du registre", (LONG * 40)[:LONGEST])]


def test_a_part_of_an_article_asks_for_the_rest_of_it(read):
    pairs = read("inverse cloze over codes")
    assert len(pairs) == 2
    for pair in pairs:
        assert pair.query in ARTICLE
        assert pair.query not in pair.passage
        assert len(pair.query) + 1 + len(pair.passage) == len(ARTICLE)
        assert "#" not in pair.query + pair.passage


def test_the_last_questions_of_piaf_are_never_read(read):
    assert [pair.query for pair in read("PIAF")] == [f"Question {n} {x} ?" for n in range(5) for x in "ab"][:7]
    assert {len(pair.passage) for pair in read("PIAF")} == {LONGEST}


def test_held_out_cnil_questions_are_never_read(read):
    kept = [pair.query for pair in read("CNIL")]
    assert kept == [q for q in CNIL[1][2] if not cnil_is_held_out("Travail", q)]
    assert 0 < len(kept) < 40


def test_domain_pairs_are_read_whole(read):
    rows = [json.loads(line) for line in DOMAIN_PAIRS.read_text(encoding="utf-8").splitlines()]
    assert read("domain pairs") == [Pair(question, row["passage"]) for row in rows for question in row["questions"]]


@pytest.fixture
def bank(data, small_folder, small_corpus, monkeypatch):
    """What the bank gives for made-up wordings, by the document that is left out."""
    archives = next(item for item in small_corpus.loaded if item.document.source == "archives.txt")
    sheet = next(item for item in small_corpus.loaded if item.document.id.startswith("fiche:"))
    monkeypatch.setattr(module, "load", lambda *_, **__: small_corpus)
    wordings = [Wordings(archives.document.id, ("ou sont les clefs",)), Wordings(sheet.document.id, ("et la fiche",))]
    monkeypatch.setattr(module, "load_wordings", lambda: iter(wordings))

    def read(left_out=""):
        return list(sources(data, [small_folder], left_out)[-1].read())

    return archives.document, sheet.document, read


def test_a_wording_is_read_with_its_passage_and_that_of_a_sheet_with_the_whole_sheet(bank):
    _, sheet, read = bank
    first, part, whole = read()
    assert first.query == "ou sont les clefs"
    assert "armoire ignifugée" in first.passage
    assert part.query == whole.query == "et la fiche"
    assert whole.passage == sheet.text[: 2 * LONGEST]
    assert part.passage != whole.passage


def test_the_wordings_of_the_document_left_out_are_absent(bank):
    archives, sheet, read = bank
    assert [pair.query for pair in read(archives.id)] == ["et la fiche", "et la fiche"]
    assert [pair.query for pair in read(sheet.id)] == ["ou sont les clefs"]


def test_a_vocabulary_ignores_case_and_accents():
    tokenizer = train_vocabulary([*SMALL_DOCUMENTS.values(), "le cœur de l’associé"] * 3, 150)
    pieces = tokenizer.get_vocab()
    assert (pieces[PADDING], pieces[UNKNOWN]) == (0, 1)
    assert len(pieces) <= 150
    plain = tokenizer.encode("l'associe releve le coeur du metier").ids
    assert tokenizer.encode("L’ASSOCIÉ relève le CŒUR du métier").ids == plain
    assert 1 not in plain
    assert 1 in tokenizer.encode("漢").ids


def test_a_vocabulary_is_kept_for_the_same_texts_and_size(tmp_path):
    texts = [*SMALL_DOCUMENTS.values()]
    first = kept_vocabulary(texts, 150, tmp_path / "work").to_str()
    kept = sorted((tmp_path / "work").iterdir())
    assert kept_vocabulary(texts, 150, tmp_path / "work").to_str() == first
    assert sorted((tmp_path / "work").iterdir()) == kept
    kept_vocabulary(texts[:-1], 150, tmp_path / "work")
    kept_vocabulary(texts, 140, tmp_path / "work")
    assert len(list((tmp_path / "work").iterdir())) == 3


PASSAGES = [f"registre du cabinet, page {word}" for word in "une deux trois quatre cinq six sept huit neuf dix".split()]
PASSAGES += [f"registre {n}" for n in range(10)]
PAIRS = [Pair("registre du cabinet", PASSAGES[0]), Pair("registre du cabinet", PASSAGES[3]), Pair("dix", PASSAGES[9])]
PAIRS += [Pair(f"autre {n}", passage) for n, passage in enumerate(PASSAGES)]


def test_hard_negatives_by_words_hold_no_right_passage():
    found = by_words(PAIRS)
    assert found.keys() == {pair.query for pair in PAIRS}
    for pair in PAIRS:
        assert pair.passage not in found[pair.query]
    assert len(found["registre du cabinet"]) == KEPT
    assert set(found["registre du cabinet"][: 8 - SKIPPED]) < set(PASSAGES[:10])  # the nearest wrong ones by words


def test_hard_negatives_by_a_model_are_the_nearest_wrong_passages_but_two():
    angles = {passage: (1.0, n / 10) for n, passage in enumerate(PASSAGES)}
    encoder = FixedEncoder(angles | {query: (1.0, 0.0) for query in {pair.query for pair in PAIRS}})
    found = by_model(PAIRS, encoder, batch=2)
    wrong = [passage for n, passage in enumerate(PASSAGES) if n not in (0, 3)]
    assert found["registre du cabinet"] == wrong[SKIPPED : SKIPPED + KEPT]
    assert found["dix"] == [passage for n, passage in enumerate(PASSAGES) if n != 9][SKIPPED : SKIPPED + KEPT]


def test_hard_negatives_of_several_ways_are_together_each_once():
    assert merged({"a": ["x", "y"]}, {"a": ["y", "z"], "b": ["x"]}) == {"a": ["x", "y", "z"], "b": ["x"]}


def test_the_domain_pairs_are_many_and_of_the_right_form():
    rows = [json.loads(line) for line in DOMAIN_PAIRS.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 2500
    assert len({row["passage"] for row in rows}) == len(rows)
    for row in rows:
        assert row.keys() == {"passage", "questions"}
        assert len(row["passage"]) in range(150, LONGEST)
        assert len(set(row["questions"])) == len(row["questions"]) >= 4
        assert all(q == q.strip() and len(q) >= 10 for q in row["questions"])


def asked_by_ours(file):
    return [q for line in file.read_text(encoding="utf-8").splitlines() for q in json.loads(line)["questions"]]


@pytest.mark.parametrize("files", [[DOMAIN_PAIRS], sorted(BANK.glob("*.jsonl"))], ids=["domain pairs", "question bank"])
def test_none_of_our_questions_is_nearly_one_of_an_evaluation(files):
    sets = [f for f in sorted(EVALUATION.glob("*.jsonl")) if not f.name.startswith("drafts")]  # sentences, no questions
    rows = [json.loads(line) for f in sets for line in f.read_text("utf-8").splitlines()]
    # A follow-up is compared with what came before it: alone, it is like many other questions.
    excluded = Excluded(" ".join([*row.get("turns", []), row["question"]]) for row in rows)
    alike = [
        (file.name, question) for file in files for question in asked_by_ours(file) if excluded.resembles(question)
    ]
    assert alike == [], "reword ours: what is measured must not have been seen"
