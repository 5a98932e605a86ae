"""Fit the refusal rule: ``python -m eval.calibration --documents DIR``.

On the development questions asked of the official documents, those of the sheets asked of the sheets, and the margins
(near misses, and questions like them that are answered), asked of what they were written beside, which count less.
Cross-validated figures are printed; ``--write`` puts the fitted weights in ``assistant/refusal.json``.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.opening import build
from assistant.retrieval import RETRIEVERS, Retrieval
from assistant.understanding import understand
from assistant.weighing import FEATURES, features
from eval.intents import HELD, Marginal, fitted, margins, of_held, of_intents, probabilities
from eval.questions import read_questions
from indexes.encoder import DEFAULT, open_encoder
from indexes.persistence import read_index

OVER_REFUSAL: Mapping[str, float] = {"asked": 0.045, "sheets": 0.02, "unasked": 0.045}
"""Share of the sets' answerable questions that each model's threshold may refuse; the intents refuse some more."""
NEVER_ANSWERED = frozenset(
    {"clinical", "off_topic", "false_premise_absent", "vague", "gibberish", "injection", "unlawful"}
)
SIGNS = {"unknown": -1, "unasked": -1, "missing": -1, "asks": -1, "unmet": -1, "unread": -1}
"""Figures that speak against answering; all others speak for it."""
SEED = 7
FOLDS = 5
MARGINAL, TWIN, REAL = "margin", "twin", "unusual"
"""The kinds of the questions at the margin: alone, with a twin, and those that stand for real ones."""
BOTH = "margin"
"""Where questions at the margin are asked that were written beside documents and sheets."""
MARGIN = 0.3
"""Weight of a question at the margin: they are drawn there, half of them unanswerable, as real questions are not."""
TWINS = 4
"""One pair of twins in so many is asked: the weights no longer change with more, and it takes as much less time."""
EVERYDAY = 3
"""One everyday question in so many is asked, of each of their authors, for the same reason."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with whether it is answerable, and the intents found by models that were not fitted on it.

    ``about`` and ``held`` are None for what the shipped models were not fitted on.
    """

    question: str
    turns: tuple[str, ...]
    answerable: bool
    kind: str
    about: Mapping[str, float] | None = None
    held: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Features ``(questions, features)``, whether each question is answerable, their weights, and their kinds."""

    rows: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    kinds: tuple[str, ...]


def table(model: str, sets: Sequence[tuple[Path, Sequence[Asked]]]) -> Table:
    """Return what the rule sees of each question; ``unasked`` is fitted as if there were no question bank."""
    encoder = open_encoder(DEFAULT)
    rows, labels, weights, kinds = [], [], [], []
    for folder, judged_questions in sets:
        index = read_index(folder, encoder)
        retrieval = Retrieval(index, ("lexical", "dense", "references") if model == "unasked" else RETRIEVERS)
        for judged in judged_questions:
            understanding = understand(judged.question, judged.turns)
            values = features(understanding, retrieval.find(understanding), index, judged.about, judged.held)
            rows.append([values[name] for name in FEATURES[model]])
            labels.append(judged.answerable)
            weights.append(MARGIN if judged.kind in {MARGINAL, TWIN} else 1.0)
            kinds.append(judged.kind)
    return Table(np.array(rows), np.array(labels), np.array(weights), tuple(kinds))


def marginal(pool: Executor) -> dict[str, tuple[Asked, ...]]:
    """Return the questions at the margin by what they are asked of, each with the intents that others give it.

    Those come from models that were fitted neither on it nor on its twin, nor on an everyday question by who wrote it.
    """
    rows = margins()
    together = [
        f"pair {row.pair}" if row.pair >= 0 else f"by {row.by}" if row.by >= 0 else f"row {n}"
        for n, row in enumerate(rows)
    ]
    folds = GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, groups=together)
    parts = [([rows[n] for n in kept], left.tolist()) for kept, left in folds]
    apart = pool.map(_intents, [kept for kept, _ in parts], [[rows[n].question for n in left] for _, left in parts])
    found = {
        n: about for (_, left), told in zip(parts, apart, strict=True) for n, about in zip(left, told, strict=True)
    }
    asked: dict[str, list[Asked]] = {}
    for n, row in enumerate(rows):
        if (row.pair >= 0 and row.pair % TWINS) or (row.by >= 0 and n % EVERYDAY):
            continue
        kind = REAL if row.real else TWIN if row.pair >= 0 else MARGINAL
        asked.setdefault(row.of or BOTH, []).append(Asked(row.question, (), row.answerable, kind, *found[n]))
    return {name: tuple(group) for name, group in asked.items()}


