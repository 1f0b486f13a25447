"""The model card: README.md of a bundle, written from its manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.evaluation.score import FIGURES, Figures

__all__ = ["table", "write_card"]


def _cell(value: float | int | None) -> str:
    """A figure as it stands in a table."""
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def table(columns: dict[str, Figures]) -> str:
    """A Markdown table of figures, one column a name."""
    names = list(columns)
    head = f"| | {' | '.join(names)} |\n|---|{'---:|' * len(names)}\n"
    rows = (f"| {name} | {' | '.join(_cell(columns[c].get(name)) for c in names)} |" for name in FIGURES)
    return head + "\n".join(rows) + "\n"


def _measured(manifest: dict[str, Any]) -> str:
    """The section with the scores on the held-out tenth."""
    found = manifest.get("measured", {}).get("held_out")
    if not found:
        return "No reviews were held out, so nothing was measured.\n"
    columns = {"model": found["model"]["all"], "TF-IDF + LR": found["baseline"]["all"]}
    columns |= {name: figures for name, figures in found["model"].items() if name != "all"}
    return (
        "On the tenth of the labelled reviews held out by hash, never used for training or tuning. "
        "Figures are at review level (sets of labels a review). Columns by language are the model's; "
        "beside it TF-IDF with logistic regression per label, trained and tuned on the same splits.\n\n"
    ) + table(columns)


def write_card(out: Path, manifest: dict[str, Any]) -> None:
    """Writes README.md into the folder of a bundle."""
    training = manifest["training"]
    plan = training["plan"]
    languages = ", ".join(f"{name} {n}" for name, n in training["by_language"].items())
    sets = "\n".join(f"| {name or '–'} | {n} |" for name, n in training["sets"].items())
    (out / "README.md").write_text(
        f"""# {manifest["name"]} {manifest["version"]}

Reads one customer review: sentiment, emotions, contact type, loyalty, effort, repeat, specific for the
whole text; theme, polarity and touchpoint with an exact span for each clause. Hash `{manifest["hash"]}`.

- Languages: {", ".join(manifest["languages"])}. Others are tagged with lower confidence, texts in
  scripts that the vocabulary lacks are named as untaggable.
- Base: {manifest["base"]}; eight-bit ONNX, one encoder pass a window of text, sparse n-gram
  evidence beside it.
- Licence: {manifest["licence"]}.
- Made {training["made"]} by the recipe in `models/training`: {plan["epochs"]} epochs, seed {plan["seed"]}.

## Scores
{_measured(manifest)}
## What it was trained on
{training["labelled"]} reviews labelled after the guide ({languages}), {training["development"]} more
to choose calibration and thresholds, and public texts with partial labels. Rows are not redistributed;
`training_texts.npz` holds hashes of the texts so that leaks can be found.

| set | texts |
|---|---:|
{sets}

## Where it fails
- Themes that lie close together (responsiveness and competence, promises and transparency) are confused
  most often, and rare ones are missed more often than common ones.
- Irony, and blame that only knowledge of the business reveals.
- `mixed` and `neutral` are rarer than the clear sentiments and recognised less surely.
- Sadness, surprise and anxiety are rare in reviews and recognised less surely than anger and joy.
- A clause is the smallest span: two themes in one clause share a quote.
""",
        encoding="utf-8",
    )
