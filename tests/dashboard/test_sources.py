"""The page of sources: coverage, collections that live in the page, files shown before they are taken."""

from __future__ import annotations

import gc
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape
from streamlit.testing.v1 import AppTest

from scrapers import registry
from tests.dashboard.shop import everything, played
from tests.site import Answer, Site
from ugc.dashboard.collecting import background, upload
from ugc.dashboard.look.words import words
from ugc.ingest.alone import alone
from ugc.lake import Lake

LANGUAGES = ("ru", "en", "pl")

Visit = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place of its own, and nothing left running after a test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("UGC_SALT", "salt")
    yield
    for one in list(background._WORKS):
        one.stop()
    ended()
    background._WORKS.clear()
    gc.collect()


def ended(seconds: float = 60) -> list[background.Work]:
    """Waits until nothing runs, and gives all the work, the latest first."""
    for _ in range(int(seconds * 20)):
        if all(one.ended for one in background._WORKS):
            return list(reversed(background._WORKS))
        time.sleep(0.05)
    raise AssertionError("Something still runs.")


@pytest.fixture
def steam(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The played site, which the source is told to read."""
    monkeypatch.setenv("UGC_CONTACT", "cx@example.com")
    monkeypatch.setenv("UGC_SOURCES__STEAM__BASE_URL", site.url)
    monkeypatch.setenv("UGC_SOURCES__STEAM__PAUSE", "0")
    site.route = lambda path: Answer(played(3) if "cursor=%2A" in path or "cursor=*" in path else played(0))
    return site


@pytest.fixture
def fresh(lakes: dict[str, Path], tmp_path: Path) -> str:
    """Name of a lake that is not there yet, of this test alone."""
    lakes["fresh"] = tmp_path / "fresh"
    return "fresh"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lake", ["absent", "empty", "single", "unread", "usual", "hostile", "broken"])
def test_opens(visit: Visit, lake: str, language: str) -> None:
    app = visit(lake, "sources", ui=language)
    assert not app.exception
    assert [one.value for one in app.title] == [words(language)("sources.title")]


@pytest.mark.parametrize("lake", ["absent", "empty"])
def test_an_empty_lake_can_be_filled_here(visit: Visit, lake: str) -> None:
    app = visit(lake, "sources", ui="en")
    said = everything(app)
    assert words("en")("sources.none") in said
    assert [one.label for one in app.tabs] == ["Collect from a site", "Upload files", "Past runs"]
    assert not app.multiselect, "the filters of reviews have no place here"


def test_other_pages_of_an_empty_lake_lead_here(visit: Visit) -> None:
    app = visit("absent", ui="en")
    (link,) = [one for one in app.get("page_link") if one.proto.label == words("en")("sources.go")]
    assert link.proto.page == "sources"


def test_coverage_tells_state_reason_and_what_was_never_read(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ugc.toml").write_text(
        '[[collect]]\nurl = "https://store.steampowered.com/app/570/"\n', encoding="utf-8"
    )
    said = everything(visit("hostile", "sources", ui="en"))
    assert "partial" in said
    assert "&lt;b&gt;stopped&lt;/b&gt;" in said
    assert "never read yet" in said
    assert "Listed in ugc.toml." in said
    assert "<script>window" not in said


def test_a_run_whose_program_is_gone_is_broken_off(visit: Visit, fresh: str, lakes: dict[str, Path]) -> None:
    Lake.open(lakes[fresh]).start_run("collect", "steam", "570")
    with alone(str(lakes[fresh].absolute()), "steam", "570"):
        assert "running now" in everything(visit(fresh, "sources", ui="en"))
    said = everything(visit(fresh, "sources", ui="en"))
    assert "broken off" in said
    assert "running now" not in said


def test_sources_come_from_the_registry(visit: Visit) -> None:
    app = visit("absent", "sources", ui="en")
    chooser = app.selectbox(key="collect_source_en")
    assert len(chooser.options) == len(registry.sources())
    chooser.set_value("steam").run()
    said = everything(app)
    source = registry.get("steam")
    for text in (source.target, source.limits):
        assert str(escape(text)) in said
    left_out = next(iter(registry.LEFT_OUT))
    assert left_out in said


def test_without_a_contact_nothing_begins_and_the_page_says_where_to_put_it(
    visit: Visit, tmp_path: Path
) -> None:
    app = visit("absent", "sources", ui="en")
    assert app.button(key="collect_start").disabled
    assert 'contact = "you@company.example"' in [one.value for one in app.code]
    assert "UGC" in everything(app)
    (tmp_path / "ugc.toml").write_text('contact = "cx@example.com"\n', encoding="utf-8")
    app.run()
    assert not app.button(key="collect_start").disabled


def test_without_its_key_a_source_does_not_begin(
    visit: Visit, steam: Site, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(registry.get("steam")), "key", True)
    app = visit(fresh, "sources", ui="en")
    app.selectbox(key="collect_source_en").set_value("steam").run()
    app.text_input(key="collect_target_en").set_value("570").run()
    app.button(key="collect_start").click().run()
    assert "UGC_SOURCES__STEAM__KEY" in [one.value for one in app.code]
    assert background._WORKS == []


def test_a_collection_is_begun_watched_and_read(visit: Visit, steam: Site, fresh: str) -> None:
    app = visit(fresh, "sources", ui="en")
    app.text_input(key="collect_target_en").set_value("https://store.steampowered.com/app/570/").run()
    assert "570" in everything(app)
    app.text_input(key="collect_company_en").set_value(" Ясень ").run()
    app.button(key="collect_start").click().run()
    tagging, collecting = ended()
    assert isinstance(tagging, background.Tagging)
    assert isinstance(collecting, background.Collecting)
    assert (tagging.trouble, collecting.trouble) == ("", "")
    app.run()
    said = everything(app)
    assert "complete" in said
    assert "3 reviews" in said
    assert not app.exception
    with Lake.open(Path(collecting.lake)).snapshot() as snapshot:
        rows = snapshot.sql("SELECT company, t.sentiment FROM reviews r JOIN tags t ON t.review_id = r.id")
    assert {row["company"] for row in rows.to_pylist()} == {"Ясень"}
    app.button(key=f"dismiss_{collecting.id}").click().run()
    assert [one.id for one in background._WORKS] == [tagging.id]


def test_what_is_missing_or_unknown_is_named(visit: Visit, steam: Site, fresh: str) -> None:
    app = visit(fresh, "sources", ui="en")
    app.button(key="collect_start").click().run()
    assert words("en")("sources.form.missing") in everything(app)
    app.text_input(key="collect_target_en").set_value("no address").run()
    assert words("en")("sources.form.unknown") in everything(app)


def test_a_failed_collection_says_why(visit: Visit, steam: Site, fresh: str) -> None:
    steam.route = lambda path: Answer(b"<title>Just a moment...</title>", 403)
    app = visit(fresh, "sources", ui="pl")
    app.selectbox(key="collect_source_pl").set_value("steam").run()
    app.text_input(key="collect_target_pl").set_value("570").run()
    app.button(key="collect_start").click().run()
    ended()
    app.run()
    said = everything(app)
    assert words("pl")("sources.state.failed") in said
    assert "moment" in said


def test_a_collection_can_be_stopped_and_keeps_what_it_read(
    visit: Visit, steam: Site, fresh: str, lakes: dict[str, Path]
) -> None:
    def endless(path: str) -> Answer:
        time.sleep(0.05)
        number = len(steam.asked)
        return Answer(played(2, first=10 * number, cursor=f"after{number}"))

    steam.route = endless
    app = visit(fresh, "sources", ui="ru")
    app.selectbox(key="collect_source_ru").set_value("steam").run()
    app.text_input(key="collect_target_ru").set_value("570").run()
    app.button(key="collect_start").click().run()
    (work,) = background._WORKS
    assert isinstance(work, background.Collecting)
    while (so_far := work.so_far(work.jobs[0])) is None or so_far.pages < 3:
        time.sleep(0.02)
    app.run()
    app.button(key=f"stop_{work.id}").click().run()
    ended()
    assert (so_far.state, work.trouble, work.broken) == ("partial", "", False)
    app.run()
    assert words("ru")("sources.reason.broken_off") in everything(app)
    with Lake.open(lakes[fresh]).snapshot() as snapshot:
        (row,) = snapshot.sql("SELECT count(*) AS n FROM reviews").to_pylist()
    assert row["n"] == so_far.read == so_far.summary.new


def test_a_site_that_asks_to_wait_is_left_at_once(steam: Site, tmp_path: Path) -> None:
    from ugc import settings
    from ugc.ingest.collect import Job

    steam.route = lambda path: Answer(b"", 429, {"Retry-After": "60"})
    work = background.Collecting(str(tmp_path / "lake"), settings.load(), [Job(registry.get("steam"), "570")])
    background.start(work)
    while (so_far := work.so_far(work.jobs[0])) is None or not so_far.waiting:
        time.sleep(0.02)
    began = time.monotonic()
    work.stop()
    ended()
    assert time.monotonic() - began < 10
    assert (so_far.state, so_far.reason) == ("failed", "It was broken off.")


def test_one_site_is_read_by_one_collection_at_a_time(steam: Site, tmp_path: Path) -> None:
    from ugc import settings
    from ugc.ingest.collect import Job

    busy: list[str] = []
    free = threading.Event()

    def slow(path: str) -> Answer:
        busy.append(path.split("?")[0])
        assert free.wait(30)
        return Answer(played(0))

    steam.route = slow
    game = registry.get("steam")
    first, second = (
        background.Collecting(str(tmp_path / "lake"), settings.load(), [Job(game, target)])
        for target in ("570", "730")
    )
    background.start(first)
    while not busy:
        time.sleep(0.01)
    background.start(second)
    for _ in range(1000):
        if second.queued:
            break
        time.sleep(0.01)
    assert (first.queued, second.queued) == (False, True)
    free.set()
    ended()
    assert [path.rpartition("/")[2] for path in busy] == sorted(path.rpartition("/")[2] for path in busy)


def test_all_that_is_listed_is_read_together(visit: Visit, steam: Site, fresh: str, tmp_path: Path) -> None:
    (tmp_path / "ugc.toml").write_text(
        '[[collect]]\nsource = "steam"\ntarget = "570"\n'
        '[[collect]]\nsource = "steam"\ntarget = "730"\n'
        '[[collect]]\nsource = "nowhere"\ntarget = "x"\n',
        encoding="utf-8",
    )
    app = visit(fresh, "sources", ui="en")
    assert any("nowhere" in one.value for one in app.code)
    assert app.button(key="collect_all").label.endswith("2 entries")
    app.button(key="collect_all").click().run()
    works = ended()
    (work,) = [one for one in works if isinstance(one, background.Collecting)]
    assert [work.so_far(job).state for job in work.jobs] == ["complete", "complete"]


CSV = "Заметка,Отзыв,Звёзды,Когда,Город\n" + "".join(
    f"Внутренняя пометка номер {n} для своих,Курьер опоздал на {n} дней и не извинился,"
    f"{n % 5 + 1},2026-03-{n:02d},Казань\n"
    for n in range(1, 9)
)


def bring(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Brings files to the page as a browser would."""
    (place,) = app.get("file_uploader")
    place.set_value([(name, content, "text/csv") for name, content in files])
    return app.run()


def fields(app: AppTest) -> dict[str, Any]:
    """What each field's chooser says."""
    return {
        one.key.split("_", 2)[2].rpartition("_")[0]: one.value
        for one in app.selectbox
        if one.key.startswith("field_")
    }


def folders() -> list[Path]:
    """Folders of files that were brought."""
    return list(Path(tempfile.gettempdir()).glob("ugc-upload-*"))


def test_files_are_shown_then_changed_then_taken(
    visit: Visit, fresh: str, lakes: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = bring(visit(fresh, "sources", ui="en"), ("export.csv", CSV.encode()))
    said = everything(app)
    assert "8 rows" in said
    assert "ratings up to 5" in said
    assert "1\u00a0March \u2013 8\u00a0March 2026" in said
    assert "Курьер опоздал на 1 дней и не извинился" in said
    assert fields(app)["text"] == "Отзыв"
    assert fields(app)["rating"] == "Звёзды"
    assert "Not used: Заметка" in everything(app)
    assert not lakes[fresh].exists(), "nothing is written before it is taken"
    assert len(folders()) == 1

    chooser = next(one for one in app.selectbox if one.key.endswith("_text_en"))
    chooser.set_value("Заметка").run()
    assert fields(app)["text"] == "Заметка"
    assert "Внутренняя пометка номер 1 для своих" in everything(app)
    chooser = next(one for one in app.selectbox if one.key.endswith("_city_en"))
    chooser.set_value("").run()
    assert fields(app)["city"] == ""

    app.button(key="upload_take").click().run()
    taking = ended()[-1]
    assert isinstance(taking, background.Importing)
    assert (taking.trouble, taking.broken) == ("", False)
    app.run()
    assert "8 new" in everything(app)
    assert folders() == []
    assert not any(one.key.startswith("field_") for one in app.selectbox)
    with Lake.open(lakes[fresh]).snapshot() as snapshot:
        rows = snapshot.sql("SELECT text, city FROM reviews ORDER BY source_id").to_pylist()
    assert {row["city"] for row in rows} == {None}
    assert all(row["text"].startswith("Внутренняя пометка") for row in rows)


def test_a_choice_that_leaves_no_text_is_named_and_can_be_mended(visit: Visit, fresh: str) -> None:
    app = bring(
        visit(fresh, "sources", ui="en"), ("export.csv", b"text,date\nSlow and rude staff,2026-01-02\n")
    )
    next(one for one in app.selectbox if one.key.endswith("_text_en")).set_value("").run()
    assert "holds the text of reviews" in everything(app)
    assert app.button(key="upload_take").disabled
    next(one for one in app.selectbox if one.key.endswith("_text_en")).set_value("text").run()
    assert not app.button(key="upload_take").disabled


def test_hostile_names_and_cells_stay_text(visit: Visit, fresh: str) -> None:
    bad = "<img src=x onerror=window.hacked=1>"
    content = f'text,"{bad}",**bold**\n"{bad} came &lt;b&gt; late **and** $x$",5,$x$\n'.encode()
    app = bring(
        visit(fresh, "sources", ui="en"), (f"../{bad} &amp; **b**.csv", content), ("nothing.csv", b"")
    )
    assert not app.exception
    said = everything(app)
    assert "late **and** $x$</li>" in said
    assert "onerror=window.hacked=1_ &amp;amp; __b__.csv</bdi>" in said
    assert "<img" not in said
    assert "nothing.csv is empty" in said
    app.button(key="upload_take").click().run()
    ended()
    app.run()
    assert not app.exception
    assert "<img" not in everything(app)


def test_rejected_rows_are_shown_with_their_reasons(visit: Visit, fresh: str) -> None:
    lines = [f"Отзыв номер {n} о доставке вещей,{n % 5 + 1}" for n in range(9)]
    content = "text,rating\n" + "\n".join([*lines[:5], ",", *lines[5:], '"",не знаю']) + "\n"
    app = bring(visit(fresh, "sources", ui="en"), ("rows.csv", content.encode()))
    app.button(key="upload_take").click().run()
    work = ended()[-1]
    assert isinstance(work, background.Importing)
    app.run()
    assert work.summary.rejected == 1
    assert "1 row not taken" in everything(app)
    assert b"rows.csv" not in work.rejected[0][1]
    assert len(app.get("download_button")) == 1
    other = visit(fresh, "sources", ui="en")
    assert not other.get("download_button"), "rows of a file are shown to whoever brought it"


def test_people_are_not_named_among_the_samples(visit: Visit, fresh: str) -> None:
    content = "text,author\nКурьер так и не приехал,Мария Ясенева\n".encode()
    said = everything(bring(visit(fresh, "sources", ui="en"), ("people.csv", content)))
    assert "М… (becomes a pseudonym)" in said
    assert "Ясенева" not in said


def test_files_that_are_put_back_leave_nothing(
    visit: Visit, fresh: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = bring(visit(fresh, "sources", ui="en"), ("export.csv", CSV.encode()))
    assert len(folders()) == 1
    app.button(key="upload_drop").click().run()
    assert folders() == []
    assert background._WORKS == []


def test_untagged_reviews_are_read_at_a_press(visit: Visit, lakes: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(lakes["unread"], tmp_path / "copy")
    lakes["copy"] = tmp_path / "copy"
    app = visit("copy", "sources", ui="en")
    assert "7 reviews have not been read by the model yet" in everything(app)
    app.button(key="sources_read").click().run()
    (work,) = ended()
    assert isinstance(work, background.Tagging)
    assert (work.trouble, work.summary.tagged, work.summary.left) == ("", 7, 0)
    app.run()
    assert "have not been read" not in everything(app)
    assert "Read by the model" in everything(app)


def test_models_of_the_hub_are_left_to_the_command(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UGC_HUB__SENTIMENT", "somebody/model")
    app = visit("unread", "sources", ui="en")
    assert "ugc tag" in [one.value for one in app.code]
    assert not [one for one in app.button if one.key == "sources_read"]


def test_a_fault_of_the_program_is_told_without_its_data(
    visit: Visit, lakes: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda told: None)

    class Broken(background.Tagging):
        def work(self) -> None:
            raise ZeroDivisionError("text of a review")

    from ugc import settings

    background.start(Broken(str(lakes["usual"]), settings.load()))
    ended()
    said = everything(visit("usual", "sources", ui="en"))
    assert words("en")("sources.reason.program") in said
    assert "text of a review" not in said


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("reviews.csv", "reviews.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\отзывы.xlsx", "отзывы.xlsx"),
        ("..", "file"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("я" * 400 + ".json", "я" * 75 + ".json"),
    ],
)
def test_a_name_of_a_file_stays_in_its_folder(given: str, kept: str) -> None:
    assert upload.safe_name(given) == kept


def test_files_of_a_session_that_ends_are_removed() -> None:
    brought = upload.Upload()
    folder = Path(brought.folder.name)
    (folder / "reviews.csv").write_text("text", encoding="utf-8")
    del brought
    gc.collect()
    assert not folder.exists()


def test_a_lake_that_cannot_be_written_to_is_told_and_the_files_are_removed(
    visit: Visit, fresh: str, lakes: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    app = bring(visit(fresh, "sources", ui="en"), ("export.csv", CSV.encode()))
    lakes[fresh].write_text("a file where the lake should be", encoding="utf-8")
    (key,) = [one.key for one in app.button if one.key == "upload_take"]
    app.button(key=key).click().run()
    (work,) = background._WORKS
    assert (work.ended, work.broken) == (True, False)
    assert work.trouble
    assert folders() == []
