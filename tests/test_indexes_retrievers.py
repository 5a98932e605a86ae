"""Dense, bank, fusion and ranking, and the contract that every retriever and encoder passes."""

from pathlib import Path

import numpy as np
import pytest

from corpus import Corpus, Document, Metadata, Passage, attach
from corpus.questions import Wordings
from indexes import Hit, Index
from indexes.bank import BankIndex, asked, asked_by_headings
from indexes.dense import DenseIndex
from indexes.fusion import weighted_sum
from indexes.lexical import LexicalIndex
from indexes.ranking import top
from tests.contracts import check_encoder, check_retriever
from tests.fakes import FakeRetriever, FixedEncoder, HashEncoder

IDS = ["a", "b", "c"]
VECTORS = {"a": (1, 0), "b": (3, 4), "c": (0, -2), "droite": (2, 0), "haut": (0, 7)}


@pytest.fixture
def dense() -> DenseIndex:
    encoder = FixedEncoder(VECTORS)
    return DenseIndex.build(encoder.encode(IDS), IDS, encoder)


def test_dense_ranks_by_cosine(dense: DenseIndex) -> None:
    found = [(hit.passage_id, round(hit.score, 5)) for hit in dense.search("droite", 3)]
    assert found == [("a", 1.0), ("b", 0.6), ("c", 0.0)]
    assert [(hit.passage_id, round(hit.score, 5)) for hit in dense.search("haut", 2)] == [("b", 0.8), ("a", 0.0)]
    assert (dense.rows, dense.dimensions) == (3, 2)


def test_dense_asked_for_more_than_there_is(dense: DenseIndex) -> None:
    assert len(dense.search("droite", 99)) == 3


def test_dense_spends_nothing_on_a_blank_query() -> None:
    encoder = HashEncoder()
    dense = DenseIndex.build(encoder.encode(IDS), IDS, encoder)
    encoder.encoded.clear()
    assert dense.search(" \n", 3) == dense.search("a", 0) == []
    assert encoder.encoded == []


def test_dense_saved_and_loaded(dense: DenseIndex, tmp_path: Path) -> None:
    dense.save(tmp_path / "dense.faiss")
    loaded = DenseIndex.load(tmp_path / "dense.faiss", IDS, FixedEncoder(VECTORS))
    assert loaded.search("droite", 3) == dense.search("droite", 3)


def test_bank_takes_the_wordings_of_a_passage_together() -> None:
    bank = BankIndex.build(
        [
            ("p", "convocation au commissariat"),
            ("q", "ordonnance sécurisée perdue"),
            ("p", "témoigner pour un patient"),
            ("p", "gendarmerie au téléphone"),
        ]
    )
    assert bank.passage_ids == ("p", "q")
    found = bank.search("convocation témoigner gendarmerie", 5)
    assert [(hit.passage_id, hit.rank, hit.origin) for hit in found] == [("p", 1, "bank")]
    assert [hit.passage_id for hit in bank.search("ordonnance perdue", 5)] == ["q"]


def test_bank_saved_and_loaded(tmp_path: Path) -> None:
    bank = BankIndex.build([("p", "une convocation"), ("q", "une ordonnance")])
    bank.save(tmp_path)
    assert BankIndex.load(tmp_path, bank.passage_ids).search("convocation", 2) == bank.search("convocation", 2)


def test_wordings_of_an_absent_document_are_left_aside(small_corpus: Corpus) -> None:
    passage = small_corpus.passages[0]
    pairs = attach(
        small_corpus,
        [
            Wordings(passage.document_id, ("une question",)),
            Wordings("absent", ("une autre",)),
            Wordings("", ("x",), "0f"),
        ],
    )
    assert pairs == [(passage.id, "une question")]


def test_an_empty_bank_finds_nothing(tmp_path: Path) -> None:
    bank = BankIndex.build([])
    bank.save(tmp_path)
    assert bank.search("secret", 3) == BankIndex.load(tmp_path, []).search("secret", 3) == []


def hits(origin: str, **scores: float) -> list[Hit]:
    return [Hit(passage_id, score, rank, origin) for rank, (passage_id, score) in enumerate(scores.items(), start=1)]


