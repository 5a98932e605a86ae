"""Retrievers put together: subsets, filters, an exact reference before all else."""

import pytest

from assistant.errors import UnknownRetriever
from assistant.models import Filters
from assistant.retrieval import DEPTH, PARTS, RETRIEVERS, WEIGHTS, Retrieval
from assistant.understanding import understand
from corpus import Corpus, Metadata, Page, Reading, load_reading
from indexes import build_index, read_index
from tests.fakes import HashEncoder

WORDS = "pigeon fenêtre médecin"


def made(
    document_id, kind="document", body=f"Un {WORDS} et la porte du couloir, chaque jour.", heading="Un titre", **more
):
    reading = Reading("markdown", (Page(0, "1", f"# {heading}\n\n{body}"),))
    return load_reading(reading, Metadata(document_id, document_id, document_id, kind, **more), f"{document_id}.md")


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    """One passage a document, all with the same words."""
    loaded = (
        made("year", date="2024"),
        made("month", "bulletin", date="2024-11"),
        made("day", "precedent", date="2025-02-03", publisher="Cour de cassation"),
        made("law", "code", date="2026-01-01", version_date="2015-04-10", code="CSP", heading="Article R. 4127-4"),
        made("sheet", "sheet", articles=("R. 4127-4 CSP", "226-14 CP")),
    )
    path = tmp_path_factory.mktemp("dated") / "index"
    build_index(Corpus(loaded, ()), path, HashEncoder())
    return read_index(path, HashEncoder())


def found(index, question=WORDS, names=RETRIEVERS, k=10, **filters):
    evidence = Retrieval(index, names).find(understand(question), filters=Filters(**filters) if filters else None, k=k)
    assert [hit.passage_id for hit in evidence.hits] == [passage.id for passage in evidence.passages]
    assert [hit.rank for hit in evidence.hits] == list(range(1, len(evidence.hits) + 1))
    assert [hit.score for hit in evidence.hits] == sorted((hit.score for hit in evidence.hits), reverse=True)
    return [passage.document_id for passage in evidence.passages]


def test_without_filters_all_are_found(dated):
    assert sorted(found(dated)) == ["day", "law", "month", "sheet", "year"]
    assert len(found(dated, k=2)) == 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "bulletin"}, ["month"]),
        ({"kind": "report"}, []),
        ({"article": "R. 4127-4"}, ["law", "sheet"]),
        ({"article": "r4127-4"}, ["law", "sheet"]),
        ({"article": "article R 4127-4 du code de la santé publique"}, ["law", "sheet"]),
        ({"article": "article 4 du code de déontologie"}, ["law", "sheet"]),
        ({"article": "226-14"}, ["sheet"]),
        ({"article": " "}, []),
        ({"article": "226-14 CP"}, ["sheet"]),
        ({"article": "R. 4127-9"}, []),
        ({"court": "cassation"}, ["day"]),
        ({"court": "Conseil d'État"}, []),
        ({"date_from": "2025"}, ["day"]),
        ({"date_from": "2024-11"}, ["day", "month", "year"]),
        ({"date_from": "2024-12-01"}, ["day", "year"]),
        ({"date_to": "2015-04-10"}, ["law"]),
        ({"date_to": "2015-04-09"}, []),
        ({"date_to": "2024"}, ["law", "month", "year"]),
        ({"date_to": "2024-10"}, ["law", "year"]),
        ({"date_from": "2024", "date_to": "2024", "kind": "bulletin"}, ["month"]),
        ({"date_from": "2026"}, []),
    ],
)
def test_filters_restrict_the_passages(dated, filters, expected):
    assert sorted(found(dated, **filters)) == expected


def test_a_filter_looks_beyond_the_usual_depth(small_index):
    sheets = [p for p in small_index.library.passages if p.document_id.startswith("fiche:")]
    assert len(sheets) > DEPTH
    # The dense retriever ranks every passage.
    assert len(found(small_index, "le patient", ("dense",), kind="sheet", k=10_000)) == len(sheets)


