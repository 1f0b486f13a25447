"""Side by side: companies, places, products, cities, sources or periods, and what differs.

Every share of a side, and its CSI, is set against that of the first side, or of all other sides
together. The tests of shares are those of `significance.two_shares` with Newcombe's interval, those
of the CSI Welch's (`means.mean_difference`). All of them, over CSI, pleased, displeased and every
theme praised or blamed at any side, are corrected together (Benjamini–Hochberg); the concrete reasons,
which are many more, by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from ugc.errors import InputError
from ugc.insight.choice.counts import EMPTY, Counts, by_key
from ugc.insight.reviews.quotes import Quote
from ugc.insight.satisfaction.scores import Scores, score
from ugc.insight.statistics.intervals import Interval, difference, wilson
from ugc.insight.statistics.means import Sample, mean_difference
from ugc.insight.statistics.significance import ALPHA, adjust, two_shares
from ugc.insight.whereabouts.compare_counts import Said, concrete_counts, no_overlap, raised, said_at
from ugc.insight.whereabouts.compare_sides import KINDS, Chosen, apart, choose_sides
from ugc.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = [
    "KINDS",
    "TIMES",
    "Against",
    "Chosen",
    "Comparison",
    "Difference",
    "Row",
    "Share",
    "Side",
    "Tally",
    "choose_sides",
    "compare",
    "judge",
]

TIMES = 2.0
"""A concrete reason is shown when its share at one side is at least so many times that at the other."""

Against = Literal["first", "rest"]

_CSI, _POSITIVE, _NEGATIVE = ("", "csi"), ("", "positive"), ("", "negative")
"""Keys of the figures that are no theme's."""

_NAMES = "SELECT id, {column} AS name FROM reasons WHERE id IN (SELECT unnest($ids))"


@dataclass(frozen=True)
class Difference:
    """A figure of a side − that of the first side, or of the rest; a share in 0…1, the CSI in points."""

    value: float
    low: float
    high: float
    p_value: float
    q_value: float
    significant: bool
    """q < 0.05."""


@dataclass(frozen=True)
class Share:
    """How many of a side's tagged reviews; without any of them there is no share."""

    reviews: int
    n: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Side:
    """One side: its figures and their differences, `None` where there is nothing to compare with."""

    name: str
    scores: Scores
    csi: Difference | None
    positive: Difference | None
    negative: Difference | None


@dataclass(frozen=True)
class Row:
    """A theme, or a concrete reason of it, with a polarity; all tuples have one entry for each side."""

    theme: str
    polarity: str
    reason: str | None
    """Id of the concrete reason; `None` for a theme."""
    name: str | None
    """The reason's name in the reader's language, where it has one."""
    shares: tuple[Share, ...]
    differences: tuple[Difference | None, ...]
    quotes: tuple[tuple[Quote, ...], ...]
    """Typical ones, at the sides where a significant difference leaves the theme the more frequent."""

    @property
    def significant(self) -> bool:
        """Whether any side differs."""
        return any(one is not None and one.significant for one in self.differences)


@dataclass(frozen=True)
class Comparison:
    """The sides with their figures, and what they are praised and blamed for."""

    against: Against
    sides: tuple[Side, ...]
    tested: int
    """Differences that were corrected together; those of concrete reasons are not among them."""
    themes: tuple[Row, ...]
    """Those that differ first, by the size of the difference; then by their largest share."""
    concrete: tuple[Row, ...]
    """Concrete reasons that differ and are at least TIMES as frequent at one side."""


class Tally(NamedTuple):
    """What was counted of one side: its reviews, and how many of the tagged ones raise what."""

    counts: Counts
    raised: Mapping[tuple[str, ...], int]


def _rest(tallies: Sequence[Tally]) -> Tally:
    """Several sides as one."""
    sums = [sum(column) for column in zip(*(astuple(one.counts) for one in tallies), strict=True)]
    keys = {key for one in tallies for key in one.raised}
    return Tally(Counts(*sums), {key: sum(one.raised.get(key, 0) for one in tallies) for key in keys})


