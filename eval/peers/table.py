"""The table of systems side by side, as Markdown, and its place in a document."""

from collections.abc import Sequence
from pathlib import Path

from eval.figures import Figure, resampled
from eval.peers.measuring import Measured, Peer

BEGIN, END = "<!-- peers: written by `make bench-peers` -->", "<!-- peers: end -->"
LEADING = "mrr@10"
"""The measure by which a peer is said to win or lose."""


def quality(rows: Sequence[Measured]) -> str:
    """Return what each system finds, with the paired difference to the first one, which is Déonto."""
    first = rows[0]
    lines = [
        "| system | recall@1 | recall@5 [95 %] | recall@10 | MRR@10 [95 %] | nDCG@10 | MRR@10 less Déonto's [95 %] |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        f = row.figures
        cells = [
            f"{f['recall@1'].value:.2f}",
            _ranged(f["recall@5"]),
            f"{f['recall@10'].value:.2f}",
            _ranged(f[LEADING]),
            f"{f['ndcg@10'].value:.2f}",
            "" if row is first else _difference(row, first),
        ]
        lines.append(f"| {_name(row)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def cost(rows: Sequence[Measured]) -> str:
    """Return what each system takes."""
    lines = [
        "| system | index, s | cold to first result, s | search, p50 ms | p95 ms | memory to index, to search, MB "
        "| characters of a passage |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        build_mb, ask_mb = row.peak_mb
        times = f"{row.index_s:.1f} | {row.cold_s:.1f} | {row.p50_ms:.1f} | {row.p95_ms:.1f}"
        lines.append(f"| {_name(row)} | {times} | {build_mb:.0f}, {ask_mb:.0f} | {row.characters:.0f} |")
    return "\n".join(lines)


def verdict(rows: Sequence[Measured]) -> str:
    """Say in a sentence which peers win, tie or lose against Déonto, by intervals of the paired difference."""
    groups: dict[str, list[str]] = {"ahead of": [], "level with": [], "behind": []}
    for row in rows[1:]:
        low, high = _paired(row, rows[0])
        groups["ahead of" if low > 0 else "behind" if high < 0 else "level with"].append(_name(row))
    said = [f"{side} Déonto: {', '.join(names)}" for side, names in groups.items() if names]
    return "By MRR@10, " + "; ".join(said) + "."


def notes(peers: Sequence[Peer]) -> str:
    """Return what each peer was given."""
    return "\n".join(
        f"- {peer.title}: {peer.note} ({', '.join(f'`{r}`' for r in peer.requirements)})" for peer in peers
    )


def put_between(path: Path, text: str) -> None:
    """Replace what stands between the two marks of a document, or add it at the end."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    before, found, rest = old.partition(BEGIN)
    after = rest.partition(END)[2] if found else "\n"
    path.write_text(f"{before.rstrip()}\n\n{BEGIN}\n\n{text.strip()}\n\n{END}{after}".lstrip(), encoding="utf-8")


def _name(row: Measured) -> str:
    return row.peer.title if row.system == "all" else f"{row.peer.title} ({row.system})"


def _ranged(f: Figure) -> str:
    return f"{f.value:.2f} [{f.low:.2f}, {f.high:.2f}]"


def _paired(row: Measured, first: Measured) -> tuple[float, float]:
    return resampled([row.values[q][LEADING] - first.values[q][LEADING] for q in first.values])


def _difference(row: Measured, first: Measured) -> str:
    low, high = _paired(row, first)
    return f"{row.figures[LEADING].value - first.figures[LEADING].value:+.2f} [{low:+.2f}, {high:+.2f}]"
