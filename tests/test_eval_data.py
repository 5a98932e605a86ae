"""The sets of questions: well formed, without near-duplicates, and still pointing at what they name."""

import hashlib
import itertools
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from indexes.french import tokens as stems

ROOT = Path(__file__).parents[1]
DATA = ROOT / "eval" / "data"
DATASHEET = DATA / "README.md"
BANK = ROOT / "corpus" / "questions"
SHEETS = ROOT / "corpus" / "sheets"

ANSWERABLE = {"paraphrase", "case", "familiar", "lawyer", "keywords", "reference", "list", "follow-up", "several"}
ANSWERABLE |= {"temporal", "false_premise"}
SHEET_KINDS = {"paraphrase", "case", "familiar", "lawyer", "keywords"}
TALK_KINDS = {"follow-up", "topic-change", "insistence"}
UNANSWERABLE = {"near_miss", "clinical", "off_topic", "false_premise_absent", "vague", "gibberish", "unlawful"}
HOSTILE = {"identifying", "look_alike", "injection", "pressure"}  # answerable or not
REQUIRED = {"paraphrase", "case", "familiar", "reference", "several", "list", "follow-up", "temporal", "near_miss"}
REQUIRED |= {"clinical", "off_topic", "false_premise", "vague", *HOSTILE}
FEW = 1 / 3  # of the content words of a question
NEAR_DUPLICATE = 0.8  # Jaccard index of the two sets of tokens: |a & b| / |a | b|
PASSAGE = range(60, 1001)  # characters of a gold passage: some articles of law are one short sentence


def read(name):
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


DEVELOPMENT, TEST = read("development"), read("test")
ROWS = [*DEVELOPMENT, *TEST]
SHEET_ROWS = read("sheets")
TALK_ROWS = read("conversations")
ALL_ROWS = [*ROWS, *SHEET_ROWS, *TALK_ROWS]


