"""Models of the hub: any text-classification model of transformers in place of our head.

labels.py       what the labels of a model mean in our classes
meanings.py     the same as a user says it, by --labels
folder.py       where a model lies: a folder, the hub's cache, the hub
network.py      loads a model and runs it; the one module here that imports torch and transformers
windows.py      texts as token windows of the model's own tokenizer
classifier.py   one model: texts in, probabilities of our classes out
tagger.py       our tagger with such models beside it

Importing this package imports neither torch nor transformers: they are loaded with a model.
"""

from __future__ import annotations

from models.hub.meanings import Meaning, read_meanings
from models.hub.tagger import HubTagger

__all__ = ["HubTagger", "Meaning", "read_meanings"]
