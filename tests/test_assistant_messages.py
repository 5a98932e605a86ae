"""Every code has its French sentence, and every sentence is used."""

import ast
import errno
import inspect
import re
import string
import tomllib
from pathlib import Path
from typing import get_args

import pytest

import api.errors
import assistant.errors
import corpus.errors
import eval.errors
import indexes.errors
from assistant.errors import InvalidRequest
from assistant.forms import forms
from assistant.meaning import SORTS
from assistant.messages import cause, explain, message, messages
from assistant.models import Outcome, Reason
from assistant.research.exporting import COLUMNS, LINKS
from assistant.store.records import Summary
from corpus.errors import DeontoError, FetchFailed, UnreadableSource
from corpus.models import Kind
from indexes import Manifest

ROOT = Path(__file__).parents[1]
CATALOGUE = tomllib.loads((ROOT / "assistant" / "messages.toml").read_text(encoding="utf-8"))
PACKAGES = ("api", "assistant", "eval")
SOURCES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def flat(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


SENTENCES = dict(flat(CATALOGUE))
TEXTS = [(key, text) for key, found in SENTENCES.items() for text in (found if isinstance(found, list) else [found])]
LITERALS = {
    node.value
    for path in SOURCES
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}


def tree(error=DeontoError):
    return {error, *(e for child in error.__subclasses__() for e in tree(child) if e.__module__ in MODULES)}


MODULES = {"corpus.errors", "indexes.errors", "assistant.errors", "eval.errors"}
CODES = {error.code for error in tree()}
SKIPPED = {*re.findall(r"``(\w+)``", (inspect.getdoc(UnreadableSource) or "").partition("one of")[2]), "duplicate"}
NOT_FETCHED = {*re.findall(r"``(\w+)``", (inspect.getdoc(FetchFailed) or "").partition("one of")[2])}


def in_sources(package, pattern):
    paths = (ROOT / package).rglob("*.py")
    return {found for path in paths for found in re.findall(pattern, path.read_text(encoding="utf-8"))}


CAUSES = set("EACCES EPERM ENOSPC EFBIG EROFS EEXIST ENOTDIR EISDIR ENOENT ENAMETOOLONG EMFILE".split())
STORE = {"READONLY", "BUSY", "DAMAGED", "CANTOPEN", "FOREIGN", "NEWER", "DRIVER", "SERVER"}
FAMILIES = {
    "errors": CODES | {"file", "system", "output"},
    "causes": {*CAUSES, "IndexCorrupt", "Malformed", "NoKey", "other", *STORE},
    "skipped": SKIPPED,
    "warnings": {"hidden_text", "ocr_text", "page_without_text", "page_damaged"},
    "progress": {"read", "encode", "ask", "fetch", "expand"},
    "review.outcomes": set(get_args(Outcome)) - {"clarification"},
    "fetch.reasons": NOT_FETCHED,
    "fetch.outcomes": {"present", "downloaded", "changed"},
    "manifest": set(Manifest.__dataclass_fields__) - {"files", "data"},
    "refusals": set(get_args(Reason)) | {"absent", "missing", "leads", "contact", "contact_other"},
    "forms": {form.name for form in forms()},
    "placeholders": {
        *("nir", "phone", "email", "rpps", "adeli", "finess", "iban", "bank_card", "identity_paper", "plate", "file"),
        *("address", "room", "birth", "death", "username", "number", "person"),
    },
    "placeholders.person": set(SORTS),
    "meant": set(SORTS),
    "store.fields": {*Summary.__dataclass_fields__, "retention", "keeps_conversations"},
    "status": {"privacy", "retrieve", "answer"},
    "research.kinds": set(get_args(Kind)),
    "research.columns": {*COLUMNS, *LINKS},
    "findings": {"stale", "future", "reference", "anchor", "orphan", "wordings", "hole"},
    "api.fields": {*api.errors.RULES.values(), "body", "other", "unreadable"},
}
API_CODES = set(api.errors.CODE_OF_STATUS.values()) - {"invalid_request"} | {"invalid_json"}
API_CODES |= {"daily_cap", "overloaded", "answer_timeout"}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_a_sentence_for_each_code_and_no_other(family):
    table = CATALOGUE
    for part in family.split("."):
        table = table[part]
    assert set(table) == FAMILIES[family]


def test_the_codes_of_the_corpus_are_all_listed():
    assert in_sources("corpus", r'UnreadableSource\([\w.]+, "(\w+)"\)') | {"duplicate"} <= SKIPPED
    assert len(SKIPPED) == 10
    assert in_sources("corpus", r'FetchFailed\([\w.]+, "(\w+)"') < NOT_FETCHED
    assert len(NOT_FETCHED) == 10
    raised = in_sources("corpus", r'"((?:hidden|ocr)_text|page_\w+)"')
    assert raised == FAMILIES["warnings"]


@pytest.mark.parametrize("code", sorted(API_CODES))
def test_an_http_code_has_its_sentence(code):
    assert message(f"api.{code}")


def test_every_class_of_the_tree_can_be_explained_and_has_its_own_code():
    assert {e.__name__ for e in tree()} >= {"IndexMissing", "UnknownRetriever", "UnreadableSource", "InvalidSetting"}
    for module in (corpus.errors, indexes.errors, assistant.errors, eval.errors):
        errors = [e for _, e in inspect.getmembers(module, inspect.isclass) if e.__module__ == module.__name__]
        assert set(errors) <= tree()
    for code in CODES:
        names = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[f"errors.{code}"]) if name}
        error = type("Some", (DeontoError,), {"code": code})("English", **{name: "empty" for name in names})
        assert "{" not in explain(error)


