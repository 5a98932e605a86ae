"""What size, weight and space on a PDF page say of titles and paragraphs."""

from pathlib import Path

import pytest
from fpdf import FPDF

from corpus import load
from corpus.readers import read
from corpus.typography import SetLine, Typesetting, marked

BODY = "Le praticien relit sa réponse avant de l'envoyer à qui la demande, puis la range dans son dossier. " * 4


def page(*lines: tuple[str, float, bool, float]) -> list[SetLine]:
    return [SetLine(text, size, bold, y) for text, size, bold, y in lines]


def running(
    y: float, text: str = "Le texte courant du document, qui est le plus long."
) -> tuple[str, float, bool, float]:
    return (text, 10.0, False, y)


@pytest.mark.parametrize(
    ("size", "bold", "mark"), [(16.0, False, "#"), (12.0, False, "##"), (10.0, True, "###"), (10.0, False, "")]
)
def test_a_title_is_known_by_size_or_weight(size: float, bold: bool, mark: str) -> None:
    text = marked([page(running(700), ("Un titre", size, bold, 680), running(660), running(648))])[0]
    assert f"{mark} Un titre".strip() in text.split("\n")


@pytest.mark.parametrize("text", ["Une phrase mise en avant.", "12", "x" * 400])
def test_what_is_no_title_keeps_its_line(text: str) -> None:
    assert text in marked([page(running(700), (text, 14.0, True, 680), running(660))])[0].split("\n")


def test_a_title_on_two_lines_is_one() -> None:
    lines = page(("Le secret", 14.0, True, 700), ("et la police", 14.0, True, 685), running(660))
    assert "## Le secret et la police" in marked([lines])[0]


def test_a_wide_gap_or_another_column_ends_a_paragraph() -> None:
    close = page(running(700, "Un début."), running(688, "Une suite."), running(676, "Une fin."))
    assert "\n\n" not in marked([close])[0]
    wide = page(
        running(700, "Un début."), running(688, "Une suite."), running(660, "Un autre."), running(648, "Sa suite.")
    )
    assert "Une suite.\n\nUn autre." in marked([wide])[0]
    column = page(running(700, "Un début."), running(688, "Une suite."), running(700, "Une colonne."))
    assert "Une suite.\n\nUne colonne." in marked([column])[0]


def test_a_hash_of_the_page_is_no_mark_of_ours() -> None:
    assert marked([page(running(700, "# notre mot du mois"), running(688))])[0].startswith("\\# notre")


def test_pieces_that_do_not_make_up_the_text_are_not_trusted() -> None:
    typesetting = Typesetting()
    typesetting.visit("Le texte", (1, 0, 0, 1, 0, 0), (1, 0, 0, 1, 0, 700), None, 10.0)
    assert typesetting.lines("Le texte")[0].text == "Le texte"
    assert typesetting.lines("Un autre texte") == ()


def test_a_printed_guide_gives_its_questions_as_headings(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    for question in ("Puis-je refuser un patient ?", "Puis-je partir en vacances ?"):
        pdf.set_font("Helvetica", "B", 13)
        pdf.multi_cell(0, 6, question, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Helvetica", "", 10)
        pdf.multi_cell(0, 5, BODY, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(3)
    pdf.output(str(tmp_path / "guide.pdf"))
    assert "## Puis-je refuser un patient ?" in read(tmp_path / "guide.pdf").pages[0].text
    loaded = load([tmp_path], sheets=False).loaded[0]
    assert [p.headings[-1] for p in loaded.passages] == ["Puis-je refuser un patient ?", "Puis-je partir en vacances ?"]
    assert all(p.locator == "p. 1" for p in loaded.passages)
