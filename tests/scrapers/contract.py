"""What every collector must do, shown against a real server on loopback and a real lake.

A test class derives from `Contract`, names its source and plays its site with invented reviews; the
tests here then run on it. Nothing here knows a site.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import stamina
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrapers.source import Page, Source, Where
from tests.site import Answer, Asked, Site
from ugc.errors import SourceChanged
from ugc.ingest.collect import Collection, collect
from ugc.lake import Lake
from ugc.settings import Settings, SourceSettings

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Told:
    """One invented review of a played site."""

    id: str
    day: date
    text: str
    stars: int = 5
    reply: str | None = None
    author: str = "Мария Ясенева"


def told(count: int, *, every: int = 20, first: int = 1000) -> list[Told]:
    """Reviews, newest first, `every` days apart; ids are numbers that fall."""
    return [
        Told(
            str(first + count - n),
            TODAY - timedelta(days=every * n),
            f"Обращение номер {first + count - n} решили быстро, спасибо сотрудникам отделения",
            stars=5 - n % 5,
        )
        for n in range(count)
    ]


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of all values in a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in _places(one, (*path, key)))]


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The document with the value at a path replaced."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _replaced(copy[path[0]], path[1:], new)
    return copy


class Contract:
    """The contract. Names beginning with `Test` derive from it and set what follows."""

    source: ClassVar[Source]
    target: ClassVar[str]
    page: ClassVar[int]
    """Reviews of a page of the site, as `play` gives them out."""
    key: ClassVar[str | None] = None
    replies: ClassVar[bool] = True
    """Whether the site tells the company's answers."""
    paged: ClassVar[bool] = True
    """Whether the site has several pages; false where one answer holds all that it gives."""
    edits: ClassVar[bool] = True
    """Whether a review keeps its id when its text changes."""
    empty: ClassVar[str] = "complete"
    """How a run ends where the site holds no review: "complete", or "failed" where silence of the
    site says nothing."""
    every: ClassVar[int] = 20
    """Days between two reviews of the played site."""

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        """What the site answers to a request while it holds these reviews, newest first."""
        raise NotImplementedError

    # What the tests stand on -----------------------------------------------------------------

    @pytest.fixture(autouse=True)
    def _quick_retries(self) -> Iterator[None]:
        stamina.set_testing(True, attempts=3, cap=True)
        yield
        stamina.set_testing(False)

    @pytest.fixture
    def lake(self, tmp_path: Any, blank: Callable[[Path], Lake]) -> Lake:
        return blank(tmp_path / "lake")

    def serve(self, site: Site, reviews: Sequence[Told]) -> None:
        """Lets the site hold these reviews from now on."""
        site.route = lambda path: self.play(reviews, site.requests[-1])

    def run(self, lake: Lake, site: Site, **options: Any) -> Collection:
        """One collection."""
        mirror = SourceSettings(base_url=site.url, pause=0, key=self.key)
        chosen = Settings(contact="cx@example.com", salt="salt", sources={self.source.name: mirror})
        site.asked.clear()
        return collect(lake, self.source, self.target, settings=chosen, **options)

    def reviews(self) -> list[Told]:
        """Two pages and a half."""
        return told(self.page * 2 + max(1, self.page // 2) if self.paged else self.page, every=self.every)

    def texts(self, lake: Lake) -> list[str]:
        """The texts of the lake."""
        with lake.snapshot() as snapshot:
            return [row["text"] for row in snapshot.sql("SELECT text FROM reviews").to_pylist()]

    # The tests ---------------------------------------------------------------------------------

    def test_it_says_what_it_is(self) -> None:
        assert isinstance(self.source, Source)
        assert self.source.name.isidentifier()
        assert self.source.example.startswith(f"ugc collect {self.source.name} ")
        for told in (self.source.title, self.source.target, self.source.limits, self.source.needs):
            assert told
        assert self.source.key == (self.key is not None)

    def test_a_first_run_reads_to_the_end(self, lake: Lake, site: Site) -> None:
        reviews = self.reviews()
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert (run.state, run.reason, run.summary.new) == ("complete", "", len(reviews))
        kept = self.texts(lake)
        assert all(any(one.text in text for text in kept) for one in reviews)
        with lake.snapshot() as snapshot:
            rows = snapshot.sql("SELECT source, source_id, author, date FROM reviews").to_pylist()
        assert {row["source"] for row in rows} == {self.source.name}
        assert len({row["source_id"] for row in rows}) == len(reviews)
        assert all("Ясенева" not in str(row["author"]) for row in rows)
        days = {row["date"].date() for row in rows if row["date"]}
        assert all(min(abs((day - one.day).days) for one in reviews) <= 1 for day in days)

    def test_a_second_run_reads_only_what_is_new(self, lake: Lake, site: Site) -> None:
        reviews = self.reviews()
        self.serve(site, reviews)
        self.run(lake, site)
        whole = len(site.asked)
        fresh = Told("9001", TODAY, "Новый отзыв: очередь двигалась медленно", stars=2)
        self.serve(site, [fresh, *reviews] if self.paged else [fresh, *reviews[:-1]])
        run = self.run(lake, site)
        assert (run.state, run.summary.new, run.summary.changed) == ("complete", 1, 0)
        assert len(site.asked) <= whole
        if self.paged and not self.source.window:
            assert len(site.asked) < whole

    def test_an_edited_review_is_updated(self, lake: Lake, site: Site) -> None:
        reviews = self.reviews()
        self.serve(site, reviews)
        self.run(lake, site)
        with lake.snapshot() as snapshot:
            before = snapshot.sql("SELECT id, first_seen FROM reviews").to_pylist()
        self.serve(site, [replace(reviews[0], text="Передумал: потом всё сломалось снова"), *reviews[1:]])
        run = self.run(lake, site)
        if not self.edits:
            assert run.summary.new == 1
            return
        assert (run.summary.new, run.summary.changed) == (0, 1)
        with lake.snapshot() as snapshot:
            after = snapshot.sql("SELECT id, first_seen FROM reviews").to_pylist()
        assert sorted(map(str, before)) == sorted(map(str, after))
        assert any("Передумал" in text for text in self.texts(lake))

    def test_a_new_reply_is_taken(self, lake: Lake, site: Site) -> None:
        reviews = self.reviews()
        self.serve(site, reviews)
        self.run(lake, site)
        self.serve(site, [replace(reviews[0], reply="Благодарим, передали коллегам"), *reviews[1:]])
        run = self.run(lake, site)
        with lake.snapshot() as snapshot:
            found = snapshot.sql("SELECT reply_text FROM reviews WHERE reply_text IS NOT NULL").to_pylist()
        if self.replies:
            assert run.summary.changed == 1
            assert [row["reply_text"] for row in found] == ["Благодарим, передали коллегам"]
        else:
            assert found == []

    def test_a_site_without_reviews(self, lake: Lake, site: Site) -> None:
        self.serve(site, [])
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == (self.empty, 0)
        assert run.state == "complete" or run.reason

    def test_a_site_that_repeats_itself_ends(self, lake: Lake, site: Site) -> None:
        reviews = self.reviews()
        first: dict[str, Answer] = {}

        def route(path: str) -> Answer:
            asked = site.requests[-1]
            kind = path.partition("?")[0].rstrip("0123456789")
            return first.setdefault(kind, self.play(reviews, asked))

        site.route = route
        run = self.run(lake, site)
        assert run.state in {"complete", "partial"}
        assert len(site.asked) <= 25
        assert len(self.texts(lake)) == run.summary.new <= len(reviews)

    @pytest.mark.parametrize(
        ("status", "body", "word"),
        [
            (403, b"<html><title>Just a moment...</title></html>", "moment"),
            (507, b"<form><input name='captcha_url'></form>", "captcha"),
            (401, b"", "refuses"),
        ],
        ids=["challenge", "captcha", "login"],
    )
    def test_a_refusal_ends_the_run_at_once(
        self, lake: Lake, site: Site, status: int, body: bytes, word: str
    ) -> None:
        site.route = lambda path: Answer(body, status, {"cf-ray": "1"})
        run = self.run(lake, site)
        assert (run.state, len(site.asked)) == ("failed", 1)
        assert word in run.reason

    def test_a_refusal_midway_keeps_what_came(self, lake: Lake, site: Site) -> None:
        reviews = self.reviews()
        good = self._requests_until_second_page(lake, site, reviews)
        self._after(site, reviews, good, Answer(b"<title>Just a moment...</title>", 403))
        run = self.run(lake, site)
        if not self.paged:
            assert run.state in {"failed", "partial", "complete"}
            return
        assert run.state == "partial"
        assert 0 < run.summary.new < len(reviews)
        self.serve(site, reviews)
        again = self.run(lake, site)
        assert again.state == "complete"
        assert len(self.texts(lake)) == len(reviews)

    @pytest.mark.parametrize("fault", ["429", "503", "drop", "redirect", "slash", "gzip"])
    def test_faults_that_pass(self, lake: Lake, site: Site, fault: str) -> None:
        """Each fault comes once, with the first request; the run goes on."""
        reviews = self.reviews()
        self.serve(site, reviews)

        def route(path: str) -> Answer:
            good = self.play(reviews, site.requests[-1])
            first = len(site.asked) == 1
            if fault == "gzip":
                return replace(
                    good, body=gzip.compress(good.body), headers={**good.headers, "Content-Encoding": "gzip"}
                )
            if fault == "redirect" and first:
                return Answer(b"", 302, {"Location": path, "Set-Cookie": "seen=1"})
            if fault == "slash" and first:
                return Answer(b"", 301, {"Location": path + ("&" if "?" in path else "?") + "again=1"})
            if fault == "drop" and first:
                return replace(good, drop=True)
            if fault in {"429", "503"} and first:
                return Answer(b"", int(fault), {"Retry-After": "0"})
            return good

        site.route = route
        run = self.run(lake, site)
        posts = site.requests[-1].method == "POST" and fault in {"redirect", "slash"}
        if posts:  # a redirected form becomes a plain request, which such a site does not answer
            assert run.state in {"complete", "failed"}
            return
        assert (run.state, run.reason, run.summary.new) == ("complete", "", len(reviews))

    @pytest.mark.parametrize("fault", ["cut", "text", "gone", "down"])
    def test_faults_that_end_a_run_are_named(self, lake: Lake, site: Site, fault: str) -> None:
        reviews = self.reviews()

        def route(path: str) -> Answer:
            good = self.play(reviews, site.requests[-1])
            if fault == "cut":
                return replace(good, body=good.body[: len(good.body) // 2])
            return {
                "text": Answer(b"The service is depth limited"),
                "gone": Answer(b"not here", 404),
                "down": Answer(b"", 503),
            }[fault]

        site.route = route
        run = self.run(lake, site)
        if fault == "cut" and run.state == "complete":  # half a page of HTML is a page
            assert run.summary.rows > 0
            return
        assert run.state in {"failed", "partial"}
        assert run.reason

    @given(data=st.data())
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    def test_a_broken_page_is_named_and_never_a_traceback(self, site: Site, data: st.DataObject) -> None:
        body, where = self.sample(site)
        at = data.draw(st.integers(0, max(0, len(body) - 1)))
        kind = data.draw(st.sampled_from(["cut", "flip", "drop", "swap", "noise"]))
        length = data.draw(st.integers(1, 40))
        noise = data.draw(st.binary(min_size=1, max_size=12))
        broken = {
            "cut": body[:at],
            "flip": body[:at] + bytes([body[at] ^ (length % 255 + 1)]) + body[at + 1 :],
            "drop": body[:at] + body[at + length :],
            "swap": body[at:] + body[:at],
            "noise": body[:at] + noise + body[at:],
        }[kind]
        page = Page(())
        told = self.source.name
        try:
            page = self.source.parse(broken, where)
        except SourceChanged as error:
            told = error.what
        assert self.source.name in told or self.source.title in told
        assert isinstance(page, Page)
        for record in page.records:
            json.dumps(record, default=str)

    @given(data=st.data())
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    def test_junk_at_any_place_of_a_json_page_is_named(self, site: Site, data: st.DataObject) -> None:
        """Of other pages the test above breaks the bytes; of these the values."""
        body, where = self.sample(site)
        if not body.startswith((b"{", b"[")):
            return
        whole = json.loads(body)
        path = data.draw(st.sampled_from(_places(whole)))
        broken = json.dumps(_replaced(whole, path, data.draw(_JUNK))).encode()
        with contextlib.suppress(SourceChanged):
            page = self.source.parse(broken, where)
            assert all(isinstance(record.get("source_id", ""), str) for record in page.records)

    # Parts of the tests ------------------------------------------------------------------------

    _samples: ClassVar[dict[str, tuple[bytes, Where]]] = {}

    def sample(self, site: Site) -> tuple[bytes, Where]:
        """The first page with reviews that the client reads, as `parse` gets it."""
        if self.source.name not in self._samples:
            found: list[tuple[bytes, Where]] = []
            original = self.source.parse
            reviews = self.reviews()
            self.serve(site, reviews)

            def spy(body: bytes, where: Where) -> Page:
                page = original(body, where)
                if page.records:
                    found.append((body, where))
                return page

            self.source.parse = spy
            try:
                with tempfile.TemporaryDirectory() as folder:
                    self.run(Lake.open(f"{folder}/lake"), site)
            finally:
                del self.source.parse
            assert found
            self._samples[self.source.name] = found[0]
        return self._samples[self.source.name]

    def _requests_until_second_page(self, lake: Lake, site: Site, reviews: Sequence[Told]) -> int:
        """How many requests are answered well before the second page of reviews."""
        counts: list[int] = []
        original = self.source.parse

        def spy(body: bytes, where: Where) -> Page:
            page = original(body, where)
            if page.records:
                counts.append(len(site.asked))
            return page

        self.serve(site, reviews)
        self.source.parse = spy
        try:
            with tempfile.TemporaryDirectory() as folder:
                self.run(Lake.open(f"{folder}/lake"), site)
        finally:
            del self.source.parse
        return counts[0]

    def _after(self, site: Site, reviews: Sequence[Told], good: int, then: Answer) -> None:
        """Lets the site answer some requests well and all others with `then`."""
        site.route = lambda path: self.play(reviews, site.requests[-1]) if len(site.asked) <= good else then
