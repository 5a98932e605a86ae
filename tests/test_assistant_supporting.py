"""What a passage supports, and what it does not though it sounds alike: none of the adversarial drafts passes."""

import json
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import get_args

import pytest

from assistant.answering import Assistant
from assistant.drafting import Drafter, Tally
from assistant.llm import ChatModel
from assistant.messages import message
from assistant.supporting import Checker, Fault, Support
from corpus.models import Passage
from corpus.sentences import sentence_spans
from indexes import Index
from tests.contracts import ODD_TEXTS
from tests.fakes import ScriptedWriter
from tests.model_server import Asked, ModelServer, model_server

__all__ = ["model_server"]

RECORDS = (
    "Le dossier est communiqué au plus tard huit jours après la demande du patient. Le délai est de deux mois quand "
    "les informations ont plus de cinq ans (art. L. 1111-7 du code de la santé publique). La première copie est "
    "gratuite pour le patient."
)
POLICE = (
    "Le médecin convoqué par la police doit se présenter le 12 mars 2024 au plus tard. Une fois sur place, il invoque "
    "le secret professionnel et refuse de témoigner sur son patient. L'accord du patient ne délie pas le médecin."
)
STEPS = (
    "Avant de répondre au juge, le médecin doit :\n- vérifier l'identité du demandeur ;\n- noter la demande au dossier."
)


def passage(text: str) -> Passage:
    return Passage("d:1", "d", ("Cabinet",), text, 100, 100 + len(text), label="Note du cabinet")


@pytest.fixture(scope="module")
def checker(sheets_index: Index) -> Checker:
    return Checker(sheets_index.encoder)


@pytest.mark.parametrize("text", [RECORDS, POLICE, STEPS])
def test_the_words_of_a_passage_are_supported_where_they_stand(checker: Checker, text: str) -> None:
    for start, end in sentence_spans(text):
        found = checker.check(text[start:end], passage(text))
        assert isinstance(found, Support), (found, text[start:end])
        assert (found.start, found.end) == (start, end)
        assert found.cosine <= 1.001


SAME = [
    ("Le dossier est communiqué au plus tard huit jours après la demande.", RECORDS),
    ("La première copie est gratuite pour le patient.", RECORDS),
    ("Le médecin convoqué par la police doit se présenter.", POLICE),
    ("L'accord du patient ne délie pas le médecin.", POLICE),
]


@pytest.mark.parametrize(("said", "text"), SAME)
def test_the_same_in_other_words_is_supported(checker: Checker, said: str, text: str) -> None:
    assert isinstance(checker.check(said, passage(text)), Support)


OTHERWISE = {
    "a figure": ("Le dossier est communiqué au plus tard dix jours après la demande du patient.", RECORDS),
    "a figure in digits": ("Le dossier est communiqué au plus tard 10 jours après la demande du patient.", RECORDS),
    "a figure of the next sentence": ("Le dossier est communiqué au plus tard cinq jours après la demande.", RECORDS),
    "a unit": ("Le dossier est communiqué au plus tard huit mois après la demande du patient.", RECORDS),
    "another unit": ("Le délai est de deux ans quand les informations ont plus de cinq ans.", RECORDS),
    "an article": ("Le délai est de deux mois selon l'article L. 1111-8 du code de la santé publique.", RECORDS),
    "a day": ("Le médecin convoqué par la police doit se présenter le 13 mars 2024 au plus tard.", POLICE),
    "a month": ("Le médecin convoqué par la police doit se présenter le 12 mai 2024 au plus tard.", POLICE),
    "a year": ("Le médecin convoqué par la police doit se présenter le 12 mars 2023 au plus tard.", POLICE),
    "a denial": ("La première copie n'est pas gratuite pour le patient.", RECORDS),
    "a denial taken out": ("L'accord du patient délie le médecin.", POLICE),
    "a denial put in": ("Le médecin convoqué par la police ne doit pas se présenter.", POLICE),
    "never": ("La première copie n'est jamais gratuite pour le patient.", RECORDS),
    "a permission": ("Le médecin convoqué par la police peut se présenter.", POLICE),
    "an exemption": ("Le médecin convoqué par la police n'est pas tenu de se présenter.", POLICE),
    "another person": ("Le patient convoqué par la police doit se présenter.", POLICE),
    "another authority": ("Le médecin convoqué par le maire doit se présenter.", POLICE),
    "the other way round": ("La police convoquée par le médecin doit se présenter.", POLICE),
    "before and after": ("Le dossier est communiqué au plus tard huit jours avant la demande du patient.", RECORDS),
    "more and less": ("Le délai est de deux mois quand les informations ont moins de cinq ans.", RECORDS),
    "a condition left out": ("Le délai est de deux mois.", RECORDS),
    "for a fee": ("La première copie est payante pour le patient.", RECORDS),
    "of the next sentence": ("La première copie est communiquée au plus tard huit jours après la demande.", RECORDS),
    "memory": ("Le dossier est conservé vingt ans à compter du dernier passage du patient.", RECORDS),
    "invented": ("Le médecin prévient son assureur et le conseil départemental avant de répondre.", POLICE),
    "English": ("The record is given to the patient at most eight days after the request.", RECORDS),
    "half English": ("You must remettre le dossier to the patient in huit jours.", RECORDS),
    "an order": ("Cliquez sur https://exemple.invalid pour obtenir le dossier du patient.", RECORDS),
    "a model speaks": ("En tant qu'assistant, je ne peux pas communiquer le dossier du patient.", RECORDS),
    "an item under another lead-in": ("Le médecin ne doit pas vérifier l'identité du demandeur.", STEPS),
    "an item that may be": ("Le médecin peut noter la demande au dossier.", STEPS),
    "nothing": ("", RECORDS),
    "a word": ("Oui.", RECORDS),
    "marks": ("…?! ;", RECORDS),
    "small words": ("Il ne le fait pas, et elle non plus.", RECORDS),
}


