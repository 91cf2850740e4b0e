"""How accurate, fast and large the matcher is beside three others: one command, one table.

    python -m bench.dedupe [--sets chicago_childcare,generated …] [--sizes 10000,100000] [--seeds 1,2,3]
                           [--peers splink,dedupe,recordlinkage] [--all] [--memory GB] [--shared FOLDER]

Ours is `crm dedupe cluster` on the file as it is, the tool that people get. The others are given cleaned columns and a
set-up of their own, see `bench.peers`; dedupe is also given 80 labels. They live in a virtual environment of their own
under .build, made once, with the versions of bench/peers/requirements.lock; the product does not depend on them.

Every tool matches every set from nothing in a process of its own, and the scorer that lies beside the sets scores all
alike. Sets are read from `../shared/data`; a set that is not there is left out and said so. Of a generated list, sizes
above 10,000 rows are made with the first seed only. dedupe needs minutes and many gigabytes, so it is left out of
lists of more than 20,000 rows and of all seeds but the first; `--all` has it there too. `--peers none` runs ours alone.
A process that wants more memory than `--memory` fails, and the table says so.

s is by the clock, cpu of all its processes; MB is the most that its largest process held. B3 is B-cubed F1.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.children import ROOT, Cost, run_crm, run_python
from bench.machine import tell_machine

LOCK = ROOT / "bench" / "peers" / "requirements.lock"
VENV = ROOT / ".build" / "bench-peers"
PEERS = ("splink", "dedupe", "recordlinkage")
LARGE = 20_000
GENERATED = "generated"
NAME_PAIRS = "nk_name_pairs"
PEOPLE = ("Person",)
# A bare list of names does not say what the names are of.
KIND = {"nk_name_pairs people": "person", "nk_name_pairs organisations": "business"}
FILES = ("chicago_childcare", "fodors_zagats", "patstat_nl", "historical_50k", "febrl3")
SETS = (*FILES, NAME_PAIRS, GENERATED)
SCORES = ("precision", "recall", "f1", "bcubed_f1")
HEADINGS = ("set", "rows", "tool", "precision", "recall", "F1", "B3", "s", "cpu", "MB")


class Set(NamedTuple):
    """A folder with records.csv, and truth.csv or pairs.csv. One like it has been measured before if it is `again`."""

    name: str
    folder: Path
    rows: int
    again: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--sizes", default="10000,100000", help="of the generated lists")
    parser.add_argument("--seeds", default="1,2,3", help="of the generated lists")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--all", action="store_true", help="dedupe on long lists and further seeds too")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--memory", type=int, default=12, metavar="GB", help="the most that one process may hold")
    options = parser.parse_args()
    # The tools' processes begin with the limits of this one.
    resource.setrlimit(resource.RLIMIT_DATA, (options.memory * 2**30,) * 2)
    peers = [peer for peer in options.peers.split(",") if peer != "none"]
    if unknown := sorted({*options.sets.split(",")} - set(SETS) | {*peers} - set(PEERS)):
        parser.error(f"unknown: {', '.join(unknown)}")
    python = make_venv() if peers else None
    print(f"{tell_machine()}; {tell_versions(python, peers)}; seeds of the generated lists: {options.seeds}\n")
    print("| " + " | ".join(HEADINGS) + " |\n|" + "---|" * len(HEADINGS), flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-dedupe-") as made:
        for one in list_sets(options, Path(made)):
            for tool in ("ours", *peers):
                if tool == "dedupe" and (one.rows > LARGE or one.again) and not options.all:
                    continue
                print(draw(one, tool, run(one, tool, python, options.shared / "score.py")), flush=True)


def make_venv() -> Path:
    """The Python of the others' environment; made anew when their versions change."""
    python, stamp = VENV / "bin" / "python", VENV / "made.lock"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != LOCK.read_text(encoding="utf-8"):
        print(f"Installing the packages of {LOCK.relative_to(ROOT)} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK)], check=True)
        stamp.write_text(LOCK.read_text(encoding="utf-8"), encoding="utf-8")
    return python


def tell_versions(python: Path | None, peers: list[str]) -> str:
    """The versions of all that is measured."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = [f"ours {commit.stdout.strip() or 'of no commit'}"]
    for peer in peers:
        ask = f"from importlib.metadata import version; print(version({peer!r}))"
        told.append(f"{peer} {subprocess.check_output([str(python), '-c', ask], text=True).strip()}")
    return ", ".join(told)


# The sets.


def list_sets(options: argparse.Namespace, made: Path) -> Iterator[Set]:
    """Each set when its turn comes; what has to be written is written into `made`."""
    for name in options.sets.split(","):
        if name == GENERATED:
            yield from generate(options, made)
        elif not (options.shared / name).is_dir():
            print(f"{name} is not in {options.shared}, and left out", file=sys.stderr)
        elif name == NAME_PAIRS:
            yield from write_name_pairs(options.shared / name, made)
        else:
            yield open_set(name, options.shared / name)


def open_set(name: str, folder: Path) -> Set:
    with (folder / "records.csv").open(newline="", encoding="utf-8") as file:
        return Set(name, folder, sum(1 for _ in csv.reader(file)) - 1)


def generate(options: argparse.Namespace, made: Path) -> Iterator[Set]:
    generator = options.shared / "generate_businesses.py"
    if not generator.exists():
        print(f"{generator.name} is not in {options.shared}, and left out", file=sys.stderr)
        return
    seeds = options.seeds.split(",")
    for size in options.sizes.split(","):
        for seed in seeds if int(size) <= 10_000 else seeds[:1]:
            folder = made / f"{size}-{seed}"
            command = [sys.executable, str(generator), size, str(folder), "--seed", seed]
            subprocess.run(command, check=True, capture_output=True)
            yield open_set(f"{GENERATED} {int(size):,}, seed {seed}", folder)._replace(again=seed != seeds[0])


def write_name_pairs(folder: Path, made: Path) -> Iterator[Set]:
    """Pairs of names as two lists, one of people and one of all else, in which every name is one record."""
    with (folder / "name_pairs.csv").open(newline="", encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    for what, wanted in (("people", True), ("organisations", False)):
        name = f"{NAME_PAIRS} {what}"
        number_of: dict[str, str] = {}
        labelled: list[tuple[str, str, str]] = []
        for pair in pairs:
            if (pair["schema"] in PEOPLE) == wanted:
                left, right = (number_of.setdefault(pair[side], f"n{len(number_of)}") for side in ("name1", "name2"))
                labelled.append((left, right, pair["label"]))
        (made / name).mkdir()
        write_rows(made / name / "records.csv", ("rec_id", "name"), [(uid, text) for text, uid in number_of.items()])
        write_rows(made / name / "pairs.csv", ("l", "r", "label"), labelled)
        yield open_set(name, made / name)


def write_rows(path: Path, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])


# The tools.


def run(one: Set, tool: str, python: Path | None, scorer: Path) -> tuple[dict[str, float], Cost] | None:
    """The scores and what they cost; None if the tool failed, which it has told on standard error."""
    with tempfile.TemporaryDirectory(prefix="bench-clusters-") as folder:
        out = Path(folder) / "clusters.csv"
        try:
            if tool == "ours":
                kind = ("--kind", KIND[one.name]) if one.name in KIND else ()
                records = one.folder / "records.csv"
                _, cost = run_crm({}, "dedupe", "cluster", str(records), "--out", str(out), *kind)
            else:
                # Splink and dedupe order some sets by their hashes.
                quiet = {"PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}
                _, cost = run_python(
                    quiet, f"bench.peers.with_{tool}", one.name, str(one.folder), str(out), python=python
                )
        except SystemExit as failure:
            print(failure, file=sys.stderr)
            return None
        answer = subprocess.check_output([sys.executable, str(scorer), str(one.folder), str(out)], text=True)
        return json.loads(answer), cost


def draw(one: Set, tool: str, done: tuple[dict[str, float], Cost] | None) -> str:
    """One line of the table."""
    cells = [one.name, f"{one.rows:,}", tool]
    if done is None:
        cells += ["failed"] + [""] * (len(HEADINGS) - len(cells) - 1)
    else:
        scores, cost = done
        cells += [f"{scores[key]:.3f}" if key in scores else "" for key in SCORES]
        cells += [f"{cost.seconds:.1f}", f"{cost.processor:.1f}", f"{cost.megabytes:.0f}"]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
