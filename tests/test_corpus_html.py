"""Web pages to Markdown."""

from pathlib import Path

import pytest

from corpus.errors import UnreadableSource
from tests.files import Load, loader


@pytest.fixture
def load(tmp_path: Path) -> Load:
    return loader(tmp_path)


ARTICLE = """<!doctype html><html><head><meta charset="utf-8"><title>Secret | Site</title>
<meta name="author" content="Service  juridique">
<meta property="article:published_time" content="2026-02-03T08:00:00+01:00">
<style>p { color: red }</style></head><body>
<header><nav><a href="/">Accueil</a></nav><h1>Bandeau</h1></header>
<main><article><header><h1>Le secret&nbsp;médical</h1></header>
<p>Le   XXI<sup>e</sup> siècle&nbsp;: <b>il</b>
s&rsquo;impose.<br>À tous.</p>
<h2>Qui <em>appeler</em> ?</h2>Texte nu
<ul><li>le conseil <a href="#">départemental</a> ;</li><li><p>le juge ;</p><p>après avis.</p></li></ul>
<table><thead><tr><th>Article</th><th>Objet</th></tr></thead><tr><td>R. 4127-4</td><td><p>Secret</p></td></tr></table>
<pre>ligne 1
ligne 2</pre>
<script>var a = "b";</script><noscript>Activez</noscript><template><p>Gabarit</p></template>
<form><label>Nom</label><input value="x"></form><aside>À lire aussi</aside>
<footer>Mis en ligne par le service.</footer></article></main>
<footer role="contentinfo">Mentions légales</footer></body></html>"""

ARTICLE_TEXT = """# Le secret\xa0médical

Le XXIe siècle\xa0: il s’impose.
À tous.

## Qui appeler ?

Texte nu

- le conseil départemental ;
- le juge ;

après avis.

Article | Objet
R. 4127-4 | Secret

ligne 1
ligne 2

Mis en ligne par le service."""


def test_web_page_becomes_markdown(load: Load) -> None:
    reading = load("page.html", ARTICLE)
    assert reading.pages[0].text == ARTICLE_TEXT
    assert (reading.medium, reading.title, reading.author) == ("html", "Secret | Site", "Service juridique")
    assert (reading.date, reading.pages[0].label, reading.warnings) == ("2026-02-03", "1", ())


@pytest.mark.parametrize(
    ("markup", "warned"),
    [
        ("<p hidden>Caché</p>", True),
        ("<div style='display: NONE !important'><p>Caché</p></div>", True),
        ("<p style='visibility:hidden'>Caché</p>", True),
        ("<p style='font-size:0'>Caché</p>", True),
        ("<p style='font-size: 0.4px'>Caché</p>", True),
        ("<p style='opacity:0.0'>Caché</p>", True),
        ("<p style='color:#FFF'>Caché</p>", True),
        ("<p style='color: rgb(255, 255, 255); background: white'>Caché</p>", True),
        ("<p><font color='white'>Caché</font></p>", True),
        ("<span aria-hidden='true'>Caché</span>", False),
        ("<p style='display:none'> — </p>", False),
    ],
)
def test_hidden_parts_of_a_page_are_left_out(load: Load, markup: str, warned: bool) -> None:
    reading = load("a.html", f"<body><p>Avant</p>{markup}<p>Après</p>")
    assert reading.pages[0].text == "Avant\n\nAprès"
    assert reading.warnings == (("hidden_text",) if warned else ())


@pytest.mark.parametrize(
    "markup",
    [
        "<p style='color:white;background-color:#036'>Visible</p>",
        "<table bgcolor='navy'><tr><td style='color:#ffffff'>Visible</td></tr></table>",
        "<div style='color:white'><p style='color:#333'>Visible</p></div>",
        "<div style='font-size:0'><p style='font-size:14px'>Visible</p></div>",
        "<p style='opacity:0.9;display:block'>Visible</p>",
        "<p hidden='until-found'>Visible</p>",
    ],
)
def test_visible_parts_stay(load: Load, markup: str) -> None:
    reading = load("a.html", markup)
    assert reading.pages[0].text == "Visible"
    assert reading.warnings == ()


def test_small_main_part_does_not_hide_the_rest(load: Load) -> None:
    text = load("a.html", "<p>Un long texte hors de tout article, qui compte.</p><article>Bref</article>").pages[0].text
    assert text == "Un long texte hors de tout article, qui compte.\n\nBref"


def test_hidden_main_part_is_not_preferred(load: Load) -> None:
    text = load("a.html", "<div hidden><main>Un long texte que personne ne voit.</main></div><p>Vu</p>").pages[0].text
    assert text == "Vu"


def test_page_wide_form_and_layout_table_are_frames(load: Load) -> None:
    page = "<form><table><tr><td><h1>Titre</h1><p>Un</p></td><td><p>Deux</p></td></tr></table></form>"
    assert load("a.html", page).pages[0].text == "# Titre\n\nUn\n\nDeux"


def test_folding_question_in_a_button(load: Load) -> None:
    page = (
        "<h3><button>Puis-je refuser ?</button></h3><details><summary>Suite</summary>Oui.</details><button>OK</button>"
    )
    assert load("a.html", page).pages[0].text == "### Puis-je refuser ?\n\nSuite\n\nOui."


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("<meta name='DC.date' content='2024-11'>", "2024-11"),
        ("<meta name='dc.date' content='hier'><meta name='date' content='2023'>", "2023"),
        ("<time>demain</time><time datetime='2025-05-06T10:00'>6 mai</time>", "2025-05-06"),
        ("<meta name='date' content='2024-13-01'>", ""),
    ],
)
def test_date_of_a_page(load: Load, head: str, date: str) -> None:
    assert load("a.htm", head + "<p>Texte</p>").date == date


def test_title_falls_back_to_the_first_heading(load: Load) -> None:
    assert load("a.html", "<svg><title>icône</title></svg><h1>Le <b>secret</b></h1><p>x</p>").title == "Le secret"


def test_xhtml_elements_closed_at_once(load: Load) -> None:
    page = '<?xml version="1.0"?><html><head><title/><script src="a.js"/></head><body><p>Lu</p></body></html>'
    assert load("a.xhtml", page).pages[0].text == "Lu"


def test_declared_encoding_of_a_page(load: Load) -> None:
    page = "<meta charset='koi8-r'><p>Здравствуйте</p>"
    assert load("a.html", page.encode("koi8-r")).pages[0].text == "Здравствуйте"
    latin = "<meta http-equiv='Content-Type' content='text/html; charset=iso-8859-1'><p>l’été</p>"
    assert load("b.html", latin.encode("cp1252")).pages[0].text == "l’été"
    wrong = "<meta charset='iso-8859-1'><p>l’été</p>"
    assert load("c.html", wrong.encode()).pages[0].text == "l’été"


def test_deep_nesting_is_read(load: Load) -> None:
    assert load("a.html", "<div>" * 5000 + "Fond").pages[0].text == "Fond"


@pytest.mark.parametrize("page", ["<html></html>", "<body><script>var a;</script></body>", "<p hidden>Caché</p>"])
def test_page_without_text_is_empty(load: Load, page: str) -> None:
    with pytest.raises(UnreadableSource, match="empty"):
        load("a.html", page)
