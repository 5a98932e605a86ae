"""Questions on the small documents of ``conftest``, written to a file as ``deonto eval`` reads them."""

import hashlib
import json
from pathlib import Path

from tests.conftest import SMALL_DOCUMENTS


def gold(file: str, words: str, part: int = 1) -> dict[str, object]:
    """Return the place of words in one of the small documents."""
    start = SMALL_DOCUMENTS[file].index(words)
    digest = hashlib.sha256(words.encode()).hexdigest()[:16]
    return {"file": file, "start": start, "end": start + len(words), "sha256": digest, "part": part}


PHONE = "Le secrétariat ne confirme jamais par téléphone qu'une personne est suivie au cabinet"
COPY = "Quand la gendarmerie présente une réquisition, le cabinet en garde une copie et prévient aussitôt le médecin"
CUPBOARD = "Le cabinet range ses dossiers fermés dans une armoire ignifugée dont seuls les associés ont la clef."
ROWS: list[dict[str, object]] = [
    {
        "id": "q1",
        "question": "le secrétariat confirme-t-il par téléphone qu'une personne est suivie au cabinet ?",
        "kind": "paraphrase",
        "gold": [gold("accueil.md", PHONE)],
        "facts": ["jamais par téléphone"],
    },
    {
        "id": "q2",
        "question": "dossiers fermés du cabinet : armoire, clef ; copie de la réquisition présentée par la gendarmerie",
        "kind": "several",
        "gold": [gold("archives.txt", CUPBOARD), gold("accueil.md", COPY, 2)],
        "facts": ["une armoire ignifugée", "le cabinet garde une copie"],
    },
    {"id": "q3", "question": "recette du clafoutis aux cerises", "kind": "off_topic", "answerable": False},
    {
        "id": "q4",
        "question": "Madame 1 84 12 76 451 089 46 : dossiers fermés du cabinet dans une armoire, qui a la clef ?",
        "kind": "identifying",
        "gold": [gold("archives.txt", CUPBOARD)],
        "facts": ["les associés ont la clef"],
        "hidden": ["1 84 12 76 451 089 46"],
    },
    {
        "id": "q5",
        "question": "L'article R. 4127-9 parle-t-il du 15 ?",
        "kind": "look_alike",
        "kept": ["R. 4127-9", "15"],
    },
]


def write(path: Path, rows: list[dict[str, object]] = ROWS) -> Path:
    """Write rows as JSON Lines and return the path."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
