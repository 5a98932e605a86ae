"""Dense, bank, fusion and ranking, and the contract that every retriever and encoder passes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import Corpus, Document, Metadata, Passage, attach
from corpus.questions import Wordings
from corpus.signatures import signature
from indexes import Hit, Index, build_index, read_index
from indexes.bank import BankIndex, asked, asked_by_headings
from indexes.dense import DenseIndex
from indexes.fusion import weighted_sum
from indexes.lexical import LexicalIndex
from indexes.protocols import Vectors
from indexes.ranking import top
from indexes.wordings import TOGETHER, Wording, WordingIndex
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


# --- wordings

NEAR = {
    "droite": (1, 0),
    "en haut": (0, 1),
    "en biais": (3, 4),
    "à gauche": (-1, 0),
    "vers la droite": (9, 1),
    "nulle part": (0, -1),
}
ASKED = [("p", "droite"), ("q", "en haut"), ("p", "en biais"), ("r", "à gauche")]


class Counting(FixedEncoder):
    """Records what it is given, and as what."""

    def __init__(self) -> None:
        super().__init__(NEAR)
        self.seen: list[tuple[tuple[str, ...], bool]] = []

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        self.seen.append((tuple(texts), query))
        return super().encode(texts, query=query)


@pytest.fixture
def wordings() -> WordingIndex:
    return WordingIndex.build(ASKED, Counting(), frozenset({("p", "en biais")}))


def scores(index: WordingIndex, query: str, k: int = 9) -> list[tuple[str, float]]:
    return [(hit.passage_id, round(hit.score, 2)) for hit in index.search(query, k)]


def test_a_passage_scores_by_the_mean_of_its_nearest_wordings(wordings: WordingIndex) -> None:
    """Of both that ``p`` has: (1 + 0.6) / 2 = 0.8 and (0 + 0.8) / 2 = 0.4."""
    assert (len(wordings), wordings.passage_ids) == (4, ("p", "q", "r"))
    assert scores(wordings, "droite") == [("p", 0.8)]
    assert scores(wordings, "en haut") == [("q", 1.0), ("p", 0.4)]
    assert scores(wordings, "en haut", 1) == [("q", 1.0)]
    assert scores(wordings, "nulle part") == []
    assert {(hit.rank, hit.origin) for hit in wordings.search("en haut", 9)} == {(1, "wordings"), (2, "wordings")}


def test_wordings_beyond_the_nearest_count_for_nothing() -> None:
    """(1 + 0.6 + 0.99) / 3 = 0.86; the two that point elsewhere would make it negative."""
    assert TOGETHER == 3
    texts = ["à gauche", "droite", "nulle part", "en biais", "vers la droite"]
    index = WordingIndex.build([("q", "en haut"), *(("s", text) for text in texts)], Counting())
    assert scores(index, "droite") == [("s", 0.86)]


def test_the_nearest_wording_of_a_passage_and_who_wrote_it(wordings: WordingIndex) -> None:
    assert wordings.nearest("vers la droite", ["q", "absent", "p", "r"]) == {
        "q": Wording("en haut", machine=False),
        "p": Wording("droite", machine=False),
        "r": Wording("à gauche", machine=False),
    }
    assert wordings.nearest("en haut", ["p"]) == {"p": Wording("en biais", machine=True)}
    assert wordings.nearest("en haut", []) == {}


def test_the_closest_wordings_whatever_their_passage(wordings: WordingIndex) -> None:
    assert [w.text for w in wordings.closest("vers la droite", 3)] == ["droite", "en biais", "en haut"]
    assert [w.text for w in wordings.closest("en haut", 9)] == ["en haut", "en biais", "droite", "à gauche"]
    assert wordings.closest(" \n", 3) == wordings.closest("droite", 0) == []


def test_the_wordings_of_a_passage(wordings: WordingIndex) -> None:
    assert [w.text for w in wordings.of("p")] == ["droite", "en biais"]
    assert wordings.of("absent") == ()


def test_wordings_and_questions_are_both_encoded_as_questions() -> None:
    encoder = Counting()
    index = WordingIndex.build(ASKED, encoder)
    index.search("droite", 3)
    index.nearest("en haut", ["p"])
    assert encoder.seen == [
        (("droite", "en biais", "en haut", "à gauche"), True),
        (("droite",), True),
        (("en haut",), True),
    ]
    encoder.seen.clear()
    assert index.search(" \n", 3) == index.search("droite", 0) == []
    assert index.nearest(" \n", ["p"]) == {}
    assert encoder.seen == []


def test_wordings_saved_and_loaded(wordings: WordingIndex, tmp_path: Path) -> None:
    wordings.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wordings.json", "wordings.npy"]
    loaded = WordingIndex.load(tmp_path, Counting())
    assert (len(loaded), loaded.passage_ids) == (len(wordings), wordings.passage_ids)
    for query in ("droite", "en haut", "vers la droite", "nulle part"):
        assert [h.passage_id for h in loaded.search(query, 9)] == [h.passage_id for h in wordings.search(query, 9)]
        found = [hit.score for hit in wordings.search(query, 9)]
        assert [hit.score for hit in loaded.search(query, 9)] == pytest.approx(found, abs=0.001)
        assert loaded.nearest(query, ["p", "q", "r"]) == wordings.nearest(query, ["p", "q", "r"])


def test_no_wordings_at_all(tmp_path: Path) -> None:
    built = WordingIndex.build([], HashEncoder())
    built.save(tmp_path)
    for index in (built, WordingIndex.load(tmp_path, HashEncoder())):
        assert (len(index), index.passage_ids) == (0, ())
        assert index.search("secret", 3) == []
        assert index.nearest("secret", ["p"]) == {}


DAMAGED: dict[str, Callable[[Path], object]] = {
    "a row less": lambda folder: np.save(folder / "wordings.npy", np.ones((3, 2), dtype=np.float16)),
    "one dimension": lambda folder: np.save(folder / "wordings.npy", np.ones(4, dtype=np.float16)),
    "a number": lambda folder: np.save(folder / "wordings.npy", np.float16(4)),
    "objects": lambda folder: np.save(folder / "wordings.npy", np.array([{}] * 4), allow_pickle=True),
    "no vectors": lambda folder: (folder / "wordings.npy").write_bytes(b""),
    "no array": lambda folder: (folder / "wordings.npy").write_bytes(b"not an array"),
    "no JSON": lambda folder: (folder / "wordings.json").write_text("{"),
    "short rows": lambda folder: (folder / "wordings.json").write_text('[["p", "droite"]]'),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_wordings_that_do_not_fit_are_refused(
    wordings: WordingIndex, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    wordings.save(tmp_path)
    damage(tmp_path)
    with pytest.raises(ValueError, match=r"\S"):
        WordingIndex.load(tmp_path, Counting())


def test_what_people_and_a_model_both_wrote_is_peoples(small_corpus: Corpus, tmp_path: Path) -> None:
    passage = next(p for p in small_corpus.passages if p.document_id == "archives")
    by_people = Wordings("archives", ("où va le dossier ?",), signature(passage.text), (passage.start, passage.end))
    by_model = replace(by_people, questions=("où va le dossier ?", "qui a la clef ?"), machine="essai-7b")
    build_index(small_corpus, tmp_path, HashEncoder(), wordings=[by_model, by_people])
    index = read_index(tmp_path, HashEncoder()).wordings
    found = {text: index.nearest(text, [passage.id])[passage.id] for text in by_model.questions}
    assert [(wording.text, wording.machine) for wording in found.values()] == [
        ("où va le dossier ?", False),
        ("qui a la clef ?", True),
    ]


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


@pytest.mark.parametrize("name", ["lexical", "dense", "bank", "wordings", "references"])
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
