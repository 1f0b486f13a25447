"""Several lists of one target, such as countries, where the silence of one says nothing.

An app's feed of one country may fail or fall silent while the others speak: they are read all the
same, and the run ends by naming what was not heard.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from scrapers.source import Cursor, Page, Source
from scrapers.walk import each
from ugc.errors import SourceBlocked, SourceError

__all__ = ["Walk", "heard"]

Walk = AsyncGenerator[tuple[Page, Cursor], None]
"""Pages, each with the cursor to keep once it is stored."""


async def heard(
    source: Source, names: Sequence[str], cursor: Cursor, walk: Callable[[str, Cursor], Walk]
) -> Walk:
    """The walks of all lists, one after the other; what one of them could not give does not stop the next.

    A list that begins with an empty page keeps its part of the cursor.

    Raises:
        SourceBlocked: at once, when the site refuses.
        SourceError: at the end, when a list could not be read, when one that had reviews is empty
            now, or when all are empty: whether there are no reviews is then unknown.
    """
    known = frozenset(cursor.get("streams") or {})
    silent: list[str] = []
    trouble: dict[str, SourceError] = {}

    async def listened(name: str, mark: Cursor) -> Walk:
        first = True
        try:
            async with aclosing(walk(name, mark)) as pages:
                async for page, new in pages:
                    if first and not page.records:
                        silent.append(name)
                        return
                    first = False
                    yield page, new
        except SourceBlocked:
            raise
        except SourceError as error:
            trouble[name] = error

    async for page, mark in each(names, cursor, listened):
        yield page, mark
    if trouble:
        first = next(iter(trouble.values()))
        raise type(first)(f"{source.title}, {', '.join(trouble)}: {first.what}", first.mend) from first
    if len(silent) == len(names):
        raise SourceError(
            f"{source.title} gave no review at all for {', '.join(names)}: "
            "whether there are none, or the site keeps silent, is unknown.",
            "Check the target, and run the command again later.",
        )
    if lost := [name for name in silent if name in known]:
        raise SourceError(
            f"{source.title} gave no review for {', '.join(lost)}, where it had some before.",
            "Run the same command again later.",
        )