@pytest.mark.parametrize("name", RETRIEVERS)
def test_one_retriever_alone(small_index, name):
    question = "article R. 4127-4 : le silence de l'associé sur ce qu'un patient lui confie"
    retrieval = Retrieval(small_index, (name,))
    evidence = retrieval.find(understand(question))
    parts = PARTS.get(name, (name,))
    assert set(evidence.rankings) == set(parts)
    for part in parts:
        assert evidence.rankings[part] == tuple(getattr(small_index, part).search(question, DEPTH))
    if parts == (name,):
        alone = [hit.passage_id for hit in evidence.rankings[name]]
        assert [hit.passage_id for hit in evidence.hits] == alone[: len(evidence.hits)]


def test_the_question_bank_is_searched_by_words_and_by_meaning(small_index, monkeypatch):
    """Both count: each passage has the sum of what its two rankings say of it."""
    monkeypatch.setattr("assistant.retrieval.timely", lambda hits, *_: hits)
    question = "ma patiente mineure demande la pilule"
    evidence = Retrieval(small_index, ("bank",)).find(understand(question), k=10)
    shares = {
        name: {hit.passage_id: hit.score / hits[0].score for hit in hits} for name, hits in evidence.rankings.items()
    }
    assert set(shares) == {"bank", "wordings"}
    weights = {
        "bank": WEIGHTS["bank"] * small_index.bank.coverage(question, evidence.rankings["bank"]),
        "wordings": WEIGHTS["wordings"] * evidence.rankings["wordings"][0].score,
    }
    for hit in evidence.hits:
        expected = sum(weight * shares[name].get(hit.passage_id, 0.0) for name, weight in weights.items())
        assert hit.score == pytest.approx(expected)


def test_the_order_of_names_does_not_matter(small_index):
    names = ("references", "bank", "lexical")
    assert found(small_index, "réquisition", names) == found(small_index, "réquisition", names[::-1])


@pytest.mark.parametrize("names", [("lexical", "nope"), ("",), ("LEXICAL",), ("library",), ("x" * 500,)])
def test_an_unknown_retriever_is_refused(small_index, names):
    with pytest.raises(UnknownRetriever) as caught:
        Retrieval(small_index, names)
    assert caught.value.values["known"] == "lexical, dense, bank, references"
    assert caught.value.values["name"] == names[-1][:40]


@pytest.mark.parametrize(
    "question",
    [
        "R. 4127-4",
        "article R4127-4",
        "que dit l'article 4 du code de déontologie",
        "art. R 4127-4 CSP",
        "secret médical, famille, mineur, assureur, employeur : que dit l'article R. 4127-4 ?",
    ],
)
def test_an_exact_reference_comes_first(dated, question):
    assert found(dated, question)[0] == "law"


def test_a_bare_query_is_redacted_before_any_search(small_path):
    encoder = HashEncoder()
    retrieval = Retrieval(read_index(small_path, encoder))
    hits = retrieval.search("réquisition pour 0612345678", 3)
    assert len(hits) == 3
    assert set(encoder.encoded) == {"réquisition pour [TÉLÉPHONE]"}


def test_a_question_without_words_finds_nothing(small_index):
    evidence = Retrieval(small_index, ("lexical", "references")).find(understand("… ?"))
    assert evidence.hits == ()
    assert evidence.passages == ()
    assert Retrieval(small_index, ("bank",)).find(understand("… ?")).rankings["bank"] == ()


def test_the_article_itself_comes_before_what_cites_it(dated):
    evidence = Retrieval(dated).find(understand(WORDS), filters=Filters(article="R. 4127-4"), k=10)
    assert [passage.document_id for passage in evidence.passages] == ["law", "sheet"]


@pytest.mark.parametrize("article", ["4", "art. 4", "R4127-4", "article premier"])
def test_a_bare_number_is_an_article_of_the_code_de_deontologie(dated, article):
    evidence = Retrieval(dated).find(understand(WORDS), filters=Filters(article=article), k=10)
    assert bool(evidence.passages) == (article != "article premier")
