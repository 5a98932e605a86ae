"""Files of random shapes become documents or a reason, in any format; what is kept obeys the rules of passages."""

import json
import tempfile
import zlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from corpus.errors import InvalidQuestionBank, InvalidSheet, UnreadableSource
from corpus.front_matter import read_front_matter
from corpus.loading import load_file
from corpus.questions import load_wordings
from corpus.raw_html import without_hidden
from corpus.readers import SUFFIXES
from corpus.stylesheets import StyleSheets
from tests.files import form, pdf_of, raw_pdf, shown
from tests.fuzzing import bounded

REASONS = {"empty", "encrypted", "damaged", "no_text", "not_text", "unreadable", "too_large", "no_passage"}
PROSE = st.lists(
    st.sampled_from("Le médecin répond . , ; : ! ? … « » ( ) - – • 1° a) M. Dr p. art. R. 4127-4 226-13".split())
    | st.text(max_size=12),
    max_size=60,
).map(" ".join)


def loaded(suffix: str, content: bytes) -> None:
    """Load a file of this content, and check what comes of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(content)
        try:
            item = load_file(path, path.name)
        except UnreadableSource as error:
            reason = error.reason
        else:
            reason = ""
    if reason:
        assert reason in REASONS
        return
    text = item.document.text
    text.encode("utf-8")
    assert len(item.origin) == len(text)
    assert item.passages
    assert len({passage.id for passage in item.passages}) == len(item.passages)
    for passage in item.passages:
        assert passage.text == text[passage.start : passage.end]


@bounded(150)
@given(st.sampled_from(sorted(SUFFIXES)), st.binary(max_size=2_000))
def test_any_bytes(suffix: str, content: bytes) -> None:
    loaded(suffix, content)


@bounded(100)
@given(
    st.sampled_from([".txt", ".md", ".html"]),
    st.lists(PROSE, max_size=12),
    st.sampled_from(["\n", "\n\n", "\f", "\r\n", "<br>"]),
)
def test_any_prose(suffix: str, paragraphs: list[str], between: str) -> None:
    loaded(suffix, between.join(paragraphs).encode("utf-8", "surrogatepass"))


TAGS = (
    "p div span a b i h1 h2 h3 ul ol li table thead tbody tr td th pre br hr main article header footer "
    "nav section form button "
    "details summary dialog template script style noscript svg title head body html font select option "
    "textarea iframe math"
).split()
STYLES = (
    "display:none visibility:hidden visibility:visible opacity:0 color:white color:#333 background:black "
    "font-size:0 font:0/0 "
    "position:absolute left:-9999px clip:rect(0,0,0,0) height:0 overflow:hidden color:rgba(1,2,3 "
    "background:url( ;;: !important"
).split()
ATTRIBUTES = st.one_of(
    st.lists(st.sampled_from(STYLES), max_size=4).map(lambda styles: f' style="{";".join(styles)}"'),
    st.sampled_from(
        [" hidden", " aria-hidden=true", " class=x", " id=x", " role=main", " bgcolor=navy", ' title=">"', " '"]
    ),
)
RULES = st.lists(
    st.tuples(
        st.sampled_from(
            [".x", "#x", "p", "*", "div > p", ".x:hover", "p:not(.y)", "@media print", "@media screen", "@x", "}", "/*"]
        ),
        st.sampled_from(STYLES),
    ).map("{0[0]}{{{0[1]}}}".format),
    max_size=8,
).map("".join)
MARKUP = st.lists(
    st.one_of(
        st.builds("<{}{}>".format, st.sampled_from(TAGS), ATTRIBUTES | st.just("")),
        st.builds("</{}>".format, st.sampled_from(TAGS)),
        st.builds("<style>{}</style>".format, RULES),
        st.sampled_from(
            [
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "&amp;",
                "&#0;",
                "&#xD800;",
                "&nbsp",
                "<",
                ">",
                "`",
                "```\n",
                "[x]: y (z)\n",
                "\n\n",
            ]
        ),
        PROSE,
    ),
    max_size=40,
).map("".join)


@bounded(200)
@given(st.sampled_from([".html", ".xhtml", ".md"]), MARKUP)
def test_any_markup(suffix: str, markup: str) -> None:
    loaded(suffix, markup.encode("utf-8", "surrogatepass"))


@bounded(100)
@given(MARKUP, RULES | st.text(max_size=200))
def test_any_style_sheet_and_any_html_in_markdown(markup: str, sheet: str) -> None:
    StyleSheets(LexborHTMLParser(f"<style>{sheet}</style>{markup}".encode("utf-8", "replace").decode()))
    kept, _ = without_hidden(markup)
    assert len(kept) <= len(markup)


OPERATORS = st.lists(
    st.one_of(
        st.sampled_from(
            "q Q BT ET W W* n f f* B S h BMC EMC sh Do /X Do /F 12 Tf /T 1 Tf 3 Tr 7 Tr 0 Tr 1 g 0 g 1 1 1 rg 0 "
            "0 0 0 k /S cs 0 scn "
            "/Clear gs (mot) Tj [(un) -900 (mot)] TJ (x) ' 1 2 (y) \" 50 700 Td 1 0 0 1 0 0 cm 0 0 0 0 0 0 cm 0 "
            "0 600 800 re 5 5 m 9 9 l "
            "1 0 0 1 50 500 Tm 9 Tc T* BI ID EI /OC /Off BDC << >> BDC".split(" ")
        ),
        st.integers(-(10**6), 10**6).map(str),
        st.floats(width=32).map(str),
        st.text("()<>[]{}/%\\abc \n", max_size=6),
    ),
    max_size=60,
).map(lambda parts: " ".join(parts).encode("latin-1", "replace"))
RESOURCES = (
    b"/XObject<</X 10 0 R>>/ExtGState<</Clear<</ca 0>>>>/Properties<</Off 11 0 R>>"
    b"/ColorSpace<</S[/Separation/a/DeviceCMYK 1]>>"
)


@bounded(150)
@given(OPERATORS, OPERATORS, st.booleans())
def test_any_page_of_a_pdf(content: bytes, inner: bytes, packed: bool) -> None:
    objects = (form(inner, RESOURCES.join((b"/Resources<<", b">>"))), b"<</Type/OCG/Name(a)>>")
    data = raw_pdf(content, RESOURCES, objects, catalog=b"/OCProperties<</OCGs[11 0 R]/D<</OFF[11 0 R]>>>>")
    if packed:
        stream = zlib.compress(content)
        data = data.replace(
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        )
    loaded(".pdf", data)


PAGES = (
    pdf_of("Premier texte d'un essai assez long pour faire un passage de plusieurs mots.", "Deuxième"),
    raw_pdf(
        shown("Un texte assez long pour faire un passage de plusieurs mots.") + b"/X Do",
        b"/XObject<</X 10 0 R>>",
        (form(b"q"),),
    ),
)


@bounded(100)
@given(
    st.sampled_from(PAGES),
    st.lists(
        st.tuples(
            st.integers(0, 10**6),
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(
                    [
                        b"0 R",
                        b"1 0 R",
                        b"-1",
                        b"99999999999",
                        b"<<",
                        b">>",
                        b"[",
                        b"]",
                        b"endobj",
                        b"stream",
                        b"/Kids",
                        b"null",
                    ]
                ),
            ),
        ),
        min_size=1,
        max_size=10,
    ),
    st.integers(0, 10**6),
)
def test_any_mutated_pdf(original: bytes, changes: list[tuple[int, bytes]], end: int) -> None:
    content = bytearray(original)
    for position, replacement in changes:
        position %= len(content)
        content[position : position + len(replacement)] = replacement
    loaded(".pdf", bytes(content[: end if 200 < end < len(content) else None]))


@bounded(100)
@given(st.text(max_size=300) | st.builds("+++\n{}\n+++\n{}".format, st.text(max_size=200), st.text(max_size=80)))
def test_any_front_matter(text: str) -> None:
    try:
        fields, body = read_front_matter(text, "essai")
    except InvalidSheet:
        return
    assert body == body.strip() != ""
    for read in (fields.texts, fields.text, fields.date, fields.tables):
        for field in [*fields.front, "absent"]:
            try:
                read(field)
            except InvalidSheet:
                continue


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)
NAMES = st.sampled_from(["document", "questions", "signature", "start", "end", "article", "code", "machine", "autre"])


@bounded(100)
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=7).map(json.dumps) | st.text(max_size=60), max_size=4))
def test_any_line_of_a_question_bank(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        content = "\n".join(lines).encode("utf-8", "surrogatepass")
        (Path(folder) / "a.jsonl").write_bytes(content)
        try:
            for wordings in load_wordings(Path(folder)):
                "".join(wordings.questions).encode("utf-8")
        except InvalidQuestionBank:
            return
