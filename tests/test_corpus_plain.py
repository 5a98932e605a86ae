"""Markdown, plain text and their encodings."""

import codecs
from pathlib import Path

import pytest

from tests.files import Load, loader

FRENCH = "Où l’été à Nîmes s’achève « déjà », ça coûte 3 € : œuvre naïve, forêt, Noël.\n"


@pytest.fixture
def load(tmp_path: Path) -> Load:
    return loader(tmp_path)


def test_toml_front_matter_is_handed_on(load: Load) -> None:
    block = 'id = "a"\ntitle = "Faut-il y aller ?"\nreviewed_on = 2026-11-21\n\n[[sources]]\ndate = "2024-11"\n'
    reading = load("a.md", f"+++\n{block}+++\n\n## La règle\n\n**Oui.**\n")
    assert reading.front_matter == block
    assert reading.pages[0].text == "\n## La règle\n\n**Oui.**\n"
    assert (reading.medium, reading.title, reading.date) == ("markdown", "Faut-il y aller ?", "")


def test_yaml_front_matter_gives_title_and_date(load: Load) -> None:
    reading = load("a.markdown", "---\r\ntitle: 'Le secret'\r\ndate: 2026-02-01\r\ntags:\r\n  - a\r\n---\r\nTexte\r\n")
    assert (reading.title, reading.date, reading.front_matter) == ("Le secret", "2026-02-01", "")
    assert reading.pages[0].text == "Texte\n"


@pytest.mark.parametrize(
    "text", ["+++\nid = 1\nTexte sans fin\n", "---\nTexte entre deux filets\n---\nSuite\n", "Texte\n+++\n"]
)
def test_text_that_is_no_front_matter_stays(load: Load, text: str) -> None:
    reading = load("a.md", text)
    assert (reading.front_matter, reading.pages[0].text) == ("", text)


def test_title_of_markdown_is_its_first_top_heading(load: Load) -> None:
    text = "Avant\n\n```\n# commentaire\n```\n\n## Sous-titre\n\n# Code pénal (extraits) #\n"
    assert load("a.md", text).title == "Code pénal (extraits)"


def test_form_feeds_part_pages(load: Load) -> None:
    reading = load("a.txt", "Un\f\n\fTrois\r\nfin\f")
    assert [(page.index, page.label, page.text) for page in reading.pages] == [
        (0, "1", "Un"),
        (1, "2", "\n"),
        (2, "3", "Trois\nfin"),
    ]
    assert (reading.medium, reading.title, reading.warnings) == ("text", "", ("page_without_text",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_french_text_of_any_common_encoding(load: Load, encoding: str) -> None:
    assert load("a.txt", FRENCH.encode(encoding)).pages[0].text == FRENCH


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf16_of_both_byte_orders(load: Load, mark: bytes) -> None:
    order = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    assert load("a.txt", mark + FRENCH.encode(order)).pages[0].text == FRENCH


def test_old_french_encodings(load: Load) -> None:
    text = FRENCH.replace("œ", "oe")  # not in the DOS code page and in Latin 1
    assert load("a.txt", text.replace("\n", "\r").encode("mac_roman")).pages[0].text == text
    plain = text.replace("’", "'").replace("€", "euros")
    assert load("b.txt", plain.replace("\n", "\r\n").encode("cp850")).pages[0].text == plain
    assert load("c.txt", plain.encode("latin-1")).pages[0].text == plain


@pytest.mark.parametrize("word", ["é", "où ?", "ÉTÉ", "L’ÂGE", "5 €", "n° 3"])
def test_one_accent_is_enough_for_windows_text(load: Load, word: str) -> None:
    assert load("a.txt", word.encode("cp1252")).pages[0].text == word


def test_other_alphabets_are_guessed(load: Load) -> None:
    text = "Врач обязан хранить в тайне всё, что он узнал о пациенте, кроме случаев, указанных в законе. " * 3
    assert load("a.txt", text.encode("cp1251")).pages[0].text == text


def test_stray_bytes_in_utf8_are_marked(load: Load) -> None:
    text = FRENCH * 3
    assert load("a.txt", text.encode() + b"\xe9\n").pages[0].text == text + "\ufffd\n"