def test_fusion_by_hand() -> None:
    """a: 1 · 8/8 + 0.5 · 0.2/0.4 = 1.25; b: 1 · 2/8 + 0.5 · 0.4/0.4 = 0.75; c: 1 · 4/8 = 0.5; d: 3 · 1/1 = 3."""
    rankings = [hits("lexical", a=8, c=4, b=2), hits("dense", b=0.4, a=0.2), hits("other", d=1)]
    fused = weighted_sum(rankings, {"lexical": 1, "dense": 0.5, "other": 3})
    assert [(hit.passage_id, hit.rank, hit.origin) for hit in fused] == [
        ("d", 1, "fused"),
        ("a", 2, "fused"),
        ("b", 3, "fused"),
        ("c", 4, "fused"),
    ]
    assert [hit.score for hit in fused] == pytest.approx([3, 1.25, 0.75, 0.5])


def test_fusion_of_unweighted_tied_negative_and_empty_rankings() -> None:
    assert weighted_sum([], {}) == []
    assert weighted_sum([[], []], {"lexical": 1}) == []
    assert [h.passage_id for h in weighted_sum([hits("x", a=1), hits("y", b=5)], {})] == ["a", "b"]
    with_negative = weighted_sum([hits("x", a=2, b=-1)], {})
    assert [(h.passage_id, h.score) for h in with_negative] == [("a", 1.0), ("b", 0.0)]
    assert weighted_sum([hits("x", a=0, b=-1)], {}) == []


def test_ranking_keeps_the_order_of_ties_and_drops_zeros() -> None:
    scores = np.array([1, 0, 3, 1, -2, 3], dtype=np.float32)
    found = top(scores, "abcdef", 10, "x")
    assert [(hit.passage_id, hit.score, hit.rank) for hit in found] == [
        ("c", 3.0, 1),
        ("f", 3.0, 2),
        ("a", 1.0, 3),
        ("d", 1.0, 4),
    ]
    assert top(scores, "abcdef", 1, "x") == found[:1]
    many = np.arange(1000)
    ranked = top((1 + many % 3).astype(np.float32), [str(n) for n in many], 1000, "x")
    assert [int(hit.passage_id) for hit in ranked] == [*range(2, 1000, 3), *range(1, 1000, 3), *range(0, 1000, 3)]


@pytest.mark.parametrize("name", ["lexical", "dense", "bank", "references"])
def test_retrievers_keep_their_contract(small_index: Index, name: str) -> None:
    known = [passage.id for passage in small_index.library.passages]
    query = "article R. 4127-4, secret" if name == "references" else "secret et réquisition"
    check_retriever(getattr(small_index, name), known, query)
    assert {hit.origin for hit in getattr(small_index, name).search(query, 3)} == {name}


def test_the_fake_retriever_keeps_it_too() -> None:
    check_retriever(FakeRetriever({"b": 0.5, "a": 2.0, "c": 0.5}), IDS, "secret")


def test_the_fake_encoder_keeps_its_contract() -> None:
    check_encoder(HashEncoder())
    assert HashEncoder().encode(["x"]).tobytes() == HashEncoder().encode(["x"]).tobytes()


def test_lexical_scores_can_be_fused_with_any_origin() -> None:
    index = LexicalIndex.build(["secret"], ["a"])
    assert index.search("secret", 1, origin="bank")[0].origin == "bank"


def test_documents_whose_questions_the_bank_knows() -> None:
    """Ours always; another document only when more than half of its passages have wordings."""
    kinds = {
        "fiche:une": "sheet",
        "decision:une": "precedent",
        "moitie": "bulletin",
        "presque": "bulletin",
        "rien": "code",
    }
    documents = [Document(Metadata(name, name, name, kind), name, "") for name, kind in kinds.items()]
    passages = [Passage(f"{name}:x#{n}", name, (), "", 0, 0) for name in kinds for n in range(1, 5)]
    worded = frozenset({"moitie:x#1", "moitie:x#2", "presque:x#1", "presque:x#2", "presque:x#4"})
    assert asked(documents, passages, worded) == {"fiche:une", "decision:une", "presque"}


def test_headings_that_ask_are_wordings() -> None:
    asking = Passage("d:a#1", "d", ("Titre", "Que dire ?"), "Que dire ?\n\nRien.", 0, 17)
    continued = Passage("d:a#2", "d", ("Titre", "Que dire ?"), "La suite.", 19, 28)
    quoted = Passage("d:b#1", "d", ("« Et après ? »",), "« Et après ? »\n\nRien.", 30, 51)
    stating = Passage("d:c#1", "d", ("La règle",), "La règle\n\nSe taire.", 53, 72)
    bare = Passage("d:d#1", "d", (), "Sans titre ?", 74, 86)
    assert asked_by_headings([asking, continued, quoted, stating, bare]) == [
        ("d:a#1", "Que dire ?"),
        ("d:b#1", "« Et après ? »"),
    ]
