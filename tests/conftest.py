"""Fixtures that several packages share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import Corpus, load
from indexes import Index, build_index, open_encoder, read_index
from tests.fakes import HashEncoder

pytest_plugins = ("tests.browser",)

SMALL_DOCUMENTS = {
    "accueil.md": """# Accueil du cabinet

## Téléphone

Le secrétariat ne confirme jamais par téléphone qu'une personne est suivie au cabinet, même à un proche pressant.

## Réquisition

Quand la gendarmerie présente une réquisition, le cabinet en garde une copie et prévient aussitôt le médecin concerné.
Le médecin répond lui-même, à tête reposée, et relit le code pénal, article 226-14.
""",
    "archives.txt": """Conservation des archives

Le cabinet range ses dossiers fermés dans une armoire ignifugée dont seuls les associés ont la clef.

Un dossier transmis à un confrère part en copie ; l'original reste dans l'armoire jusqu'à la fermeture du cabinet.
""",
    "articles.md": """# Règlement intérieur

## Article R. 4127-4

Chaque associé garde le silence sur ce qu'un patient lui confie, ce qu'il voit et ce qu'il devine.

## Article R. 4127-9

Chaque associé porte secours à qui se trouve mal dans la salle d'attente, puis appelle le 15.
""",
    "sous-dossier/notes.md": """# Notes

Une affaire d'essai, la décision Dupuis-Martel, rappelle que le cœur du métier est la confiance du patient.
""",
}
"""Made up for the tests; nothing in them is a rule."""


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the developer has set away from every test."""
    for name in os.environ:
        if name.startswith("DEONTO_") and name != "DEONTO_TEST_DOCUMENTS":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four short documents in a folder; read only."""
    folder = tmp_path_factory.mktemp("documents")
    for name, text in SMALL_DOCUMENTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small_corpus(small_folder: Path) -> Corpus:
    """The four short documents and the shipped sheets, without which there are no wordings."""
    return load([small_folder])


@pytest.fixture(scope="session")
def small_path(small_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the small corpus on disk, built with ``HashEncoder``; read only, copy it to break it."""
    path = tmp_path_factory.mktemp("index") / "index"
    build_index(small_corpus, path, HashEncoder())
    return path


@pytest.fixture(scope="session")
def small_index(small_path: Path) -> Index:
    """The index of the small corpus, loaded."""
    return read_index(small_path, HashEncoder())


@pytest.fixture(scope="session")
def sheets_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped sheets on disk, by the shipped encoder; read only."""
    path = tmp_path_factory.mktemp("sheets") / "index"
    build_index(load([]), path, open_encoder(threads=1))
    return path


@pytest.fixture(scope="session")
def sheets_index(sheets_path: Path) -> Index:
    """An index of the shipped sheets alone, by the shipped encoder: what a fresh installation searches."""
    return read_index(sheets_path, open_encoder(threads=1))


@pytest.fixture(scope="session")
def documents() -> Path:
    """The folder of official documents; a test that needs it is marked ``documents``."""
    folder = os.environ.get("DEONTO_TEST_DOCUMENTS", "")
    if not folder:
        pytest.skip("DEONTO_TEST_DOCUMENTS names no directory of official documents")
    return Path(folder)


@pytest.fixture(scope="session")
def official(documents: Path) -> Corpus:
    """The official documents, read once, without our sheets."""
    return load([documents], sheets=False)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Keep small products of PyTorch on one thread: waking the others takes longer than the product."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
