from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.insight.doubt.test_phrases import GIVEN_AWAY
from ugc.errors import InputError
from ugc.ingest import import_files
from ugc.insight import Filters, credibility, doubtful, reasons, scores, without_doubtful
from ugc.insight.doubt.doubts import ALONE, REASONS
from ugc.lake import Lake
from ugc.review import review_id

DRAWS = 100
DAYS = 120
START = datetime(2026, 1, 1, 9, tzinfo=UTC)

GOOD = [
    "Быстро оформили карту",
    "Śniadanie było pyszne",
    "The room was clean and quiet",
    "Курьер приехал вовремя",
]
BAD = [
    "Ждали оператора час",
    "Przesyłka przyszła uszkodzona",
    "The heating failed twice",
    "Деньги списали дважды",
]


def sincere(generator, source, number, day, **more):
    """A review whose stars agree with its text, by an author who writes at random."""
    good = bool(generator.random() < 0.6)
    text = f"{generator.choice(GOOD if good else BAD)} {number}"
    return {
        "source": source,
        "source_id": str(number),
        "company": "Lumbi",
        "text": text,
        "stars": float(generator.choice([4, 5] if good else [1, 2])),
        "sentiment": "positive" if good else "negative",
        "p_positive": 0.98 if good else 0.01,
        "p_negative": 0.01 if good else 0.98,
        "specific": True,
        "author": f"{source}-{generator.integers(0, 60)}",
        "date": START + timedelta(days=int(day), hours=int(generator.integers(0, 12))),
        **more,
    }


def rhythm(generator, source):
    """About 60 reviews of one source over DAYS days, as chance brings them."""
    days = np.repeat(np.arange(DAYS), generator.poisson(0.5, DAYS))
    return [sincere(generator, source, number, day) for number, day in enumerate(days)]


def planted(generator, source):
    """Doubtful reviews by reason, besides those of a source's rhythm."""
    number = iter(range(10_000, 99_999))

    def one(**more):
        day = generator.integers(0, DAYS)
        return sincere(generator, source, next(number), day, **more)

    found = {"contradiction": [], "copied": [], "burst": []}
    for stars, said in ((1.0, "positive"), (5.0, "negative")):
        sure = {"p_positive": 0.99, "p_negative": 0.0} if said == "positive" else {"p_negative": 0.99}
        found["contradiction"].append(one(stars=stars, sentiment=said, **sure))
    first = one(author=f"{source}-first", date=START)
    found["first"] = [first]
    same = {"text": first["text"] + "!", "duplicate_of": review_id(source, first["source_id"])}
    found["copied"] = [one(**same, author=f"{source}-copy-{n}", date=START + timedelta(40)) for n in range(2)]
    day = int(generator.integers(30, DAYS - 2))
    for n in range(int(generator.integers(14, 20))):
        when = START + timedelta(days=day + n % 2, hours=3)
        found["burst"].append(
            one(date=when, stars=5.0, sentiment="positive", p_positive=0.98, p_negative=0.0)
        )
    for reason, texts in GIVEN_AWAY.items():
        found[reason] = [one(text=str(generator.choice(texts)))]
    return found


def ids(reviews):
    return {review_id(one["source"], one["source_id"]) for one in reviews}


def test_planted_doubts_are_found_again(plant):
    """A hundred sources, each with a burst, contradictions, copies and phrases of its own."""
    generator = np.random.default_rng(20)
    ordinary, truths = [], []
    for draw in range(DRAWS):
        ordinary += rhythm(generator, f"s{draw}")
        truths.append(planted(generator, f"s{draw}"))
    every = ordinary + [one for truth in truths for group in truth.values() for one in group]
    with plant(*every).snapshot() as snapshot:
        found = credibility(snapshot, Filters(), top=len(every))
    told = {row.review_id: {doubt.reason for doubt in row.doubts} for row in found.rows}
    assert len(told) == found.doubtful
    for reason in ALONE:
        right = sum(
            all(reason in told.get(one, ()) for one in ids(truth[reason]))
            if reason != "burst"
            else sum("burst" in told.get(one, ()) for one in ids(truth["burst"])) >= 0.9 * len(truth["burst"])
            for truth in truths
        )
        assert right >= 0.95 * DRAWS, reason
    wrongly = ids(ordinary) & set(told)
    # What came by chance on the days of a burst cannot be told from it.
    assert all(told[one] & set(ALONE) == {"burst"} for one in wrongly)
    assert len(wrongly) < 0.03 * len(ordinary)
    firsts = {one for truth in truths for one in ids(truth["first"])}
    assert not any("copied" in told.get(one, ()) for one in firsts)
    assert found.credible.reviews == found.reviews - found.doubtful