def tokens(text):
    """Folded words of a question: no case, no accents."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return frozenset(re.findall(r"[a-z0-9]+", "".join(c for c in folded if not unicodedata.combining(c))))


def near_duplicates(a, b):
    """Whether two sets of tokens are too alike; the sizes alone settle most pairs."""
    small, large = sorted((len(a), len(b)))
    if small < NEAR_DUPLICATE * large:
        return False
    return len(a & b) >= NEAR_DUPLICATE * len(a | b)


def words_of(row):
    # "et en 2024 ?" alone is like many other questions: a follow-up is compared with what came before it.
    return tokens(" ".join([*row.get("turns", []), row["question"]]))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Puis-je répondre ?", "puis je repondre", True),
        ("a b c d", "a b c d e", True),  # 4 / 5, exactly the limit
        ("a b c", "a b c d", False),  # 3 / 4
        ("a b c d e", "a b c d f", False),  # 4 / 6
    ],
)
def test_near_duplicates_by_hand(a, b, expected):
    assert near_duplicates(tokens(a), tokens(b)) is expected


def test_identifiers_are_unique_and_in_order():
    for letter, rows in (("d", DEVELOPMENT), ("t", TEST), ("s", SHEET_ROWS), ("k", TALK_ROWS)):
        assert [row["id"] for row in rows] == [f"{letter}{n:03d}" for n in range(1, len(rows) + 1)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_fields_are_complete(row):
    assert row.keys() - {"turns", "hidden", "kept"} == {"id", "question", "answerable", "kind", "gold", "facts"}
    assert row["question"].strip() == row["question"] != ""
    assert all(turn.strip() for turn in row.get("turns", []))
    assert row["kind"] in (ANSWERABLE if row["answerable"] else UNANSWERABLE) | HOSTILE
    assert (row["kind"] == "follow-up") <= bool(row.get("turns"))
    assert (row["kind"] == "identifying") == bool(row.get("hidden"))
    assert (row["kind"] == "look_alike") == bool(row.get("kept"))
    said = " ".join([row["question"], *row.get("turns", [])])
    assert all(text in said for text in [*row.get("hidden", []), *row.get("kept", [])])
    assert bool(row["gold"]) == bool(row["facts"]) == row["answerable"]
    assert all(fact.strip() for fact in row["facts"])
    for gold in row["gold"]:
        assert gold.keys() - {"part"} == {"document", "file", "start", "end", "sha256"}
        assert gold["end"] - gold["start"] in PASSAGE
        assert re.fullmatch(r"[0-9a-f]{16}", gold["sha256"])
    parts = {gold.get("part", 1) for gold in row["gold"]}
    assert parts == set(range(1, len(parts) + 1))
    assert (row["kind"] == "several") <= (len(parts) > 1)


@pytest.mark.parametrize("row", SHEET_ROWS, ids=lambda row: row["id"])
def test_fields_of_the_sheet_questions_are_complete(row):
    assert row.keys() == {"id", "question", "answerable", "kind", "gold", "facts"}
    assert row["question"].strip() == row["question"] != ""
    assert row["kind"] in (SHEET_KINDS if row["answerable"] else {"near_miss"})
    assert bool(row["gold"]) == bool(row["facts"]) == row["answerable"]
    assert all(fact.strip() for fact in row["facts"])
    for gold in row["gold"]:
        assert gold.keys() == {"document"}
        assert (SHEETS / f"{gold['document'].removeprefix('fiche:')}.md").is_file()
        assert gold["document"].startswith("fiche:")


@pytest.mark.parametrize("row", TALK_ROWS, ids=lambda row: row["id"])
def test_fields_of_the_conversations_are_complete(row):
    assert row.keys() == {"id", "question", "turns", "whole", "answerable", "kind", "gold", "facts"}
    assert row["kind"] in TALK_KINDS
    assert row["answerable"] is True
    assert 1 <= len(row["turns"]) <= 3
    assert all(text.strip() == text != "" for text in (row["question"], row["whole"], *row["turns"], *row["facts"]))
    assert row["facts"]
    assert row["gold"]
    for gold in row["gold"]:
        assert gold.keys() == {"document"}
        assert (SHEETS / f"{gold['document'].removeprefix('fiche:')}.md").is_file()
    # What says all by itself would measure nothing: only a change of topic may be asked in the same words.
    assert row["kind"] == "topic-change" or tokens(row["question"]) != tokens(row["whole"])


def test_most_sheets_are_asked_about():
    asked = {gold["document"].removeprefix("fiche:") for row in SHEET_ROWS for gold in row["gold"]}
    shipped = {path.stem for path in SHEETS.glob("*.md")}
    assert asked <= shipped
    assert len(asked) >= 0.6 * len(shipped)


def test_each_part_has_every_kind_and_the_whole_is_large():
    assert len(ALL_ROWS) >= 400
    for rows in (DEVELOPMENT, TEST):
        assert REQUIRED - {row["kind"] for row in rows} == set()


@pytest.mark.parametrize("name", ["development", "test", "sheets", "conversations"])
def test_counts_are_those_of_the_datasheet(name):
    chapters = re.split(r"^# `(\w+)\.jsonl`$", DATASHEET.read_text(encoding="utf-8"), flags=re.MULTILINE)
    chapter = dict(zip(chapters[1::2], chapters[2::2], strict=True))[name].split("\n# ")[0]
    counts = dict(re.findall(r"^\| `([a-z_-]+)` \| (\d+) \|", chapter, re.MULTILINE))
    assert {kind: int(count) for kind, count in counts.items()} == Counter(row["kind"] for row in read(name))


def test_counts_of_drafted_sentences_are_those_of_the_datasheet():
    chapter = DATASHEET.read_text(encoding="utf-8").split("\n# Drafted sentences\n")[1].split("\n# ")[0]
    tables = re.findall(r"^\| `([a-z]+)` \|((?: [\d—]+ \|)+)", chapter, re.MULTILINE)
    header = re.search(r"^\| sentence \| (.*) \|$", chapter, re.MULTILINE)[1]
    for column, name in enumerate(re.findall(r"`([\w-]+)\.jsonl`", header)):
        said = {kind: cells.split("|")[column].strip() for kind, cells in tables}
        counted = Counter("faithful" if row["supported"] else row["lie"] for row in read(name))
        assert {kind: int(n) for kind, n in said.items() if n != "—"} == counted, name


@pytest.mark.parametrize("path", sorted(DATA.glob("drafts*.jsonl")), ids=lambda path: path.stem)
def test_drafted_sentences_are_well_formed_and_each_there_once(path, small_corpus):
    rows = read(path.stem)
    assert len({(row["passage_id"], row["sentence"]) for row in rows}) == len(rows) >= 300
    known = {passage.id for item in small_corpus.loaded for passage in item.passages}
    for row in rows:
        assert row.keys() == {"passage_id", "sentence", "supported", "lie"}
        assert row["passage_id"] in known
        assert row["sentence"].strip() == row["sentence"] != ""
        assert bool(row["lie"]) is not row["supported"]


def test_no_two_questions_are_alike():
    pairs = itertools.combinations(((row["id"], words_of(row)) for row in ALL_ROWS), 2)
    assert [(a, b) for (a, left), (b, right) in pairs if near_duplicates(left, right)] == []


def test_no_question_is_in_the_question_bank():
    bank = [
        (path.name, tokens(question))
        for path in sorted(BANK.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for question in json.loads(line)["questions"]
    ]
    alike = [
        (row["id"], name)
        for row, mine in [(row, words_of(row)) for row in ALL_ROWS]
        for name, words in bank
        if near_duplicates(mine, words)
    ]
    assert alike == [], "reword the question of eval/data: the assistant must not have seen it"


@pytest.fixture(scope="module")
def texts(documents):
    """The raw text of every file that a gold passage names."""
    found = {}
    for file in {gold["file"] for row in ROWS for gold in row["gold"]}:
        with (documents / file).open(encoding="utf-8", newline="") as stream:
            found[file] = stream.read()
    return found


@pytest.mark.documents
def test_gold_passages_are_where_they_were(texts):
    moved = []
    for row in ROWS:
        for gold in row["gold"]:
            passage = texts[gold["file"]][gold["start"] : gold["end"]]
            if hashlib.sha256(passage.encode()).hexdigest()[:16] != gold["sha256"] or passage != passage.strip():
                moved.append((row["id"], gold["file"], gold["start"]))
    assert moved == []


@pytest.mark.documents
@pytest.mark.parametrize("rows", [DEVELOPMENT, TEST], ids=["development", "test"])
def test_most_questions_share_few_content_words_with_what_answers_them(rows, texts):
    few = []
    for row in rows:
        if row["answerable"] and row["kind"] != "reference":
            asked = set(stems(" ".join([*row.get("turns", []), row["question"]])))
            answer = {stem for g in row["gold"] for stem in stems(texts[g["file"]][g["start"] : g["end"]])}
            few.append(len(asked & answer) <= FEW * len(asked))
    assert sum(few) / len(few) >= 0.5


@pytest.mark.documents
def test_identifying_data_is_invented(texts):
    everything = " ".join(texts.values()).casefold()
    assert [s for row in ROWS for s in row.get("hidden", []) if s.casefold() in everything] == []
