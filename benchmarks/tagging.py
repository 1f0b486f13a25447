"""Measures the tagger beside its peers: reviews a second, time to the first answer, memory, size.

Run with `python benchmarks/tagging.py [--texts 2000] [--threads 2] [--no-peers] [--json]`, or with
`--file exported.csv --column text` over a CSV of your own. It takes about four minutes on two cores.

The texts are the shipped sample reviews, repeated up to the number asked for and brought near a
hundred tokens each by joining short ones and cutting long ones at a word. Each subject runs in a
fresh process, and its time to the first answer counts from the start of that process, imports and
all. A slow subject stops after LIMIT seconds; its rate is that of the texts it has read by then.

The peers answer one question (a sentiment of three classes) where the tagger answers all of its own:
- the shape of rubert-tiny2 (BERT, 3 layers of 312, 83,828 pieces) and of XLM-RoBERTa base (12 layers
  of 768, 250,002 pieces), in eight bits in onnxruntime, batches of BATCH texts of like length, as
  many batches side by side as there are threads, without the fusions that are slow on a CPU;
- the same two in `transformers.pipeline` as people use it: single precision, one text at a time.
Their weights are random, for speed does not depend on them, and they read with the tagger's own
tokenizer, so that all count the same tokens. They need the extra `train`.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import Any

from models import DEFAULT_BUNDLE

SAMPLE = Path(__file__).parents[1] / "ugc" / "sample"
CHARACTERS = 300
"""About a hundred tokens of the sample, with those that frame a text."""

BATCH = 32
SORTED = 512
"""Texts among which a peer looks for some of like length."""

LIMIT = 40.0
"""Seconds after which a subject is given no more texts."""

FIRST = "Всё быстро и вежливо, спасибо."
SHAPES: dict[str, dict[str, Any]] = {
    "rubert-tiny2": {
        "model_type": "bert",
        "num_hidden_layers": 3,
        "hidden_size": 312,
        "num_attention_heads": 12,
        "intermediate_size": 600,
        "vocab_size": 83_828,
        "max_position_embeddings": 2048,
    },
    "XLM-RoBERTa base": {
        "model_type": "xlm-roberta",
        "num_hidden_layers": 12,
        "hidden_size": 768,
        "num_attention_heads": 12,
        "intermediate_size": 3072,
        "vocab_size": 250_002,
        "max_position_embeddings": 514,
    },
}
"""What the published configurations of the peers say."""

FRAME = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
"""The tagger's own special tokens."""

Answer = Callable[[list[str]], Any]


@dataclass(frozen=True)
class Subject:
    """Something that is measured: its name, what it answers, how it is opened, what it takes on disk."""

    name: str
    answers: str
    open: Callable[[Path, str, int], Answer]
    folder: Path
    kind: str
    size: int
    slice: int | None = None
    """Texts that it is given at once; all when `None`."""


@dataclass(frozen=True)
class Figures:
    """What was measured of a subject; memory is the peak, in megabytes, like the size on disk."""

    subject: str
    answers: str
    texts: int
    reviews_a_second: float
    seconds_to_first: float
    megabytes_of_memory: float
    megabytes_on_disk: float
    cores_busy: float


