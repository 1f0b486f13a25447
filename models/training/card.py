"""The model card: README.md of a bundle, written from its manifest and what was measured.

`manifest["measured"]` may hold `held_out` (see `models.evaluation.measure`), `public` (see
`models.evaluation.public_scores`) and `sample` (see `models.evaluation.doubts`). What is not there
is left out of the card, but for the sample: it is read when the card is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.evaluation.doubts import doubts
from models.evaluation.markdown import (
    cell,
    confusion_table,
    difference_lines,
    domain_table,
    figure_table,
    grid,
    public_table,
    theme_table,
    worst_lines,
)
from models.evaluation.measure import BASELINE, MODEL
from models.tagger import Tagger

__all__ = ["table", "write_card"]

table = figure_table
"""A Markdown table of figures, one column a name."""

_HELD_OUT = """\
On the tenth of the labelled reviews held out by hash, never used for training or tuning. Figures are at
review level (sets of labels a review). All columns come from one run on the same reviews: TF-IDF with
logistic regression per label is trained and tuned on the same splits, the lexicon is a list of words
written by hand.
"""

_FURTHER = """\
On the tenth of the labelled reviews held out by hash, never used for training or tuning. Figures are at
review level (sets of labels a review). Beside the model stands the bundle that training started from, on
the same reviews in the same run.
"""

_PUBLIC = """\
Held-out texts of public sets (by hash; a fifth of CEDR, `esg` and PolEmo, a tenth of GoEmotions), read by
the model as it is unless the figure says otherwise. One model for many tasks and three languages stands
beside models made for one set and measured on another split: the published figures show the order of
size, not a rank.
"""

_SETS = """\
calibration and thresholds, and the public texts with partial labels that the table names. Rows are not
redistributed; `training_texts.npz` holds hashes of the texts so that leaks can be found.
"""

_WEAK = """\
- Themes that lie close together (responsiveness and competence, promises and transparency) are confused
  most often, and rare ones are missed more often than common ones.
