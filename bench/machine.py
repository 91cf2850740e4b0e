"""What every bench says of its circumstances, and how it sums up times."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path


def tell_machine() -> str:
    """Processor, cores, Python, and how busy the machine is with whatever else."""
    model = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.exists():
        lines = about.read_text(encoding="utf-8").splitlines()
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), model)
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load not known"
    return f"{model}, {os.cpu_count()} cores, {load}, Python {platform.python_version()}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed; not a number where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
