"""How much memory this process has needed."""

import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_memory_mb() -> float | None:
    """The most memory that this process has held at once, in megabytes of 2**20 bytes; None where no system tells."""
    try:
        # Unlike what `getrusage` says, this begins anew with the program, whoever started it.
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    except (OSError, StopIteration, ValueError):
        pass
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
