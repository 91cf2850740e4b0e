"""The matcher's accuracy, speed and memory, as one table: `python bench/dedupe_first.py [--shared DIR] [--seeds 1,2]`.

Sets with a truth (from DIR, by default `../shared/data`) are matched from nothing and scored by the scorer that lies
beside them; a set that is missing is left out and said so. Each set runs in a process of its own, so that its peak
memory is its own. "ms" is one record taken out of the finished index, or put in again.
"""

import argparse
import csv
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crm.dedupe import BUSINESS, BusinessRow, MatchIndex, resolve  # noqa: E402
from crm.dedupe.cells import split_list  # noqa: E402
from crm.dedupe.tables import pool_co_names  # noqa: E402

Rows = list[BusinessRow]
SEED = 20260101


def read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from enumerate(csv.DictReader(file))


def read_childcare(folder: Path) -> Rows:
    return [
        BusinessRow(
            row["rec_id"], seq, row["source"], row["name"], street=row["address"], zip=row["zip"], phone=row["phone"],
            website=row["website"], email=row["email"],
            people=tuple(filter(None, (row["director"], row["center_director"]))),
        )
        for seq, row in read(folder / "records.csv")
    ]  # fmt: skip


def read_restaurants(folder: Path) -> Rows:
    return [
        BusinessRow(
            row["rec_id"], seq, row["source"], row["name"], street=row["address"], city=row["city"],
            phone=row["phone"],
        )
        for seq, row in read(folder / "records.csv")
    ]  # fmt: skip


def read_patents(folder: Path) -> Rows:
    rows = [
        BusinessRow(row["rec_id"], seq, name=row["name"], co_names=tuple(split_list(row["coauthors"])))
        for seq, row in read(folder / "records.csv")
    ]
    return list(pool_co_names(rows))


def read_generated(folder: Path) -> Rows:
    return [
        BusinessRow(
            row["rec_id"], seq, row["source"], row["name"], legal_name=row["dba"], street=row["address"],
            city=row["city"], state=row["state"], zip=row["zip"], phone=row["phone"], website=row["website"],
            email=row["email"], naics=row["naics"], people=tuple(filter(None, (row["contact_name"],))),
        )
        for seq, row in read(folder / "records.csv")
    ]  # fmt: skip


def read_diaries(folder: Path) -> Rows:
    spelled: dict[tuple[str, str], None] = {}
    for _, row in read(folder / "diaries.csv"):
        spelled.setdefault((row["Minister"], " ".join(row["Organisation / individual"].split())))
    return [BusinessRow(f"d{seq}", seq, office, name) for seq, (office, name) in enumerate(spelled)]


