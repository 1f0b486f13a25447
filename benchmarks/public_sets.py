"""Scores on public sets as Markdown: `python -m benchmarks.public_sets FOLDER [BUNDLE …]`.

FOLDER holds `emotion.jsonl.gz` and `sentiment.jsonl.gz`. The first BUNDLE is the model, the shipped
one unless told; the others stand beside it, as do the lexicon and TF-IDF with logistic regression
that is trained on the other texts of each set. Texts that any bundle was trained on are left out.
What the figures mean stands in docs/concepts/quality.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

from models import DEFAULT_BUNDLE
from models.evaluation.answers import Reader, TaggerReader
from models.evaluation.lexicon import Lexicon
from models.evaluation.markdown import public_table
from models.evaluation.measure import LEXICON, MODEL
from models.evaluation.public_scores import measure_public
from models.tagger import Tagger


def main(arguments: list[str]) -> None:
    """Reads the held-out texts and prints the table."""
    if not arguments:
        sys.exit(__doc__)
    folder, *bundles = map(Path, arguments)
    taggers = [Tagger.load(one) for one in bundles or [DEFAULT_BUNDLE]]
    readers: dict[str, Reader] = {MODEL: TaggerReader(taggers[0])}
    readers |= {one.version: TaggerReader(one) for one in taggers[1:]}
    readers[LEXICON] = Lexicon()
    found = measure_public(folder, readers, [one.bundle.training_texts() for one in taggers])
    for name, one in found.items():
        print(f"- {name}: {one['n']} texts ({one['unit']}), {one['left_out']} left out as trained on")
    print()
    print(public_table(found))
    for name, one in found.items():
        for own in one["published"]:
            print(f"- {own['who']} on {name}: {own['source']}. {own['note']}")


if __name__ == "__main__":
    main(sys.argv[1:])