def test_a_clean_lake_is_not_doubted(plant):
    """None of about 6,000 reviews of a hundred sources without anything planted."""
    generator = np.random.default_rng(21)
    every = [one for draw in range(DRAWS) for one in rhythm(generator, f"s{draw}")]
    with plant(*every).snapshot() as snapshot:
        found = credibility(snapshot, Filters())
    assert found.reviews == len(every) > 5500
    assert found.doubtful == 0
    assert (found.rows, found.bursts) == ((), ())
    assert found.every == found.credible


def test_the_sample_is_next_to_not_doubted(sample_lake):
    """Six of 670, all for their stars; five of them were written as contradictions."""
    with Lake.open(sample_lake, create=False).snapshot() as snapshot:
        found = credibility(snapshot, Filters())
    assert 0.005 < found.share < 0.015
    assert {doubt.reason for row in found.rows for doubt in row.doubts} <= {"contradiction", "no_detail"}


def test_copies_are_found_from_the_file_to_the_doubt(tmp_path, monkeypatch):
    """Through the real import: who wrote first is believed, and who posts again does not copy."""
    monkeypatch.setenv("UGC_SALT", "salt of the tests")
    praise = (
        "Замечательный магазин, всё привезли за один день, курьер вежливый, упаковка целая, буду заказывать"
    )
    rows = [
        ("1", "Аня", "2026-05-03", praise),
        ("2", "Боря", "2026-05-09", praise + " ещё"),
        ("3", "Аня", "2026-06-01", praise + "!"),
        ("4", "Вера", "2026-05-01", praise.replace("целая", "целая,")),
        ("5", "Гена", "2026-05-04", "Совсем другой отзыв о том, как мы неделю ждали стол и не дождались его"),
    ]
    path = tmp_path / "reviews.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["source", "id", "author", "date", "text"])
        writer.writerows([("otzovik", *row) for row in rows])
    lake = Lake.open(tmp_path / "lake")
    import_files(lake, [path])
    with lake.snapshot() as snapshot:
        found = credibility(snapshot, Filters())
        numbers = {row["id"]: row["source_id"] for row in snapshot.sql("SELECT * FROM reviews").to_pylist()}
    copied = {numbers[row.review_id]: numbers[row.doubts[0].told] for row in found.rows}
    assert copied == {"1": "4", "2": "4", "3": "4"}


def test_unknown_authors_copy_nobody_that_is_known(plant):
    text = {"text": "Один и тот же отзыв из восьми слов и больше", "source": "otzovik"}
    again = text | {"duplicate_of": review_id("otzovik", "a")}
    other = again | {"source": "ceneo", "author": "b"}
    lake = plant(text | {"source_id": "a"}, again | {"source_id": "b"}, other | {"source_id": "c"})
    with lake.snapshot() as snapshot:
        found = credibility(snapshot, Filters())
    copied = found.counts[REASONS.index("copied")]
    assert (copied.reviews, copied.n, found.doubtful) == (0, 1, 0)


@pytest.fixture
def adding(plant):
    """At ceneo most reviews are by authors of several, at otzovik nobody has written twice."""
    several = [{"source": "ceneo", "author": f"a{n % 3}", "text": f"Ok {n}"} for n in range(9)]
    once = [{"source": "otzovik", "author": f"o{n}", "text": f"Ok {n}"} for n in range(5)]
    new = {"source": "ceneo", "author": "new", "sentiment": "positive", "specific": False}
    lake = plant(
        *several,
        *once,
        new | {"text": "Супер"},
        new | {"author": "newer", "text": "Обещали скидку за отзыв", "stars": 5.0},
        new | {"author": "a1", "text": "Вежливо", "mentions": [("Вежливо", "politeness", "positive")]},
    )
    with lake.snapshot() as snapshot:
        yield snapshot


def test_the_adding_reasons_only_add(adding):
    found = credibility(adding, Filters())
    (only,) = found.rows
    assert [doubt.reason for doubt in only.doubts] == ["bonus", "no_detail", "fresh_author"]
    assert only.doubts[0].told == "скидку за отзыв"
    counts = {one.reason: (one.reviews, one.n, one.alone) for one in found.counts}
    assert counts["no_detail"] == (2, 3, False)
    assert counts["fresh_author"] == (2, 12, False)
    assert counts["contradiction"] == (0, 1, True)
    assert counts["burst"] == (None, 0, True)
    listed = credibility(adding, Filters(), reason="no_detail")
    assert [row.text for row in sorted(listed.rows, key=lambda row: row.text)] == [
        "Обещали скидку за отзыв",
        "Супер",
    ]
    assert listed.doubtful == 1
    assert [row.text for row in credibility(adding, Filters(), reason="fresh_author", top=1).rows] != []
    otzovik = credibility(adding, Filters(sources=("otzovik",)))
    fresh = otzovik.counts[-1]
    assert (fresh.reviews, fresh.n, fresh.share) == (None, 0, None)


