"""Folders to documents: everything readable comes in once, under one id, and nothing bad stops the rest."""

from pathlib import Path

import pytest

from corpus import Corpus, UnreadableSource, load, load_reading
from corpus.loading import Skipped, find_files
from tests.files import encrypted, metadata_of, pdf_of, reading_of, scan

TEXT = "Le praticien {} relit la demande reçue, vérifie qui la signe, puis répond par écrit dans un délai raisonnable."
OTHER = "Une commission {} réunit chaque mois les membres élus du bureau pour examiner les comptes et voter le budget."


def write(folder: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def ids(corpus: Corpus) -> list[str]:
    return [document.id for document in corpus.documents]


def test_every_format_is_loaded(tmp_path):
    html = f"<html><head><title>Page</title></head><body><p>{TEXT.format('quatre')}</p></body></html>"
    pdf = pdf_of(lambda p: p.multi_cell(w=0, text=OTHER.format("une")))
    write(
        tmp_path, a_txt=TEXT.format("un"), b_md="# Titre\n\n" + OTHER.format("deux"), c_html=html, d_pdf=pdf, e_csv="x"
    )
    corpus = load([tmp_path], sheets=False)
    assert ids(corpus) == ["a", "b", "c", "d"]
    assert corpus.skipped == ()
    assert [document.source for document in corpus.documents] == ["a.txt", "b.md", "c.html", "d.pdf"]
    assert [len(item.passages) for item in corpus.loaded] == [1, 1, 1, 1]
    assert corpus.passages[3].locator == "p. 1"


def test_bad_files_are_skipped_with_their_reason_and_the_rest_goes_on(tmp_path):
    picture = pdf_of(lambda p: p.image(scan(), w=p.epw))
    write(
        tmp_path,
        a_txt="",
        b_pdf=b"%PDF-1.7 rien",
        c_pdf=encrypted("motdepasse"),
        d_pdf=picture,
        e_txt="Bref.",
        f_txt=b"\x00\x01\x02\xff" * 400,
        g_txt=TEXT.format("bon"),
    )
    corpus = load([tmp_path], sheets=False)
    assert ids(corpus) == ["g"]
    assert corpus.skipped == (
        Skipped("a.txt", "empty"),
        Skipped("b.pdf", "damaged"),
        Skipped("c.pdf", "encrypted"),
        Skipped("d.pdf", "no_text"),
        Skipped("e.txt", "no_passage"),
        Skipped("f.txt", "not_text"),
    )


def test_two_copies_give_one_document(tmp_path):
    write(tmp_path, a_txt=TEXT.format("un"), sous__b_txt=TEXT.format("un"))
    corpus = load([tmp_path], sheets=False)
    assert ids(corpus) == ["a"]
    assert corpus.skipped == (Skipped("sous/b.txt", "duplicate", "a.txt"),)


def test_copies_in_two_formats_give_one_document(tmp_path):
    write(tmp_path, a_md=f"**{TEXT.format('un')}** Et il signe.", b_txt=f"{TEXT.format('un')} Et il   signe.\n")
    assert load([tmp_path], sheets=False).skipped == (Skipped("b.txt", "duplicate", "a.md"),)


def test_nearly_the_same_text_under_one_id_is_a_copy(tmp_path):
    text = " ".join(TEXT.format(n) for n in range(30))
    write(tmp_path, un__avis_txt=text, deux__avis_txt=text + " Relu.")
    corpus = load([tmp_path], sheets=False)
    assert ids(corpus) == ["avis"]
    assert corpus.skipped == (Skipped("un/avis.txt", "duplicate", "deux/avis.txt"),)


def test_nearly_the_same_text_under_two_ids_is_two_documents(tmp_path):
    text = " ".join(TEXT.format(n) for n in range(30))
    write(tmp_path, a_txt=text, b_txt=text + " Relu.")
    assert ids(load([tmp_path], sheets=False)) == ["a", "b"]


def test_other_contents_under_one_id_are_numbered(tmp_path):
    write(
        tmp_path, un__avis_txt=TEXT.format("un"), deux__avis_txt=OTHER.format("deux"), trois__avis_md="Le texte " * 20
    )
    corpus = load([tmp_path], sheets=False)
    assert ids(corpus) == ["avis", "avis-2", "avis-3"]
    assert [p.document_id for p in corpus.passages] == ids(corpus)
    assert all(p.id.startswith(f"{p.document_id}:") for p in corpus.passages)
    assert corpus.skipped == ()


def test_a_numbered_id_is_never_that_of_another_file(tmp_path):
    write(
        tmp_path,
        a__avis_txt=TEXT.format("un"),
        b__avis_txt=OTHER.format("deux"),
        **{"c__avis-2_txt": "Un texte à part " * 9},
    )
    found = ids(load([tmp_path], sheets=False))
    assert len(found) == len(set(found)) == 3


def test_hidden_files_and_folders_are_left_out(tmp_path):
    (tmp_path / ".cache").mkdir()
    for path in (".a.txt", ".cache/b.txt"):
        (tmp_path / path).write_text(TEXT, encoding="utf-8")
    assert load([tmp_path], sheets=False) == Corpus((), ())


def test_a_hidden_folder_above_the_one_that_is_named_counts_for_nothing(tmp_path):
    folder = tmp_path / ".dossier"
    write(folder, a_txt=TEXT)
    assert ids(load([folder], sheets=False)) == ["a"]


def test_files_come_once_and_in_the_order_of_their_names(tmp_path):
    write(tmp_path, b_txt="b", a__c_txt="c", a__a__d_TXT="d", z_png="z")
    (tmp_path / "dossier.txt").mkdir()
    assert [name for _, name in find_files([tmp_path, tmp_path / "a"])] == ["a/a/d.TXT", "a/c.txt", "b.txt"]


def test_an_empty_folder_or_none_gives_nothing(tmp_path):
    assert load([tmp_path], sheets=False) == load([], sheets=False) == Corpus((), ())
    assert load([tmp_path / "absent"], sheets=False) == Corpus((), ())


def test_sheets_come_first_unless_told_otherwise(tmp_path):
    write(tmp_path, a_txt=TEXT.format("un"))
    corpus = load([tmp_path])
    assert ids(corpus)[-1] == "a"
    assert len(ids(corpus)) > 20
    assert all(name.startswith(("fiche:", "decision:")) for name in ids(corpus)[:-1])


def test_progress_names_each_file_before_it_is_read(tmp_path):
    write(tmp_path, a_txt="", b_txt=TEXT)
    seen = []
    load([tmp_path], sheets=False, progress=lambda *call: seen.append(call))
    assert seen == [("a.txt", 1, 2), ("b.txt", 2, 2)]


def test_a_document_in_the_catalogue_has_its_metadata(tmp_path):
    write(tmp_path, x_txt=f"Bulletin de l'Ordre national des médecins\n\nN° 102\n\nJanvier-février 2026\n\n{TEXT}")
    assert ids(load([tmp_path], sheets=False)) == ["medecins-102"]


def test_loaded_keeps_raw_offsets_and_digest():
    raw = f"## **Titre**\n\n{TEXT} {OTHER}"
    one = load_reading(reading_of(raw, medium="markdown"), metadata_of(), "a.md")
    assert one.document.text == f"Titre\n\n{TEXT} {OTHER}"
    assert all(raw[o] == c or c == "\n" for c, o in zip(one.document.text, one.origin, strict=True))
    assert one.raw_sha256 == load_reading(reading_of(raw), metadata_of(id="b"), "b.md").raw_sha256
    assert one.raw_sha256 != load_reading(reading_of(raw + " "), metadata_of(), "a.md").raw_sha256


def test_warnings_of_the_reader_stay_with_the_document(tmp_path):
    pdf = pdf_of(lambda p: p.multi_cell(w=0, text=TEXT), "")
    write(tmp_path, a_pdf=pdf)
    (document,) = load([tmp_path], sheets=False).documents
    assert document.warnings == ("page_without_text",)


def test_nothing_citable_is_an_error():
    with pytest.raises(UnreadableSource) as caught:
        load_reading(reading_of("Bref."), metadata_of(), "a.txt")
    assert caught.value.values == {"source": "a.txt", "reason": "no_passage"}