@pytest.mark.parametrize(("said", "text"), OTHERWISE.values(), ids=OTHERWISE)
def test_what_is_said_otherwise_is_not_supported(checker: Checker, said: str, text: str) -> None:
    assert checker.check(said, passage(text)) in get_args(Fault)


@pytest.mark.parametrize("text", ["", " ", "…", "Titre"])
def test_a_passage_that_says_nothing_supports_nothing(checker: Checker, text: str) -> None:
    assert checker.check("Le dossier est communiqué au plus tard huit jours après.", passage(text)) in get_args(Fault)


@pytest.mark.parametrize("odd", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_any_text_is_checked(checker: Checker, odd: str) -> None:
    assert checker.check(odd[:2_000], passage(RECORDS)) in get_args(Fault)
    checker.check(RECORDS, passage(odd[:2_000]))


# --- adversarial drafts, each about a passage of the shipped sheets

ROWS = [json.loads(line) for line in files("eval").joinpath("data", "drafts.jsonl").read_text("utf-8").splitlines()]
FALSE, TRUE = ([row for row in ROWS if row["supported"] is supported] for supported in (False, True))


def shown(draft: str, checker: Checker, passages: Sequence[Passage]) -> list[str]:
    tally = Tally()
    found = [s.text for s in Drafter(ScriptedWriter([draft]), checker).sentences("Quoi ?", passages, tally)]
    assert tally.complete
    return found


def test_none_of_the_adversarial_drafts_is_shown(sheets_index: Index, checker: Checker) -> None:
    """Each with the marker of the very passage that it lies about, in every place, among true sentences."""
    assert len(FALSE) >= 200
    assert len({row["lie"] for row in FALSE}) >= 10
    true = [RECORDS[a:b] for a, b in sentence_spans(RECORDS)]
    passed = []
    for row in FALSE:
        about = sheets_index.library.passage(row["passage_id"])
        lie = row["sentence"].rstrip(".")
        draft = (
            f"{true[0]} [2] {lie} [1]. {true[1]} [2] {lie}. [1]\n- {lie} [1]\n{true[2]} [2] Sachez ceci :\n- {lie} [1]"
        )
        found = shown(draft, checker, (about, passage(RECORDS)))
        assert found[: len(true)] == true
        passed += found[len(true) :]
    assert passed == []


def test_some_faithful_drafts_are_shown(sheets_index: Index, checker: Checker) -> None:
    """Few: this asks for other words than the passage's, and a lie that passes costs more than a style."""
    kept = [
        row for row in TRUE
        if isinstance(checker.check(row["sentence"], sheets_index.library.passage(row["passage_id"])), Support)
    ]  # fmt: skip
    assert kept


def test_most_sentences_of_the_sheets_are_supported_by_their_own_passage(sheets_index: Index, checker: Checker) -> None:
    said = [(p.text[a:b], p) for p in sheets_index.library.passages[::20] for a, b in sentence_spans(p.text)]
    said = [(text, p) for text, p in said if text.endswith(".") and len(text) > 40]
    kept = sum(isinstance(checker.check(text, p), Support) for text, p in said)
    assert len(said) >= 100
    assert kept >= 0.6 * len(said)


def test_no_figure_can_be_changed(sheets_index: Index, checker: Checker) -> None:
    """Every number of a sentence, in the words of its own passage, one by one."""
    tried, passed = 0, []
    for about in sheets_index.library.passages[::8]:
        for start, end in sentence_spans(about.text):
            said = about.text[start:end]
            for number in re.finditer(r"(?<![\d-])\d+(?![\d-])", said):
                other = f"{said[: number.start()]}{int(number.group()) + 7}{said[number.end() :]}"
                if str(int(number.group()) + 7) in re.findall(r"\d+", f"{said} {' '.join(about.headings)}"):
                    continue
                tried += 1
                passed += [other] if isinstance(checker.check(other, about), Support) else []
    assert tried >= 100
    assert passed == []


def test_lies_through_the_stand_in(sheets_index: Index, model_server: ModelServer, checker: Checker) -> None:
    """A model that is asked about each sheet lies about the passages that it is given."""
    of_passage: dict[str, list[str]] = {}
    for row in FALSE:
        of_passage.setdefault(sheets_index.library.passage(row["passage_id"]).text, []).append(row["sentence"])
    told: list[str] = []

    def lying(asked: Asked) -> str:
        lies = [f"{lie} [{n}]" for n, text in enumerate(asked.passages, 1) for lie in of_passage.get(text, ())]
        told.extend(lies)
        return " ".join(lies) or "RIEN"

    model_server.script = [lying]
    model = ChatModel(model_server.url, "essai-7b", timeout=5)
    helped, alone = Assistant(sheets_index, drafter=Drafter(model, checker)), Assistant(sheets_index)
    documents = dict.fromkeys(sheets_index.library.passage(row["passage_id"]).document_id for row in FALSE)
    for document in list(documents)[:40]:
        question = sheets_index.library.document(document).metadata.title
        answer, plain = helped.answer(question), alone.answer(question)
        assert (answer.outcome, answer.answer, answer.citations) == (plain.outcome, plain.answer, plain.citations)
        assert answer.notice == (message("model.unsupported") if answer.outcome == "answered" else None)
    assert len(told) >= 40
