"""How long the matcher needs for one new record, or one judgement, in a region of many: `python -m
bench.dedupe_incremental [--existing 100000] [--new 200] [--judged 50] [--seed 1] [--shared DIR]`.

The list is made by `generate_businesses.py` of DIR (by default `../shared/data`). All but the new records are matched
from nothing and written to the matcher's file. Then, one by one, each new record is added and each judgement put as a
process does that has just started: the file is opened, changed, written and closed. At the end the answer must be that
of an index that is made from nothing, or the command fails. Prints one line of JSON; `cpu` is the processor's time, the
figure to go by on a machine that is busy with other things.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.machine import percentile, tell_machine
from crm.collector import paused_collector
from crm.dedupe import BUSINESS, Judgement, MatchIndex
from crm.dedupe.kinds import Row
from crm.dedupe.tables import record_reader
from crm.memory import peak_memory_mb
from crm.services.clusters import SEPARATOR, read_table
from crm.services.matcher_file import Memory

ROOT = Path(__file__).resolve().parents[1]


def make_rows(count: int, seed: int, shared: Path) -> list[Row]:
    """A generated list, in an order of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(shared / "generate_businesses.py"), str(count), folder, "--seed", str(seed)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        table, layout = read_table(Path(folder) / "records.csv", kind="business", maps=[], progress=lambda *_: None)
    read = record_reader(layout)
    rows = [read(uid, text.split(SEPARATOR)) for uid, text in zip(table.ids, table.texts, strict=True)]
    random.Random(seed).shuffle(rows)
    return rows


class Steps:
    """One step after the other, each with the file opened anew."""

    def __init__(self, folder: Path, token: str) -> None:
        self.folder = folder
        self.token = token

    def run(self, change: Callable[[MatchIndex], object]) -> tuple[float, float]:
        """Milliseconds by the clock and of the processor."""
        start, cpu = time.perf_counter(), time.process_time()
        memory = Memory(self.folder, self.token)
        index = memory.find("business", BUSINESS)
        assert index
        change(index)
        token = memory.keep()
        assert token
        self.token = token
        return (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000


def summarise(name: str, spent: list[tuple[float, float]]) -> dict[str, float]:
    told: dict[str, float] = {}
    for column, unit in enumerate(("ms", "cpu ms")):
        values = [step[column] for step in spent]
        told |= {f"{name} {unit} p{share}": percentile(values, share / 100) for share in (50, 95)}
    return {key: round(value, 1) for key, value in told.items()}


def make_index(rows: list[Row], judgements: list[Judgement]) -> MatchIndex:
    index = MatchIndex(BUSINESS)
    with paused_collector():
        index.apply(rows, judgements=judgements)
    return index


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--existing", type=int, default=100_000)
    options.add_argument("--new", type=int, default=200)
    options.add_argument("--judged", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    chosen = options.parse_args()
    rows = make_rows(chosen.existing + chosen.new, chosen.seed, chosen.shared)
    old, new = rows[: chosen.existing], rows[chosen.existing :]
    told: dict[str, object] = {"machine": tell_machine(), "existing": len(old)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cpu = time.process_time()
        memory = Memory(folder, None)
        memory.take("business", make_index(old, []))
        built = time.process_time()
        token = memory.keep()
        assert token
        told |= {"build cpu s": round(built - cpu, 1), "write cpu s": round(time.process_time() - built, 1)}
        (file,) = (folder / "matcher").glob("*.sqlite")
        told["file MB"] = file.stat().st_size >> 20
        del memory
        steps = Steps(folder, token)
        told |= summarise("new record", [steps.run(lambda index, row=row: index.apply([row])) for row in new])
        said = judge_some(rows, chosen.judged, chosen.seed)
        told |= summarise("judgement", [steps.run(lambda index, j=j: index.apply(judgements=[j])) for j in said])
        kept = Memory(folder, steps.token).find("business", BUSINESS)
        assert kept
        fresh = make_index(rows, said)
        if kept.list_clusters() != fresh.list_clusters() or kept.list_reviews() != fresh.list_reviews():
            raise SystemExit("The answer is not that of an index that is made from nothing.")
    print(json.dumps(told | {"equal to a rebuild": True, "peak MB": peak_memory_mb()}))


def judge_some(rows: list[Row], count: int, seed: int) -> list[Judgement]:
    """What people might say of pairs taken anywhere."""
    chance = random.Random(seed)
    pairs = [chance.sample(rows, 2) for _ in range(count)]
    return [Judgement(a.uid, b.uid, chance.choice(("same", "different", "unsure"))) for a, b in pairs]


if __name__ == "__main__":
    main()