- Irony, and blame that only knowledge of the business reveals.
- `mixed` and `neutral` are rarer than the clear sentiments and recognised less surely.
- Sadness, surprise and anxiety are rare in reviews and recognised less surely than anger and joy.
- A clause is the smallest span: two themes in one clause share a quote.
"""


def _columns(found: dict[str, Any]) -> dict[str, Any]:
    """Figures over all reviews of every reader that was measured, the model first."""
    peers = found.get("peers") or {
        BASELINE if name == "baseline" else name: own
        for name, own in found.items()
        if isinstance(own, dict) and "all" in own
    }
    return {name: own["all"] for name, own in peers.items()}


def _scores(measured: dict[str, Any]) -> str:
    """The section with the scores on the held-out tenth."""
    found = measured.get("held_out")
    if not found:
        return "No reviews were held out, so nothing was measured.\n"
    parts = [_FURTHER if "start" in found else _HELD_OUT, table(_columns(found))]
    if found.get("best_peer"):
        parts.append("\n".join(f"- {line}" for line in difference_lines(found["best_peer"])) + "\n")
    parts += ["### By language\n", table(found["model"])]
    if "domains" in found:
        parts += ["### By kind of business\n", domain_table(found["domains"][MODEL])]
    if "themes" in found:
        parts += ["### By theme\n", theme_table(found["themes"][MODEL])]
    if "confusion" in found:
        parts += ["### Sentiment: what is taken for what\n", confusion_table(found["confusion"]["sentiment"])]
    if found.get("reliability", {}).get("theme"):
        parts += ["### Calibration\n", _calibration(found)]
    return "\n".join(parts)


def _calibration(found: dict[str, Any]) -> str:
    """What the probabilities of themes say, and how often it is so."""
    figures = found["model"]["all"]
    bins = found["reliability"]["theme"]
    rows = [[f"from {one['from']:.1f}", one["n"], one["said"], one["was"]] for one in bins]
    return (
        f"Expected calibration error: sentiment {cell(figures['sentiment ECE'])}, themes "
        f"{cell(figures['theme ECE'])}. The table shows pairs of a review and a theme by the probability\n"
        "that was said, and how often people labelled the theme.\n\n"
    ) + grid(["probability", "pairs", "said", "was so"], rows)


def _public(measured: dict[str, Any]) -> str:
    """The section with the scores on public sets, if there are any."""
    found = measured.get("public")
    if not found:
        return ""
    published = [(name, one) for name, own in found.items() for one in own["published"]]
    notes = [f"- {one['who']} on {name}: {one['source']}. {one['note']}" for name, one in published]
    return f"\n## Public sets\n{_PUBLIC}\n{public_table(found)}\n" + "\n".join([*notes, ""])


def _failures(measured: dict[str, Any], sample: dict[str, Any]) -> str:
    """The section on where it fails."""
    worst = worst_lines(measured.get("held_out", {}).get("worst", {}))
    lines = [*(f"- {line}" for line in worst), _WEAK]
    lines.append(
        f"Of {sample['n']} sample reviews of the project with clear stars (one, two, four or five), "
        f"{sample['against']} are read against them."
    )
    if sample["examples"]:
        lines.append("The surest of each language (now and then it is the star that is wrong):\n")
    for one in sample["examples"]:
        said = f"{one['rating']:g} stars, read as {one['said']} with {one['probability']:.2f}"
        lines.append(f"- {one['language']}, {said}: «{_plain(one['text'])}»")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A text in which nothing is taken for Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in text)


def _trained_on(training: dict[str, Any]) -> str:
    """What it was trained on: reviews by language, sets with counts, and the bundle it started from."""
    languages = ", ".join(f"{name} {n}" for name, n in training["by_language"].items())
    counts = f"{training['labelled']} reviews labelled after the guide ({languages})"
    lines = [f"{counts}, {training['development']} more to choose\n{_SETS}"]
    if "started_from" in training:
        before = training.get("before", {}).get("labelled", "its own")
        taken = [f"the labelled reviews of `{training['file']}`"] if training.get("file") else []
        if training.get("corrected"):
            taken.append(f"{training.get('corrections', 0)} corrections of {training['corrected']} reviews")
        what = "its heads" if training.get("part") == "heads" else "encoder and heads"
        lines.append(
            f"It started from {training['started_from']}, which had learnt from {before} reviews, and takes\n"
            f"in {' and '.join(taken) or 'corrected reviews'}: {what} were trained further and went "
            f"{training.get('way', 1.0):.0%} of the way from the old weights to the new.\n"
            "The sparse evidence is that of the bundle it started from.\n"
        )
    lines.append(grid(["set", "texts"], [[name or "–", n] for name, n in training["sets"].items()]))
    return "\n".join(lines)


def write_card(out: Path, manifest: dict[str, Any]) -> None:
    """Writes README.md into the folder of a bundle.

    Args:
        out: folder of the bundle, which is complete but for its card.
        manifest: what its manifest says, with `measured`.

    Raises:
        ModelError: the bundle cannot be opened, so that the sample cannot be read with it.
    """
    training = manifest["training"]
    measured = manifest.get("measured", {})
    sample = measured.get("sample") or doubts(Tagger.load(out))
    plan = ", ".join(f"{name} {value}" for name, value in training.get("plan", {}).items())
    (out / "README.md").write_text(
        f"""# {manifest["name"]} {manifest["version"]}

Reads one customer review: sentiment, emotions, contact type, loyalty, effort, repeat, specific for the
whole text; theme, polarity and touchpoint with an exact span for each clause.

- Hash: `{manifest["hash"]}`
- Languages: {", ".join(manifest["languages"])}. Others are tagged with lower confidence, texts in
  scripts that the vocabulary lacks are named as untaggable.
- Base: {manifest["base"]}; eight-bit ONNX, one encoder pass a window of text, sparse n-gram
  evidence beside it.
- Licence: {manifest["licence"]}.
- Made {training["made"]} by the recipe in `models/training`: {plan}.

## Scores
{_scores(measured)}{_public(measured)}
## What it was trained on
{_trained_on(training)}
## Where it fails
{_failures(measured, sample)}""",
        encoding="utf-8",
    )
