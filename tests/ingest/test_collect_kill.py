"""A collection that is killed twenty times at random moments: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sys
import time
from pathlib import Path

from ugc.cli import main
from ugc.lake import Lake

NEEDED = [
    "ugc.cli.collect",
    "ugc.cli.progress",
    "ugc.ingest.collect",
    "scrapers.registry",
    "scrapers.banki_ru",
]
"""What the command imports: each process begins as a copy of one that has it all, and starts quicker."""

REVIEWS, PAGE, KILLS = 2000, 50, 20


def review(number: int) -> dict[str, object]:
    """One invented review of the bank's list; the higher the number the newer."""
    day = f"{2020 + number // 365}-{number % 365 // 31 + 1:02d}-{number % 28 + 1:02d}"
    return {
        "id": number,
        "dateCreate": f"{day} 10:00:00",
        "title": f"Отзыв {number}",
        "text": f"<p>По обращению {number} ответили за {number % 7 + 1} дней, дом {number}</p>",
        "grade": number % 5 + 1,
        "company": {"name": "Ясень Банк"},
    }


def run(arguments: list[str], environment: dict[str, str], said: Path) -> None:
    """The command in a process of its own; what it prints goes into a file."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(said.parent)
    with said.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["ugc", *arguments]
    main()


def test_twenty_kills_at_random_moments(site, answer, tmp_path):
    rows = sorted((review(n) for n in range(REVIEWS)), key=lambda row: str(row["dateCreate"]), reverse=True)

    def route(path):
        page = int(site.requests[-1].query["page"])
        time.sleep(0.01)
        found = rows[(page - 1) * PAGE : page * PAGE]
        return answer(json.dumps({"data": found, "hasMorePages": page * PAGE < REVIEWS}).encode())

    site.route = route
    folder = tmp_path / "lake"
    environment = {
        **os.environ,
        "UGC_SALT": "salt",
        "UGC_CONTACT": "cx@example.com",
        "UGC_SOURCES__BANKI_RU__BASE_URL": site.url,
        "UGC_SOURCES__BANKI_RU__PAUSE": "0",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    arguments = ["collect", "banki_ru", "yasen", "--lake", str(folder)]
    said = tmp_path / "said"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(NEEDED)
    dice = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        asked = len(site.asked)
        process = context.Process(target=run, args=(arguments, environment, said))
        process.start()
        # From the first request on, so that the kill falls into the reading or the writing.
        while len(site.asked) == asked and process.is_alive():
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 1.2))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
    assert killed >= KILLS // 2
    done = context.Process(target=run, args=(arguments, environment, said))
    done.start()
    done.join()
    assert done.exitcode == 0, said.read_text(encoding="utf-8")
    lake = Lake.open(folder, create=False)
    with lake.snapshot() as snapshot:
        (found,) = snapshot.sql(
            "SELECT count(*) AS n, count(DISTINCT id) AS ids, count(DISTINCT source_id) AS given FROM reviews"
        ).to_pylist()
    assert found == {"n": REVIEWS, "ids": REVIEWS, "given": REVIEWS}
    states = [run["state"] for run in lake.runs().to_pylist()]
    assert states[0] == "complete"
    assert "running" not in states
    assert lake.check().problems == ()
