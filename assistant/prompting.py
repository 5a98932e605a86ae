"""What a language model is told: templates of ``prompts/``, filled with text that can do no harm there."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from assistant.privacy import redact_shapes
from corpus.models import Passage

LONGEST_PASSAGE = 2_400
"""Characters of a passage that a model is given."""


@cache
def template(name: str) -> str:
    """Return the template ``prompts/<name>.md``."""
    return files("assistant").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8")


def harmless(text: str) -> str:
    """Return a text without numbers or addresses of people that can neither close the tag around it nor open another.

    Questions come here without names; those that a document prints are its authors' and its officials'.
    """
    return redact_shapes(text).text.replace("<", "‹").replace(">", "›")


def attribute(text: str) -> str:
    """Return a text that can stand between the quotes of a tag's attribute."""
    return harmless(" ".join(text.split())).replace('"', "'")


def numbered(passages: Sequence[Passage]) -> str:
    """Return passages as a model sees them: data between tags, numbered from 1."""
    return "\n".join(
        f'<passage numero="{n}" source="{attribute(passage.label)}">\n{harmless(passage.text)[:LONGEST_PASSAGE]}\n'
        "</passage>"
        for n, passage in enumerate(passages, start=1)
    )
