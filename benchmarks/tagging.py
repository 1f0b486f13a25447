"""Measures the tagger: reviews a second, time to the first tag, memory, size of the bundle.

Run with `python benchmarks/tagging.py [--texts 2000] [--threads 2] [--file exported.csv --column text]`.
The texts are the shipped sample reviews, repeated up to the number asked for and brought near a
hundred tokens each by joining short ones and cutting long ones at a word; `--file` measures a CSV of
your own as it is. Each figure comes from a fresh process.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import resource
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from models import DEFAULT_BUNDLE

SAMPLE = Path(__file__).parents[1] / "ugc" / "sample"
CHARACTERS = 380
"""About a hundred tokens of Russian."""


def sample_texts(count: int) -> list[str]:
    """Texts of about CHARACTERS characters made from the sample reviews."""
    texts = [
        json.loads(line)["text"]
        for path in sorted(SAMPLE.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    found: list[str] = []
    held = ""
    for text in cycle(texts):
        held = f"{held} {text}".strip()
        if len(held) >= CHARACTERS:
            found.append(held[: held.rfind(" ", 0, CHARACTERS + 60)])
            held = ""
        if len(found) == count:
            return found
    return found


def file_texts(path: Path, column: str) -> list[str]:
    """One column of a CSV file."""
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def measure(texts: list[str], threads: int, pipe: Any) -> None:
    """Loads the tagger and tags, in a process of its own; sends its figures through the pipe."""
    began = time.perf_counter()
    from models.tagger import Tagger

    tagger = Tagger.load(threads=threads)
    tagger.tag(["Всё быстро и вежливо, спасибо."])
    cold = time.perf_counter() - began
    began, cpu = time.perf_counter(), time.process_time()
    tags = tagger.tag(texts)
    took = time.perf_counter() - began
    pipe.send(
        {
            "cold": cold,
            "took": took,
            "cpu": time.process_time() - cpu,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "mentions": sum(len(one.mentions) for one in tags),
        }
    )


def lines(texts: list[str], threads: int) -> Iterator[str]:
    """The lines of the table."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=measure, args=(texts, threads, there))
    process.start()
    found = here.recv()
    process.join()
    size = sum(path.stat().st_size for path in DEFAULT_BUNDLE.iterdir())
    mean = sum(map(len, texts)) / len(texts)
    yield f"| texts | {len(texts):,} of {mean:.0f} characters |"
    yield f"| threads | {threads} of {os.cpu_count()} |"
    yield f"| reviews a second | {len(texts) / found['took']:.0f} |"
    yield f"| characters a second | {sum(map(len, texts)) / found['took']:,.0f} |"
    yield f"| cores busy | {found['cpu'] / found['took']:.2f} |"
    yield f"| start to first tag | {found['cold']:.2f} s |"
    yield f"| peak memory | {found['memory']:.0f} MB |"
    yield f"| mentions a review | {found['mentions'] / len(texts):.2f} |"
    yield f"| bundle | {size / 1e6:.1f} MB |"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--column", default="text")
    asked = parser.parse_args()
    texts = file_texts(asked.file, asked.column) if asked.file else sample_texts(asked.texts)
    print("| tagging, all heads | |\n|---|---:|")
    for line in lines(texts, asked.threads):
        print(line)


if __name__ == "__main__":
    main()
