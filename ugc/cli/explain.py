"""`ugc explain`: why the model tags a review as it does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ugc.lake import Snapshot

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_JSON_VERSION = 1
_SOME = 5
"""Ids that are named when a beginning fits several."""

_WHERE = (
    "Ids stand in the address of a review in the dashboard (review=…), "
    "and as review_id in: ugc reasons --json"
)
_REVIEW = (
    "SELECT id, text, text_hash, language, date, stars, company, city, source FROM reviews WHERE id = $id"
)
_CORRECTIONS = "SELECT * FROM corrections WHERE review_id = $id AND (text_hash IS NULL OR text_hash = $hash)"


def _sound(given: str) -> str:
    """What the terminal sent, without bytes that are no characters."""
    return given.encode("utf-8", "replace").decode("utf-8")


def _full_id(snapshot: Snapshot, given: str) -> str:
    """The one id that begins as given; `InputError` when none does, or several do."""
    from ugc.errors import InputError
    from ugc.insight.choice.display import printable

    beginning = given.strip().lower()
    query = "SELECT id FROM reviews WHERE starts_with(id, $given) ORDER BY id LIMIT $most"
    found = snapshot.sql(query, {"given": beginning, "most": _SOME + 1})["id"].to_pylist()
    if not found:
        raise InputError(
            f"The lake holds no review whose id begins with {printable(given)!r}.",
            f"{_WHERE}. For any text: ugc explain --text TEXT",
        )
    if len(found) > 1:
        more = " and more" if len(found) > _SOME else ""
        raise InputError(
            f"Several reviews have an id that begins with {printable(given)!r}: "
            f"{', '.join(found[:_SOME])}{more}.",
            f"Give more of it. {_WHERE}",
        )
    return str(found[0])


def _held(snapshot: Snapshot, review: str) -> dict[str, Any]:
    """A review with `tagged_by`, the model of its tags, and the `corrections` in force."""
    from ugc.lake.corrections import in_force

    row: dict[str, Any] = snapshot.sql(_REVIEW, {"id": review}).to_pylist()[0]
    tagged = snapshot.sql("SELECT model FROM tags WHERE review_id = $id", {"id": review})["model"].to_pylist()
    row["tagged_by"] = tagged[0] if tagged else None
    fixes = snapshot.sql(_CORRECTIONS, {"id": review, "hash": row["text_hash"]}).to_pylist()
    row["corrections"] = [
        {name: one[name] for name in ("field", "value", "theme", "start", "end")} for one in in_force(fixes)
    ]
    return row


def _head(row: dict[str, Any]) -> str:
    """Which review it is: id, date, stars, company, city, source."""
    from ugc.insight.choice.display import printable

    day = f"{row['date']:%Y-%m-%d}" if row["date"] else None
    stars = None if row["stars"] is None else f"★ {row['stars']:g}"
    parts = [f"Review {row['id']}", day, stars, row["company"], row["city"], row["source"]]
    return printable(" · ".join(part for part in parts if part))


def _fix(row: dict[str, Any], one: dict[str, Any]) -> str:
    """One correction in words."""
    if one["start"] is None:
        return f"{one['field']}: {one['value']}"
    where = f"{one['theme']} in «{row['text'][one['start'] : one['end']]}»"
    return f"{where} {one['field']}" + ("" if one["field"] == "removed" else f": {one['value']}")


def _notes(row: dict[str, Any], model: str) -> list[str]:
    """Where the lake says something else than the model now does."""
    from ugc.insight.choice.display import printable

    notes = []
    if row["tagged_by"] is None:
        notes.append("The lake has no tags of this text yet. Run: ugc tag")
    elif row["tagged_by"] != model:
        notes.append(
            f"The tags in the lake are by {row['tagged_by']} and may differ. "
            "Bring them up to date with: ugc tag"
        )
    if row["corrections"]:
        said = "; ".join(_fix(row, one) for one in row["corrections"])
        notes.append(
            f"A person has corrected this review in the lake ({said}); below is what the model says."
        )
    return [printable(note) for note in notes]


@app.command()
def explain(
    review: Annotated[
        str | None, typer.Argument(help="Id of a review in the lake, or the beginning of it.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="Explain this text instead of a review.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of the model bundle.")] = None,
    profile: Annotated[str | None, typer.Option(help="default or fast, as in ugc tag.")] = None,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Why the model tags a review as it does: its clauses, probabilities, and the words that moved them."""
    from dataclasses import asdict

    from rich.console import Console

    from models.explain import explain as ask
    from models.tagger import Tagger
    from ugc import settings
    from ugc.cli.explanation import lines
    from ugc.errors import InputError
    from ugc.lake import Lake

    if (review is None) == (text is None):
        what = "Neither an id nor a text is given." if review is None else "Both an id and a text are given."
        raise InputError(what, f"Say: ugc explain ID, or: ugc explain --text TEXT. {_WHERE}")
    chosen = settings.load()
    row = None
    if review is not None:
        with Lake.open(lake or chosen.lake, create=False).snapshot() as snapshot:
            row = _held(snapshot, _full_id(snapshot, _sound(review)))
    said = row["text"] if row else _sound(text or "")
    tagger = Tagger.load(model or chosen.model, threads=chosen.threads, profile=profile or chosen.profile)
    told = ask(tagger, said, row["language"] if row else None)
    if json_:
        known = {name: row[name] for name in ("id", "tagged_by", "corrections")} if row else None
        document = {"version": _JSON_VERSION, "review": known, **asdict(told)}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))
        return
    console = Console(highlight=False, emoji=False, markup=False)
    for line in lines(told, _head(row) if row else "Text", _notes(row, tagger.version) if row else []):
        console.print(line, soft_wrap=not console.is_terminal)
