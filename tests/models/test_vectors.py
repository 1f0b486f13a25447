"""Vectors of clauses: of one shape, of the text alone, and none rather than wrong ones."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from benchmarks.vector_speed import lengthened, opaque
from models import DEFAULT_BUNDLE
from models.bundle import open_bundle
from models.tagger import Tagger
from models.vectors import AXES, DIMENSIONS, depths, meaning, of_spans
from ugc.errors import ModelError
from ugc.text.clauses import Clause

TEXTS = [
    "Дозвониться невозможно, зато курьер был вежлив.",
    "The app is slow and the fees are hidden.",
    "Obsługa miła, ale paczka przyszła uszkodzona.",
    "Кредит оформили быстро, менеджер всё объяснил. Но потом списали комиссию без предупреждения. " * 25,
]
NEAR = 0.995
"""Cosine that two readings of a text reach: numbers differ in their last digits with the batch."""

PROFILES = open_bundle(DEFAULT_BUNDLE).profiles


def numbers(vector: bytes | None) -> np.ndarray:
    assert vector is not None
    found = np.frombuffer(vector, np.int8).astype(np.float32)
    return found / np.linalg.norm(found)


@pytest.fixture(scope="module", params=PROFILES)
def reader(request: pytest.FixtureRequest) -> Tagger:
    return Tagger.load(threads=1, profile=str(request.param))


def test_every_mention_has_signed_bytes_that_use_their_range(reader: Tagger) -> None:
    found = reader.tag_with_vectors(TEXTS)
    assert [tags for tags, _ in found] == reader.tag(TEXTS)
    assert all(len(tags.mentions) == len(vectors) for tags, vectors in found)
    held = [one for _, vectors in found for one in vectors]
    assert len(held) > 5
    for one in held:
        assert one is not None
        assert len(one) == DIMENSIONS
        assert np.abs(np.frombuffer(one, np.int8).astype(int)).max() == 127
    assert len(set(held)) > 4


def test_neighbours_and_batches_do_not_matter(reader: Tagger) -> None:
    together = reader.tag_with_vectors([*TEXTS, "", "😡😡😡", *reversed(TEXTS)])
    for i, text in enumerate(TEXTS):
        ((tags, alone),) = reader.tag_with_vectors([text])
        spans = [(one.start, one.end) for one in tags.mentions]
        asked = reader.vectors(["Ок", text], None, [[(0, 2)], spans])[1]
        for other in (together[i][1], together[-1 - i][1], asked):
            for one, same in zip(other, alone, strict=True):
                assert numbers(one) @ numbers(same) > NEAR


def test_a_copy_in_another_process_says_the_same(reader: Tagger) -> None:
    copy = pickle.loads(pickle.dumps(reader))
    assert copy.tag_with_vectors(TEXTS[:2]) == reader.tag_with_vectors(TEXTS[:2])


def test_spans_without_a_word_have_no_vector(reader: Tagger) -> None:
    text = TEXTS[0]
    wordless = ["", "!!! 👍", "…"]
    spans = [[(0, len(text)), (5, 5), (len(text), len(text) + 9)], *([(0, len(one))] for one in wordless)]
    found = reader.vectors([text, *wordless], None, spans)
    assert found[0][0] is not None
    assert found[0][1:] == [None, None]
    assert found[1:] == [[None]] * 3
    assert reader.tag_with_vectors(wordless) == [(tags, []) for tags in reader.tag(wordless)]


def test_lists_of_unlike_length_are_refused(reader: Tagger) -> None:
    with pytest.raises(ValueError, match="zip"):
        reader.vectors(TEXTS, None, [[(0, 3)]])


def test_the_two_profiles_read_in_spaces_of_their_own() -> None:
    with np.load(AXES) as held:
        for profile in PROFILES:
            found = depths(open_bundle(DEFAULT_BUNDLE, profile).graph.read_bytes())
            assert found is not None
            axes = held[f"axes{found.layers}"].astype(np.float32)
            assert axes.shape[0] == DIMENSIONS
            assert held[f"mean{found.layers}"].shape == (axes.shape[1],)
            np.testing.assert_allclose(axes @ axes.T, np.eye(DIMENSIONS), atol=5e-3)
        assert len(held.files) == 2 * len(PROFILES)


@pytest.fixture(scope="module")
def without_layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped bundle with a graph whose layers are not found."""
    return opaque(tmp_path_factory.mktemp("opaque") / "bundle")


def test_a_network_whose_layers_are_not_found_tags_and_says_why_it_gives_no_vectors(
    without_layers: Path, tagger: Tagger
) -> None:
    reader = Tagger.load(without_layers, threads=2)
    assert reader.tag(TEXTS) == tagger.tag(TEXTS)
    assert reader.tag_with_vectors(TEXTS) == [
        (tags, [None] * len(tags.mentions)) for tags in tagger.tag(TEXTS)
    ]
    with pytest.raises(ModelError, match="does not show its layers") as caught:
        reader.vectors(TEXTS, None, [[(0, 3)]] * len(TEXTS))
    assert str(without_layers) in caught.value.what
    assert "ugc train" in caught.value.mend


def test_depths_are_none_for_what_is_no_encoder() -> None:
    assert depths(b"") is None
    assert depths(b"\xff" * 40) is None
    assert depths(lengthened((DEFAULT_BUNDLE / "fast.onnx").read_bytes())) is None


def test_an_encoder_of_unknown_shape_gets_axes_by_chance_that_keep_angles() -> None:
    dice = np.random.default_rng(5)
    hidden = dice.standard_normal((2, 40, 512)).astype(np.float32)
    found = meaning(hidden, 7)
    assert found.shape == (40, DIMENSIONS)
    np.testing.assert_array_equal(found, meaning(hidden, 7))
    whole = (hidden / np.linalg.norm(hidden, axis=2, keepdims=True)).sum(axis=0)
    twice = np.stack([whole[0], whole[0] + 0.2 * whole[1], whole[2]])
    near, kept = (
        rows @ rows[0] / np.linalg.norm(rows, axis=1) / np.linalg.norm(rows[0])
        for rows in (twice, meaning(np.stack([twice, twice]), 7))
    )
    np.testing.assert_allclose(kept, near, atol=0.3)
    assert kept[1] > 0.9 > kept[2]
    assert meaning(hidden[:, :, :64], 7).shape == (40, DIMENSIONS)


def test_a_clause_without_a_token_gets_zeros() -> None:
    hidden = np.ones((2, 3, 384), np.float32)
    hidden[:, 1] = 0
    found = meaning(hidden, 12)
    assert not found[1].any()
    assert found[0].any()


def test_a_span_takes_its_clauses_by_shared_characters() -> None:
    clauses = [Clause(0, 10), Clause(10, 20), Clause(22, 30)]
    vectors = np.eye(3, 4, dtype=np.float32)
    vectors[2] = 0
    spans = [(0, 10), (5, 20), (8, 12), (20, 22), (22, 30), (0, 30)]
    found = [
        None if one is None else np.frombuffer(one, np.int8).tolist()
        for one in of_spans(clauses, vectors, spans)
    ]
    assert found == [[127, 0, 0, 0], [64, 127, 0, 0], [127, 127, 0, 0], None, None, [127, 127, 0, 0]]