def _counterparts(tallies: Sequence[Tally], against: Against) -> list[Tally | None]:
    """What each side is set against."""
    if against == "first":
        return [None, *[tallies[0]] * (len(tallies) - 1)]
    return [_rest([*tallies[:place], *tallies[place + 1 :]]) for place in range(len(tallies))]


def _shares(one: Tally, other: Tally, key: tuple[str, ...]) -> tuple[Interval, float] | None:
    """The difference of one share, and p of its test."""
    if key in (_POSITIVE, _NEGATIVE):
        count, other_count = getattr(one.counts, key[1]), getattr(other.counts, key[1])
    else:
        count, other_count = one.raised.get(key, 0), other.raised.get(key, 0)
    told = (count, one.counts.tagged, other_count, other.counts.tagged)
    found, p = difference(*told), two_shares(*told)
    return None if found is None or p is None else (found, p)


def _csi(one: Tally, other: Tally) -> tuple[Interval, float] | None:
    """The difference of the CSIs, and p of its test."""
    samples = [
        Sample(side.counts.ratings, side.counts.stars, side.counts.star_squares) for side in (one, other)
    ]
    found = mean_difference(*samples, least=1.0, most=5.0)
    return found and (Interval(*(25 * bound for bound in found[0])), found[1])


def judge(
    tallies: Sequence[Tally], against: Against = "first", *, whole: bool = True
) -> dict[tuple[str, ...], tuple[Difference | None, ...]]:
    """All differences of all sides, tested and corrected together, by what is compared.

    The keys are those of `Tally.raised` and, with `whole`, ("", "csi"), ("", "positive") and
    ("", "negative"). Each has one entry for each side: `None` for the first where that is what the
    others are set against, and where a side has nothing to compare.
    """
    keys = [
        *((_CSI, _POSITIVE, _NEGATIVE) if whole else ()),
        *sorted({k for one in tallies for k in one.raised}),
    ]
    others = _counterparts(tallies, against)
    found: dict[tuple[tuple[str, ...], int], tuple[Interval, float]] = {}
    for key in keys:
        for place, (one, other) in enumerate(zip(tallies, others, strict=True)):
            if other is None:
                continue
            tested = _csi(one, other) if key == _CSI else _shares(one, other, key)
            if tested is not None:
                found[key, place] = tested
    q_values = adjust([p for _, p in found.values()])
    judged = {
        where: Difference(*one, p, q, q < ALPHA)
        for (where, (one, p)), q in zip(found.items(), q_values, strict=True)
    }
    return {key: tuple(judged.get((key, place)) for place in range(len(tallies))) for key in keys}


def _share(tally: Tally, key: tuple[str, ...]) -> Share:
    """The share of one side with its interval."""
    count, n = tally.raised.get(key, 0), tally.counts.tagged
    return Share(count, n, *(wilson(count, n) or (None, None, None)))


def _row(key: tuple[str, ...], tallies: Sequence[Tally], differences: tuple[Difference | None, ...]) -> Row:
    """What was counted and found of a theme, or of (id, theme, polarity), yet without words."""
    shares = tuple(_share(tally, key) for tally in tallies)
    reason = key[0] if len(key) == 3 else None
    return Row(key[-2], key[-1], reason, None, shares, differences, ((),) * len(tallies))


def _order(row: Row) -> tuple[bool, float, float, str, str, str]:
    """Key of the order: what differs first, the larger the earlier; then the largest share."""
    sizes = [abs(one.value) for one in row.differences if one is not None and one.significant]
    largest = max((one.share or 0.0 for one in row.shares), default=0.0)
    return not sizes, -max(sizes, default=0.0), -largest, row.theme, row.polarity, row.reason or ""


def _higher(row: Row, against: Against) -> set[int]:
    """Places of the sides at which a significant difference leaves the row the more frequent."""
    places = set()
    for place, one in enumerate(row.differences):
        if one is not None and one.significant:
            if one.value > 0:
                places.add(place)
            elif against == "first":
                places.add(0)
            else:
                others = [other for other in range(len(row.shares)) if other != place]
                places.add(max(others, key=lambda other: row.shares[other].share or 0.0))
    return places


