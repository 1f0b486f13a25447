"""Commands over chosen reviews: the options that choose them, added to every such command alike."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from ugc.cli import selection

if TYPE_CHECKING:
    from ugc.insight import Filters, Scores
    from ugc.lake import Snapshot
    from ugc.report import Words

__all__ = ["Choice", "choosing"]

P = ParamSpec("P")

_FILTERS: dict[str, Any] = {
    "company": selection.Company,
    "product": selection.Product,
    "place": selection.Place,
    "source": selection.Source,
    "city": selection.City,
    "language": selection.Language,
    "since": selection.Since,
    "until": selection.Until,
    "theme": selection.Theme,
    "without_doubtful": selection.WithoutDoubtful,
}
"""Options that choose reviews, by the parameter of `selection.filters_of` that takes them."""

_FRAME: dict[str, Any] = {
    "lang": selection.Interface,
    "json_": Annotated[bool, typer.Option("--json", help="Print one JSON document.")],
    "lake": selection.LakeAddress,
}
"""Options that say how and from where to answer; they stand last."""

_OFF = ("without_doubtful", "json_")
"""Options that are switches; all others are unset by default."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The reviews that a command was asked about, and how it is to answer."""

    snapshot: Snapshot
    filters: Filters
    words: Words
    figures: Scores
    """Of the reviews chosen, whatever they mention."""
    json: bool
    """The answer is to be one JSON document."""

    def print_json(self, found: Mapping[str, Any]) -> None:
        """Prints the document of `--json`: version, language and filters, then what was found."""
        from ugc.cli.figures import print_json

        print_json(found, self.filters, self.words)

    def tell_left_out(self) -> None:
        """Says how many doubtful reviews are left out, if any are."""
        if self.filters.left_out:
            typer.echo(self.words("left_out", reviews=len(self.filters.left_out)))


def choosing(
    *, without: Sequence[str] = (), advice: bool = True
) -> Callable[[Callable[Concatenate[Choice, P], None]], Callable[..., None]]:
    """Makes a command of a function that takes a `Choice` first and then options of its own.

    The command takes the options of `_FILTERS`, those of the function, and those of `_FRAME`, but
    none named in `without`. It opens the lake, settles the filters and, with `advice`, says on the
    error stream what is to be done where there is little to see.
    """

    def command(question: Callable[Concatenate[Choice, P], None]) -> Callable[..., None]:
        taken = {name: kind for name, kind in _FILTERS.items() if name not in without}
        frame = {name: kind for name, kind in _FRAME.items() if name not in without}

        @wraps(question)
        def asked(**options: Any) -> None:
            wanted = {name: options.pop(name) for name in taken}
            how = {name: options.pop(name) for name in frame}
            _answer(question, wanted, how, options, advice)

        own = list(inspect.signature(question, eval_str=True).parameters.values())[1:]
        given = [*map(_option, taken.items()), *own, *map(_option, frame.items())]
        parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in given]
        asked.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        asked.__annotations__ = {one.name: one.annotation for one in parameters}
        return asked

    return command


def _option(one: tuple[str, Any]) -> inspect.Parameter:
    """An option as a parameter, unset by default."""
    name, kind = one
    default = False if name in _OFF else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _answer(
    question: Callable[..., None],
    wanted: dict[str, Any],
    how: dict[str, Any],
    own: dict[str, Any],
    advice: bool,
) -> None:
    """Opens the lake, settles the filters, and hands both to the question."""
    from ugc import settings
    from ugc.cli.figures import advise
    from ugc.insight import Filters, scores
    from ugc.lake import Lake
    from ugc.report.words import words

    set_ = settings.load()
    say = words(selection.interface(how.get("lang"), set_.language))
    with Lake.open(how["lake"] or set_.lake, create=False).snapshot() as snapshot:
        held = scores(snapshot, Filters()).reviews
        # An empty lake knows no value of any filter: it is to be said that it is empty, not that.
        filters = selection.filters_of(snapshot, **wanted) if held else Filters()
        figures = scores(snapshot, filters.without_themes())
        if advice:
            advise(held, figures.reviews, figures.tagged, figures.untagged)
        question(Choice(snapshot, filters, say, figures, bool(how.get("json_"))), **own)
