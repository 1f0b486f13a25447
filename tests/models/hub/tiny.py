"""Tiny models in the layout of the hub. One of BERT's kind knows a few words: its weights are set so.

Attention looks at all tokens alike and hands on what it sees; each class has a dimension, in which
the words that only its examples hold are one. The other kinds have random weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

__all__ = ["FELT", "OPINIONS", "POSITIONS", "make"]

POSITIONS = 32

OPINIONS = {
    "positive": [
        "отличный банк",
        "очень вежливый персонал",
        "great hotel",
        "miła obsługa",
        "всё понравилось",
    ],
    "negative": ["ужасный банк", "очень грубый персонал", "awful hotel", "fatalna obsługa", "всё сломалось"],
    "neutral": ["это банк", "тут персонал", "a hotel", "to obsługa", "всё как написано"],
}

FELT = {
    "joy": ["обожаю этот банк", "love this hotel"],
    "annoyance": ["бесит этот банк", "annoying hotel"],
    "fear": ["боюсь за деньги", "scared of this hotel"],
    "curiosity": ["интересно как тут", "curious about this hotel"],
    "neutral": ["это банк", "a hotel"],
}

_REST = ["я пришёл в отделение и взял талон , потом сел на стул у окна . . ! ?", "<s> </s> [SEP] [MASK]"]

_MARKS = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}


def _tokenizer(texts: Sequence[str], *, by_word: bool, marks: Mapping[str, str]) -> Any:
    """A WordPiece tokenizer trained on texts, or one that knows whole words split at spaces."""
    from transformers import PreTrainedTokenizerFast

    listed = list(marks.values())
    if by_word:
        own = Tokenizer(models.WordLevel(unk_token=marks["unk"]))
        own.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        trainer: Any = trainers.WordLevelTrainer(special_tokens=listed, show_progress=False)
    else:
        own = Tokenizer(models.WordPiece(unk_token=marks["unk"]))
        own.normalizer = normalizers.Lowercase()
        own.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=600, special_tokens=listed, show_progress=False)
    own.train_from_iterator(texts, trainer)
    start, end = marks["cls"], marks["sep"]
    own.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}",
        special_tokens=[(one, own.token_to_id(one)) for one in (start, end)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=own, **{f"{name}_token": mark for name, mark in marks.items()}
    )


def _teach(model: Any, tokenizer: Any, examples: Mapping[str, Sequence[str]]) -> None:
    """Sets the weights of a model of BERT's kind, so that it tells the examples apart."""
    import torch

    held = [{i for text in own for i in tokenizer(text)["input_ids"]} for own in examples.values()]
    with torch.no_grad():
        words, places, segments = (
            getattr(model.bert.embeddings, f"{name}_embeddings").weight
            for name in ("word", "position", "token_type")
        )
        for weight in (words, places, segments):
            weight.zero_()
        for at, own in enumerate(held):
            others = set().union(*(other for other in held if other is not own))
            words[sorted(own - others), at] = 1
        for layer in model.bert.encoder.layer:
            look = layer.attention.self
            for part in (look.query, look.key, layer.intermediate.dense, layer.output.dense):
                part.weight.zero_()
                part.bias.zero_()
            for part in (look.value, layer.attention.output.dense):
                part.weight.copy_(torch.eye(len(part.weight)))
                part.bias.zero_()
        model.bert.pooler.dense.weight.copy_(torch.eye(words.shape[1]))
        model.bert.pooler.dense.bias.zero_()
        model.classifier.weight.copy_(5 * torch.eye(len(held), words.shape[1]))
        model.classifier.bias.fill_(-2)
        model.classifier.bias[-1] = 0


def make(
    folder: Path,
    examples: Mapping[str, Sequence[str]],
    *,
    labels: Sequence[str] | None = None,
    family: str = "bert",
    by_word: bool = False,
    model_max_length: int | None = POSITIONS,
    seed: int = 0,
    **config: Any,
) -> Path:
    """Makes a classifier and saves it with its tokenizer.

    Args:
        folder: where to.
        examples: texts of each class; the last class is said of texts that hold no known word.
        labels: names of the classes in the config; the keys of `examples` when left out.
        family: bert, roberta or gpt2.
        by_word: a tokenizer that reads marks such as "[SEP]" within a text as words.
        model_max_length: what the tokenizer says of the longest text.
        seed: of random weights.
        config: more entries of the model's config.
    """
    import torch
    from transformers import AutoConfig, AutoModelForSequenceClassification

    marks = dict(_MARKS)
    if family == "roberta":
        # Its positions are counted from the number of the padding, which is 1 there.
        marks = {"cls": "<s>", "pad": "<pad>", "sep": "</s>", "unk": "<unk>", "mask": "<mask>"}
    texts = [text for own in examples.values() for text in own]
    tokenizer = _tokenizer([*texts, *_REST], by_word=by_word, marks=marks)
    if model_max_length is not None:
        tokenizer.model_max_length = model_max_length
    names = list(labels or examples)
    sizes: dict[str, Any] = {
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
    }
    sizes |= {"max_position_embeddings": POSITIONS, "pad_token_id": tokenizer.pad_token_id}
    if family == "gpt2":
        sizes = {"n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": POSITIONS}
        sizes |= {"bos_token_id": tokenizer.cls_token_id, "eos_token_id": tokenizer.sep_token_id}
    if family != "bert":
        sizes["initializer_range"] = 0.5  # random, but not so near to zero that all answers are alike
    settings = AutoConfig.for_model(
        family,
        vocab_size=max(tokenizer.get_vocab().values()) + 1,
        id2label=dict(enumerate(names)),
        label2id={name: i for i, name in enumerate(names)},
        **{**sizes, **config},
    )
    torch.manual_seed(seed)
    model = AutoModelForSequenceClassification.from_config(settings)
    if family == "bert":
        _teach(model, tokenizer, examples)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
