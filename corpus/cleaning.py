"""Pages of raw text → text fit to be quoted. Every step keeps the origin of each character."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from corpus.models import Page
from corpus.tracked import Tracked, drop, group, literal

PAGE_BREAK = "\f"

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SOFT_HYPHEN = re.compile("\u00ad\n?")
_SPACES = re.compile(r"[\t\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_DECOMPOSED = re.compile(r"[A-Za-z][\u0300-\u036f]+")
# Private-use characters and the marks that magazines set at the end of an article say nothing.
_DECORATION = re.compile(r"[\ue000-\uf8ff\ufffd\ufffc■□▪▫◼◾●◗❚▌►▶➜➔✓✔✘★☆❯❮]+")

# In these, what may stand inside never holds another opening mark: a million marks that nothing closes take one pass.
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
_IMAGE = re.compile(r"!\[(?:(?!!\[)[^\]\n])*\]\((?:(?!!\[)[^)\n])*\)")
_LINK = re.compile(r"\[((?:[^\[\]\\\n]|\\.)+)\]\((?:[^()\\\n]|\\.)*\)")
_TAG = re.compile(r"</?(?:sup|sub|b|i|em|strong|u|span|small|br)\b[^<>\n]*>")
_SUPERSCRIPT = re.compile(r"\^\{([^{}\n]{1,6})\}|\^(?=[A-Za-z°]{1,3}\b)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3})(?=\S)(.(?:(?!\1).)*?)(?<=\S)\1", re.DOTALL)
_ITALIC = re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])")
_STRAY = re.compile(r"(?<!\w)\*{2,3}|\*{2,3}(?!\w)")
_RUN_OF_SPACES = re.compile(r" {2,}")
_LETTER_SPACED = re.compile(r"^(?:\S\s+){6,}\S*.*$")
_DIGITS = re.compile(r"\d+")


class _WithoutMarks(dict[int, int | None]):
    """For ``str.translate``: every character as it is but combining marks, looked up once each."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


WITHOUT_MARKS = _WithoutMarks()
"""For ``str.translate`` of decomposed text: every character as it is, combining marks left out."""


def fold(text: str) -> str:
    """Lower case without accents, curly apostrophes straightened, "œ" as "oe"."""
    plain = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    return plain if plain.isascii() else unicodedata.normalize("NFKD", plain).translate(WITHOUT_MARKS)


def clean_characters(text: Tracked) -> Tracked:
    """Repair characters: invisible and bidirectional controls, spaces, ligatures, split accents, decorative glyphs."""
    text = text.rewrite(_SOFT_HYPHEN, drop)
    text = text.rewrite(_INVISIBLE, drop)
    text = text.rewrite(_SPACES, literal(" "))
    text = text.rewrite(_LIGATURE, lambda m: (_LIGATURES[m.group()],))
    text = text.rewrite(_DECORATION, drop)
    return text.rewrite(_DECOMPOSED, lambda m: (unicodedata.normalize("NFC", m.group()),))


def clean_markup(text: Tracked) -> Tracked:
    """Remove inline Markdown and HTML marks, keeping the words they dress."""
    text = text.rewrite(_COMMENT, drop).rewrite(_IMAGE, drop).rewrite(_LINK, group(1)).rewrite(_TAG, drop)
    text = text.rewrite(_SUPERSCRIPT, lambda m: (m.span(1),) if m.group(1) else ())
    for _ in range(3):  # bold inside italic inside bold
        text = text.rewrite(_EMPHASIS, group(2))
    return text.rewrite(_ITALIC, group(1)).rewrite(_STRAY, drop).rewrite(_ESCAPE, group(1))


def clean_spaces(text: Tracked) -> Tracked:
    """One space between words, none at the ends."""
    return text.rewrite(_RUN_OF_SPACES, literal(" ")).strip()


def is_running_line(line: str) -> bool:
    """Tell whether a line is set letter by letter ("R A P P O R T  2 0 2 0"), as running heads are."""
    words = line.split()
    return len(words) >= 8 and bool(_LETTER_SPACED.match(line)) and sum(len(w) == 1 for w in words) >= 0.8 * len(words)


def running_lines(pages: Sequence[Page], *, edge: int = 2, share: float = 0.3) -> frozenset[tuple[int, int]]:
    """Find running headers, footers and page numbers.

    A line among the first or last ``edge`` non-blank lines of a page is running when the same line, digits aside,
    stands at the edge of at least three pages and of ``share`` of all pages.

    Returns
    -------
    frozenset of (page position, line position)
        Lines to leave out.

    """
    edges: list[tuple[int, int, str]] = []
    for p, page in enumerate(pages):
        filled = [(n, line) for n, line in enumerate(page.text.split("\n")) if line.strip()]
        near = {n: line for n, line in filled[:edge] + filled[-edge:]}
        edges += [(p, n, _DIGITS.sub("#", fold(line)).strip()) for n, line in near.items()]
    counts = Counter(key for _, key in {(p, key) for p, _, key in edges})
    needed = max(3, share * len(pages))
    return frozenset((p, n) for p, n, key in edges if counts[key] >= needed)
