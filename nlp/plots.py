"""The two pictures of an evaluation. They need matplotlib, which only development installs have."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp.evaluation import Judged, has_category

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS = 10


def draw(judged: Sequence[Judged], folder: Path) -> bool:
    """Write confusion and reliability as .svg and .png; False when matplotlib is not installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        return False
    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "lotsen"  # the same figures give the same file
    folder.mkdir(parents=True, exist_ok=True)
    with_category = [one for one in judged if has_category(one.text)]
    _confusion(with_category, folder)
    _reliability(with_category, folder)
    return True


def _confusion(judged: Sequence[Judged], folder: Path) -> None:
    from matplotlib.figure import Figure

    labels = sorted({str(one.text.category) for one in judged} | {one.guess for one in judged})
    counts = np.zeros((len(labels), len(labels)))
    for one in judged:
        counts[labels.index(str(one.text.category)), labels.index(one.guess)] += 1
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure = Figure(figsize=(9, 8), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=60, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("taken for")
    axes.set_ylabel("true category")
    for row, column in zip(*np.nonzero(counts), strict=True):
        ink = "white" if shares[row, column] > 0.5 else "black"
        number = f"{counts[row, column]:.0f}"
        axes.text(column, row, number, ha="center", va="center", color=ink, fontsize=8)
    _save(figure, folder / "confusion")


def _reliability(judged: Sequence[Judged], folder: Path) -> None:
    from matplotlib.figure import Figure

    stated = np.array([one.analysis.suggestions[0].probability for one in judged])
    right = np.array([one.text.category == one.guess for one in judged], dtype=float)
    places = np.minimum((stated * BINS).astype(int), BINS - 1)
    filled = [place for place in range(BINS) if (places == place).any()]
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", label="perfectly honest")
    axes.plot(
        [stated[places == place].mean() for place in filled],
        [right[places == place].mean() for place in filled],
        marker="o",
        label="this model",
    )
    axes.set_xlabel("stated probability of the best category")
    axes.set_ylabel("how often it is right")
    axes.legend()
    _save(figure, folder / "reliability")


def _save(figure: "Figure", stem: Path) -> None:
    figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None})
    figure.savefig(stem.with_suffix(".png"), dpi=110, metadata={"Software": None})
