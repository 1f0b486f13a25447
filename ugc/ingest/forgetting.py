"""An author's pages taken out of the archive, so that parsing it again does not bring them back."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from scrapers import archive, registry
from ugc.errors import InputError, SourceChanged
from ugc.ingest.cells import person
from ugc.ingest.identity import slug
from ugc.text.privacy import pseudonym

__all__ = ["Forgotten", "forget_pages"]


@dataclass
class Forgotten:
    """What became of the kept pages."""

    pages: int = 0
    """Pages that were taken out."""
    unread: int = 0
    """Pages that stay although no parser can read them: nobody can tell who stands in them."""


def forget_pages(folder: Path, name: str, pseudonyms: Collection[str], salt: str) -> Forgotten:
    """Drops every kept page with a review of one of these authors.

    A page that its parser cannot read goes when the name stands in it. `SourceError` when a file of
    the archive is none.

    Args:
        folder: of the archive.
        name: as the source shows it, or a pseudonym.
        pseudonyms: of the author, under `salt`.
        salt: of the pseudonyms.
    """
    wanted = frozenset(pseudonyms)
    written = (name.encode("utf-8", "replace"), json.dumps(name)[1:-1].encode("ascii"))
    done = Forgotten()

    def names_one(kept: archive.Kept) -> bool:
        try:
            page = registry.get(kept.source).parse(kept.body, kept.where)
        except (SourceChanged, InputError):
            found = any(form in kept.body for form in written)
            done.unread += not found
            return found
        people = ((person(record), slug(str(record.get("source") or kept.source))) for record in page.records)
        return any(who and pseudonym(who, source, salt) in wanted for who, source in people)

    for path in archive.files(folder):
        done.pages += archive.drop(path, names_one)
    return done
