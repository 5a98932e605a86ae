"""The whole way of a question: events in order, one shape whatever the outcome, nothing identifying in it."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import LONGEST_QUESTION, MOST_FOUND, MOST_PASSAGES, Assistant
from assistant.models import Answer, Citations, Done, Filters, Passages, Status, Token
from assistant.refusal import Judgement
from indexes import read_index
from tests.fakes import HashEncoder

ANSWERED = "secret médical et mineur dont les parents sont divorcés"
REFUSED = "recette du clafoutis aux cerises"
UNKNOWN = "En Suisse, combien coûte la plaque d'un médecin ?"
NIR = "1841276451089"
PHONE = "06 12 34 56 78"
EMAIL = "camille.exemple@example.org"

# The contract's own names; renaming any breaks its clients.
KEYS = {
    "id",
    "question",
    "standalone_question",
    "outcome",
    "reason",
    "answer",
    "citations",
    "passages",
    "redactions",
    "confidence",
    "timings_ms",
    "readings",
    "false_premise",
    "notice",
    "drafting",
    "verdict",
    "suggestions",
}
CITATION_KEYS = {
    "marker",
    "passage_id",
    "document_id",
    "source",
    "label",
    "title",
    "kind",
    "date",
    "locator",
    "quote",
    "start",
    "end",
    "context",
    "notice",
}
PASSAGE_KEYS = {"passage_id", "document_id", "source", "text", "score", "rank"}
REASONS = {None, "no_evidence", "clinical", "off_topic", "unlawful", "empty", "too_long"}


@pytest.fixture(scope="module")
def assistant(small_index):
    return Assistant(small_index)


def checked(answer: Answer, assistant: Assistant) -> Answer:
    """Check what holds for every answer."""
    row = dataclasses.asdict(answer)
    assert set(row) == KEYS
    assert all(set(citation) == CITATION_KEYS for citation in row["citations"])
    assert all(set(passage) >= PASSAGE_KEYS for passage in row["passages"])
    assert answer.outcome in {"answered", "refused", "clarification"}
    assert answer.reason in REASONS
    assert (answer.reason is None) == (answer.outcome != "refused")
    assert bool(answer.citations) >= (answer.outcome == "answered")
    assert bool(answer.citations) <= (answer.outcome == "answered" or answer.reason == "unlawful")
    assert bool(answer.readings) == (answer.outcome == "clarification")
    assert answer.false_premise in {None, 1}
    assert answer.notice is answer.drafting is None, "no language model is configured"
    assert (answer.verdict is None and answer.suggestions == ()) or answer.outcome == "answered"
    assert len(answer.suggestions) in {0, 2, 3}
    assert answer.answer
    assert 0 <= answer.confidence <= 1
    assert [passage.rank for passage in answer.passages] == list(range(1, len(answer.passages) + 1))
    assert len(answer.passages) <= MOST_PASSAGES
    markers = [int(n) for n in re.findall(r" \[(\d+)\](?:\n|$)", answer.answer)]
    assert markers == [citation.marker for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        document = assistant.library.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert citation.quote in citation.context or document.metadata.kind == "sheet"
        assert f"« {citation.quote} » [{citation.marker}]" in answer.answer
        assert assistant.library.passage(citation.passage_id).text == citation.context
    assert list(answer.timings_ms) == ["total", "privacy", "retrieve", "answer"]
    assert all(value >= 0 for value in answer.timings_ms.values())
    return answer


def test_an_answer(assistant):
    answer = checked(assistant.answer(ANSWERED), assistant)
    assert (answer.outcome, answer.reason) == ("answered", None)
    assert answer.question == answer.standalone_question == ANSWERED
    assert answer.citations[0].document_id == "fiche:secret-mineur"
    assert len(answer.passages) == MOST_PASSAGES


def test_a_refusal_keeps_its_leads(assistant):
    answer = checked(assistant.answer(UNKNOWN), assistant)
    assert (answer.outcome, answer.reason) == ("refused", "no_evidence")
    assert len(answer.passages) == MOST_PASSAGES
    assert answer.answer.startswith("Les documents dont je dispose ne répondent pas")
    nearest = [assistant.library.passage(passage.passage_id).label for passage in answer.passages]
    assert f"\n- {nearest[0]}" in answer.answer


def test_an_explanation_is_of_the_question_in_its_conversation(assistant):
    turns = ["Que dire du secret médical aux parents ?"]
    answer = assistant.answer("et pour un mineur ?", turns=turns)
    explanation = assistant.explain(answer, turns=turns)
    assert [trace.passage_id for trace in explanation.passages] == [p.passage_id for p in answer.passages]
    assert explanation.confidence == answer.confidence


class Rewriter:
    """Words every follow-up whole in the same way, and records what it is asked."""

    def __init__(self, whole):
        self.whole = whole
        self.asked = []

    def rewritten(self, question, turns):
        self.asked.append((question, tuple(turns)))
        return self.whole


def test_a_configured_model_words_follow_ups_alone_and_sees_nothing_identifying(small_index):
    rewriter = Rewriter("Puis-je parler du secret médical aux parents d'un mineur ?")
    helped = Assistant(small_index, rewriter=rewriter)
    turns = [f"Que dire du secret médical aux parents ? {PHONE}"]
    assert helped.answer(ANSWERED).standalone_question == ANSWERED
    assert helped.answer("un assureur me demande un certificat", turns=turns).standalone_question.startswith("un ass")
    assert rewriter.asked == []
    answer = helped.answer(f"et pour un mineur ? {EMAIL}", turns=turns)
    assert answer.standalone_question == rewriter.whole
    assert answer.question == "et pour un mineur ? [COURRIEL]"
    assert rewriter.asked == [
        ("et pour un mineur ? [COURRIEL]", ("Que dire du secret médical aux parents ? [TÉLÉPHONE]",))
    ]
    explanation = helped.explain(answer, turns=turns)
    assert [trace.passage_id for trace in explanation.passages] == [p.passage_id for p in answer.passages]


@pytest.mark.parametrize("question", [ANSWERED, REFUSED])
def test_events_come_in_order_and_tokens_make_the_answer(assistant, question):
    events = list(assistant.stream(question))
    kinds = [type(event) for event in events]
    tokens = [event.text for event in events if isinstance(event, Token)]
    assert kinds == [Status, Status, Passages, Status, *[Token] * len(tokens), Citations, Done]
    assert [event.stage for event in events if isinstance(event, Status)] == ["privacy", "retrieve", "answer"]
    answer = events[-1].answer
    assert "".join(tokens) == answer.answer
    assert all(tokens)
    assert events[2].passages == answer.passages
    assert events[-2].citations == answer.citations


@pytest.mark.parametrize("question", ["", " \n\t", "?!…", "🤷‍♀️", "☎ 🙂", "«  »", "\u200b"])
def test_nothing_asked(assistant, question):
    answer = checked(assistant.answer(question), assistant)
    assert (answer.outcome, answer.reason) == ("refused", "empty")
    assert answer.passages == ()
    events = list(assistant.stream(question))
    assert "".join(event.text for event in events if isinstance(event, Token)) == answer.answer
    assert isinstance(events[-1], Done)


def test_the_longest_question_is_answered_and_one_more_character_is_not(assistant):
    longest = ANSWERED + " " * (LONGEST_QUESTION - len(ANSWERED))
    assert LONGEST_QUESTION == 4_000
    assert assistant.answer(longest).outcome == "answered"
    answer = checked(assistant.answer(longest + "x"), assistant)
    assert (answer.outcome, answer.reason) == ("refused", "too_long")
    assert answer.question == answer.standalone_question == ""
    assert ANSWERED not in str(dataclasses.asdict(answer))
    assert [answer.timings_ms[stage] for stage in ("privacy", "retrieve", "answer")] == [0.0, 0.0, 0.0]
    assert "4000" in answer.answer


def test_identifying_words_are_nowhere_in_the_answer_nor_in_what_retrievers_see(small_path):
    encoder = HashEncoder()
    assistant = Assistant(read_index(small_path, encoder))
    question = f"{ANSWERED}, le sien est le {NIR}, joindre {EMAIL}"
    turns = [f"bonjour, rappelez-moi au {PHONE}"]
    answer = checked(assistant.answer(f"et {question}", turns=turns), assistant)
    everything = [str(event) for event in assistant.stream(f"et {question}", turns=turns)]
    for text in [str(dataclasses.asdict(answer)), *everything, *encoder.encoded]:
        for secret in (NIR, NIR[5:], EMAIL, EMAIL.split("@")[0], PHONE, PHONE[:5]):
            assert secret not in text
    assert [(r.kind, r.placeholder) for r in answer.redactions] == [("nir", "[NIR]"), ("email", "[COURRIEL]")]
    assert "[NIR]" in answer.question


def test_a_long_turn_is_hidden_before_it_is_cut(assistant):
    turn = f"{ANSWERED} ".ljust(LONGEST_QUESTION - 8, "x") + f" {PHONE}"
    answer = checked(assistant.answer("et alors ?", turns=[turn]), assistant)
    assert answer.standalone_question.startswith(ANSWERED)
    assert len(answer.standalone_question) <= LONGEST_QUESTION + len(" et alors ?")
    assert PHONE[:4] not in str(dataclasses.asdict(answer))


def test_only_placeholders_is_not_an_empty_question(assistant):
    answer = checked(assistant.answer(NIR), assistant)
    assert (answer.question, answer.outcome) == ("[NIR]", "clarification")


def test_a_follow_up_is_answered_on_its_topic(assistant):
    answer = checked(
        assistant.answer("et pour un mineur ?", turns=["Que dire du secret médical aux parents ?"]), assistant
    )
    assert answer.question == "et pour un mineur ?"
    assert answer.standalone_question == "Que dire du secret médical aux parents ? et pour un mineur ?"


def test_filters_restrict_the_answer(assistant):
    answer = checked(assistant.answer(ANSWERED, filters=Filters(kind="document")), assistant)
    assert {assistant.library.document(p.document_id).metadata.kind for p in answer.passages} <= {"document"}
    nothing = checked(assistant.answer(ANSWERED, filters=Filters(kind="report")), assistant)
    assert (nothing.outcome, nothing.reason, nothing.passages) == ("refused", "no_evidence", ())
    assert nothing.confidence == 0.0


def test_the_topic_of_a_follow_up_is_looked_for_where_the_follow_up_is(assistant, monkeypatch):
    judged, asked = [], []
    monkeypatch.setattr("assistant.answering.judge", lambda *args: judged.append(args) or Judgement(0.1))
    find = assistant._retrieval.find
    monkeypatch.setattr(assistant._retrieval, "find", lambda u, **how: asked.append((u, how)) or find(u, **how))
    filters = Filters(kind="document")
    assistant.answer("et pour un mineur ?", turns=[ANSWERED], filters=filters)
    assert [u.standalone for u, _ in asked] == [f"{ANSWERED} et pour un mineur ?", ANSWERED]
    assert [how["filters"] for _, how in asked] == [filters, filters]
    assert len(judged) == 2
    asked.clear()
    assistant.answer(ANSWERED, filters=filters)
    assert len(asked) == 1, "what carries no topic on is searched once"


def test_ids_are_given_or_drawn(assistant):
    assert assistant.answer(ANSWERED, answer_id="a1").id == "a1"
    assert assistant.answer(ANSWERED).id != assistant.answer(ANSWERED).id
    assert all(assistant.answer(question, answer_id="a1").id == "a1" for question in ("", "x" * 5_000, REFUSED))


def test_the_same_question_has_the_same_answer(assistant):
    first, second = (dataclasses.replace(assistant.answer(ANSWERED, answer_id="a"), timings_ms={}) for _ in range(2))
    assert first == second


def test_search(assistant):
    found = assistant.search("réquisition gendarmerie", k=3)
    assert [passage.rank for passage in found] == [1, 2, 3]
    assert assistant.search("réquisition", filters=Filters(kind="report")) == ()
    assert assistant.search("… ☎") == ()
    assert len(assistant.search("le patient", k=10_000)) == MOST_FOUND
    assert len(assistant.search("le patient", k=0)) == 1


def test_a_search_is_redacted(small_path):
    encoder = HashEncoder()
    Assistant(read_index(small_path, encoder)).search(f"dossier de {NIR}")
    assert set(encoder.encoded) == {"dossier de"}


@given(st.text(max_size=120), st.lists(st.text(max_size=40), max_size=3))
def test_any_text_has_an_answer(assistant, question, turns):
    checked(assistant.answer(question, turns=turns), assistant)
