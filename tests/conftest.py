"""What all tests share: tests that read data beside the checkout run only where it lies."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from filelock import FileLock

from ugc import taxonomy
from ugc.lake import Lake
from ugc.review import review_id, text_hash
from ugc.schema import MENTIONS, REVIEWS, TAGS

pytest_plugins = ["tests.blank", "tests.site", "tests.tiny"]

LONGEST = ("test_walk.py", "test_taxonomy.py", "test_sources.py", "test_correct.py", "test_actions.py")
"""The files of the browser that take longest, each on one process."""

SHARED = Path(__file__).parents[2] / "shared"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the browser last, and leaves out `shared` tests where nothing lies beside the checkout.

    The browser's driver keeps an event loop running until the session ends, and no other test
    could start one of its own beside it. Of its files the longest come first, so that no process is
    left alone with one of them in the end.
    """

    def turn(item: pytest.Item) -> int:
        if Path(__file__).parent / "browser" not in item.path.parents:
            return 0
        return 1 + (LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))

    items.sort(key=turn)
    if SHARED.is_dir():
        return
    left_out = [item for item in items if item.get_closest_marker("shared")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("shared")]


@pytest.fixture
def shared() -> Path:
    """Folder of the data beside the checkout; only for tests marked `shared`."""
    return SHARED


@pytest.fixture(autouse=True)
def _own_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the main module back: a test of the application leaves its script there.

    A spawned process would run that script first.
    """
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders, a new one for each test; none is made before something is written there."""
    home = tmp_path_factory.mktemp("homes")
    return (home / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_configuration(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps tests away from the developer's own salt, models and settings."""
    home = next(_homes)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    for name in ("UGC_LAKE", "UGC_MODEL", "UGC_MODELS_FOLDER", "UGC_LANGUAGE", "UGC_SALT", "UGC_CONTACT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _own_names() -> Iterator[None]:
    """Lets no lake's edits of themes outlive a test: they hold for the whole process."""
    yield
    taxonomy.revise("themes", ())


@pytest.fixture
def plant(tmp_path: Path, blank: Callable[[Path], Lake]) -> Callable[..., Lake]:
    """Makes a lake of hand-made reviews with hand-made tags.

    Each review is a dict of REVIEWS columns (a date may be text), of TAGS columns, and of
    `mentions`: (quote, theme, polarity) and perhaps touchpoint and confidence. Without a
    `sentiment` the review stays untagged, unless `untaggable` says why.
    """

    def make(*found: dict[str, Any]) -> Lake:
        lake = blank(tmp_path / "planted")
        reviews, tags, mentions = [], [], []
        for place, one in enumerate(found):
            text = one.get("text", "")
            source, source_id = one.get("source", "otzovik"), one.get("source_id", str(place))
            when = one.get("date")
            if isinstance(when, str):
                when = datetime.fromisoformat(when).replace(tzinfo=UTC)
            own = {
                "id": review_id(source, source_id),
                "source": source,
                "source_id": source_id,
                "text": text,
                "text_hash": text_hash(text),
                "content_hash": text_hash(repr(one)),
                "date": when,
            }
            reviews.append({**{key: one[key] for key in one if key in REVIEWS.names}, **own})
            if "sentiment" not in one and "untaggable" not in one:
                continue
            tag = {"review_id": own["id"], "model": "hand@1", "text_hash": own["text_hash"], "batch": "b1"}
            tag |= {"tagged_at": datetime(2026, 11, 1, tzinfo=UTC)}
            tags.append({**{key: one[key] for key in one if key in TAGS.names}, **tag})
            for n, (quote, theme, polarity, *more) in enumerate(one.get("mentions", ())):
                start = text.index(quote)
                touchpoint, confidence = (*more, *("none", 0.9)[len(more) :])
                mention = {"review_id": own["id"], "batch": "b1", "n": n, "start": start}
                mention |= {"end": start + len(quote), "quote": quote, "theme": theme, "polarity": polarity}
                mentions.append(mention | {"touchpoint": touchpoint, "confidence": confidence})
        if reviews:
            lake.upsert_reviews(pa.Table.from_pylist(reviews, schema=REVIEWS))
        if tags:
            lake.write_tags(
                pa.Table.from_pylist(tags, schema=TAGS), pa.Table.from_pylist(mentions, schema=MENTIONS)
            )
        return lake

    return make


def _tagged_sample(path: Path) -> None:
    """Makes the lake of the shipped sample, tagged with the shipped model."""
    from models.tagger import Tagger
    from ugc.ingest import import_files
    from ugc.ingest.sample import files
    from ugc.tagging import tag_lake

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("UGC_SALT", "salt of the tests")
        lake = Lake.open(path)
        import_files(lake, files())
        tag_lake(lake, Tagger.load())


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """`once("name", fill)` gives a folder that `fill` has filled, once for all processes that test.

    Who comes second waits for the first. What lies there is for reading only.
    """

    def made(name: str, fill: Callable[[Path], None]) -> Path:
        home = tmp_path_factory.getbasetemp()
        folder = (home.parent if "PYTEST_XDIST_WORKER" in os.environ else home) / f"once-{name}"
        folder.mkdir(exist_ok=True)
        with FileLock(folder / "lock"):
            if not (folder / "done").exists():
                (folder / "made").mkdir()
                fill(folder / "made")
                (folder / "done").touch()
        return folder / "made"

    return made


@pytest.fixture(scope="session")
def sample_lake(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """Lake of the shipped sample, tagged with the shipped model; for reading only, copy it to write."""
    return once("tagged-sample", lambda folder: _tagged_sample(folder / "lake")) / "lake"
