"""Keeping a theme as somebody made it, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ugc import taxonomy
from ugc.lake.labels import Edit, ThemeRefused, name_drawing
from ugc.lake.turn import WAIT
from ugc.taxonomy import LANGUAGES
from ugc.theming.compared import Progress
from ugc.theming.draft import Draft
from ugc.theming.drawing import draw, drawn, lay
from ugc.theming.measure import Measure

if TYPE_CHECKING:
    from ugc.lake import Lake, Snapshot

__all__ = ["Progress", "Saved", "remove", "save"]


@dataclass(frozen=True)
class Saved:
    """What came of saving a theme.

    Attributes:
        key: key of the theme.
        mentions: clauses that its examples found; 0 where it is not found by examples.
        reviews: reviews that they are in.
    """

    key: str
    mentions: int
    reviews: int


def save(
    lake: Lake,
    draft: Draft,
    *,
    measure: Measure | None = None,
    author: str | None = None,
    wait: float = WAIT,
    progress: Progress | None = None,
) -> Saved:
    """Writes a theme and finds it in the whole history; nobody sees it before both are done.

    Args:
        lake: where it is to hold.
        draft: the theme.
        measure: what clauses are compared with; needed where a theme is found by examples that are not
            those it was found by before.
        author: who says so.
        wait: seconds to wait for others who write.
        progress: called after some thousands of clauses.

    Raises:
        ThemeRefused: it has no name, another theme has this name, a text is too long, it is a theme of
            one's own without examples, or what its examples are like is no longer known.
        LakeBusy: the others wrote for longer than that.
        LakeReadOnly: there is no right to write.
    """
    tidy = draft.tidy()
    with lake.snapshot() as snapshot:
        edit = _checked(snapshot, tidy, author)
        before = snapshot.edits().get(edit.key)
        by = measure or _kept(before, tidy)
        if tidy.threshold is not None:
            if by is None:
                raise ThemeRefused(
                    "The examples have not been compared with the reviews.",
                    "Look what is like them.",
                    why="look",
                )
            edit = replace(edit, threshold=tidy.threshold, model=by.model, measure=by.packed)
            same = before is not None and measure is None and before.threshold == tidy.threshold
            edit = replace(edit, drawing=before.drawing if before and same else name_drawing())
            if not same:
                by = replace(by, theme=edit.key)
                lay(lake, snapshot, by, edit.key, edit.drawing or "", tidy.threshold, progress)
        lake.add_label(edit, wait=wait)
        tags = snapshot.pins["tags"].version
    with lake.snapshot() as snapshot:
        meanwhile = snapshot.pins["tags"].version != tags
    if meanwhile and edit.drawing:
        draw(lake)
    with lake.snapshot() as snapshot:
        return Saved(edit.key, *(drawn(snapshot, edit.drawing) if edit.drawing else (0, 0)))


def remove(lake: Lake, key: str, *, author: str | None = None, wait: float = WAIT) -> None:
    """Takes a theme of one's own away, with its mentions; a shipped theme is again as it is shipped.

    Raises:
        ThemeRefused: nobody edited or added such a theme.
        LakeBusy: the others wrote for longer than `wait` seconds.
        LakeReadOnly: there is no right to write.
    """
    with lake.snapshot() as snapshot:
        edit = snapshot.edits().get(key)
    if edit is None:
        raise ThemeRefused(
            f"Nobody has edited or added a theme {key!r}.", "List them with: ugc themes list", why="gone"
        )
    gone = Edit(key, edit.own, edit.names, edit.covers, edit.examples, author=author)
    lake.add_label(gone, removed=True, wait=wait)


def _checked(snapshot: Snapshot, draft: Draft, author: str | None) -> Edit:
    """A tidy draft as an edit that finds nothing yet."""
    if not all(draft.names):
        raise ThemeRefused("The theme has no name.", "Name it in one language at least.", why="no_name")
    if draft.own and (draft.threshold is None or not draft.said()):
        raise ThemeRefused(
            "A theme of one's own is found by its examples, and there are none.",
            "Write at least one clause as customers say it.",
            why="no_example",
        )
    if draft.threshold is not None and not draft.said():
        raise ThemeRefused(
            "There is no example.", "Write at least one clause as customers say it.", why="no_example"
        )
    for one in taxonomy.labels("themes"):
        for language, name in zip(LANGUAGES, draft.names, strict=True):
            if one.key != draft.key and one.name(language).casefold() == name.casefold():
                raise ThemeRefused(
                    f"There is a theme {name!r} already.", "Choose another name.", why="taken", name=name
                )
    taken = {*taxonomy.keys("themes"), *snapshot.edits(), *_mentioned(snapshot)}
    key = draft.key or draft.named_key(taken)
    return Edit(key, draft.own, draft.names, draft.covers, draft.examples, author=author or None)


def _mentioned(snapshot: Snapshot) -> set[str]:
    """Keys of all themes that the lake mentions."""
    return set(snapshot.sql("SELECT DISTINCT theme FROM mentions").column(0).to_pylist())


def _kept(before: Edit | None, draft: Draft) -> Measure | None:
    """What the theme was found by, where its examples are still the same."""
    if before is None or before.measure is None or before.examples != draft.examples:
        return None
    return Measure(before.model or "", before.measure, before.key)
