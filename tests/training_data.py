"""What tests of the training share: pairs, and open data of a few made-up rows in the form of every file of it."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from indexes.training.contrastive import Embedder
from indexes.training.loop import Progress
from indexes.training.pairs import Pair
from indexes.training.sources import LONGEST
from tests.conftest import SMALL_DOCUMENTS

TEXTS = [line for text in SMALL_DOCUMENTS.values() for line in text.splitlines() if len(line) > 20]
PAIRS = [Pair(" ".join(text.split()[:5]), text) for text in TEXTS]
"""The beginning of a line asks for the line."""
LONG = "Le registre du cabinet est tenu à jour par le secrétariat chaque semaine. "
ARTICLE = (
    "Le registre est tenu à jour par le secrétariat du cabinet. Il est relu par un associé le premier lundi du mois. "
    "Nul ne le sort du cabinet sans accord écrit. Une page perdue est signalée le jour même à tous les associés."
)
CNIL = [
    ("Santé Social", "Un texte sur la santé.", ["Question de santé ?"]),
    ("Travail", "Un texte sur le travail.", [f"Question de travail {n} ?" for n in range(40)]),
]
PIAF = [
    ("Nature", f"Paragraphe {n} " + "z" * 2 * LONGEST, [f"Question {n} a ?", f"Question {n} b ?"]) for n in range(5)
]
STATUTES = [
    ["Le ministre tient un registre.", "The minister keeps a register."],
    ["Le médecin garde le secret de ses patients.", "The physician keeps the secrets of patients."],
    ["Toute personne peut demander une copie du registre.", "Any person may ask for a copy of the register."],
    ["La clef de l'armoire est gardée par un associé.", "The key of the cabinet is kept by a partner."],
    ["Titre abrégé", "Short title"],  # too short to learn from
    ["Le ministre tient le registre.", "The minister keeps a register."],  # the same English twice
]


def zipped(path: Path, rows: Sequence[object]) -> None:
    path.write_bytes(gzip.compress("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()))


def squad(articles: Sequence[tuple[str, str, list[str]]]) -> dict[str, object]:
    return {
        "data": [
            {"theme": theme, "paragraphs": [{"context": text, "qas": [{"question": q} for q in questions]}]}
            for theme, text, questions in articles
        ]
    }


def open_data(folder: Path) -> Path:
    """Write every file of the open data into ``folder``, and return it."""
    zipped(folder / "service-public-headings.jsonl.gz", [["Titre : registre", LONG], ["Vide", "bref"], [" ", LONG]])
    zipped(folder / "statutes-notes-fr.jsonl.gz", [["Tenue du registre", LONG * 40]])
    zipped(folder / "csp-2015.jsonl.gz", [{"text": ARTICLE}, {"text": "Trop court. Vraiment. Oui."}])
    zipped(folder / "codes-articles-2020.jsonl.gz", [{"text": f"# Article 7\n\n{ARTICLE}"}])
    zipped(folder / "statutes-fr-en.jsonl.gz", STATUTES)
    (folder / "piaf-v1.1.json.gz").write_bytes(gzip.compress(json.dumps(squad(PIAF)).encode()))
    (folder / "cnil-faq.json").write_text(json.dumps(squad(CNIL)), encoding="utf-8")
    return folder


def weights(trained: Embedder) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in trained.module().state_dict().items()}


def same(left: dict[str, Tensor], right: dict[str, Tensor]) -> bool:
    return all(torch.equal(value, right[name]) for name, value in left.items())


def interrupted_at(step: int) -> Progress:
    """Progress that stops the run there, before its checkpoint is written."""

    def progress(reached: int, steps: int, loss: float) -> None:
        if reached >= step:
            raise KeyboardInterrupt

    return progress