def test_the_reason_of_a_skipped_file_is_said_in_french():
    assert explain(UnreadableSource("notes.pdf", "encrypted")) == "notes.pdf : PDF protégé par un mot de passe"


def test_a_cause_is_said_in_french_whatever_it_is():
    unwritable = indexes.errors.IndexUnwritable("English", path="made", cause="EROFS")
    assert "(système de fichiers en lecture seule)" in explain(unwritable)
    assert cause("ENETDOWN") == "erreur ENETDOWN"
    assert cause("other") == "erreur other"
    assert set(errno.errorcode.values()) >= CAUSES
    for number, name in ((errno.EACCES, "EACCES"), (errno.ENOSPC, "ENOSPC"), (None, "OSError"), (99_999, "OSError")):
        assert indexes.errors.cause_of(OSError(number, "English")) == name
    assert indexes.errors.cause_of(RuntimeError("English")) == "RuntimeError"


def test_no_sentence_is_unused():
    dynamic = {f"{family}.{key}" for family, keys in FAMILIES.items() for key in keys}
    dynamic |= {f"api.{code}" for code in API_CODES} | {"cli.serve", "cli.eval"}
    unused = {key for key in SENTENCES if key not in dynamic and key not in LITERALS}
    assert unused == set()


def test_every_key_in_the_code_has_a_sentence():
    sections = "|".join(CATALOGUE)
    named = {text for text in LITERALS if re.fullmatch(rf"(?:{sections})\.[a-z_]+(?:\.[a-z_]+)?", text)}
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in SOURCES}
    loggers = in_sources("api", r'"(api\.access)"')
    assert len(named) > 30
    data = {path.name for package in PACKAGES for path in (ROOT / package).iterdir()} | {"model.npz"}
    assert named - set(SENTENCES) - modules - loggers - data == set()


def test_sentences_are_whole():
    for key, sentence in TEXTS:
        assert sentence.strip(), key
        assert "  " not in sentence.strip(), key
        list(string.Formatter().parse(sentence))


def test_names_are_filled_in_and_an_unknown_key_is_an_error():
    assert message("errors.unreadable", source="a.pdf", reason="vide") == "a.pdf : vide"
    for key in ("errors.nope", "nope", "errors", "errors.error.more", "api.fields"):
        with pytest.raises((KeyError, TypeError)):
            message(key)
    assert explain(InvalidRequest("English", detail="ici")) == "La requête est mal formée : ici."


def test_lists_of_sentences():
    assert len(messages("clarification.usual")) == len(set(messages("clarification.usual"))) == 4
    for key in ("clarification.ask", "clarification", "clarification.nope", "nope"):
        with pytest.raises((KeyError, TypeError)):
            messages(key)
    with pytest.raises(KeyError):
        message("clarification.usual")


def test_no_two_reasons_are_said_alike():
    said = [SENTENCES[f"refusals.{reason}"] for reason in get_args(Reason)]
    assert len(set(said)) == len(said)
    assert "conseil départemental" in SENTENCES["refusals.contact"]
    what = message("refusals.missing", what=message("forms.money"))
    assert what.startswith(SENTENCES["refusals.no_evidence"].removesuffix("."))
    assert what.endswith("ils ne donnent pas de tarif ni de montant à ce sujet.")
