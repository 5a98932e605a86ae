"""What is known of a document: the catalogue when its content is recognised, else what the file says of itself."""

import re
from collections import Counter
from dataclasses import fields
from pathlib import PurePath
from typing import get_args

import pytest

from corpus.catalogue import RECOGNISED_WITHIN, describe, numbered, sources
from corpus.cleaning import fold
from corpus.fetching import TYPES
from corpus.models import Kind, Metadata, Reading
from tests.files import metadata_of, reading_of

BULLETIN = "N° 102 – Bulletin de l'Ordre national des médecins – Janvier-février 2026. "


def known(name, text, **more):
    return describe(PurePath(name), Reading("text", (), **more), text)


def test_every_entry_is_complete():
    for name, source in sources().items():
        metadata = source.metadata
        assert metadata.id == name
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert metadata.kind in get_args(Kind)
        assert metadata.title
        assert metadata.short
        assert metadata.publisher
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", metadata.date) or (source.download and not metadata.date)
        assert metadata.authority in range(1, 6)
        assert metadata.url.startswith(("https://", "http://"))
        assert bool(source.marks) >= bool(source.names)
        assert all(
            isinstance(v, (str, int, tuple, type(None))) for v in (getattr(metadata, f.name) for f in fields(Metadata))
        )


def test_downloads_come_over_an_encrypted_connection_and_are_of_a_known_type():
    downloads = [source.download for source in sources().values() if source.download]
    assert len({download.url for download in downloads}) == len(downloads) >= 40
    assert all(download.url.startswith("https://") and download.type in TYPES for download in downloads)


def test_a_downloaded_document_is_recognised_by_its_name_alone():
    assert known("cnom-article-56.html", "Rien de connu.").id == "cnom-article-56"
    assert known("cnom-article-56-copie.html", "Rien de connu.").id == "cnom-article-56-copie"


def test_no_two_entries_share_an_id_or_a_title():
    found = [source.metadata for source in sources().values()]
    assert max(Counter(m.title for m in found).values()) == 1
    assert max(Counter(m.short for m in found).values()) == 1


def test_marks_are_folded_as_texts_are():
    for source in sources().values():
        assert [fold(mark) for mark in source.marks] == list(source.marks)
        assert [fold(name) for name in source.names] == list(source.names)


def test_recognised_by_content_under_any_name():
    assert known("scan0001.pdf", BULLETIN).id == "medecins-102"


def test_recognised_by_name_with_one_mark():
    assert known("mon-Bulletin-102-final.txt", "Un bulletin n° 102 relu.").id == "medecins-102"


def test_a_known_name_on_foreign_content_is_not_recognised():
    assert known("bulletin-102-2026-01.txt", "Une recette de cuisine pour ce soir.").id == "bulletin-102-2026-01"


def test_one_mark_under_a_foreign_name_is_not_recognised():
    assert known("notes.txt", "Relire le Bulletin de l'Ordre national des médecins.").id == "notes"


def test_marks_count_only_at_the_head_of_a_document():
    assert known("notes.txt", "x" * RECOGNISED_WITHIN + BULLETIN).id == "notes"


@pytest.mark.parametrize(
    ("name", "text", "reading", "title"),
    [
        ("a.pdf", "Le texte commence.", {"title": "Le titre du fichier"}, "Le titre du fichier"),
        ("a.txt", "Mot\n\nLa première vraie ligne\n\nSuite", {}, "La première vraie ligne"),
        ("mes_notes-du_jour.txt", "Mot", {}, "mes notes du jour"),
        ("a.txt", "mot " * 60, {}, ("mot " * 35)[:139].rsplit(" ", 1)[0] + " mot…"),
    ],
)
def test_title_of_an_unknown_file(name, text, reading, title):
    found = known(name, text, **reading)
    assert found.title == title
    assert len(found.short) <= 81


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("avis-2023-05-17.pdf", "2023-05-17"),
        ("avis_2023_05.pdf", "2023-05"),
        ("avis 2019.pdf", "2019"),
        ("avis-2023-13.pdf", "2023"),
        ("avis-2023-05-40.pdf", "2023-05"),
        ("avis-120234.pdf", ""),
        ("avis-1789.pdf", ""),
        ("avis.pdf", ""),
    ],
)
def test_date_of_an_unknown_file_comes_from_its_name(name, date):
    assert known(name, "Un avis rendu.").date == date


def test_what_the_file_says_of_itself_comes_first():
    found = known("Avis 2019.pdf", "Un avis rendu.", date="2020-02", author="Le conseil")
    assert (found.date, found.publisher, found.id) == ("2020-02", "Le conseil", "avis-2019")


ARTICLES = "\n\n".join(f"Article L. 632-{n}\n\nLe texte." for n in range(1, 4))


@pytest.mark.parametrize(
    ("text", "kind", "authority", "code"),
    [
        (f"Code pénal\n\n{ARTICLES}", "statute", 5, "CP"),
        (f"Code du travail\n\n{ARTICLES.replace('L. ', '')}", "statute", 5, "CT"),
        (f"Code civil\n\n{ARTICLES.replace('L. ', '')}", "statute", 5, "CC"),
        (f"Recueil\n\n{ARTICLES}", "statute", 5, "CSP"),
        (f"Recueil\n\n{ARTICLES.replace('L. ', '')}", "document", 1, ""),  # three articles of a contract
        ("Code pénal\n\nArticle 1\n\nLe texte.", "document", 1, ""),
        ("Cour de cassation, chambre civile, arrêt du jour", "precedent", 4, ""),
        ("AU NOM DU PEUPLE FRANÇAIS, la cour", "precedent", 4, ""),
        ("ECLI:FR:CCASS:2020:CR00001", "precedent", 4, ""),
        ("La chambre disciplinaire, saisie d'une plainte, décide", "precedent", 4, ""),
        ("Le Conseil d'État, vu la procédure suivante, décide", "precedent", 4, ""),
        ("Le Conseil d'État a été cité dans la presse.", "document", 1, ""),
        ("Notes de réunion", "document", 1, ""),
    ],
)
def test_kind_of_an_unknown_file(text, kind, authority, code):
    found = known("fichier.txt", text)
    assert (found.kind, found.authority, found.code) == (kind, authority, code)


def test_identifier_of_an_unknown_file_is_a_slug_of_its_name():
    assert known("Été & Santé (v2).PDF", "Un texte court.").id == "ete-sante-v2"
    assert known("???.txt", "Un texte court.").id == "document"


def test_numbered_changes_nothing_but_the_id():
    metadata = metadata_of(date="2020")
    assert numbered(metadata, 2) == metadata_of(id="essai-2", date="2020")


def test_describing_does_not_need_the_reading_of_pages():
    assert describe(PurePath("a.txt"), reading_of("x"), BULLETIN).id == "medecins-102"
