"""A follow-up worded whole by a model: taken when it adds nothing, refused when it answers; no first turn is sent."""

import pytest

from assistant.answering import Assistant
from assistant.breaker import FAILURES, Breaker
from assistant.conversation import TURNS_KEPT
from assistant.llm import ChatModel
from assistant.rewriting import LONGEST, Rewriter
from indexes import Index
from tests.fakes import ScriptedWriter
from tests.model_server import AWAY, CUT, FAIL, LENGTH, NO_END, PAGE, STALL, ModelServer, Said, model_server

__all__ = ["model_server"]

TURNS = ("Puis-je donner le dossier d'un patient à la police sous 8 jours ?",)
QUESTION = "et si c'est le conjoint ?"
WHOLE = "Puis-je donner le dossier d'un patient à son conjoint ?"


def rewritten(said: str, question: str = QUESTION, turns: tuple[str, ...] = TURNS) -> str:
    return Rewriter(ScriptedWriter([said[:7], said[7:]])).rewritten(question, turns)


@pytest.mark.parametrize("said", [WHOLE, f"  {WHOLE}\n", f"« {WHOLE} »", f'"{WHOLE}"', f"“{WHOLE}”"])
def test_the_whole_question_is_taken_without_its_quotes(said: str) -> None:
    assert rewritten(said) == WHOLE


FAITHFUL = [
    "Puis-je donner le dossier à la police si c'est le conjoint qui le demande ?",
    "Le conjoint d'un patient peut-il avoir son dossier",
    "dossier d'un patient : le conjoint ?",
    "Sous huit jours, puis-je donner le dossier au conjoint ?",
    QUESTION,
]


@pytest.mark.parametrize("said", FAITHFUL)
def test_other_words_and_figures_of_the_conversation_may_be_used(said: str) -> None:
    assert rewritten(said) == said


REFUSED = {
    "nothing": "",
    "spaces": " \n ",
    "quotes only": "« »",
    "a figure": "Puis-je donner le dossier d'un patient à son conjoint sous 15 jours ?",
    "a figure in words": "Puis-je donner le dossier d'un patient à son conjoint sous quinze jours ?",
    "an article": "Puis-je donner le dossier d'un patient à son conjoint selon l'article L. 1110-4 ?",
    "an answer": "Non, le dossier d'un patient ne se donne ni à la police ni à son conjoint.",
    "an answer without a stop": "Oui vous pouvez donner le dossier d'un patient à son conjoint",
    "a statement": "Le dossier d'un patient se donne à son conjoint.",
    "an answer before the question": "Le conjoint a ce droit. Puis-je donner le dossier d'un patient à la police ?",
    "two lines": f"{WHOLE}\nVoici la question complète",
    "a comment": f"Voici la question :\n{WHOLE}",
    "a denial": "Puis-je ne pas donner le dossier d'un patient à son conjoint ?",
    "a condition": "Puis-je donner le dossier d'un patient à son conjoint sans mandat ?",
    "another question": "Quelle est la recette du clafoutis aux cerises de ma grand-mère ?",
    "nothing of the conversation": "Combien coûte une consultation chez un psychiatre libéral ?",
    "too long": f"Puis-je donner {'le dossier du patient, ' * 20} à son conjoint ?",
    "RIEN": "RIEN",
    "English": "May I give the patient's medical record to the husband or wife of my patient?",
}


@pytest.mark.parametrize("said", REFUSED.values(), ids=REFUSED)
def test_a_rewriting_that_adds_or_answers_is_refused(said: str) -> None:
    assert rewritten(said) == ""


def test_a_model_that_does_not_stop_is_stopped() -> None:
    class Endless(ScriptedWriter):
        taken = 0

        def stream(self, instructions, prompt):
            while True:
                self.taken += 1
                yield "Puis-je donner le dossier "

    writer = Endless([])
    assert Rewriter(writer).rewritten(QUESTION, TURNS) == ""
    assert writer.taken <= LONGEST // 20


def test_only_the_latest_turns_are_shown_and_none_can_close_its_tag() -> None:
    writer = ScriptedWriter([WHOLE])
    turns = [f"Un message {n} </messages> ?" for n in range(TURNS_KEPT + 4)]
    Rewriter(writer).rewritten("et </dernier_message> lui ?", turns)
    ((_, prompt),) = writer.asked
    assert "Un message 3 " not in prompt
    assert all(f"Un message {n} " in prompt for n in range(4, TURNS_KEPT + 4))
    assert prompt.count("<") == prompt.count(">") == 4


def test_a_model_that_fails_is_left_alone() -> None:
    writer, now = ScriptedWriter(["Puis-je"], fails=True), [0.0]
    rewriter = Rewriter(writer, Breaker(clock=lambda: now[0]))
    assert [rewriter.rewritten(QUESTION, TURNS) for _ in range(FAILURES + 3)] == [""] * (FAILURES + 3)
    assert len(writer.asked) == FAILURES
    now[0] = 61.0
    rewriter.rewritten(QUESTION, TURNS)
    rewriter.rewritten(QUESTION, TURNS)
    assert len(writer.asked) == FAILURES + 1


# --- by the stand-in, in a conversation


@pytest.fixture
def helped(sheets_index: Index, model_server: ModelServer) -> Assistant:
    return Assistant(sheets_index, rewriter=Rewriter(ChatModel(model_server.url, "essai-7b", timeout=0.3)))


def test_a_follow_up_is_answered_as_the_model_words_it(helped: Assistant, model_server: ModelServer) -> None:
    model_server.script = [WHOLE]
    answer = helped.answer(QUESTION, turns=TURNS)
    assert (answer.question, answer.standalone_question) == (QUESTION, WHOLE)
    (asked,) = model_server.asked
    assert TURNS[0] in asked.prompt
    assert QUESTION in asked.prompt
    assert asked.body["stream"] is True
    assert answer.notice is None


@pytest.mark.parametrize("turns", [(), ("bonjour",)])
def test_a_question_that_stands_alone_is_never_sent(
    helped: Assistant, model_server: ModelServer, turns: tuple[str, ...]
) -> None:
    question = "Puis-je donner le dossier d'un patient décédé à son épouse ?"
    assert helped.answer(question, turns=turns).standalone_question == question
    assert model_server.asked == []


def test_a_first_turn_that_looks_like_a_follow_up_is_never_sent(helped: Assistant, model_server: ModelServer) -> None:
    assert helped.answer(QUESTION).standalone_question == QUESTION
    assert model_server.asked == []


FAULTS = [
    STALL,
    CUT,
    FAIL,
    AWAY,
    PAGE,
    Said(WHOLE, CUT),
    Said(WHOLE, STALL),
    Said(WHOLE, NO_END),
    Said(WHOLE, LENGTH),
    REFUSED["an answer"],
    REFUSED["a figure"],
    REFUSED["too long"],
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_follow_up_is_resolved_without_the_model_where_it_fails(
    helped: Assistant, sheets_index: Index, model_server: ModelServer, fault: str | Said
) -> None:
    model_server.script = [fault]
    answer, plain = (assistant.answer(QUESTION, turns=TURNS) for assistant in (helped, Assistant(sheets_index)))
    assert answer.standalone_question == plain.standalone_question == f"{TURNS[0]} {QUESTION}"
    assert (answer.outcome, answer.answer, answer.citations) == (plain.outcome, plain.answer, plain.citations)
    assert 1 <= len(model_server.asked) <= 2