def sample_texts(count: int, characters: int = CHARACTERS) -> list[str]:
    """Texts of about so many characters made from the sample reviews."""
    texts = [
        json.loads(line)["text"]
        for path in sorted(SAMPLE.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    found: list[str] = []
    held = ""
    for text in cycle(texts):
        held = f"{held} {text}".strip()
        if len(held) >= characters:
            found.append(held[: held.rfind(" ", 0, characters + 60)])
            held = ""
        if len(found) == count:
            return found
    return found


def file_texts(path: Path, column: str) -> list[str]:
    """One column of a CSV file."""
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def open_tagger(folder: Path, profile: str, threads: int) -> Answer:
    """The tagger with one profile of a bundle."""
    from models.tagger import Tagger

    return Tagger.load(folder, threads=threads, profile=profile).tag


def open_onnx(folder: Path, shape: str, threads: int) -> Answer:
    """A peer in onnxruntime: batches of like length, one a thread."""
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    from models.onnx_reader import SLOWER_FUSED

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(folder / "model.onnx"),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=SLOWER_FUSED,
    )
    tokenizer = Tokenizer.from_file(str(folder / "torch" / "tokenizer.json"))
    tokenizer.enable_truncation(512)

    def run(rows: list[list[int]]) -> Any:
        longest = max(map(len, rows))
        ids = np.asarray([[*row, *[1] * (longest - len(row))] for row in rows], np.int64)
        mask = np.asarray([[1] * len(row) + [0] * (longest - len(row)) for row in rows], np.int64)
        return session.run(None, {"ids": ids, "mask": mask})[0]

    def answer(texts: list[str]) -> Any:
        rows = sorted((encoding.ids for encoding in tokenizer.encode_batch(texts)), key=len)
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(run, (rows[i : i + BATCH] for i in range(0, len(rows), BATCH))))

    return answer


def open_pipeline(folder: Path, shape: str, threads: int) -> Answer:
    """A peer in `transformers.pipeline`, one text at a time."""
    import torch
    from transformers import pipeline

    torch.set_num_threads(threads)
    ready = pipeline("text-classification", model=str(folder / "torch"), device="cpu")
    return lambda texts: ready(texts, batch_size=1, truncation=True)


def prepare(folder: Path, shape: str) -> None:
    """Writes a peer with random weights: a folder for transformers, and an eight-bit ONNX graph."""
    import logging
    import warnings

    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import AutoConfig, AutoModelForSequenceClassification, PreTrainedTokenizerFast

    class Plain(torch.nn.Module):
        """The logits of a model from ids and mask."""

        def __init__(self, model: torch.nn.Module) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            logits: torch.Tensor = self.model(input_ids=ids, attention_mask=mask).logits
            return logits

    settings = dict(SHAPES[shape])
    config = AutoConfig.for_model(settings.pop("model_type"), **settings, num_labels=3, pad_token_id=1)
    model = AutoModelForSequenceClassification.from_config(config, attn_implementation="eager").eval()
    model.save_pretrained(folder / "torch")
    PreTrainedTokenizerFast(
        tokenizer_file=str(DEFAULT_BUNDLE / "tokenizer.json"),
        model_max_length=512,
        model_input_names=["input_ids", "attention_mask"],
        **FRAME,
    ).save_pretrained(folder / "torch")
    ids = torch.arange(10, 50).reshape(2, 20)
    logging.getLogger().setLevel(logging.ERROR)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Plain(model),
            (ids, torch.ones_like(ids)),
            str(folder / "raw.onnx"),
            input_names=["ids", "mask"],
            output_names=["logits"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in ("ids", "mask")},
            opset_version=17,
            dynamo=False,
        )
    del model
    quantize_dynamic(
        str(folder / "raw.onnx"), str(folder / "model.onnx"), weight_type=QuantType.QInt8, per_channel=True
    )
    (folder / "raw.onnx").unlink()


def measure(subject: Subject, texts: list[str], threads: int, began: float, pipe: Any) -> None:
    """Opens a subject and lets it answer, in a process of its own; sends its figures through the pipe."""
    answer = subject.open(subject.folder, subject.kind, threads)
    answer([FIRST])
    first = time.monotonic() - began
    began, cpu = time.monotonic(), time.process_time()
    step = subject.slice or len(texts)
    done = 0
    while done < len(texts) and time.monotonic() - began < LIMIT:
        answer(texts[done : done + step])
        done = min(done + step, len(texts))
    took = time.monotonic() - began
    pipe.send(
        Figures(
            subject=subject.name,
            answers=subject.answers,
            texts=done,
            reviews_a_second=round(done / took, 1),
            seconds_to_first=round(first, 2),
            megabytes_of_memory=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            megabytes_on_disk=round(subject.size / 1e6, 1),
            cores_busy=round((time.process_time() - cpu) / took, 2),
        )
    )


