"""What the package offers, and its errors."""

import inspect

import pytest

import indexes
import indexes.errors
from corpus.errors import DeontoError


def test_everything_offered_is_there_and_listed() -> None:
    assert sorted(indexes.__all__) == list(indexes.__all__)
    assert len(set(indexes.__all__)) == len(indexes.__all__)
    for name in indexes.__all__:
        assert getattr(indexes, name).__name__ == name
    assert set(indexes.__all__) == {name for names in indexes._HOMES.values() for name in names}
    assert set(indexes.__all__) <= set(dir(indexes))


def test_what_is_not_offered() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        indexes.no_such_name  # noqa: B018


def test_every_error_has_its_own_code() -> None:
    errors = [e for _, e in inspect.getmembers(indexes.errors, inspect.isclass) if e.__module__ == "indexes.errors"]
    codes = [error.code for error in errors]
    assert len(set(codes)) == len(codes) >= 10
    assert all(issubclass(error, DeontoError) and error.__doc__ for error in errors)