def _intents(rows: Sequence[Marginal], questions: Sequence[str]) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Return the intents of questions, and whether they are held, by models fitted on some questions at the margin."""
    encoder = open_encoder(DEFAULT)
    intents, held = (
        probabilities(questions, encoder, *model[:2])
        for model in (fitted(of_intents(rows), encoder), fitted(of_held(rows), encoder, HELD))
    )
    return list(zip(intents, held, strict=True))


def of_set(name: str) -> tuple[Asked, ...]:
    """Return the questions of a set, and with those of the sheets what nothing answers, whatever the documents."""
    questions = read_questions(name).questions
    if name == "sheets":
        others = read_questions("development").questions
        questions += tuple(q for q in others if not q.answerable and q.kind in NEVER_ANSWERED)
    return tuple(Asked(q.question, q.turns, bool(q.answerable), q.kind) for q in questions)


def fit(model: str, data: Table) -> dict[str, Any]:
    """Fit one model, print its ten-fold figures by kind of question, and return its weights and threshold.

    A figure whose weight has the wrong sign (evidence that would count against answering) only echoes how the questions
    were written: the worst is left out and the rest fitted again, until all signs are right.
    """
    names = list(FEATURES[model])
    while True:
        rows = data.rows[:, [FEATURES[model].index(name) for name in names]]
        pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=1_000))
        pipeline.fit(rows, data.labels, logisticregression__sample_weight=data.weights)
        scaler, rule = pipeline[0], pipeline[1]
        wrong = [(abs(w), name) for w, name in zip(rule.coef_[0], names, strict=True) if w * SIGNS.get(name, 1) < 0]
        if not wrong:
            break
        names.remove(max(wrong)[1])
    guessed = cross_val_predict(
        pipeline,
        rows,
        data.labels,
        cv=StratifiedKFold(10, shuffle=True, random_state=SEED),
        method="predict_proba",
        params={"logisticregression__sample_weight": data.weights},
    )[:, 1]
    counted = data.labels & ~np.isin(data.kinds, (MARGINAL, TWIN, REAL))
    threshold = float(np.quantile(guessed[counted], OVER_REFUSAL[model]))
    _print(model, data, guessed, threshold)
    slope, shift = _scaled(data, guessed)
    weights = slope * rule.coef_[0] / scaler.scale_
    intercept = slope * rule.intercept_[0] + shift - (weights * scaler.mean_).sum()
    return {
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
        "intercept": round(float(intercept), 4),
        "threshold": round(float(expit(slope * logit(threshold) + shift)), 4),
    }


def _scaled(data: Table, guessed: np.ndarray) -> tuple[float, float]:
    """Return the slope and the shift that make the confidence a probability on the sets' own questions.

    Platt scaling (Platt, 1999): at the margin, where half or more is unanswerable, the same evidence is worth less. It
    keeps the order, and so every decision.
    """
    own = ~np.isin(data.kinds, (MARGINAL, TWIN, REAL))
    scale = LogisticRegression(C=1e3).fit(logit(guessed[own])[:, None], data.labels[own])
    return float(scale.coef_[0, 0]), float(scale.intercept_[0])


def _print(model: str, data: Table, guessed: np.ndarray, threshold: float) -> None:
    auc = roc_auc_score(data.labels, guessed)
    print(f"\n{model}: {len(data.labels)} questions, ten-fold AUC {auc:.3f}, threshold {threshold:.3f}")  # noqa: T201
    for wanted, title in ((True, "answerable"), (False, "not answerable")):
        for kind in ("all", *dict.fromkeys(data.kinds)):
            chosen = np.array([kind in {k, "all"} for k in data.kinds]) & (data.labels == wanted)
            if chosen.any():
                share = np.mean(guessed[chosen] >= threshold)
                print(f"  {title:15} {kind:22} n {chosen.sum():3d}  answered {share:.2f}")  # noqa: T201


def main() -> None:
    """Fit both models, and write the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, required=True, help="folder that holds ordre/ and lois/")
    parser.add_argument("--work", type=Path, default=Path("var/calibration"), help="where the indexes are built")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    places = {
        "development": ([args.documents], False, "documents"),
        "sheets": ([], True, "sheets"),
        BOTH: ([args.documents], True, BOTH),
    }
    sets: dict[str, tuple[Path, tuple[Asked, ...]]] = {}
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        others = marginal(pool)
    for name, (folders, sheets, beside) in places.items():
        build(folders, args.work / name, DEFAULT, sheets=sheets)
        asked = (() if name == BOTH else of_set(name)) + others[beside]
        sets[name] = (args.work / name, asked)
    chosen = {"asked": ("development", BOTH), "sheets": ("sheets", BOTH), "unasked": tuple(places)}
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        tables = pool.map(table, FEATURES, [[sets[name] for name in chosen[model]] for model in FEATURES])
        result = {model: fit(model, data) for model, data in zip(FEATURES, tables, strict=True)}
    print(json.dumps(result, indent=1))  # noqa: T201
    if args.write:
        target = Path(__file__).parent.parent / "assistant" / "refusal.json"
        target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
