"""Quality as Markdown: `python -m benchmarks.quality SCORES.json [PAGE.md]`.

SCORES.json is what `ugc eval --json SCORES.json` wrote. Without a page the tables are printed; with
one they take the place of what stands there between the two marks

    <!-- quality: begin -->
    <!-- quality: end -->

The page of the project is docs/concepts/quality.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from models.evaluation.markdown import (
    confusion_table,
    difference_lines,
    domain_table,
    figure_table,
    grid,
    public_table,
    theme_table,
    worst_lines,
)
from models.evaluation.measure import MODEL

BEGIN, END = "<!-- quality: begin -->", "<!-- quality: end -->"


def markdown(found: dict[str, Any]) -> str:
    """All tables of one evaluation."""
    split = "the tenth held out by hash" if found["held_out"] else "all reviews of the file"
    left_out = f", {found['left_out']} left out as trained on" if found["left_out"] else ""
    parts = [
        f"`{found['model']}` on {found['n']} labelled reviews ({split}{left_out}), all from one run.\n",
        figure_table({name: own["all"] for name, own in found["peers"].items()}),
        "\n".join(
            f"- {line}" for line in (*difference_lines(found["best_peer"]), *worst_lines(found["worst"]))
        )
        + "\n",
        "### By language\n",
        figure_table(found["figures"]),
        "### By kind of business\n",
        domain_table(found["domains"][MODEL]),
        "### By theme\n",
        theme_table(found["themes"][MODEL]),
        "### Sentiment: what is taken for what\n",
        confusion_table(found["confusion"]["sentiment"]),
    ]
    bins = found["reliability"].get("theme", ())
    if bins:
        rows = [[f"from {one['from']:.1f}", one["n"], one["said"], one["was"]] for one in bins]
        parts += ["### Calibration of themes\n", grid(["probability", "pairs", "said", "was so"], rows)]
    if found.get("public"):
        parts += ["### Public sets\n", public_table(found["public"])]
        notes = [
            f"- {own['who']} on {name}: {own['source']}. {own['note']}"
            for name, one in found["public"].items()
            for own in one["published"]
        ]
        parts.append("\n".join(notes) + "\n")
    return "\n".join(parts)


def fill(page: str, tables: str) -> str:
    """A page with the tables between its marks; `ValueError` when it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page has no marks {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{tables}{END}{after}"


def main(arguments: list[str]) -> None:
    """Prints the tables, or writes them into a page."""
    if not arguments:
        sys.exit(__doc__)
    tables = markdown(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    if len(arguments) == 1:
        print(tables)
        return
    page = Path(arguments[1])
    page.write_text(fill(page.read_text(encoding="utf-8"), tables), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
