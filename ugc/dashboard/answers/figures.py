"""Figures as the pages show them: tiles, rows of groups, the table of coverage, all written out."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ugc.dashboard.look.bars import TONES, Row
from ugc.dashboard.look.blocks import tile
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.messages import translated
from ugc.dashboard.look.words import words
from ugc.insight import Change, Group, Reason, Scores, Segment, SourceFreshness
from ugc.insight.satisfaction.scores import REPRESENTATIVE

__all__ = ["coverage", "groups", "heads", "moved", "parts", "ranked", "tiles"]


def tiles(found: Scores, language: str) -> Markup:
    """Volume, mean rating, CSI, share of negatives and net sentiment, each with interval and n."""
    word, say = words(language), formats(language)
    ratings = word("tile.n_ratings", n=found.ratings, count=say.number(found.ratings))
    tagged = word("tile.n_texts", n=found.tagged, count=say.number(found.tagged))
    warning = ""
    if not found.representative:
        warning = word(
            "tile.unrepresentative", count=say.number(found.ratings), least=say.number(REPRESENTATIVE)
        )
    without = word("tile.without_text", n=found.without_text, count=say.number(found.without_text))

    def bounds(text: str) -> str:
        return word("tile.interval", bounds=text)

    made = (
        tile(
            word("tile.reviews"),
            say.number(found.reviews),
            (ratings, without if found.without_text else ""),
            hint=word("tile.reviews_hint"),
        ),
        tile(
            word("tile.stars"),
            say.stars(found.mean_stars),
            (bounds(say.interval(found.mean_stars_low, found.mean_stars_high, 2)), ratings),
            hint=word("tile.stars_hint"),
            warning=warning,
        ),
        tile(
            word("tile.csi"),
            say.number(found.csi),
            (bounds(say.interval(found.csi_low, found.csi_high)), ratings),
            hint=word("tile.csi_hint"),
            warning=warning,
        ),
        tile(
            word("tile.negative"),
            say.percent(found.negative_share),
            (bounds(say.percents(found.negative_low, found.negative_high)), tagged),
            hint=word("tile.negative_hint"),
            warning=warning,
        ),
        tile(
            word("tile.net"),
            say.signed(found.net_sentiment),
            (bounds(say.points(found.net_low, found.net_high)), tagged),
            hint=word("tile.net_hint"),
            warning=warning,
        ),
    )
    return Markup('<div class="house-tiles">{}</div>').format(Markup("").join(made))


def heads(language: str, dimension: str, *, wide: bool) -> list[str]:
    """Headings of `groups`: the dimension, the share of negatives, its figure, then the cells."""
    word = words(language)
    if not wide:
        return []
    cells = (word(f"head.{one}") for one in ("reviews", "stars", "csi"))
    return [word(f"filter.{dimension}"), word("measure.negative"), "", *cells]


def groups(found: Sequence[Group], dimension: str, language: str, *, wide: bool) -> list[Row]:
    """One row a value: share of negatives with its interval, number of reviews, stars, CSI."""
    word, say = words(language), formats(language)
    rows = []
    for one in found:
        got = one.scores
        name = word.called(dimension, one.value)
        cells = (say.number(got.reviews), say.stars(got.mean_stars), say.number(got.csi))
        share, bounds = say.percent(got.negative_share), say.percents(got.negative_low, got.negative_high)
        count = say.number(got.tagged)
        tip = word("row.group", name=name, share=share, bounds=bounds, n=got.tagged, count=count)
        rows.append(
            Row(
                key=one.value or "",
                label=name,
                figure=share,
                note=_note(got, language, wide=wide),
                share=got.negative_share,
                low=got.negative_low,
                high=got.negative_high,
                tone="blame",
                tip=tip if got.tagged else word("row.unread", name=name),
                cells=cells if wide else (),
                faded=not got.representative and got.tagged < 30,
            )
        )
    return rows


def _note(got: Scores, language: str, *, wide: bool) -> str:
    """Interval of the share of negatives, and its n where no column gives it; nothing without texts."""
    if not got.tagged:
        return ""
    say = formats(language)
    bounds = say.percents(got.negative_low, got.negative_high)
    return bounds if wide else words(language)("row.note", bounds=bounds, count=say.number(got.tagged))


def ranked(found: Sequence[Reason], language: str, n: int) -> list[Row]:
    """Reasons as rows: share of the reviews that raise the theme, with interval and change."""
    word, say = words(language), formats(language)
    rows = []
    for one in found:
        name = word.name("themes", one.theme)
        share, bounds = say.percent(one.share), say.percents(one.low, one.high)
        counts = {"reviews": say.number(one.reviews), "count": say.number(n)}
        rows.append(
            Row(
                key=one.theme,
                label=name,
                figure=share,
                note=bounds,
                share=one.share,
                low=one.low,
                high=one.high,
                tone=TONES[one.polarity],
                tip=word("row.reason", name=name, share=share, bounds=bounds, n=n, **counts),
                badge=moved(one.change, language),
            )
        )
    return rows


def moved(change: Change | None, language: str) -> str:
    """What the share was in the period before and how it moved; nothing that chance explains."""
    if change is None or not change.significant:
        return ""
    say = formats(language)
    was, points = say.percent(change.previous_share), say.signed(change.difference)
    return words(language)("row.was", was=was, points=points)


def parts(found: Sequence[Segment], dimension: str, polarity: str, language: str) -> list[Row]:
    """A theme's breakdown as rows; what stands out from the rest is marked."""
    word, say = words(language), formats(language)
    rows = []
    for one in found:
        if dimension == "touchpoint":
            name = word.name("touchpoints", one.value)
        else:
            name = word.called(dimension, one.value)
        share, bounds = say.percent(one.share), say.percents(one.low, one.high)
        above = one.significant and (one.share or 0) > (one.rest_share or 0)
        badge = word("row.above" if above else "row.below") if one.significant else ""
        counts = {"reviews": say.number(one.reviews), "count": say.number(one.tagged)}
        rows.append(
            Row(
                key=one.value or "",
                label=name,
                figure=share,
                note=bounds,
                share=one.share,
                low=one.low,
                high=one.high,
                tone=TONES[polarity],
                tip=word("row.reason", name=name, share=share, bounds=bounds, n=one.tagged, **counts),
                badge=badge,
                cells=(word("row.of", reviews=counts["reviews"], count=counts["count"]),),
                faded=one.tagged < 10,
            )
        )
    return rows