def test_a_reason_chosen_narrows_the_list(adding):
    assert credibility(adding, Filters(), reason="asked").rows == ()
    assert len(credibility(adding, Filters(), reason="bonus").rows) == 1
    with pytest.raises(InputError, match="Known: copied, burst"):
        credibility(adding, Filters(), reason="ugly")


def test_a_contradiction_must_be_whole(plant):
    said = {"text": "Всё прекрасно, но дорого", "stars": 1.0, "sentiment": "positive"}
    lake = plant(
        said,
        said | {"mentions": [("но дорого", "price", "negative")]},
        said | {"p_positive": 0.8},
        said | {"stars": 2.0},
        said | {"stars": None},
    )
    with lake.snapshot() as snapshot:
        assert doubtful(snapshot) == (review_id("otzovik", "0"),)


def test_figures_and_their_comparison_leave_the_doubtful_out(plant):
    slow = {"text": "Ждали неделю", "sentiment": "negative", "mentions": [("Ждали", "speed", "negative")]}
    bought = slow | {"text": "Ждали подарок за отзыв", "stars": 5.0}
    lake = plant(
        *[slow | {"date": "2026-05-10"} for _ in range(4)],
        *[bought | {"date": "2026-05-11"} for _ in range(3)],
        *[slow | {"date": "2026-06-10"} for _ in range(5)],
        bought | {"date": "2026-06-10"},
    )
    with lake.snapshot() as snapshot:
        june = Filters(since=date(2026, 6, 1), until=date(2026, 6, 30), themes=("speed",))
        clean = without_doubtful(snapshot, june)
        assert (clean.since, clean.until, clean.themes) == (june.since, june.until, june.themes)
        assert without_doubtful(snapshot, clean) == clean
        assert (scores(snapshot, june).reviews, scores(snapshot, clean).reviews) == (6, 5)
        (speed,) = reasons(snapshot, clean, polarity="negative").rows
    assert (speed.reviews, speed.change.previous_reviews) == (5, 4)


def test_an_empty_lake_and_a_single_review(plant):
    with plant().snapshot() as snapshot:
        found = credibility(snapshot, Filters())
        assert (found.reviews, found.doubtful, found.share, found.rows) == (0, 0, None, ())
        assert all((one.reviews, one.n, one.share) == (None, 0, None) for one in found.counts)
        assert doubtful(snapshot) == ()
        assert not without_doubtful(snapshot, Filters())
    with plant({"text": "Дали бонус за отзыв"}).snapshot() as snapshot:
        found = credibility(snapshot, Filters())
        assert (found.reviews, found.doubtful, found.share) == (1, 1, 1.0)
        assert found.low < 1.0 == found.high
        assert found.credible.reviews == 0
        assert (found.rows[0].date, found.rows[0].stars) == (None, None)
        assert credibility(snapshot, Filters(), top=0).rows == ()


@pytest.fixture
def varied(plant):
    """Doubtful reviews of all kinds among others, in several cities and months."""
    generator = np.random.default_rng(22)
    found = rhythm(generator, "ceneo") + rhythm(generator, "otzovik")
    found += [one for group in planted(generator, "ceneo").values() for one in group]
    for number, one in enumerate(found):
        one["city"] = ("Казань", "Москва", None)[number % 3]
        one["language"] = ("ru", "pl")[number % 2]
        one["mentions"] = [(one["text"][:4], ("speed", "price")[number % 2], "neutral")]
    with plant(*found).snapshot() as snapshot:
        yield snapshot, set(doubtful(snapshot))


choices = st.fixed_dictionaries(
    {},
    optional={
        "cities": st.sampled_from([("Казань",), (None, "Москва")]),
        "sources": st.sampled_from([("ceneo",), ("otzovik",), ("ceneo", "otzovik")]),
        "languages": st.sampled_from([("ru",), ("pl",)]),
        "since": st.dates(date(2025, 12, 25), date(2026, 6, 5)),
        "until": st.dates(date(2025, 12, 25), date(2026, 6, 5)),
        "themes": st.sampled_from([("speed",), ("price",)]),
    },
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices)
def test_doubt_does_not_depend_on_what_is_chosen(varied, choice):
    """The doubtful ones of a choice are those of the lake that it chooses; leaving out commutes."""
    snapshot, every = varied
    filters = Filters(**choice)

    def chosen(filters):
        where, params = filters.where("r")
        return set(snapshot.sql(f"SELECT r.id FROM reviews r WHERE {where}", params)["id"].to_pylist())

    assert len(every) > 20
    assert set(doubtful(snapshot, filters)) == every & chosen(filters)
    assert chosen(without_doubtful(snapshot, filters)) == chosen(filters) - every
