"""Any text is cut into words, searched for references, redacted, understood and sent; nothing raises."""

import json

from fastapi.sse import format_sse_event
from hypothesis import example, given
from hypothesis import strategies as st

from api.events import server_sent
from assistant.dates import is_date
from assistant.models import Token
from assistant.privacy import redact
from assistant.prompting import attribute, harmless
from assistant.understanding import understand
from corpus.references import articles_in, display_number, normal_number
from corpus.sentences import sentence_spans
from indexes.decisions import DecisionIndex
from indexes.french import tokens, words
from indexes.lookalikes import latin
from indexes.references import references_in
from tests.fuzzing import bounded

PIECES = (
    "le la un patient patiente docteur Mme M. Dr Durand corentin né née le 12/03/1980 mars 1980 décédé "
    "06 12 34 56 78 0612345678 +33 "
    "1 84 12 76 451 089 46 184127645108946 2A FR76 3000 6000 0112 3456 7890 189 a@b.fr jeanne.essai @ "
    "(at) rue de avenue 75001 Paris "
    "chambre dossier n° 12345 RPPS 10003456789 article art. R. L. 4127-4 226-13 226-14 -1 code pénal loi "
    "du arrêt décision Degraene "
    "CE Cass. chambre criminelle [NIR] [PATIENTE] [TÉLÉPHONE] [ ] ( ) . , ; : ? ! - – ' ’ « »"
).split(" ")
ODD = st.text(
    st.characters(categories=["Mn", "Cf", "Cc", "Zs", "Nd", "Nl", "No", "Lm", "Pd", "Po", "Sk", "Co", "Cs"]), max_size=6
)
PROSE = st.lists(st.sampled_from(PIECES) | ODD | st.text(max_size=6), max_size=40)
TEXT = st.one_of(st.text(max_size=300), PROSE.map(" ".join), PROSE.map("".join))
REPEATED = st.builds(lambda pieces, times: ("".join(pieces) * times)[:4_000], PROSE, st.integers(2, 400))


@bounded(200)
@given(TEXT)
@example("ﬁ ǆ İ ſ ß ŉ Ⅻ ½ ² ㍿ ﷺ")
@example("R" * 3 + "\u0301" * 50)
def test_any_text_has_words(text: str) -> None:
    found = tokens(text)
    assert all(found)
    assert len(found) == len(words(text))
    assert tokens(latin(text)) == found
    assert latin(latin(text)) == latin(text)


@bounded(200)
@given(TEXT)
def test_any_text_may_name_references(text: str) -> None:
    for reference in references_in(text):
        assert bool(reference.article) != bool(reference.case)
    for article in articles_in(text):
        assert normal_number("", article) == article
        assert display_number(article)
    DecisionIndex((), ()).find(text)
    is_date(text)


@bounded(100)
@given(TEXT)
def test_sentences_are_parts_of_the_text_in_order(text: str) -> None:
    done = 0
    for start, end in sentence_spans(text):
        assert done <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        done = end


@bounded(150)
@given(TEXT | REPEATED)
@example("0 " * 2_000)
@example("a@" * 2_000)
@example("ne\u200b\u0301 le 12/03/1980")
@example("\u0300\u200b\u0316")
@example("né le " * 660)
@example("a" * 4_000)
@example("[" * 2_000 + "]" * 2_000)
@example("Mme [PATIENTE] " * 250)
@example("06 12 34 56 78 " * 250)
def test_what_is_redacted_stays_so(text: str) -> None:
    once = redact(text)
    once.text.encode("utf-8")
    again = redact(once.text)
    assert again.text == once.text
    assert again.redactions == ()
    for redaction in once.redactions:
        assert "[" not in redaction.placeholder[1:]
        assert redaction.placeholder in once.text or not once.text


@bounded(60)
@given(TEXT)
def test_what_a_model_is_told_opens_no_tag(text: str) -> None:
    assert not set("<>") & set(harmless(text))
    assert not set('<>"\n') & set(attribute(text))


@bounded(60)
@given(TEXT, st.lists(TEXT, max_size=3))
def test_any_conversation_is_understood(question: str, turns: list[str]) -> None:
    understood = understand(question, turns)
    assert understood.question == question
    assert understood.queries


@bounded(100)
@given(TEXT)
def test_an_event_is_one_event_whatever_it_says(text: str) -> None:
    sound = text.encode("utf-8", "replace").decode()
    event = server_sent(Token(sound))
    data = event.data.model_dump_json()
    sent = format_sse_event(event=event.event, data_str=data).decode()
    first, second, *rest = sent.split("\n")
    assert first == "event: token"
    assert json.loads(second.removeprefix("data: "))["text"] == sound
    assert not any(rest)
    assert "\r" not in sent
