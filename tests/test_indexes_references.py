"""Articles and decisions that a question names, and the passages they lead to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, Metadata, Passage
from indexes.references import Reference, ReferenceIndex, references_in

NAMED = {
    "article 4 du code de déontologie": ["R4127-4"],
    "art. 4": ["R4127-4"],
    "que dit l'art 4 ?": ["R4127-4"],
    "l’article n° 4": ["R4127-4"],
    "articles 4 et 5": ["R4127-4", "R4127-5"],
    "arts. 4, 5 et 51 du code de déontologie": ["R4127-4", "R4127-5", "R4127-51"],
    "R4127-4": ["R4127-4"],
    "r. 4127 - 4 ?": ["R4127-4"],
    "226-14": ["226-14"],
    "226-13 et 226-14 du code pénal": ["226-13", "226-14"],
    "226-13 a 226-14": ["226-13", "226-14"],
    "L 1110-4": ["L1110-4"],
    "article L.1110-4 du code de la santé publique": ["L1110-4"],
    "article 112": ["R4127-112"],
    "article premier du code de déontologie": ["R4127-1"],
    "art. 1er": ["R4127-1"],
    "4127-4": ["R4127-4"],
    "l1110.4": ["L1110-4"],
    "article 226 14 du code pénal": ["226-14", "226 code penal"],
    # Articles that no document of ours has are named as such, so that they are said to be absent.
    "article 200 du code de déontologie": ["R4127-200"],
    "article 9 du code civil": ["9 code civil"],
    "art. 56-3 CPP": ["56-3 cpp"],
    "art. 40 du code de procédure pénale": ["40 code de procedure"],
}
UNNAMED = [
    "article 6 de la Convention européenne",
    "article 81 de la LFSS",
    "article 9 du RGPD",
    "article 12 ans",
    "j'ai 4 patients",
    "partie 4",
    "le 12 mai",
    "",
]


@pytest.mark.parametrize(("question", "articles"), NAMED.items())
def test_articles_that_are_named(question: str, articles: list[str]) -> None:
    assert [reference.article for reference in references_in(question)] == articles


def test_an_article_of_another_code_beside_ours() -> None:
    """The code de déontologie is named too: both numbers are looked up, since more is better than a miss."""
    question = "article 9 du code civil et article 4 du code de déontologie"
    assert Reference(article="R4127-4") in references_in(question)


@pytest.mark.parametrize("question", UNNAMED)
def test_what_names_no_article_of_ours(question: str) -> None:
    assert not [reference for reference in references_in(question) if reference.article]


@pytest.mark.parametrize(
    "question",
    [
        "arrêt Degraene",
        "l’arrêt Degraene ?",
        "la jurisprudence dite Degraene",
        "arret degraene",
        "ARRÊT DEGRAENE",
        "CE Degraene",
    ],
)
def test_a_decision_by_its_name(question: str) -> None:
    assert references_in(question) == (Reference(case="degraene"),)


@pytest.mark.parametrize(
    "question",
    [
        "comment antidater un arret sans me faire prendre",
        "un arrêt pour un collègue",
        "arrêt avec effet rétroactif",
        "arret avant la fin",
        "arrêt après l'accouchement",
        "arrêts maladie",
        "un arrêt de travail",
        "l'arrêt de la chimiothérapie",
        "décisions disciplinaires",
        "une décision médicale",
        "la décision du conseil",
        "la décision est-elle motivée ?",
        "l'arrêt qu’il réclame",
        "l'arrêt n'est pas signé",
        "une affaire classée",
        "jurisprudence récente",
        "et pour ce patient ?",
        "Est-ce que ce médecin peut refuser ?",
        "EST-CE QUE CE PATIENT PEUT REFUSER ?",
    ],
)
def test_an_ordinary_word_after_one_for_a_decision_is_no_name(question: str) -> None:
    assert references_in(question) == ()


@given(st.text(alphabet="article s.,et ouàRLD4127-0 56é'’ndcode", max_size=60))
def test_never_an_article_outside_the_code(question: str) -> None:
    for reference in references_in(question):
        assert reference.article or reference.case


def document(name: str, authority: int = 1, version: str = "") -> Document:
    return Document(Metadata(name, name, name, "document", authority=authority, version_date=version), name, "")


def passage(of: str, n: int, text: str, article: str = "") -> Passage:
    return Passage(f"{of}:{article or 'x'}#{n}", of, (), text, 0, len(text), article=article)


DOCUMENTS = [document("revue"), document("ancien", 5, "2015-04-10"), document("nouveau", 5, "2024-01-01")]
PASSAGES = [
    passage("revue", 1, "Le silence est la règle (art. R. 4127-4), dit l'arrêt Dupuis."),
    passage("revue", 2, "Au sujet de l'article 4 du code de déontologie et de l'article 226-14."),
    passage("revue", 3, "Au titre de l'article 4 du contrat."),
    passage("revue", 4, "L'arrêt rendu. Patient ou médecin, chacun attend ; le patient surtout."),
    passage("ancien", 1, "Ancienne version, début.", "R4127-4"),
    passage("ancien", 2, "Ancienne version, fin.", "R4127-4"),
    passage("nouveau", 1, "Nouvelle version, début (R. 4127-4).", "R4127-4"),
    passage("nouveau", 2, "Nouvelle version, fin.", "R4127-4"),
    passage("nouveau", 1, "Un voisin.", "R4127-41"),
]


@pytest.fixture
def index() -> ReferenceIndex:
    return ReferenceIndex(DOCUMENTS, PASSAGES)


@pytest.mark.parametrize("query", ["art. 4", "R4127-4", "que dit l'article 4 du code de déontologie ?"])
def test_a_bare_reference_gives_the_parts_in_reading_order(index: ReferenceIndex, query: str) -> None:
    found = index.search(query, 10)
    assert [(hit.passage_id, round(hit.score, 3)) for hit in found] == [
        ("nouveau:R4127-4#1", 2.0),
        ("nouveau:R4127-4#2", 1.7),
        ("ancien:R4127-4#1", 1.4),
        ("ancien:R4127-4#2", 1.1),
        ("revue:x#1", 1.0),
        ("revue:x#2", 1.0),
    ]


def test_with_other_words_the_parts_tie(index: ReferenceIndex) -> None:
    scores = [hit.score for hit in index.search("L'article 4 vaut-il pour un stagiaire ?", 10)]
    assert scores == [2.0, 2.0, 2.0, 2.0, 1.0, 1.0]


def test_authority_comes_before_date() -> None:
    raised = [replace(d, metadata=replace(d.metadata, authority=6)) if d.id == "ancien" else d for d in DOCUMENTS]
    found = ReferenceIndex(raised, PASSAGES).search("R. 4127-4", 1)
    assert found[0].passage_id == "ancien:R4127-4#1"


def test_an_article_known_only_by_mention(index: ReferenceIndex) -> None:
    assert [(hit.passage_id, hit.score) for hit in index.search("226-14", 5)] == [("revue:x#2", 1.0)]
    assert not index.knows(Reference(article="226-14"))
    assert index.knows(Reference(article="R4127-4"))


def test_a_decision_leads_to_what_names_it(index: ReferenceIndex) -> None:
    assert [(hit.passage_id, hit.score) for hit in index.search("arrêt Dupuis", 5)] == [("revue:x#1", 2.0)]
    assert index.knows(Reference(case="dupuis"))


@pytest.mark.parametrize(
    "query", ["ce patient", "la décision patient", "arrêt de travail", "arrêt Inconnu", "article 9"]
)
def test_an_ordinary_word_is_no_decision(index: ReferenceIndex, query: str) -> None:
    assert index.search(query, 5) == []


def test_nothing_is_known_of_an_empty_reference(index: ReferenceIndex) -> None:
    assert not index.knows(Reference())
    assert ReferenceIndex([], []).search("art. 4", 3) == []