def in_process(target: Callable[..., None], *arguments: Any) -> None:
    """Runs a function in a fresh process; exits when that process failed."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{target.__name__} failed with exit code {process.exitcode}.")


def figures(subject: Subject, texts: list[str], threads: int) -> Figures:
    """The figures of a subject, from a fresh process."""
    here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
    in_process(measure, subject, texts, threads, time.monotonic(), there)
    found: Figures = here.recv()
    return found


def bytes_in(folder: Path, *without: str) -> int:
    """Bytes of the files of a folder, but for some."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.name not in without)


def ours() -> Iterator[Subject]:
    """The tagger with each profile that the shipped bundle offers."""
    from models.bundle import open_bundle

    profiles = {name: open_bundle(DEFAULT_BUNDLE, name) for name in open_bundle(DEFAULT_BUNDLE).profiles}
    for name, bundle in profiles.items():
        others = {other.graph.name for other in profiles.values()} - {bundle.graph.name}
        heads = len(bundle.manifest["labels"])
        size = bytes_in(DEFAULT_BUNDLE, *others)
        yield Subject(f"ugc, profile {name}", f"{heads} heads", open_tagger, DEFAULT_BUNDLE, name, size)


def peers(folder: Path) -> Iterator[Subject]:
    """The peers, written to a folder as they are asked for; none, and a word why, without the extra."""
    missing = [name for name in ("torch", "transformers", "onnx") if find_spec(name) is None]
    if missing:
        print(
            f"The peers need {', '.join(missing)}: pip install 'ugc[train]' -c constraints.txt",
            file=sys.stderr,
        )
        return
    for number, shape in enumerate(SHAPES):
        own = folder / str(number)
        own.mkdir()
        in_process(prepare, own, shape)
        graph, torch_files = (own / "model.onnx").stat().st_size, bytes_in(own / "torch")
        words = (own / "torch" / "tokenizer.json").stat().st_size
        one = "1 head"
        yield Subject(f"{shape}, int8 ONNX", one, open_onnx, own, shape, graph + words, SORTED)
        yield Subject(f"{shape}, transformers.pipeline", one, open_pipeline, own, shape, torch_files, 20)


def mean_tokens(texts: list[str]) -> float:
    """Tokens of a text as the tagger counts them, with those that frame it."""
    from tokenizers import Tokenizer

    from models.reading import frame, tokenise

    tokenizer = Tokenizer.from_file(str(DEFAULT_BUNDLE / "tokenizer.json"))
    before, after = frame(tokenizer)
    framed = len(before) + len(after)
    return sum(len(encoding.ids) + framed for encoding in tokenise(tokenizer, texts)) / len(texts)


def main() -> None:
    """Prints the table, a line as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--column", default="text")
    parser.add_argument("--no-peers", action="store_true", help="measure the tagger alone")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    texts = file_texts(asked.file, asked.column) if asked.file else sample_texts(asked.texts)
    tokens = mean_tokens(texts)
    rows: list[Figures] = []
    if not asked.json:
        print(f"{len(texts):,} texts of {tokens:.0f} tokens, {asked.threads} threads of {os.cpu_count()}\n")
        print("| | answers | reviews a second | start to first answer | peak memory | on disk |")
        print("|---|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        subjects = [ours(), *([] if asked.no_peers else [peers(Path(folder))])]
        for subject in (one for group in subjects for one in group):
            found = figures(subject, texts, asked.threads)
            rows.append(found)
            if not asked.json:
                print(
                    f"| {found.subject} | {found.answers} | {found.reviews_a_second:.0f} "
                    f"| {found.seconds_to_first:.2f} s | {found.megabytes_of_memory:.0f} MB "
                    f"| {found.megabytes_on_disk:.1f} MB |",
                    flush=True,
                )
    if asked.json:
        whole = {"texts": len(texts), "tokens_a_text": round(tokens, 1), "threads": asked.threads}
        print(json.dumps(whole | {"subjects": [asdict(row) for row in rows]}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
