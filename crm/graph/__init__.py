"""The graph: the only place with Cypher."""

import importlib
import sys

# The driver imports pandas wherever it is installed, for a conversion that nothing here uses: half a second that every
# command and worker would wait for. While the driver is imported, pandas looks as if it were not there.
if "pandas" not in sys.modules and "neo4j" not in sys.modules:
    sys.modules["pandas"] = None  # pyright: ignore[reportArgumentType]
    try:
        importlib.import_module("neo4j")
    finally:
        del sys.modules["pandas"]
