"""The tagger: texts in, tags out. The one public face of the models.

It holds a path and numbers; the session is opened at first use and left behind when pickled, so a
tagger can be sent to another process.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from models import DEFAULT_BUNDLE
from models.bundle import DEFAULT_PROFILE, Bundle, open_bundle
from models.calibration import Calibration
from models.decode import Thresholds, decode
from models.evidence import Evidence
from models.merge import MEANING, Logits, merge
from models.onnx_reader import Crew, OnnxReader
from models.reading import Reading, frame, read, tokenise
from models.vectors import meaning, of_spans
from models.wordless import has_words, tags_without_words
from ugc.errors import ModelError
from ugc.review import Tags
from ugc.text.clauses import Clause, split
from ugc.text.language import detect

__all__ = ["Believed", "Seen", "Tagger"]

CHUNK = 64
"""Texts that are held in memory as tokens and logits at once."""

CHUNK_CHARACTERS = 200_000
"""Characters after which a chunk is closed earlier."""

DOUBT = 1.5
"""Divides the logits of languages that the model was not trained on: lower confidence, same order."""

MOSTLY_UNKNOWN = 0.5
"""Share of unknown tokens from which a text counts as unreadable for this model."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model saw in one text, before calibration: for training and for explanations."""

    clauses: list[Clause]
    dense: Logits
    sparse: Logits
    known_language: bool
    meaning: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Believed:
    """The clauses of one text and the calibrated probabilities by head, before any threshold.

    Shapes: `theme` (clauses, themes), `polarity` (clauses, themes, polarities), `touchpoint`
    (clauses, touchpoints), heads of the review (labels,); labels in the order of `models.labels`.
    `meaning` (clauses, dimensions) are the vectors of the clauses, where the network gives them.
    """

    clauses: list[Clause]
    by_head: Logits
    meaning: npt.NDArray[np.float32] | None = None


