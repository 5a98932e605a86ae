"""A follow-up worded whole by a language model, taken only when it adds nothing of its own."""

import re
from collections.abc import Sequence

from assistant.breaker import Breaker
from assistant.conversation import TURNS_KEPT
from assistant.drafting import Writer
from assistant.errors import ModelUnavailable
from assistant.figures import figures
from assistant.prompting import harmless, template
from assistant.stance import negations, plain
from corpus.sentences import sentence_spans
from indexes.french import tokens

LONGEST = 400
"""Characters of a rewritten question; a model that writes more answers instead of rewording."""
OWN = 0.5
"""Share of its words that may be its own, neither in the question nor in the turns."""

_ANSWERS = re.compile(r"^(?:oui|non)\b|[.!…]$")


class Rewriter:
    """Asks a model for the whole question that a follow-up stands for."""

    def __init__(self, writer: Writer, breaker: Breaker | None = None) -> None:
        self._writer = writer
        self._breaker = breaker or Breaker()

    def rewritten(self, question: str, turns: Sequence[str]) -> str:
        """Return the whole question; "" when the model fails, or writes anything else than that question."""
        if not self._breaker.allows():
            return ""
        shown = "\n".join(f"- {harmless(turn)}" for turn in turns[-TURNS_KEPT:])
        prompt = template("messages").format(turns=shown, question=harmless(question))
        written = ""
        try:
            for piece in self._writer.stream(template("standalone"), prompt):
                written += piece
                if len(written) > LONGEST:
                    break
        except ModelUnavailable:
            self._breaker.failed()
            return ""
        self._breaker.succeeded()
        whole = written.strip().strip('«»"“” \u00a0')
        return whole if _is_faithful(whole, question, turns) else ""


def _is_faithful(whole: str, question: str, turns: Sequence[str]) -> bool:
    """Tell whether a rewritten question is one sentence that asks, of the words and figures of a conversation.

    It denies nothing, and sets nothing aside, where the conversation does not: that would turn the question round.
    """
    said = "\n".join([*turns, question])
    if whole == question.strip():
        return True
    if len(whole) > LONGEST or len(sentence_spans(whole)) != 1 or _ANSWERS.search(plain(whole)):
        return False
    denied = any(own and not held for own, held in zip(negations(whole), negations(said), strict=True))
    if denied or figures(whole) - figures(said):
        return False
    own, held = set(tokens(whole)), set(tokens(said))
    return bool(own & held) and len(own - held) <= OWN * len(own)