def coverage(found: Sequence[SourceFreshness], language: str) -> Markup:
    """Table of the sources: newest review, last run and its state, reviews without text or tags."""
    word, say = words(language), formats(language)
    names = ("source", "reviews", "newest", "read", "state", "without_text", "untagged")
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(word(f"coverage.{name}")) for name in names
    )
    body = Markup("").join(
        Markup(
            '<tr><th scope="row"><bdi>{}</bdi></th><td class="number">{}</td><td>{}</td><td>{}</td>'
            '<td><span class="state {}">{}</span></td><td class="number">{}</td>'
            '<td class="number">{}</td></tr>'
        ).format(
            word.called("source", one.source),
            say.number(one.reviews),
            say.day(one.newest),
            say.moment(one.read_at),
            one.state or "unknown",
            _state(one, language),
            say.number(one.without_text),
            say.number(one.untagged),
        )
        for one in found
    )
    return Markup(
        '<div class="house-scroll" tabindex="0"><table class="house-table"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(head, body)


def _state(one: SourceFreshness, language: str) -> str:
    """How complete the last run was, with its reason when it was not."""
    word = words(language)
    if one.state is None:
        return word("run.unknown")
    name = word(f"run.{one.state}") if f"run.{one.state}" in word.entries else one.state
    if not one.reason or one.state == "complete":
        return name
    return f"{name}: {translated(one.reason, word.language) or one.reason}"
