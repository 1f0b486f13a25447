"""The whole measurement: the model and its peers on the same reviews, in one run, as one report.

A report is what `ugc eval --json` writes, among other things, and what a manifest keeps:

figures      of the model, by language, "all" first
baseline     the same of TF-IDF with logistic regression, or `None`
peers        the same of every reader by name, the model ("model") included
domains      figures by kind of business, of every reader
themes       n, precision, recall, F1 and F1 with polarity of each theme, of every reader
confusion    of sentiment and contact, the model's
worst        language, domain and theme of the model
best_peer    by figure of `models.evaluation.bootstrap.COMPARED`: which peer is best, and how far
             above it the model is, with a paired bootstrap interval
differences  the same against every peer
reliability  the bins behind the calibration errors of the model
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.evaluation.answers import Answers, Reader, TaggerReader
from models.evaluation.baseline import Baseline
from models.evaluation.bootstrap import compare
from models.evaluation.detail import by_theme, confusions, reliability, worst
from models.evaluation.domains import domain
from models.evaluation.doubts import doubts
from models.evaluation.lexicon import Lexicon
from models.evaluation.public_scores import measure_public
from models.evaluation.score import leaked, score_by, score_by_language
from models.labelled import Labelled
from models.tagger import Tagger

__all__ = ["BASELINE", "LEXICON", "MODEL", "PROFILE", "baseline_for", "measure", "measure_bundle", "report"]

MODEL, BASELINE, LEXICON = "model", "TF-IDF + LR", "lexicon"
"""Names of the readers that every report may hold."""

PROFILE = "profile "
"""Beginning of the name of another profile of the same bundle: it is shown, and is no rival."""


def baseline_for(reviews: Sequence[Labelled], labels: Sequence[Labelled]) -> Baseline:
    """TF-IDF trained on those labels whose text is not among the reviews to be scored."""
    theirs = {review.text for review in reviews}
    return Baseline([review for review in labels if review.text not in theirs])


def report(reviews: Sequence[Labelled], answers: Mapping[str, Answers]) -> dict[str, Any]:
    """The report on the answers of all readers, the model's under "model".

    Args:
        reviews: what people labelled.
        answers: what each reader says of them, by its name.
    """
    model = answers[MODEL]
    kinds = domain(reviews)
    peers = {name: score_by_language(reviews, one.tags, one.chances) for name, one in answers.items()}
    domains = {name: score_by(reviews, one.tags, kinds, one.chances) for name, one in answers.items()}
    themes = {name: by_theme(reviews, one) for name, one in answers.items()}
    others = [name for name in answers if name != MODEL]
    differences = {
        name: {
            figure: one.to_json() for figure, one in compare(reviews, model.tags, answers[name].tags).items()
        }
        for name in others
    }
    rivals = [name for name in others if not name.startswith(PROFILE)]
    best = {}
    for figure in differences[rivals[0]] if rivals else ():
        name = max(rivals, key=lambda one: peers[one]["all"][figure] or 0.0)
        best[figure] = {"peer": name, **differences[name][figure]}
    return {
        "figures": peers[MODEL],
        "baseline": peers.get(BASELINE),
        "peers": peers,
        "domains": domains,
        "themes": themes,
        "confusion": confusions(reviews, model),
        "worst": worst(peers[MODEL], domains[MODEL], themes[MODEL]),
        "best_peer": best,
        "differences": differences,
        "reliability": reliability(reviews, model),
    }


def measure(reviews: Sequence[Labelled], readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Lets every reader read the reviews, and reports."""
    texts, languages = [review.text for review in reviews], [review.language for review in reviews]
    return report(reviews, {name: reader.answer(texts, languages) for name, reader in readers.items()})


def measure_bundle(
    folder: Path,
    known: Sequence[Labelled],
    held_out: Sequence[Labelled],
    *,
    beside: Sequence[Path] = (),
    public: Path | None = None,
) -> dict[str, Any]:
    """What a manifest keeps as `measured`, and the model card shows.

    - `held_out`, when there are such reviews: the report that this module describes, with `n`,
      `left_out` (texts that the bundle or one beside it was trained on) and `model`, the same as
      `figures`.
    - `public`, when a folder of public sets is given: see `models.evaluation.public_scores`.
    - `sample`: see `models.evaluation.doubts`.

    Args:
        folder: of the bundle, complete but for its measured scores.
        known: labelled reviews that TF-IDF learns from (training and development).
        held_out: reviews that nothing was fitted on.
        beside: folders of other bundles to measure beside it, such as the one before.
        public: folder of the public sets.

    Raises:
        ModelError: a bundle cannot be opened.
        InputError: a public set cannot be read.
    """
    model = Tagger.load(folder)
    others = [Tagger.load(one) for one in beside]
    prints = [one.bundle.training_texts() for one in (model, *others)]
    found: dict[str, Any] = {"sample": doubts(model)}
    seen = {review.text for own in prints for review in leaked(held_out, own)}
    reviews = [review for review in held_out if review.text not in seen]
    readers: dict[str, Reader] = {MODEL: TaggerReader(model)}
    for profile in model.bundle.profiles[1:]:
        readers[PROFILE + profile] = TaggerReader(Tagger.load(folder, profile=profile))
    readers |= {one.version: TaggerReader(one) for one in others}
    readers[LEXICON] = Lexicon()
    if public is not None:
        found["public"] = measure_public(public, readers, prints)
    if reviews:
        whole = measure(reviews, {**readers, BASELINE: baseline_for(reviews, known)})
        counts = {"n": len(reviews), "left_out": len(held_out) - len(reviews)}
        found["held_out"] = {**counts, "model": whole["figures"], **whole}
    return found
