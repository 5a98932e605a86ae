"""The package's surface: every name is there, and naming it costs nothing until it is used."""

import subprocess
import sys

import pytest

import corpus


def test_every_public_name_is_found():
    assert [name for name in corpus.__all__ if getattr(corpus, name, None) is None] == []
    assert set(corpus.__all__) <= set(dir(corpus))
    assert corpus.__all__ == sorted(set(corpus.__all__))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="inconnu"):
        corpus.inconnu  # noqa: B018


def test_the_types_come_without_the_libraries_that_read_files():
    code = "import sys, corpus; corpus.Passage, corpus.InvalidSheet; print({'pypdf', 'selectolax'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
