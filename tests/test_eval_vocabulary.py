"""The sets of words behind the search for names are made of what their sources hold."""

import gzip
import json

from eval.vocabulary import SEEN_IN_TEXTS, first_names, written_small


def test_first_names_are_folded_without_function_words(tmp_path):
    path = tmp_path / "names.tsv.gz"
    path.write_bytes(gzip.compress("Éloïse\t9\nJean-Marc\t8\nLe\t7\n\n".encode()))
    assert {"eloise", "jean-marc", "jean", "marc"} <= first_names(path)
    assert "le" not in first_names(path)


def test_words_written_small_often_and_mostly_are_kept(tmp_path):
    path = tmp_path / "texts.jsonl.gz"
    line = json.dumps({"a": ["Bœuf", "préfet Exemple exemple"]}, ensure_ascii=False)
    path.write_bytes(gzip.compress("\n".join([line] * SEEN_IN_TEXTS).encode()))
    assert written_small([path]) - {"a"} == {"prefet"}
