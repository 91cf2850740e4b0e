"""How much of its heap the embedded engine takes."""

from contextlib import closing
from pathlib import Path

from crm.graph.driver import GraphSettings, Store
from tests.graph.engines import engine_processes


def test_long_work_leaves_no_heap_full_of_what_it_has_changed(tmp_path: Path):
    """Each of these changes leaves some megabytes behind. Java alone would let them fill 900 MB before it looks."""
    with closing(Store(GraphSettings(tmp_path, engine_heap="1g"))) as db:
        db.write("UNWIND range(1, 2000) AS n CREATE (:Probe {id: n, text: ''})")
        (engine,) = engine_processes(tmp_path)
        most = 0
        for round in range(60):
            db.write("MATCH (one:Probe) SET one.text = $text + toString(one.id)", text=chr(65 + round % 26) * 2000)
            most = max(most, engine.memory_info().rss)
    assert most < 650 << 20
