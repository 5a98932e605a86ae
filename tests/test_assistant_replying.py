"""From a judgement to what is said: outcomes, a text that only grows, markers that resolve."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.drafting import ENOUGH, Drafter
from assistant.messages import message
from assistant.prompting import LONGEST_PASSAGE, harmless
from assistant.refusal import Judgement
from assistant.replying import MOST_DRAFTED, reply
from assistant.retrieval import Evidence, Retrieval
from assistant.understanding import understand
from tests.fakes import CopyChecker, ScriptedWriter

QUESTION = "Qui répond à une réquisition de la gendarmerie au cabinet ?"
ANSWERED = Judgement(0.9, "answered", None)
NOTHING = Evidence((), (), {})


@pytest.fixture
def evidence(small_index):
    """Passages that answer, without the sheets."""
    library = small_index.library
    found = Retrieval(small_index).find(understand(QUESTION), k=400)
    kept = [(hit, p) for hit, p in zip(found.hits, found.passages, strict=True) if ":" not in p.document_id]
    assert library.document(kept[0][1].document_id)
    hits = tuple(replace(hit, score=1.0, rank=n) for n, (hit, _) in enumerate(kept, start=1))
    return Evidence(hits, tuple(passage for _, passage in kept), {})


def replies(index, evidence, judgement=ANSWERED, question=QUESTION, drafter=None, turns=()):
    """Every state of the reply, as (text, outcome), and the last."""
    states, said = [], None
    for said in reply(understand(question, turns), evidence, judgement, index, drafter):
        states.append(said.text)
    assert said is not None, "something is always said"
    for earlier, later in pairwise(states):
        assert later.startswith(earlier), "a text grows only at its end: what was shown stays"
    markers = {int(n) for n in re.findall(r" (?:\[(\d+)\])", re.sub("« .*? »", "«»", said.text, flags=re.DOTALL))}
    assert markers == {citation.marker for citation in said.citations}
    assert [citation.marker for citation in said.citations] == list(range(1, len(said.citations) + 1))
    for citation in said.citations:
        document = index.library.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote != ""
    return states, said


def test_an_answer_quotes_passages(small_index, evidence):
    states, said = replies(small_index, evidence)
    assert (said.outcome, said.reason) == ("answered", None)
    assert said.citations
    assert said.text.startswith(f"« {said.citations[0].quote} » [1]")
    assert len(states) == 1
    assert (said.readings, said.false_premise, said.notice, said.drafting) == ((), None, None, None)


def test_what_was_to_be_answered_and_has_nothing_to_quote_is_refused(small_index):
    _, said = replies(small_index, NOTHING)
    assert (said.outcome, said.reason, said.citations) == ("refused", "no_evidence", ())
    assert said.text.startswith(message("refusals.no_evidence"))


@pytest.mark.parametrize("reason", ["no_evidence", "clinical", "off_topic"])
def test_a_refusal_gives_its_reason_and_quotes_nothing(small_index, evidence, reason):
    states, said = replies(small_index, evidence, Judgement(0.1, "refused", reason))
    assert (said.outcome, said.reason, said.citations) == ("refused", reason, ())
    assert said.text.startswith(message(f"refusals.{reason}"))
    assert len(states) == 1


def test_what_is_missing_or_absent_is_said(small_index, evidence):
    _, missing = replies(small_index, evidence, Judgement(0.1, missing="money"))
    assert message("forms.money") in missing.text
    _, absent = replies(small_index, evidence, Judgement(0.0, absent=True))
    assert absent.text.startswith(message("refusals.absent"))


def test_an_unlawful_request_is_refused_with_a_rule_where_one_is_there(small_index, evidence):
    _, said = replies(small_index, evidence, Judgement(0.9, "refused", "unlawful"))
    assert (said.outcome, said.reason) == ("refused", "unlawful")
    assert said.text.startswith(message("refusals.unlawful"))
    (rule,) = said.citations  # documents of the user are not known to be rules: the sheet on what dishonours stands in
    assert rule.document_id == "fiche:art-31-deconsideration"
    assert rule.quote in small_index.library.document(rule.document_id).text


def test_a_question_back_offers_readings_and_quotes_nothing(small_index, evidence):
    _, said = replies(small_index, evidence, Judgement(0.2, "clarification", None), "c'est possible ?")
    assert (said.outcome, said.reason, said.citations) == ("clarification", None, ())
    assert 2 <= len(said.readings) <= 4
    assert said.text == "\n".join([message("clarification.ask"), *(f"- {reading}" for reading in said.readings)])


def test_who_insists_is_told_that_the_texts_are_the_same(small_index, evidence):
    turns = [QUESTION]
    _, said = replies(small_index, evidence, question="vous êtes sûr ?", turns=turns)
    assert said.text.startswith(f"{message('answer.insisted')}\n\n« {said.citations[0].quote} » [1]")
    assert said.false_premise == 1
    assert said.text.count(said.citations[0].quote) == 1, "said first, it is not said again"


# --- with a language model


def drafted(pieces, *, fails=False):
    return Drafter(ScriptedWriter(pieces, fails=fails), CopyChecker())


def sentences_of(evidence):
    """Whole sentences of the first passage, as a faithful model would copy them."""
    body = evidence.passages[0].text.split("\n\n", 1)[1]
    return [sentence.strip() for sentence in re.findall(r"[^.]+\.", body)]


def test_a_draft_is_shown_sentence_by_sentence_with_its_markers(small_index, evidence):
    own = sentences_of(evidence)
    assert len(own) == 2
    assert sum(map(len, own)) >= ENOUGH
    states, said = replies(small_index, evidence, drafter=drafted([f"{own[0]} [1] ", f"{own[1]} [1]"]))
    assert len(states) >= 2
    assert said.text == f"{own[0]} [1] {own[1]} [2]"
    assert said.outcome == "answered"
    assert said.notice is None
    assert (said.drafting.model, said.drafting.kept, said.drafting.dropped) == ("essai", 2, {})
    assert "«" not in said.text, "nothing to complete"


def test_what_no_passage_supports_is_dropped_and_extracts_complete_the_rest(small_index, evidence):
    own = sentences_of(evidence)
    lies = [f"Le préfet range {n} archives au grenier chaque année sans le dire. [1]" for n in range(3)]
    _, said = replies(small_index, evidence, drafter=drafted([f"{own[0]} [1] {own[1]} [1] ", " ".join(lies)]))
    assert "grenier" not in said.text
    assert said.drafting.kept == 2
    assert said.drafting.dropped == {"unsupported": 3}
    assert "«" in said.text, "more was dropped than kept: the extracts complete it"


@pytest.mark.parametrize(
    ("pieces", "fails", "key"),
    [
        ([], True, "unavailable"),
        (["Rien de tout cela n'est écrit nulle part, croyez-le bien. [1]"], False, "unsupported"),
    ],
)
def test_a_model_that_fails_or_invents_leaves_the_extracts_and_it_is_said(small_index, evidence, pieces, fails, key):
    _, plain = replies(small_index, evidence)
    _, said = replies(small_index, evidence, drafter=drafted(pieces, fails=fails))
    assert said.text == plain.text
    assert said.citations == plain.citations
    assert said.notice == message(f"model.{key}")


def test_the_model_is_given_few_passages_those_of_the_extracts_first(small_index):
    found = Retrieval(small_index).find(understand(QUESTION), k=20)
    # A part is answered by a passage at the end of the ranking: it is given first all the same.
    parts = tuple((QUESTION, (passage,)) for passage in found.passages[-2:])
    given, said = given_to_the_model(small_index, Evidence(found.hits, found.passages, {}, parts))
    assert len(given) == MOST_DRAFTED < len(found.passages)
    quoted = [small_index.library.passage(passage_id).text for passage_id in _each_once(said.citations)]
    assert found.passages[-2].text == quoted[0] == given[0]
    assert given[: len(quoted)] == quoted[:MOST_DRAFTED]
    others = [passage.text for passage in found.passages if passage.text not in quoted]
    assert given[len(quoted) :] == others[: MOST_DRAFTED - len(quoted)]


def _each_once(citations):
    return dict.fromkeys(citation.passage_id for citation in citations)


def given_to_the_model(index, evidence, **conversation):
    """The texts of the passages that a model is given, in order, and what is said."""
    writer = ScriptedWriter([])
    _, said = replies(index, evidence, drafter=Drafter(writer, CopyChecker()), **conversation)
    ((_, prompt),) = writer.asked
    texts = {harmless(passage.text)[:LONGEST_PASSAGE]: passage.text for passage in index.library.passages}
    return [texts[text] for text in re.findall(r"<passage [^>]*>\n(.*?)\n</passage>", prompt, re.DOTALL)], said


def test_a_model_is_asked_nothing_when_nothing_is_answered(small_index, evidence):
    writer = ScriptedWriter(["x"])
    for judgement in (Judgement(0.1), Judgement(0.1, "clarification", None), Judgement(0.9, "refused", "unlawful")):
        replies(small_index, evidence, judgement, drafter=Drafter(writer, CopyChecker()))
    replies(small_index, NOTHING, drafter=Drafter(writer, CopyChecker()))
    assert writer.asked == []


def test_a_draft_does_not_replace_what_contradicts_a_false_premise(small_index, evidence):
    own, conversation = sentences_of(evidence), {"question": "vous êtes sûr ?", "turns": [QUESTION]}
    number = given_to_the_model(small_index, evidence, **conversation)[0].index(evidence.passages[0].text) + 1
    drafter = drafted([f"{own[0]} [{number}] {own[1]} [{number}]"])
    states, said = replies(small_index, evidence, drafter=drafter, **conversation)
    assert states[0].startswith(message("answer.insisted"))
    assert said.text.startswith(f"{states[0]}\n\n{own[0]} [")
    assert said.false_premise == 1
