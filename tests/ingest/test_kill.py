"""An import that is killed: the same command again leaves nothing lost and nothing doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

from ugc.ingest.normalise import BATCH
from ugc.lake import Lake

SCRIPT = "from ugc.cli import main; main()"
ROWS = 2 * BATCH + 500


def start(path, folder):
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, "import", str(path), "--lake", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "UGC_SALT": "salt"},
    )


def count(folder):
    if not (folder / "reviews" / "_delta_log").is_dir():
        return 0
    with Lake.open(folder, create=False).snapshot() as snapshot:
        return snapshot.sql("SELECT count(*) AS n FROM reviews").to_pylist()[0]["n"]


def test_kill_in_the_middle_then_again(tmp_path, write):
    lines = "".join(f"{number},отзыв номер {number},{number % 5 + 1}\n" for number in range(ROWS))
    path = write("a.csv", "id,text,rating\n" + lines)
    folder = tmp_path / "lake"
    process = start(path, folder)
    deadline = time.monotonic() + 240
    log = folder / "reviews" / "_delta_log" / f"{1:020}.json"
    while not log.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert 0 < count(folder) < ROWS

    again = start(path, folder)
    out, err = again.communicate(timeout=240)
    assert again.returncode == 0, err
    assert "next: ugc tag" in out
    lake = Lake.open(folder)
    with lake.snapshot() as snapshot:
        found = snapshot.sql(
            "SELECT count(*) AS n, count(DISTINCT id) AS ids, count(DISTINCT source_id) AS given FROM reviews"
        ).to_pylist()[0]
    assert found == {"n": ROWS, "ids": ROWS, "given": ROWS}
    runs = lake.runs().to_pylist()
    assert [run["state"] for run in runs] == ["complete", "running"]
    counts = json.loads(runs[0]["counts"])
    assert counts["new"] + counts["unchanged"] == ROWS
    assert counts["unchanged"] > 0
    assert counts["changed"] == 0
