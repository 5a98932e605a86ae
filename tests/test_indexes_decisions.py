"""Decisions found by number, day and usual name, however they are typed."""

import pytest

from corpus.models import Document, Metadata, Passage
from indexes.decisions import DecisionIndex
from indexes.references import ReferenceIndex


def decision(identifier, title, date, kind="precedent"):
    return Document(Metadata(f"decision:{identifier}", title, title, kind, date=date), f"{identifier}.md", "x y")


DOCUMENTS = [
    decision("ce", "Conseil d'État, 4e chambre, 28 mai 2024, n° 469089", "2024-05-28"),
    decision("cass", "Cour de cassation, chambre civile, 11 juin 2009, n° 08-12.742, Dupuis c. Martel", "2009-06-11"),
    decision("cnil", "Cnil, formation restreinte, 15 avril 2022, n° SAN-2022-009, Labo Exemple", "2022-04-15"),
    decision("cc", "Conseil constitutionnel, 1er juillet 2001, n° 2001-446 DC", "2001-07-01"),
    decision("old", "Cour de cassation, 8 mai 1947, Degraene", "1947-05-08"),
    decision("short", "Conseil national de l'Ordre des médecins, 7 février 2006, n° 9249", "2006-02-07"),
    decision("sheet", "Une fiche du 28 mai 2024, n° 469089", "2024-05-28", kind="sheet"),
]
PASSAGES = [Passage(f"{d.id}#{n}", d.id, (), "x", 0, 1, "") for d in DOCUMENTS for n in (1, 2)]
INDEX = DecisionIndex(DOCUMENTS, PASSAGES)


def found(query):
    return list(dict.fromkeys(passage.removeprefix("decision:")[:-2] for passage in INDEX.find(query)))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("CE n° 469089", ["ce"]),
        ("que dit l'arrêt 469 089 ?", ["ce"]),
        ("conseil d'etat 28 mai 2024", ["ce"]),
        ("décision du 28/05/2024", ["ce"]),
        ("08-12.742", ["cass"]),
        ("pourvoi n°08-12742", ["cass"]),
        ("civ 11 juin 2009", ["cass"]),
        ("SAN-2022-009", ["cnil"]),
        ("san 2022 009", ["cnil"]),
        ("2001-446 DC", ["cc"]),
        ("le 1er juillet 2001", ["cc"]),
        ("art. 226-13 en 2024", []),
        ("numéro 12345678", []),
        ("7 février 2006", ["short"]),
        ("art. 9249", []),
        ("art. 225-2", []),
        ("31 février 2024", []),
        ("", []),
    ],
)
def test_a_decision_is_found_by_number_and_day(query, wanted):
    assert found(query) == wanted


def test_a_decision_is_found_by_its_usual_name():
    assert [p[:-2] for p in INDEX.named("dupuis")] == ["decision:cass"] * 2
    assert INDEX.named("cassation") == []


def test_a_named_decision_comes_first_among_references():
    index = ReferenceIndex(DOCUMENTS, PASSAGES)
    hits = index.search("que retenir de CE, 28 mai 2024, n° 469089 ?", 5)
    assert [hit.passage_id for hit in hits] == ["decision:ce#1", "decision:ce#2"]
    assert hits[0].score == 2.0
    assert [hit.passage_id for hit in index.search("l'arrêt Martel", 1)] == ["decision:cass#1"]