def _much(row: Row, tallies: Sequence[Tally], against: Against) -> bool:
    """Whether a significant difference is one of at least TIMES the share."""
    key = (row.reason or "", row.theme, row.polarity)
    for place, (one, other) in enumerate(zip(row.differences, _counterparts(tallies, against), strict=True)):
        if one is not None and other is not None and one.significant:
            shares = (row.shares[place].share or 0.0, _share(other, key).share or 0.0)
            if max(shares) >= TIMES * min(shares):
                return True
    return False


def _told(
    snapshot: Snapshot,
    sides: Sequence[Chosen],
    rows: Sequence[Row],
    against: Against,
    count: int,
    language: str,
) -> tuple[Row, ...]:
    """The rows with their quotes and, for concrete reasons, with their names."""
    reasons = any(row.reason for row in rows)
    wanted = {
        (place, row): Said(place, row.reason or row.theme, row.polarity)
        for row in rows
        for place in _higher(row, against)
    }
    quotes = said_at(snapshot, sides, wanted.values(), count, reasons=reasons)
    names: dict[str | None, str | None] = {}
    if reasons:
        column = f"name_{language if language in LANGUAGES else 'en'}"
        listed = snapshot.sql(_NAMES.format(column=column), {"ids": [row.reason for row in rows]})
        names = {one["id"]: one["name"] for one in listed.to_pylist()}
    made = []
    for row in rows:
        said = tuple(
            quotes.get(wanted[place, row], ()) if (place, row) in wanted else ()
            for place in range(len(sides))
        )
        name = names.get(row.reason)
        made.append(Row(row.theme, row.polarity, row.reason, name, row.shares, row.differences, said))
    return tuple(made)


def compare(
    snapshot: Snapshot,
    sides: Sequence[Chosen],
    *,
    against: Against = "first",
    top: int = 15,
    quotes: int = 1,
    concrete: int = 10,
    language: str = "en",
) -> Comparison:
    """The sides' scores, what they are praised and blamed for, and which differences are significant.

    Args:
        snapshot: the lake.
        sides: at least two names with their filters, such as `choose_sides` gives; the `themes` of the
            first only limit which themes are listed.
        against: what each side is set against: the first side, or all others together.
        top: themes × polarities listed at most.
        quotes: quotes of each that differs, at each side where it is the more frequent.
        concrete: concrete reasons listed at most; 0 leaves them out.
        language: of their names, ru, en or pl.

    Raises:
        InputError: fewer than two sides, an unknown `against`, or a review that stands on two sides.
    """
    if len(sides) < 2:
        raise InputError("There are fewer than two sides to compare.", "Name two or more.")
    if against not in ("first", "rest"):
        raise InputError(f"Nothing can be set against {against!r}.", "Known: first, rest.")
    listed = sides[0].filters.themes
    sides = [Chosen(side.name, side.filters.without_themes()) for side in sides]
    apart(sides)
    no_overlap(snapshot, sides)
    counts = [by_key(snapshot, side.filters, "1").get(1, EMPTY) for side in sides]
    tallies = [Tally(one, found) for one, found in zip(counts, raised(snapshot, sides), strict=True)]
    judged = judge(tallies, against)
    figures = [
        Side(side.name, score(one.counts), *(judged[key][place] for key in (_CSI, _POSITIVE, _NEGATIVE)))
        for place, (side, one) in enumerate(zip(sides, tallies, strict=True))
    ]
    rows = [_row(key, tallies, differences) for key, differences in judged.items() if key[0]]
    rows = sorted((row for row in rows if not listed or row.theme in listed), key=_order)[: max(top, 0)]
    below: list[Row] = []
    if concrete > 0:
        given = [
            Tally(one, found) for one, found in zip(counts, concrete_counts(snapshot, sides), strict=True)
        ]
        every = [_row(key, given, one) for key, one in judge(given, against, whole=False).items()]
        much = [row for row in every if row.significant and _much(row, given, against)]
        below = sorted((row for row in much if not listed or row.theme in listed), key=_order)[:concrete]
    return Comparison(
        against=against,
        sides=tuple(figures),
        tested=sum(one is not None for differences in judged.values() for one in differences),
        themes=_told(snapshot, sides, rows, against, quotes, language),
        concrete=_told(snapshot, sides, below, against, quotes, language),
    )
