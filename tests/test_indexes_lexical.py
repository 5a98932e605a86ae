"""BM25 with hand-computed scores, spelling slips, and everyday synonyms."""

import math
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from indexes.french import tokens
from indexes.lexical import SYNONYM_WEIGHT, LexicalIndex, synonyms

TEXTS = ["secret médical", "secret partagé secret équipe", "certificat"]
IDS = ["a", "b", "c"]


@pytest.fixture
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS, IDS, b=0.4)


def test_scores_are_those_of_the_formula(index: LexicalIndex) -> None:
    """Lucene's BM25, k1 = 1.2, b = 0.4: ``idf · tf / (tf + k1 · (1 - b + b · length / mean length))``.

    Lengths 2, 4 and 1, mean 7/3. "secret" is in 2 of 3 texts: idf = ln(1 + 1.5/2.5) = ln 1.6.
    a: 1 / (1 + 1.2 · (0.6 + 0.4 · 6/7))  = 1 / 2.1314286 = 0.46916890
    b: 2 / (2 + 1.2 · (0.6 + 0.4 · 12/7)) = 2 / 3.5428571 = 0.56451613
    """
    hits = index.search("secret", 3)
    assert [hit.passage_id for hit in hits] == ["b", "a"]
    assert hits[0].score == pytest.approx(math.log(1.6) * 0.56451613, rel=1e-5)
    assert hits[1].score == pytest.approx(math.log(1.6) * 0.46916890, rel=1e-5)
    assert {hit.origin for hit in hits} == {"lexical"}


def test_a_word_said_twice_counts_twice_and_words_add_up(index: LexicalIndex) -> None:
    once, twice = index.scores("secret"), index.scores("secret secret")
    assert twice == pytest.approx(2 * once)
    assert index.scores("secret équipe") == pytest.approx(once + index.scores("équipe"))


def test_idf_by_hand(index: LexicalIndex) -> None:
    assert index.idf("secret") == pytest.approx(math.log(1 + 1.5 / 2.5))
    assert index.idf("certificat") == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert index.idf("inconnu") == pytest.approx(math.log(1 + 3.5 / 0.5))
    assert index.idf("") == index.idf("inconnu")
    assert index.knows("secret")
    assert not index.knows("inconnu")
    assert not index.knows("")


@pytest.mark.parametrize("query", ["", "   ", "le la les", "zzz", "?!", "🩺"])
def test_nothing_is_found(index: LexicalIndex, query: str) -> None:
    assert index.search(query, 3) == []
    assert not index.scores(query).any()


def test_more_asked_for_than_there_is(index: LexicalIndex) -> None:
    assert len(index.search("secret certificat", 50)) == 3


@pytest.mark.parametrize("texts", [[], [""], ["le la", "?"]], ids=["none", "blank", "stop words"])
def test_an_index_of_nothing_finds_nothing(texts: list[str], tmp_path: Path) -> None:
    ids = [str(n) for n in range(len(texts))]
    built = LexicalIndex.build(texts, ids)
    built.save(tmp_path)
    for index in (built, LexicalIndex.load(tmp_path, ids)):
        assert index.search("secret", 3) == []
        assert index.search("", 3) == []


SLIPS = ["une réquisition du parquet", "requis par le service", "un dossier"]


@pytest.mark.parametrize("query", ["requisision", "requsition", "rrequisition", "réquisitoin", "requisitiom"])
def test_one_slip_is_forgiven(query: str) -> None:
    assert [hit.passage_id for hit in LexicalIndex.build(SLIPS, IDS).search(query, 3)] == ["a"]


@pytest.mark.parametrize("query", ["requisisoin", "xequisition", "dosier0", "gossier"])
def test_two_slips_or_a_wrong_first_letter_are_not(query: str) -> None:
    assert LexicalIndex.build(SLIPS, IDS).search(query, 3) == []


def test_a_known_word_is_never_corrected() -> None:
    index = LexicalIndex.build(["la patiente attend", "la patience manque"], ["a", "b"])
    assert [hit.passage_id for hit in index.search("patience", 2)] == ["b"]
    assert [hit.passage_id for hit in index.search("patiente", 2)] == ["a"]
    assert [hit.passage_id for hit in index.search("patiense", 2)] == ["b"]


def test_short_words_are_never_corrected() -> None:
    assert LexicalIndex.build(["la femme"], ["a"]).search("gemme feme", 1) == []


def test_a_synonym_finds_at_half_weight() -> None:
    index = LexicalIndex.build(["la police attend dehors", "un certificat", "une ordonnance"], IDS)
    found = index.search("les flics", 3)
    assert [hit.passage_id for hit in found] == ["a"]
    assert found[0].score == pytest.approx(SYNONYM_WEIGHT * index.search("police", 3)[0].score)
    assert SYNONYM_WEIGHT == 0.5


def test_a_synonym_already_said_adds_nothing() -> None:
    index = LexicalIndex.build(["la police attend dehors", "un certificat"], ["a", "b"])
    assert index.scores("flics police") == pytest.approx(index.scores("police"))


def test_a_synonym_of_several_words(monkeypatch: pytest.MonkeyPatch) -> None:
    key = " ".join(tokens("carte grise"))
    monkeypatch.setattr("indexes.lexical.synonyms", lambda: {key: ("secret",)})
    index = LexicalIndex.build(TEXTS, IDS)
    assert index.scores("ma carte très grise") == pytest.approx(SYNONYM_WEIGHT * index.scores("secret"))
    assert not index.scores("grise carte").any()


def test_saved_and_loaded_gives_the_same(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path, IDS)
    for query in ("secret", "secrte partagé", "certifcat", "zzz", "flics"):
        assert loaded.search(query, 3) == index.search(query, 3)
        assert loaded.terms(query) == index.terms(query)
    assert loaded.idf("secret") == index.idf("secret")


@pytest.fixture(scope="module")
def table() -> dict[str, list[str]]:
    parsed = tomllib.loads(files("indexes").joinpath("synonyms.toml").read_text(encoding="utf-8"))
    assert list(parsed) == ["synonyms"]
    return parsed["synonyms"]


def test_no_synonym_is_lost_to_another(table: dict[str, list[str]]) -> None:
    counts = Counter(" ".join(tokens(key)) for key in table)
    assert [key for key, count in counts.items() if count > 1] == []
    assert "" not in counts, "a key made of stop words never matches"
    assert len(synonyms()) == len(table) > 100


def test_every_synonym_adds_a_word(table: dict[str, list[str]]) -> None:
    for key, terms in table.items():
        assert terms
        assert all(tokens(term) for term in terms), key
        assert not {t for term in terms for t in tokens(term)} <= set(tokens(key)), key
        assert len(tokens(key)) <= 3, f"{key}: only runs of three words are looked up"
