"""Measures a collection: reviews a second from a loopback server into a lake, and its memory.

Run with `python benchmarks/collect.py [--reviews 10000] [--json]`. It takes about half a minute on
two cores.

A server in a process of its own plays banki.ru (25 reviews a page) and Steam (100 a page) with pages
made before the clock starts, and waits for nothing. The texts are the shipped sample reviews, over
and over, each with a number of its own, and every tenth with a phone number more than the sample
has. The collector is the real one with its pace off: robots.txt, requests one after the other,
parsing, language, masking, near-duplicates, commits. It runs in a fresh process; the clock runs from
the first request to the end of the run. Memory is the resident set of that process after a tenth of
the reviews and at the end; what grows are the texts that later ones are compared with, 50,000 at
most.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

SAMPLE = Path(__file__).parents[1] / "ugc" / "sample"
FLOOR = 1500
"""Reviews a second that the collector shall reach on two cores."""

SIZES = {"banki_ru": 25, "steam": 100}


@dataclass(frozen=True)
class Outcome:
    """What one collection came to; memory in megabytes."""

    source: str
    reviews: int
    rate: float
    early: float
    late: float


def texts(count: int) -> list[str]:
    """Distinct texts of the sample."""
    from ugc.ingest.readers import open_table

    known = [
        str(row.values.get("text") or row.values.get("Текст") or "")
        for path in sorted(SAMPLE.iterdir())
        if path.suffix in {".csv", ".jsonl", ".xlsx"}
        for row in open_table(path).rows()
    ]
    whole = [text for text in known if len(text) > 40]
    return [
        f"{text} Заказ {n}." + (f" Звоните 8 (912) 345-{n % 90 + 10}-{n % 7}1" if n % 10 == 0 else "")
        for n, text in enumerate(islice(cycle(whole), count))
    ]


def pages(source: str, count: int) -> list[bytes]:
    """The pages of a site, newest first."""
    size = SIZES[source]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows: list[dict[str, Any]] = []
    for n, text in enumerate(texts(count)):
        when = start - timedelta(minutes=30 * n)
        if source == "steam":
            rows.append(
                {
                    "recommendationid": str(n),
                    "author": {"steamid": f"7656{n}"},
                    "language": "russian",
                    "review": text,
                    "timestamp_created": int(when.timestamp()),
                    "timestamp_updated": int(when.timestamp()),
                    "voted_up": n % 3 > 0,
                    "votes_up": n % 5,
                    "steam_purchase": True,
                }
            )
        else:
            rows.append(
                {
                    "id": n + 1,
                    "dateCreate": f"{when:%Y-%m-%d %H:%M:%S}",
                    "title": f"Обращение {n}",
                    "text": f"<p>{text}</p>",
                    "grade": n % 5 + 1,
                    "isCountable": True,
                    "agentAnswerText": "<p>Спасибо за отзыв.</p>" if n % 2 else None,
                    "company": {"name": "Ясень Банк"},
                }
            )
    found = []
    for first in range(0, count, size):
        part, last = rows[first : first + size], first + size >= count
        answer = (
            {"success": 1, "reviews": part, "cursor": str(first + size)}
            if source == "steam"
            else {"data": part, "hasMorePages": not last}
        )
        found.append(json.dumps(answer, ensure_ascii=False).encode())
    return found


def serve(source: str, count: int, told: Any) -> None:
    """Plays the site until the process is ended; sends its port when it is ready."""
    made = pages(source, count)
    size = SIZES[source]
    dry = json.dumps({"success": 1, "reviews": [], "cursor": "*"}).encode()

    class Handler(BaseHTTPRequestHandler):
        # Headers and body go out together; apart, the second waits for the receipt of the first.
        wbufsize = 65_536
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            if self.path == "/robots.txt":
                body = b"User-agent: *\nAllow: /\n"
            elif source == "steam":
                mark = query["cursor"][0]
                number = 0 if mark == "*" else int(mark) // size
                body = made[number] if number < len(made) else dry
            else:
                body = made[int(query["page"][0]) - 1]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.send(server.server_port)
    server.serve_forever()


def resident() -> float:
    """Resident memory of this process in megabytes."""
    pages_held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages_held * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(source: str, port: int, count: int, told: Any) -> None:
    """Collects everything into a new lake and sends the outcome."""
    from scrapers.registry import get
    from ugc.ingest.collect import Collection, collect
    from ugc.lake import Lake
    from ugc.settings import Settings, SourceSettings

    mirror = SourceSettings(base_url=f"http://127.0.0.1:{port}", pause=0)
    chosen = Settings(contact="benchmark@example.com", sources={source: mirror})
    early: list[float] = []

    def progress(run: Collection) -> None:
        if not early and run.summary.rows >= count // 10:
            early.append(resident())

    with tempfile.TemporaryDirectory() as folder:
        lake = Lake.open(f"{folder}/lake")
        started = time.perf_counter()
        run = collect(lake, get(source), "570", settings=chosen, progress=progress)
        seconds = time.perf_counter() - started
        if (run.state, run.summary.new) != ("complete", count):
            raise SystemExit(f"{source}: {run.state}, {run.summary.new} of {count}: {run.reason}")
    told.send(Outcome(source, count, round(count / seconds), round(early[0]), round(resident())))


def in_process(work: Callable[..., None], *arguments: Any) -> tuple[Any, Any]:
    """Starts `work` in a fresh process; gives the process and what it first sends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        return process, ours.recv()
    except EOFError as error:
        raise SystemExit("The measured process ended early.") from error


def main() -> None:
    """Measures both sites and prints a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reviews", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    found: list[Outcome] = []
    for source in SIZES:
        server, port = in_process(serve, source, asked.reviews)
        try:
            process, outcome = in_process(measure, source, port, asked.reviews)
            process.join()
        finally:
            server.terminate()
        found.append(outcome)
    if asked.json:
        print(json.dumps([asdict(one) for one in found], indent=1))
        return
    print("| source | reviews a page | reviews | reviews a second | MB after a tenth | MB at the end |")
    print("|---|---|---|---|---|---|")
    for one in found:
        size = SIZES[one.source]
        print(
            f"| {one.source} | {size} | {one.reviews:,} | {one.rate:,} | {one.early:.0f} | {one.late:.0f} |"
        )
    slow = [one.source for one in found if one.rate < FLOOR]
    print(f"\nFloor {FLOOR} a second: {'reached' if not slow else 'missed by ' + ', '.join(slow)}.")


if __name__ == "__main__":
    main()
