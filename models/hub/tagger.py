"""Our tagger with models of the hub in place of its sentiment, its emotions, or both."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from models.hub.classifier import SHOWN, Classifier
from models.hub.labels import Kind, label_map
from models.hub.meanings import Meaning, sort_out
from models.labels import EMOTIONS
from models.tagger import Tagger
from models.wordless import has_words
from ugc.errors import MissingExtra, ModelError
from ugc.review import Sentiment, Tags
from ugc.text.language import detect

__all__ = ["HubTagger"]

RULES = 1
"""Version of the way from a model's logits to tags; part of every version that is named."""


class HubTagger:
    """Reads reviews as our tagger does, but for what other models are named for.

    It holds names, not weights, when it is pickled: another process loads the models again, once,
    and the very same ones, or says so. Texts that our tagger reads without a model (empty ones,
    emoji alone) or names as untaggable stay as it says.
    """

    def __init__(
        self,
        own: Tagger,
        *,
        sentiment: str | None = None,
        emotion: str | None = None,
        meanings: Sequence[Meaning] = (),
        threads: int | None = None,
    ) -> None:
        """Loads the models.

        Args:
            own: our tagger, which reads all else.
            sentiment: folder or hub name of the model that reads sentiment; ours when `None`.
            emotion: the same for emotions.
            meanings: what their labels mean, where their names do not tell.
            threads: threads of torch; as many as it would take when `None`.

        Raises:
            InputError: `meanings` do not fit the models.
            MissingExtra: torch or transformers is not installed.
            ModelError: a model cannot be had, or its labels do not tell what they mean.
        """
        named: dict[Kind, str | None] = {"sentiment": sentiment, "emotion": emotion}
        # A folder stays the same where the other process has another working folder.
        self._names = {
            kind: str(Path(name).resolve()) if Path(name).is_dir() else name
            for kind, name in named.items()
            if name
        }
        self._own, self._meanings, self._threads = own, tuple(meanings), threads
        self._open({})

    def _open(self, revisions: dict[Kind, str]) -> None:
        """Loads the models, of the named commits where they come from the hub."""
        for package in ("torch", "transformers"):
            if find_spec(package) is None:
                raise MissingExtra(package, "train")
        from models.hub.network import load

        networks = {kind: load(name, revisions.get(kind)) for kind, name in self._names.items()}
        said = sort_out(self._meanings, {kind: network.labels for kind, network in networks.items()})
        self._readers: dict[Kind, Classifier] = {}
        self._revisions: dict[Kind, str] = {}
        version = [self._own.version]
        for kind, network in networks.items():
            labels = label_map(network.name, kind, network.labels, said[kind])
            self._readers[kind] = Classifier(network, labels, self._threads)
            self._revisions[kind] = network.fingerprint
            decides = repr((RULES, network.fingerprint, network.multi_label, labels.names, labels.targets))
            digest = hashlib.sha256(decides.encode()).hexdigest()[:12]
            folder = Path(network.name)
            version.append(f"{kind}:{folder.name if folder.is_absolute() else network.name}@{digest}")
        self._version = "+".join(version)

    def __getstate__(self) -> dict[str, Any]:
        """Names, labels and threads: all that another process needs."""
        return {
            "own": self._own,
            "names": self._names,
            "meanings": self._meanings,
            "threads": self._threads,
            "revisions": self._revisions,
            "version": self._version,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Loads the models again; `ModelError` when one of them is no longer the same."""
        self._own, self._names, self._meanings = state["own"], state["names"], state["meanings"]
        self._threads = state["threads"]
        self._open(state["revisions"])
        if self._version != state["version"]:
            raise ModelError(
                f"A model has changed while it was in use: {self._version} is not {state['version']}.",
                "Start again with the models as they are now.",
            )

    @property
    def version(self) -> str:
        """Names and hashes of our bundle and of each model with its labels: the same in every run."""
        return self._version

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of the models: what they never say, and what is dropped."""
        return tuple(note for reader in self._readers.values() for note in reader.notes)

    def tag(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Tags]:
        """Tags of each text, in order. A text's tags depend on nothing but itself and its language.

        A text whose tokens are mostly unknown to the sentiment model is untaggable; one that the
        emotion model cannot read shows no emotion.

        Args:
            texts: what customers wrote; any string is taken.
            languages: ISO codes, one a text, where they are known; `None` is detected.

        Raises:
            ModelError: a model gives no numbers.
            ValueError: the two lists differ in length.
        """
        return self._replaced(self._own.tag(texts, languages), texts, languages)

    def tag_with_vectors(
        self, texts: Sequence[str], languages: Sequence[str | None] | None = None
    ) -> list[tuple[Tags, list[bytes | None]]]:
        """Tags of each text as `tag` gives them, and our tagger's vector of each mention in them.

        Raises as `tag` does.
        """
        own = self._own.tag_with_vectors(texts, languages)
        of_spans = [
            {(one.start, one.end): vector for one, vector in zip(tags.mentions, vectors, strict=True)}
            for tags, vectors in own
        ]
        found = self._replaced([tags for tags, _ in own], texts, languages)
        return [
            (tags, [vectors[one.start, one.end] for one in tags.mentions])
            for tags, vectors in zip(found, of_spans, strict=True)
        ]

    def vectors(
        self,
        texts: Sequence[str],
        languages: Sequence[str | None] | None,
        spans: Sequence[Sequence[tuple[int, int]]],
    ) -> list[list[bytes | None]]:
        """The vectors of spans of texts: our tagger's; see `Tagger.vectors`."""
        return self._own.vectors(texts, languages, spans)

    def _replaced(
        self, found: list[Tags], texts: Sequence[str], languages: Sequence[str | None] | None
    ) -> list[Tags]:
        """Tags of ours with what the models say in their place."""
        read = [i for i, tags in enumerate(found) if tags.untaggable is None and has_words(texts[i])]
        own = [texts[i] for i in read]
        spoken = [(languages[i] if languages else None) or detect(texts[i]) for i in read]
        for kind, reader in self._readers.items():
            for i, p in zip(read, reader.read(own, spoken), strict=True):
                if found[i].untaggable is None:
                    found[i] = _with(found[i], kind, p)
        return found


def _with(tags: Tags, kind: Kind, p: dict[str, float] | None) -> Tags:
    """Tags with what a model of the hub says in place of ours."""
    if kind == "sentiment":
        if p is None:
            return Tags(untaggable="unknown script")
        best = cast("Sentiment", max(p, key=p.__getitem__))
        return replace(tags, sentiment=best, sentiment_probabilities=p)
    shown = tuple(name for name in EMOTIONS if p and p[name] >= SHOWN)
    return replace(tags, emotions=shown, emotion_probabilities=p or {})
