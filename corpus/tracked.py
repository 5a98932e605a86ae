"""Text that remembers where each of its characters came from, so that cleaning never loses a position."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Piece = str | tuple[int, int]
"""What a match becomes: a literal (all its characters come from the start of the match) or a span of the source."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """``origin[i]`` is the offset, in the text before any cleaning, of the character that gave ``text[i]``."""

    text: str
    origin: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "Tracked":
        """Start tracking an untouched text."""
        return cls(text, range(len(text)))

    def cut(self, start: int, end: int) -> "Tracked":
        """Return characters ``[start, end)``."""
        return Tracked(self.text[start:end], self.origin[start:end])

    def strip(self) -> "Tracked":
        """Remove white space at both ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))

    def rewrite(self, pattern: re.Pattern[str], pieces: Callable[[re.Match[str]], Sequence[Piece]]) -> "Tracked":
        """Replace every match of ``pattern`` by the pieces it becomes."""
        texts: list[str] = []
        origins: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            texts.append(self.text[done : match.start()])
            origins.extend(self.origin[done : match.start()])
            for piece in pieces(match):
                if isinstance(piece, str):
                    texts.append(piece)
                    origins.extend([self.origin[match.start()]] * len(piece))
                else:
                    texts.append(self.text[piece[0] : piece[1]])
                    origins.extend(self.origin[piece[0] : piece[1]])
            done = match.end()
        if not texts:
            return self
        texts.append(self.text[done:])
        origins.extend(self.origin[done:])
        return Tracked("".join(texts), origins)


def join(parts: Sequence[Tracked], separator: str) -> Tracked:
    """Join with a separator whose characters take the origin of the part that follows."""
    texts: list[str] = []
    origins: list[int] = []
    for n, part in enumerate(parts):
        if n and separator:
            texts.append(separator)
            origins.extend([part.origin[0] if part.text else 0] * len(separator))
        texts.append(part.text)
        origins.extend(part.origin)
    return Tracked("".join(texts), origins)


def drop(_: re.Match[str]) -> Sequence[Piece]:
    """Replace a match by nothing."""
    return ()


def literal(text: str) -> Callable[[re.Match[str]], Sequence[Piece]]:
    """Replace a match by fixed characters."""
    return lambda _: (text,)


def group(number: int) -> Callable[[re.Match[str]], Sequence[Piece]]:
    """Replace a match by one of its groups."""
    return lambda match: (match.span(number),)
