"""The tagger: texts in, tags out. The one public face of the models.

It holds a path and numbers; the session is opened at first use and left behind when pickled, so a
tagger can be sent to another process.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from models import DEFAULT_BUNDLE
from models.bundle import Bundle, open_bundle
from models.calibration import Calibration
from models.decode import Thresholds, decode
from models.evidence import Evidence
from models.merge import Logits, merge
from models.onnx_reader import OnnxReader
from models.reading import frame, read, tokenise
from ugc.errors import ModelError
from ugc.review import Sentiment, Tags
from ugc.text.clauses import Clause, split
from ugc.text.language import detect

__all__ = ["Seen", "Tagger"]

CHUNK = 64
"""Texts that are held in memory as tokens and logits at once."""

CHUNK_CHARACTERS = 200_000
"""Characters after which a chunk is closed earlier."""

DOUBT = 1.5
"""Divides the logits of languages that the model was not trained on: lower confidence, same order."""

MOSTLY_UNKNOWN = 0.5
"""Share of unknown tokens from which a text counts as unreadable for this model."""

_LETTER = re.compile(r"[^\W\d_]")
_GLAD = frozenset("😀😃😄😁😆😊🙂😍🥰😘🤩😎🤗👍👏🙏💪❤💖💕💯🔥✨🎉🌟⭐🏆😻💐🌹👌✅🥳😇💙💚🧡💛💜🤝😋🫶☺♥")
_SORRY = frozenset("😡😠🤬👎😤😢😭😞😔😟🙁☹😣😖😫😩😒🤮🤢💩😱😨😰😥💔🖕❌⛔🤦🤡😕😑🙄👿😾")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model saw in one text, before calibration: for training and for explanations."""

    clauses: list[Clause]
    dense: Logits
    sparse: Logits
    known_language: bool


def _without_words(text: str) -> Tags | None:
    """Tags of a text that holds no letter, or `None` when it holds one.

    Emoji alone still say whether the writer is pleased; anything else is named as untaggable.
    """
    if _LETTER.search(text):
        return None
    if not text.strip():
        return Tags(untaggable="empty")
    glad = sum(character in _GLAD for character in text)
    sorry = sum(character in _SORRY for character in text)
    if not glad + sorry:
        return Tags(untaggable="no words")
    share = (glad + 0.5) / (glad + sorry + 1)
    sentiment: Sentiment = "positive" if share > 0.6 else "negative" if share < 0.4 else "mixed"
    odds = {
        "positive": round(0.9 * share, 4),
        "negative": round(0.9 * (1 - share), 4),
        "mixed": 0.05,
        "neutral": 0.05,
    }
    if sentiment == "mixed":
        odds = {"positive": 0.1, "negative": 0.1, "mixed": 0.7, "neutral": 0.1}
    return Tags(sentiment=sentiment, sentiment_probabilities=odds)


class Tagger:
    """Reads reviews with one bundle. Make it by `Tagger.load`."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self._folder = folder
        self._threads = threads
        self._open()

    @classmethod
    def load(cls, bundle: Path | None = None, *, threads: int | None = None) -> Tagger:
        """A tagger over a bundle, the shipped one by default.

        Args:
            bundle: folder of the bundle.
            threads: cores to use; all when `None`. Answers are the same for any number.

        Raises:
            ModelError: the bundle is missing, damaged, or made for another taxonomy.
        """
        return cls(Path(bundle) if bundle is not None else DEFAULT_BUNDLE, threads)

    def _open(self) -> None:
        """Opens all files of the bundle; whatever is wrong with them becomes a `ModelError`."""
        bundle = open_bundle(self._folder)
        try:
            self._calibration = Calibration.from_manifest(bundle.manifest["calibration"])
            self._thresholds = Thresholds.from_manifest(bundle.manifest["thresholds"])
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
        """Path and threads: all that another process needs."""
        return {"folder": self._folder, "threads": self._threads}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Opens the bundle again."""
        self._folder, self._threads = state["folder"], state["threads"]
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
        found = [_without_words(text) for text in texts]
        waiting = [i for i, tags in enumerate(found) if tags is None]
        known = languages if languages is not None else [None] * len(texts)
        if len(known) != len(texts):
            raise ValueError(f"{len(texts)} texts came with {len(known)} languages.")
        seen = self.look([texts[i] for i in waiting], [known[i] for i in waiting])
        for i, one in zip(waiting, seen, strict=True):
            if one is None:
                found[i] = Tags(untaggable="unknown script")
                continue
            p = self._calibration.apply(one.dense, one.sparse, 1.0 if one.known_language else DOUBT)
            found[i] = decode(texts[i], one.clauses, p, self._thresholds)
        return [tags for tags in found if tags is not None]

    def look(self, texts: Sequence[str], languages: Sequence[str | None]) -> Iterator[Seen | None]:
        """What the model sees in each text, in order; `None` where most tokens are unknown to it."""
        chunk: list[tuple[str, str]] = []
        held = 0
        for text, language in zip(texts, languages, strict=True):
            chunk.append((text, language or detect(text)))
            held += len(text)
            if len(chunk) >= CHUNK or held >= CHUNK_CHARACTERS:
                yield from self._look_at(chunk)
                chunk, held = [], 0
        if chunk:
            yield from self._look_at(chunk)

    def _look_at(self, chunk: list[tuple[str, str]]) -> Iterator[Seen | None]:
        """The answers for one chunk of texts with their languages."""
        texts = [text for text, _ in chunk]
        encodings = tokenise(self._tokenizer, texts)
        clauses = [split(text, language) or [Clause(0, len(text))] for text, language in chunk]
        readings = []
        for encoding, own in zip(encodings, clauses, strict=True):
            strange = sum(piece == self._unknown for piece in encoding.ids)
            readable = bool(encoding.ids) and strange < MOSTLY_UNKNOWN * len(encoding.ids)
            readings.append(
                read(encoding, own, prefix=self._prefix, suffix=self._suffix) if readable else None
            )
        answers = self._reader.answer([window for one in readings if one for window in one.windows])
        pieces = [text[c.start : c.end] for text, own in zip(texts, clauses, strict=True) for c in own]
        by_clause, by_review = self._evidence.clauses(pieces), self._evidence.reviews(texts)
        at_window = at_clause = 0
        for i, (reading, own) in enumerate(zip(readings, clauses, strict=True)):
            rows = slice(at_clause, at_clause + len(own))
            at_clause += len(own)
            if reading is None:
                yield None
                continue
            dense = merge(reading, answers[at_window : at_window + len(reading.windows)])
            at_window += len(reading.windows)
            sparse = {head: values[rows] for head, values in by_clause.items()}
            sparse |= {head: values[i] for head, values in by_review.items()}
            yield Seen(own, dense, sparse, chunk[i][1] in self._languages)


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
