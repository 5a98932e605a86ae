"""What the check makes of drafted sentences, counted by set."""

from types import SimpleNamespace

import pytest

from assistant.supporting import Support
from eval import drafts
from eval.drafts import SETS, table

ROWS = [
    {"passage_id": "p", "sentence": "vrai", "supported": True, "lie": ""},
    {"passage_id": "p", "sentence": "vrai, mais dit autrement", "supported": True, "lie": ""},
    {"passage_id": "p", "sentence": "faux", "supported": False, "lie": "figure"},
    {"passage_id": "p", "sentence": "autre", "supported": False, "lie": "actor"},
]
FOUND = {"vrai": Support(0, 4, 1.0), "faux": "figure"}


class Scripted:
    def __init__(self, *_):
        pass

    def check(self, sentence, passage):
        assert passage == "the passage p"
        return FOUND.get(sentence, "unsupported")


def test_the_faithful_that_are_kept_and_the_lies_that_pass_are_counted_by_set(monkeypatch):
    monkeypatch.setattr(drafts, "Checker", Scripted)
    monkeypatch.setattr(drafts, "drafts", lambda name: ROWS if name == SETS[0] else ROWS[:3])
    library = SimpleNamespace(passage=lambda name: f"the passage {name}")
    lines = list(table(SimpleNamespace(encoder=None, library=library, lexical=SimpleNamespace(idf=None))))
    assert len(lines) == 2 + len(SETS)
    # Wilson at 95 % for 1 of 2 and for 0 of 2; 0 of 1 for the other sets.
    assert lines[2] == "| `drafts` | 2 | 0.50 [0.09, 0.91] | 2 | 0.00 [0.00, 0.66] | figure 1, unsupported 1 |"
    assert lines[3].endswith("| 1 | 0.00 [0.00, 0.79] | figure 1 |")


@pytest.mark.parametrize("name", SETS)
def test_each_set_has_faithful_sentences_and_lies(name):
    rows = drafts.drafts(name)
    assert {row["supported"] for row in rows} == {True, False}