class Tagger:
    """Reads reviews with one bundle. Make it by `Tagger.load`."""

    def __init__(self, folder: Path, threads: int | None = None, profile: str = DEFAULT_PROFILE) -> None:
        self._folder = folder
        self._threads = threads
        self._profile = profile
        self._open()

    @classmethod
    def load(
        cls, bundle: Path | None = None, *, threads: int | None = None, profile: str = DEFAULT_PROFILE
    ) -> Tagger:
        """A tagger over a bundle, the shipped one by default.

        Args:
            bundle: folder of the bundle.
            threads: cores to use; all when `None`. Answers are the same for any number.
            profile: which of the bundle's networks reads, such as "default" or "fast".

        Raises:
            ModelError: the bundle is missing, damaged, made for another taxonomy, or has no such
                profile.
        """
        return cls(Path(bundle) if bundle is not None else DEFAULT_BUNDLE, threads, profile)

    def _open(self) -> None:
        """Opens all files of the bundle; whatever is wrong with them becomes a `ModelError`."""
        bundle = open_bundle(self._folder, self._profile)
        try:
            self._calibration = Calibration.from_manifest(bundle.settings["calibration"])
            self._thresholds = Thresholds.from_manifest(bundle.settings["thresholds"])
            self._languages = frozenset(bundle.manifest["languages"])
            # Letting the Rust side start threads of its own would count twice against `threads`.
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            self._tokenizer = _tokenizer(bundle)
            self._evidence = Evidence.load(bundle.evidence)
            self._reader = OnnxReader(bundle.graph, self._threads)
        except ModelError:
            raise
        except (KeyError, TypeError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise _damaged(bundle, error) from error
        self._bundle = bundle
        self._prefix, self._suffix = frame(self._tokenizer)
        self._unknown = self._tokenizer.token_to_id("<unk>")

    def __getstate__(self) -> dict[str, Any]:
        """Path, threads and profile: all that another process needs."""
        return {"folder": self._folder, "threads": self._threads, "profile": self._profile}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Opens the bundle again."""
        self._folder, self._threads, self._profile = state["folder"], state["threads"], state["profile"]
        self._open()

    @property
    def version(self) -> str:
        """Name, version and hash of the bundle: tags made by another version are not current."""
        return self._bundle.version

    @property
    def bundle(self) -> Bundle:
        """The bundle that answers."""
        return self._bundle

    def tag(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Tags]:
        """Tags of each text, in order. A text's tags depend on nothing but itself and its language.

        Args:
            texts: what customers wrote; any string is taken.
            languages: ISO codes, one a text, where they are known; `None` is detected.

        Raises:
            ValueError: the two lists differ in length.
        """
        believed = self.probabilities(texts, languages)
        return [self._tags(text, one) for text, one in zip(texts, believed, strict=True)]

    def tag_with_vectors(
        self, texts: Sequence[str], languages: Sequence[str | None] | None = None
    ) -> list[tuple[Tags, list[bytes | None]]]:
        """Tags of each text as `tag` gives them, and beside them one vector a mention, in their order.

        A vector is `models.vectors.DIMENSIONS` signed bytes; only its direction counts. It is `None`
        where the network is of a kind whose vectors are not found.

        Raises:
            ValueError: the two lists differ in length.
        """
        found = []
        for text, one in zip(texts, self.probabilities(texts, languages), strict=True):
            tags = self._tags(text, one)
            found.append((tags, _vectors(one, [(mention.start, mention.end) for mention in tags.mentions])))
        return found

    def vectors(
        self,
        texts: Sequence[str],
        languages: Sequence[str | None] | None,
        spans: Sequence[Sequence[tuple[int, int]]],
    ) -> list[list[bytes | None]]:
        """The vectors of spans (start, end) of texts: those that `tag_with_vectors` gives for them.

        `None` stands for a span without a word that the model reads.

        Raises:
            ModelError: the network is of a kind whose vectors are not found.
            ValueError: the lists differ in length.
        """
        if not self._reader.gives_vectors:
            raise ModelError(
                f"The graph of the model bundle {self._bundle.folder} does not show its layers.",
                "Use the shipped bundle, or train one with: ugc train",
            )
        believed = self.probabilities(texts, languages)
        return [_vectors(one, own) for one, own in zip(believed, spans, strict=True)]

    def _tags(self, text: str, believed: Believed | None) -> Tags:
        """Tags of one text from what is believed of it."""
        if believed is None:
            return tags_without_words(text) or Tags(untaggable="unknown script")
        return decode(text, believed.clauses, believed.by_head, self._thresholds)

    @property
    def languages(self) -> frozenset[str]:
        """Languages that the bundle was trained on; others are read with lower confidence."""
        return self._languages

    @property
    def thresholds(self) -> Thresholds:
        """Probabilities from which a label is shown."""
        return self._thresholds

    def probabilities(
        self,
        texts: Sequence[str],
        languages: Sequence[str | None] | None = None,
        clauses: Sequence[Sequence[Clause]] | None = None,
    ) -> list[Believed | None]:
        """What the model believes of each text, in order; `None` where there is nothing it can read.

        Args:
            texts: what customers wrote; any string is taken.
            languages: ISO codes, one a text, where they are known; `None` is detected.
            clauses: spans to answer for, in order, at least one a text; the text's own clauses when
                left out. A span may be empty.

        Raises:
            ValueError: the lists differ in length.
        """
        known = languages if languages is not None else [None] * len(texts)
        if len(known) != len(texts):
            raise ValueError(f"{len(texts)} texts came with {len(known)} languages.")
        found: list[Believed | None] = [None] * len(texts)
        waiting = [i for i, text in enumerate(texts) if has_words(text)]
        seen = self.look(
            [texts[i] for i in waiting],
            [known[i] for i in waiting],
            None if clauses is None else [clauses[i] for i in waiting],
        )
        for i, one in zip(waiting, seen, strict=True):
            if one is not None:
                p = self._calibration.apply(one.dense, one.sparse, 1.0 if one.known_language else DOUBT)
                found[i] = Believed(one.clauses, p, one.meaning)
        return found

    def look(
        self,
        texts: Sequence[str],
        languages: Sequence[str | None],
        clauses: Sequence[Sequence[Clause]] | None = None,
    ) -> Iterator[Seen | None]:
        """What the model sees in each text, in order; `None` where most tokens are unknown to it.

        While the network reads one chunk of the texts, the next is cut into clauses and tokens.
        """
        with self._reader.crew() as crew:
            before: Iterator[Seen | None] = iter(())
            for chunk in _chunks(texts, languages, clauses):
                begun = self._begin(chunk, crew)
                yield from before
                before = self._end(begun)
            yield from before

    def reading(self, text: str, clauses: Sequence[Clause]) -> Reading:
        """The windows in which the network reads a text that is cut into these clauses, at least one."""
        (encoding,) = tokenise(self._tokenizer, [text])
        return read(encoding, clauses, prefix=self._prefix, suffix=self._suffix)

    def _begin(self, chunk: list[_Due], crew: Crew) -> _Begun:
        """Cuts the texts of a chunk into clauses and windows and hands the windows to the crew."""
        encodings = tokenise(self._tokenizer, [one.text for one in chunk])
        clauses = [
            list(one.clauses) or split(one.text, one.language) or [Clause(0, len(one.text))] for one in chunk
        ]
        readings: list[Reading | None] = []
        for encoding, own in zip(encodings, clauses, strict=True):
            strange = sum(piece == self._unknown for piece in encoding.ids)
            readable = bool(encoding.ids) and strange < MOSTLY_UNKNOWN * len(encoding.ids)
            readings.append(
                read(encoding, own, prefix=self._prefix, suffix=self._suffix) if readable else None
            )
        windows = [window for one in readings if one for window in one.windows]
        return _Begun(chunk, clauses, readings, crew.begin(windows))

    def _end(self, begun: _Begun) -> Iterator[Seen | None]:
        """The answers for a chunk, with its sparse evidence."""
        texts = [one.text for one in begun.chunk]
        pieces = [text[c.start : c.end] for text, own in zip(texts, begun.clauses, strict=True) for c in own]
        by_clause, by_review = self._evidence.clauses(pieces), self._evidence.reviews(texts)
        answers = begun.answers()
        at_window = at_clause = 0
        for i, (reading, own) in enumerate(zip(begun.readings, begun.clauses, strict=True)):
            rows = slice(at_clause, at_clause + len(own))
            at_clause += len(own)
            if reading is None:
                yield None
                continue
            dense = merge(reading, answers[at_window : at_window + len(reading.windows)])
            at_window += len(reading.windows)
            sparse = {head: values[rows] for head, values in by_clause.items()}
            sparse |= {head: values[i] for head, values in by_review.items()}
            both = dense.pop(MEANING, None)
            vectors = None if both is None else meaning(both, self._reader.layers)
            yield Seen(own, dense, sparse, begun.chunk[i].language in self._languages, vectors)


def _vectors(believed: Believed | None, spans: Sequence[tuple[int, int]]) -> list[bytes | None]:
    """Vectors of spans of one text; `None` where there are none."""
    if believed is None or believed.meaning is None:
        return [None] * len(spans)
    return of_spans(believed.clauses, believed.meaning, spans)


class _Due(NamedTuple):
    """A text to read: its language, and its clauses where they are given."""

    text: str
    language: str
    clauses: Sequence[Clause]


@dataclass(frozen=True, slots=True)
class _Begun:
    """A chunk whose windows are being read."""

    chunk: list[_Due]
    clauses: list[list[Clause]]
    readings: list[Reading | None]
    answers: Callable[[], list[Logits]]


def _chunks(
    texts: Sequence[str], languages: Sequence[str | None], clauses: Sequence[Sequence[Clause]] | None
) -> Iterator[list[_Due]]:
    """The texts in chunks of a bounded size, with the languages that are not known detected."""
    chunk: list[_Due] = []
    held = 0
    for text, language, own in zip(texts, languages, clauses or [()] * len(texts), strict=True):
        chunk.append(_Due(text, language or detect(text), own))
        held += len(text)
        if len(chunk) >= CHUNK or held >= CHUNK_CHARACTERS:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def _tokenizer(bundle: Bundle) -> Tokenizer:
    """The tokenizer of a bundle. The library raises bare exceptions, so its JSON is checked by hand."""
    text = bundle.tokenizer.read_text(encoding="utf-8")
    if not text.lstrip().startswith("{"):
        raise ValueError("tokenizer.json is not JSON")
    return Tokenizer.from_str(text)


def _damaged(bundle: Bundle, error: Exception) -> ModelError:
    """The error for a bundle whose files cannot be opened."""
    return ModelError(
        f"The model bundle {bundle.folder} is damaged: {error}.",
        "Restore it, or name another by --model or UGC_MODEL.",
    )
