"""What makes a line a heading: a mark, an article number, a line of the outline, its dress, or its place."""

import re

from corpus.cleaning import clean_markup, clean_spaces, fold
from corpus.lines import SENTENCE_END, Layout, Line
from corpus.tracked import Tracked, drop

BULLET = re.compile(r"^\s*(?:(?P<mark>[-*•‣◦–—·])|\d{1,2}[.)]|[a-z]\))\s+(?=\S)")

OUTLINE = 2
"""Level of an article and of a line of the outline."""
BOLD_QUESTION = 3
CAPITALS = 4
"""Level of a heading known by its capitals or its bold type alone."""
PLACE = 5
"""Level of a heading known by its place above a paragraph alone."""
LONGEST = 160
LONGEST_QUESTION = 320

_MARKED = re.compile(r"^ {0,3}(#{1,6})\s+(.*)$")
_BOLD_LINE = re.compile(r"^\s*(\*\*|__)(?!\s)(.{2,240}?)(?<!\s)\1\s*+[.:]?\s*$")
_BULLET_OF_HEADING = re.compile(r"^\s*[•‣◦·]\s*")
_ARTICLE_LINE = re.compile(
    r"^\s*+(?:#++\s*+)?Art(?:icle|\.)\s++(?:[LRDA]\.?\s*+\*?\s*+)?\d[\d-]*+(?:\s*+(?:er|bis|ter))?\s*+[:.]?\s*$",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^(?:d(?:octeu)?r|p(?:rofesseu)?r|mme|m\.|me)\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_INSIDE = re.compile(r"[.!…] ")


def heading_of(line: Line, last: str | None, after: Line | None, layout: Layout) -> tuple[int, Tracked]:
    """Return the level of the heading that a line is, 0 for none, and its text without marks.

    Parameters
    ----------
    line
        The line to judge.
    last
        The line above it in the same block, None when it starts one.
    after
        The line below it, None at the end.
    layout
        How the file is set.

    """
    match = _MARKED.match(line.text.text)
    if match and _LETTER.search(match.group(2)):
        title = match.group(2).rstrip().rstrip("#").rstrip()
        return len(match.group(1)), _undressed(line.text.cut(match.start(2), match.start(2) + len(title)))
    return _level(line, last, after, layout), _undressed(line.text)


def is_question(text: str) -> bool:
    """Tell whether a text is a question of three words or more."""
    return (
        text.rstrip(" »”").endswith("?")
        and (text[:1].isupper() or text[:1] in "«“0123456789")
        and len(text.split()) >= 3
    )


def is_question_alone(text: str) -> bool:
    """Tell whether a paragraph is one question: it heads the answer below it, as interviews print it."""
    return len(text) <= LONGEST_QUESTION and is_question(text) and not _SENTENCE_INSIDE.search(text)


def _undressed(text: Tracked) -> Tracked:
    return clean_spaces(clean_markup(text).rewrite(_BULLET_OF_HEADING, drop))


def _level(line: Line, last: str | None, after: Line | None, layout: Layout) -> int:
    text = line.text.text
    if _ARTICLE_LINE.match(text):
        return OUTLINE
    bare = clean_spaces(clean_markup(line.text)).text
    if len(bare) > LONGEST or not _LETTER.search(bare) or _BYLINE.match(bare):
        return 0
    if fold(bare) in layout.titles:
        return OUTLINE
    starts = line.blank_before or last is None or layout.ends_paragraph(last, text)
    ends = after is None or after.blank_before
    following = after.text.text.strip() if after is not None else ""
    alone = ends or (layout.wrapped and len(text) < 0.75 * layout.width and following[:1].isupper())
    if not starts or not alone or BULLET.match(text) or bare.endswith((",", ";")):
        return 0
    if _BOLD_LINE.match(text):
        return BOLD_QUESTION if is_question(bare) else CAPITALS
    if _in_capitals(bare):
        return CAPITALS
    if not _reads_as_title(bare) or following[:1].islower():
        return 0
    if ends:
        return PLACE if len(following) > 40 or _BYLINE.match(following) else 0
    return PLACE if last is None and len(bare) < 0.6 * layout.width < len(following) else 0


def _in_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 6 and sum(c.isupper() for c in letters) > 0.8 * len(letters) and not text.endswith(".")


def _reads_as_title(text: str) -> bool:
    return text[:1].isupper() and 2 <= len(text.split()) <= 16 and not SENTENCE_END.search(text)
