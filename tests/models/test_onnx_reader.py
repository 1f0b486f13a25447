"""A text's tags depend on nothing but the text: not on neighbours, batches, order, threads, process."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from threading import active_count

import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidArgument

from models import DEFAULT_BUNDLE
from models.bundle import open_bundle
from models.onnx_reader import OUTPUTS, OnnxReader
from models.reading import Window
from models.tagger import Tagger
from ugc.review import Tags

TEXTS = [
    "Ок",
    "Ужас!!! Никогда больше",
    "😡😡😡",
    "Great hotel, friendly staff, but the Wi-Fi kept dropping and breakfast was cold.",
    "Bardzo miła obsługa, szybka dostawa, polecam!",
    "Товар пришёл помятый, коробка порвана, продавец деньги не вернул.",
    "The app crashes every time I open the camera.",
    "Жду карту третью неделю, на линии не дозвониться, в чате бот. " * 6,
    "Кредит оформили быстро, менеджер вежливый и всё объяснил. Но потом списали комиссию. " * 25,
]
DIGITS = 0.02
"""How far two readings of one text may differ in any probability; the labels must be equal."""


def numbers(tags: Tags) -> list[float]:
    return [
        *tags.sentiment_probabilities.values(),
        *tags.emotion_probabilities.values(),
        *(mention.confidence for mention in tags.mentions),
    ]


def labels(tags: Tags) -> list[object]:
    said = [(m.start, m.end, m.theme, m.polarity, m.touchpoint) for m in tags.mentions]
    review = [tags.sentiment, tags.emotions, tags.contact, tags.loyalty, tags.effort, tags.repeat]
    return [*review, tags.specific, tags.untaggable, *said]


def check_same(found: Sequence[Tags], expected: Sequence[Tags]) -> None:
    """Labels equal, probabilities within DIGITS."""
    assert [labels(tags) for tags in found] == [labels(tags) for tags in expected]
    for one, other in zip(found, expected, strict=True):
        assert numbers(one) == pytest.approx(numbers(other), abs=DIGITS)


@pytest.fixture(scope="module", params=open_bundle(DEFAULT_BUNDLE).profiles)
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def alone(profile: str) -> list[Tags]:
    """Tags of each text, read by itself on one thread."""
    tagger = Tagger.load(threads=1, profile=profile)
    found = [tagger.tag([text])[0] for text in TEXTS]
    assert len({str(labels(tags)) for tags in found}) > 4
    return found


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("size", [2, 5, len(TEXTS) * 8])
def test_batch_size_order_and_threads_do_not_matter(
    profile: str, alone: list[Tags], threads: int, size: int
) -> None:
    tagger = Tagger.load(threads=threads, profile=profile)
    # More short ones than the tagger holds at once, and the two long ones once.
    order = list(range(len(TEXTS))) + list(range(len(TEXTS) - 2)) * (size // len(TEXTS))
    random.Random(size).shuffle(order)
    found: list[Tags] = []
    for at in range(0, len(order), size):
        found += tagger.tag([TEXTS[i] for i in order[at : at + size]])
    check_same(found, [alone[i] for i in order])


def test_neighbours_do_not_matter(profile: str, alone: list[Tags]) -> None:
    tagger = Tagger.load(threads=2, profile=profile)
    loud = ["ААААА!!!!! " * 200, "\u200b", "w" * 3000, "1 2 3 " * 500, ""]
    around = [loud[place % len(loud)] for place in range(len(TEXTS) + 1)]
    between = [one for pair in zip(around, TEXTS, strict=False) for one in pair]
    check_same(tagger.tag([*between, around[-1]])[1::2], alone)


def test_another_process_answers_alike(profile: str, alone: list[Tags]) -> None:
    tagger = Tagger.load(threads=2, profile=profile)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        check_same(pool.submit(tagger.tag, TEXTS).result(), alone)


def drawn(count: int) -> Iterator[Window]:
    """Windows of drawn tokens."""
    dice = np.random.default_rng(2)
    for _ in range(count):
        tokens = int(dice.integers(3, 60))
        pool = np.full((2, tokens), 1 / tokens, np.float32)
        yield Window(dice.integers(4, 10_000, tokens).astype(np.int64), pool, (0, 1), (1, 1))


@pytest.fixture(scope="module")
def graph() -> OnnxReader:
    return OnnxReader(open_bundle(DEFAULT_BUNDLE).graph, 3)


def test_a_crew_answers_in_order_what_it_was_given(graph: OnnxReader) -> None:
    given = list(drawn(30))
    expected = [graph.run(window) for window in given]
    with graph.crew() as crew:
        first, second, none = crew.begin(given[:20]), crew.begin(given[20:]), crew.begin([])
        found = [*first(), *second()]
        assert none() == []
    for answer, other in zip(found, expected, strict=True):
        assert answer.keys() == {*OUTPUTS, "meaning"}
        assert all(np.array_equal(answer[head], other[head]) for head in OUTPUTS)


def test_a_crew_that_is_left_early_goes_home(graph: OnnxReader) -> None:
    before = active_count()
    with graph.crew() as crew:
        crew.begin(list(drawn(200)))
    assert active_count() == before


@pytest.mark.parametrize("threads", [1, 3])
def test_a_window_that_cannot_be_read_is_not_passed_over(graph: OnnxReader, threads: int) -> None:
    reader = OnnxReader(open_bundle(DEFAULT_BUNDLE).graph, threads)
    good = list(drawn(6))
    beyond = Window(np.asarray([10**7], np.int64), np.ones((1, 1), np.float32), (0,), (1,))
    with pytest.raises(InvalidArgument):
        reader.answer([*good, beyond])
