"""`ugc themes`: the themes, their names and examples, and themes of one's own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.cli.selection import LakeAddress

if TYPE_CHECKING:
    from ugc.lake import Edit, Lake
    from ugc.lake.labels import Examples, Texts
    from ugc.taxonomy import Label
    from ugc.theming import Draft, Measure, Near

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="Key of the theme, as ugc themes list shows it.")]
NameRu = Annotated[str | None, typer.Option(help="Name in Russian.")]
NameEn = Annotated[str | None, typer.Option(help="Name in English.")]
NamePl = Annotated[str | None, typer.Option(help="Name in Polish.")]
CoversRu = Annotated[str | None, typer.Option(help="What it covers, in Russian.")]
CoversEn = Annotated[str | None, typer.Option(help="What it covers, in English.")]
CoversPl = Annotated[str | None, typer.Option(help="What it covers, in Polish.")]
ExampleRu = Annotated[list[str] | None, typer.Option(help="A clause in Russian; may repeat.")]
ExampleEn = Annotated[list[str] | None, typer.Option(help="A clause in English; may repeat.")]
ExamplePl = Annotated[list[str] | None, typer.Option(help="A clause in Polish; may repeat.")]
Threshold = Annotated[
    float | None,
    typer.Option(min=0.2, max=0.95, help="Likeness from which on a clause belongs; see it with --look."),
]
Look = Annotated[
    bool, typer.Option("--look", help="Show what would just fall in and just stay out; write nothing.")
]
Author = Annotated[str | None, typer.Option(help="Who says so.")]

_JSON_VERSION = 1
_SHOWN = 8
"""Clauses on each side of the threshold that --look shows."""


@app.callback()
def _themes() -> None:
    """See and edit the themes, and add your own: they are found in the whole history without training."""


def _opened(lake: str | None) -> Lake:
    """The lake asked for, else the one of the settings."""
    from ugc import settings
    from ugc.lake import Lake

    return Lake.open(lake or settings.load().lake, create=False)


def _row(label: Label, edit: Edit | None, use: dict[str, int]) -> dict[str, Any]:
    """A theme for JSON."""
    return {
        "key": label.key,
        "own": label.own,
        "edited": edit is not None and not label.own,
        "names": label.names,
        "covers": label.covers,
        "examples": {language: list(said) for language, said in label.examples.items()},
        "threshold": edit.threshold if edit else None,
        "reviews": use.get(label.key, 0),
        "author": edit.author if edit else None,
        "edited_at": edit.made_at.isoformat(timespec="seconds") if edit and edit.made_at else None,
    }


def _rows(lake: Lake) -> list[dict[str, Any]]:
    """Every theme in force, in the order of display."""
    from ugc.insight import Filters, themes
    from ugc.taxonomy import labels

    with lake.snapshot() as snapshot:
        edits = snapshot.edits()
        use = {one.theme: one.reviews for one in themes(snapshot, Filters())}
        return [_row(one, edits.get(one.key), use) for one in labels("themes")]


def _print_json(key: str, value: object) -> None:
    """Prints one JSON document."""
    typer.echo(
        json.dumps({"version": _JSON_VERSION, key: value}, ensure_ascii=False, indent=1, allow_nan=False)
    )


def _state(row: dict[str, Any]) -> str:
    """What a person did to a theme, in a word or two."""
    told = "own" if row["own"] else "edited" if row["edited"] else ""
    found = f"by examples from {row['threshold']:.2f}" if row["threshold"] is not None else ""
    return ", ".join(filter(None, (told, found)))


@app.command(name="list")
def list_themes(lake: LakeAddress = None, json_: Json = False) -> None:
    """List the themes, with the number of reviews that raise each."""
    from ugc.insight.choice.display import printable

    rows = _rows(_opened(lake))
    if json_:
        _print_json("themes", rows)
        return
    for row in rows:
        line = f"{row['key']:<24} {row['reviews']:>9,}  {printable(row['names']['en']):<28} {_state(row)}"
        typer.echo(line.rstrip())


@app.command()
def show(key: Key, lake: LakeAddress = None, json_: Json = False) -> None:
    """Show a theme: names, meaning and examples in three languages."""
    from ugc.errors import InputError
    from ugc.insight.choice.display import printable
    from ugc.taxonomy import LANGUAGES

    row = next((one for one in _rows(_opened(lake)) if one["key"] == key), None)
    if row is None:
        raise InputError(f"There is no theme {key!r}.", "List them with: ugc themes list")
    if json_:
        _print_json("theme", row)
        return
    typer.echo(f"{key}: {row['reviews']:,} reviews. {_state(row)}".rstrip())
    for language in LANGUAGES:
        covers = row["covers"].get(language, "")
        typer.echo(f"{language}  {printable(row['names'][language])}: {printable(covers)}".rstrip(": "))
        for one in row["examples"].get(language, ()):
            typer.echo(f"    {printable(one)}")


def _measured(lake: Lake, draft: Draft) -> tuple[Measure, Near]:
    """The examples read by the model in use, and all clauses compared with them."""
    from models.tagger import Tagger
    from ugc import settings
    from ugc.theming import measure, near

    chosen = settings.load()
    reader = Tagger.load(chosen.model, threads=chosen.threads, profile=chosen.profile)
    with lake.snapshot() as snapshot:
        by = measure(snapshot, draft.examples, reader, theme=draft.key)
        return by, near(snapshot, by)


def _say_near(lake: Lake, found: Near, threshold: float) -> None:
    """What falls in at a threshold, and the clauses on either side of it."""
    from ugc.insight.choice.display import printable
    from ugc.insight.reviews.quotes import said

    typer.echo(
        f"From a likeness of {threshold:.2f} on: {found.mentions(threshold):,} mentions in "
        f"{found.reviews(threshold):,} reviews, of {found.looked:,} clauses compared."
    )
    with lake.snapshot() as snapshot:
        for heading, clauses in (
            ("Just falls in", found.inside(threshold, _SHOWN)),
            ("Just stays out", found.outside(threshold, _SHOWN)),
        ):
            typer.echo(f"\n{heading}")
            for one in said(snapshot, clauses):
                typer.echo(f"  {one.confidence:.2f}  {printable(one.text)}")


def _write(lake: Lake, draft: Draft, look: bool, author: str | None, json_: bool) -> None:
    """Shows what a draft would find, or saves it and says what came of it."""
    from ugc.theming import save

    by, threshold = None, draft.threshold
    if draft.said() and (draft.own or threshold is not None or look):
        by, found = _measured(lake, draft)
        threshold = found.suggested if threshold is None else threshold
        if look:
            _say_near(lake, found, threshold)
            return
    elif look:
        typer.echo(
            "There are no examples to look by: give some with --example-ru, --example-en, --example-pl."
        )
        return
    saved = save(lake, replace(draft, threshold=threshold), measure=by, author=author)
    if json_:
        _print_json("saved", {"key": saved.key, "mentions": saved.mentions, "reviews": saved.reviews})
        return
    typer.echo(f"Saved the theme {saved.key}.")
    if threshold is not None:
        typer.echo(
            f"Found by its examples from a likeness of {threshold:.2f} on: {saved.mentions:,} mentions in "
            f"{saved.reviews:,} reviews."
        )


def _texts(given: tuple[str | None, ...], before: Texts) -> Texts:
    """Texts given anew, the others as before."""
    ru, en, pl = (old if new is None else new for new, old in zip(given, before, strict=True))
    return ru, en, pl


def _examples(given: tuple[list[str] | None, ...], before: Examples) -> Examples:
    """Examples given anew for a language, those of the others as before."""
    ru, en, pl = (old if new is None else tuple(new) for new, old in zip(given, before, strict=True))
    return ru, en, pl


@app.command()
def add(
    name_ru: NameRu = None,
    name_en: NameEn = None,
    name_pl: NamePl = None,
    covers_ru: CoversRu = None,
    covers_en: CoversEn = None,
    covers_pl: CoversPl = None,
    example_ru: ExampleRu = None,
    example_en: ExampleEn = None,
    example_pl: ExamplePl = None,
    threshold: Threshold = None,
    look: Look = False,
    author: Author = None,
    lake: LakeAddress = None,
    json_: Json = False,
) -> None:
    """Add a theme of your own: mentions like its examples are found in all reviews, without training.

    Give it a name in one language at least, and three to ten clauses as customers say them. Look first
    with --look, move the threshold until what falls in is right, then leave --look out.
    """
    from ugc.theming import Draft

    empty = Draft()
    draft = Draft(
        names=_texts((name_ru, name_en, name_pl), empty.names),
        covers=_texts((covers_ru, covers_en, covers_pl), empty.covers),
        examples=_examples((example_ru, example_en, example_pl), empty.examples),
        threshold=threshold,
    )
    _write(_opened(lake), draft, look, author, json_)


@app.command()
def edit(
    key: Key,
    name_ru: NameRu = None,
    name_en: NameEn = None,
    name_pl: NamePl = None,
    covers_ru: CoversRu = None,
    covers_en: CoversEn = None,
    covers_pl: CoversPl = None,
    example_ru: ExampleRu = None,
    example_en: ExampleEn = None,
    example_pl: ExamplePl = None,
    threshold: Threshold = None,
    look: Look = False,
    author: Author = None,
    lake: LakeAddress = None,
    json_: Json = False,
) -> None:
    """Edit a theme; what is not given stays as it is, examples are replaced language by language.

    With a threshold a shipped theme is found by its examples as well as by the model.
    """
    from ugc.theming import Draft

    opened = _opened(lake)
    with opened.snapshot() as snapshot:
        before = Draft.of(key, snapshot.edits().get(key))
    draft = replace(
        before,
        names=_texts((name_ru, name_en, name_pl), before.names),
        covers=_texts((covers_ru, covers_en, covers_pl), before.covers),
        examples=_examples((example_ru, example_en, example_pl), before.examples),
        threshold=before.threshold if threshold is None else threshold,
    )
    _write(opened, draft, look, author, json_)


@app.command()
def remove(key: Key, author: Author = None, lake: LakeAddress = None, json_: Json = False) -> None:
    """Take a theme of your own away with its mentions, or give a shipped one its own words back."""
    from ugc.theming import remove as take_away

    take_away(_opened(lake), key, author=author)
    if json_:
        _print_json("removed", key)
    else:
        typer.echo(f"Removed what was made of the theme {key}; no review is touched.")


@app.command()
def draw(lake: LakeAddress = None, json_: Json = False) -> None:
    """Find the themes that have examples in what was tagged since; ugc tag does it by itself."""
    from models.tagger import Tagger
    from ugc import settings
    from ugc.theming import draw as find

    chosen = settings.load()
    reader = Tagger.load(chosen.model, threads=chosen.threads, profile=chosen.profile)
    found = find(_opened(lake), reader)
    if json_:
        _print_json("found", found)
    else:
        typer.echo(f"Found by the examples of themes: {found:,} mentions more.")