def make_bare_names(size: int) -> Rows:
    """Names of two or three words out of a vocabulary with a long tail, and nothing else; one in ten is misspelled."""
    chance = random.Random(SEED)
    syllables = [
        a + b for a in ("ba", "ke", "lo", "mi", "nu", "ra", "se", "to", "vi", "zu") for b in ("r", "n", "l", "st", "x")
    ]
    vocabulary = ["".join(chance.sample(syllables, chance.choice((2, 3)))) for _ in range(size // 4)]
    trades = ("Tool", "Supply", "Plumbing", "Foods", "Services", "Group", "Council", "Association", "Clinic", "School")
    rows: Rows = []
    for number in range(size):
        words = [vocabulary[int(len(vocabulary) * chance.random() ** 2)] for _ in range(chance.choice((1, 2)))]
        name = " ".join(word.title() for word in words) + " " + chance.choice(trades)
        if chance.random() < 0.1:
            at = chance.randrange(1, len(name) - 1)
            name = name[:at] + name[at + 1 :]
        rows.append(BusinessRow(f"n{number}", number, name=name))
    return rows


READERS: dict[str, Callable[[Path], Rows]] = {
    "chicago_childcare": read_childcare,
    "fodors_zagats": read_restaurants,
    "patstat_nl": read_patents,
    "meeting_diaries": read_diaries,
}


def measure(name: str, folder: Path, scorer: Path | None) -> dict[str, object]:
    """Match one set from nothing; everything that is printed about it."""
    rows = make_bare_names(int(folder.name)) if name == "bare names" else READERS.get(name, read_generated)(folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, cpu = time.perf_counter(), time.process_time()
    found = resolve(BUSINESS, rows)
    took = {"seconds": round(time.perf_counter() - start, 2), "cpu": round(time.process_time() - cpu, 2)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {"rows": len(rows), "clusters": len(found.clusters), "reviews": len(found.reviews)} | took
    result |= {"MB": peak // 1024, "MB more": (peak - before) // 1024} | measure_changes(found.index, rows)
    if scorer and (folder / "truth.csv").exists():
        result |= score(folder, found.clusters, scorer)
    return result


def measure_changes(index: MatchIndex, rows: Rows) -> dict[str, object]:
    """Take 100 records out and put them in again, one by one: milliseconds a change."""
    taken = random.Random(SEED).sample(rows, min(100, len(rows)))
    spent: list[float] = []
    for row in taken:
        for added, removed in (([], [row.uid]), ([row], [])):
            start = time.perf_counter()
            index.apply(added, removed)
            spent.append((time.perf_counter() - start) * 1000)
    return {
        "ms p50": round(sorted(spent)[len(spent) // 2], 1),
        "ms p95": round(sorted(spent)[len(spent) * 19 // 20], 1),
    }


def score(folder: Path, clusters: list[tuple[str, ...]], scorer: Path) -> dict[str, object]:
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("rec_id", "cluster"))
        writer.writerows((uid, cluster[0]) for cluster in clusters for uid in cluster)
        file.flush()
        answer = json.loads(subprocess.check_output([sys.executable, str(scorer), str(folder), file.name], text=True))
    return {key: answer[key] for key in ("precision", "recall", "f1", "bcubed_f1") if key in answer}


COLUMNS = (
    "rows", "clusters", "reviews", "precision", "recall", "f1", "bcubed_f1", "seconds", "cpu", "ms p50", "ms p95", "MB",
    "MB more",
)  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--seeds", default="1,2")
    options.add_argument("--sizes", default="10000,100000", help="of the generated lists")
    options.add_argument("--names", default="60000", help="how many bare names")
    options.add_argument("--one", nargs=2, metavar=("SET", "FOLDER"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    scorer = chosen.shared / "score.py"
    if chosen.one:
        name, folder = chosen.one
        print(json.dumps(measure(name, Path(folder), scorer if scorer.exists() else None)))
        return
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}, seed of the bare names {SEED}")
    print(f"{'set':24}" + "".join(f"{column:>10}" for column in COLUMNS))
    with tempfile.TemporaryDirectory() as made:
        for name, folder in list_sets(chosen, Path(made)):
            result = run(name, folder, chosen.shared)
            print(f"{name:24}" + "".join(f"{result.get(column, ''):>10}" for column in COLUMNS), flush=True)


def list_sets(chosen: argparse.Namespace, made: Path) -> Iterator[tuple[str, Path]]:
    """Each set's name and folder; generated ones are made when their turn comes."""
    for name in READERS:
        if (chosen.shared / name).is_dir():
            yield name, chosen.shared / name
        else:
            print(f"{name}: not found in {chosen.shared}, left out")
    generator = chosen.shared / "generate_businesses.py"
    for size in chosen.sizes.split(",") if generator.exists() else ():
        for seed in chosen.seeds.split(",") if int(size) <= 10_000 else chosen.seeds.split(",")[:1]:
            folder = made / f"{size}-{seed}"
            subprocess.run(
                [sys.executable, str(generator), size, str(folder), "--seed", seed],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            yield f"generated {size} seed {seed}", folder
    for size in chosen.names.split(","):
        yield "bare names", Path(size)


def run(name: str, folder: Path, shared: Path) -> dict[str, object]:
    command = [sys.executable, str(Path(__file__).resolve()), "--shared", str(shared), "--one", name, str(folder)]
    return json.loads(subprocess.check_output(command, text=True))


if __name__ == "__main__":
    main()
