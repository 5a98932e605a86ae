"""What each package offers, how long its modules are, and where French sentences stand."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("api", "assistant", "corpus", "indexes")
LONGEST_MODULE = 250
MODULES = [path for package in (*PACKAGES, "eval") for path in sorted((ROOT / package).rglob("*.py"))]
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_offers_exactly_what_it_lists(name):
    package = importlib.import_module(name)
    assert list(package.__all__) == sorted(package.__all__)
    assert len(set(package.__all__)) == len(package.__all__)
    for offered in package.__all__:
        # A union of types has no home of its own.
        assert getattr(package, offered).__module__.split(".")[0] in {name, "types"}, offered
    public = {
        key
        for key, value in vars(package).items()
        if not key.startswith("_")
        and not inspect.ismodule(value)
        and key not in {"import_module", "TYPE_CHECKING", "Any"}
    }
    assert public <= set(package.__all__)
    assert set(package.__all__) <= set(dir(package))


@pytest.mark.parametrize("name", ["assistant", "corpus", "indexes"])
def test_what_a_package_does_not_offer_is_an_error(name):
    package = importlib.import_module(name)
    with pytest.raises(AttributeError, match="no_such_name"):
        package.no_such_name  # noqa: B018
    # The names that type checkers see are those found at run time.
    tree = ast.parse(inspect.getsource(package))
    (checked,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.name: node.module for node in checked.body for alias in node.names}
    assert seen == {name: module for module, names in package._HOMES.items() for name in names}
    assert set(seen) == set(package.__all__)


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_is_short_and_says_what_it_is(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_MODULE
    assert ast.get_docstring(ast.parse(source))


def sentences(path):
    """Yield the texts of a module, docstrings aside, that read like French: three words, one of them with an accent."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            words = re.findall(r"[^\W\d_]+", node.value.replace("secret médical", ""))
            if len(words) >= 3 and any(re.search("[à-öø-ÿœ]", word) for word in words):
                yield node.value


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[len(ROOT.parts)] in {"api", "assistant"}], ids=str)
def test_french_sentences_stand_in_data_files(path):
    assert list(sentences(path)) == []
