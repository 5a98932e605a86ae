"""What is always true of passages, whatever document they are cut from."""

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.blocks import blocks_of
from corpus.segmentation import SHORTEST, TARGET, segment
from tests.files import metadata_of, reading_of

CODE = metadata_of(id="csp", short="CSP", kind="statute", code="CSP")

WORDS = "le praticien répond à la demande avec soin après lecture du dossier et selon les règles".split()
PHRASE = st.lists(st.sampled_from(WORDS), min_size=2, max_size=40).map(lambda words: " ".join(words).capitalize() + ".")
PARAGRAPH = st.lists(PHRASE, min_size=1, max_size=12).map(" ".join)
TITLE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(lambda words: " ".join(words).capitalize())
HEADING = st.tuples(st.sampled_from(["#", "##", "###"]), TITLE).map(" ".join)
ARTICLE = st.integers(1, 112).map("### Article R. 4127-{}".format)
LIST = st.lists(PHRASE.map("- {}".format), min_size=1, max_size=12).map("\n".join)
LED_IN = st.tuples(TITLE.map("{} :".format), LIST).map("\n".join)
DOCUMENT = st.lists(st.one_of(PARAGRAPH, HEADING, ARTICLE, LIST, LED_IN), min_size=1, max_size=12).map("\n\n".join)


@given(st.lists(DOCUMENT, min_size=1, max_size=3), st.sampled_from(["markdown", "text", "pdf"]), st.booleans())
def test_what_is_always_true_of_passages(pages, medium, code):
    reading = reading_of(*pages, medium=medium)
    blocks = blocks_of(reading)
    assume(blocks)
    found = segment(reading, blocks, CODE if code else metadata_of())

    for passage in found.passages:
        assert passage.text == found.text[passage.start : passage.end] == passage.text.strip()
        assert len(passage.text) >= SHORTEST
    assert all(a.end <= b.start for a, b in pairwise(found.passages))
    assert len({passage.id for passage in found.passages}) == len(found.passages)

    assert len(found.origin) == len(found.text)
    raw = "\f".join(pages)
    assert all(
        raw[o] == c or c.isspace() or c == "-" for c, o in zip(found.text, found.origin, strict=True)
    )  # line ends become spaces, bullets "- "

    position = 0
    for block in blocks:
        position = found.text.index(block.text.text, position) + len(block.text.text)

    titles = {block.text.text for block in blocks if block.kind == "heading"}
    for passage in found.passages:
        assert passage.text not in titles
        assert any(b.kind != "heading" and b.text.text[:20] in passage.text for b in blocks)
    for first, second in pairwise(found.pages):
        assert first.start < first.end <= second.start


@given(DOCUMENT)
def test_all_prose_is_in_a_passage(text):
    reading = reading_of(text, medium="markdown")
    blocks = blocks_of(reading)
    found = segment(reading, blocks, metadata_of())
    kept = "\n".join(passage.text for passage in found.passages)
    assert [
        b.text.text
        for b in blocks
        if b.kind == "paragraph" and 200 < len(b.text.text) < TARGET and b.text.text not in kept
    ] == []
