"""Small regions for tests, made the way users make them: by importing plain files."""

import pytest

from crm.graph.driver import Store
from importers.load import import_files
from importers.openings import Said, close_sources, open_source
from importers.previews import Preview
from importers.results import Result
from importers.undo import undo_import


def import_text(db: Store, text: str, name: str = "file.csv", **said: object) -> Result:
    """Import a plain file given as text."""
    source = open_source(db, _clean(text), Said(**said), name=name)  # type: ignore[arg-type]
    try:
        return import_files(db, [source])[0]
    finally:
        close_sources([source])


def preview_text(db: Store, text: str, name: str = "file.csv", **said: object) -> Result:
    """What importing the text would do."""
    source = open_source(db, _clean(text), Said(**said), name=name, keep=False)  # type: ignore[arg-type]
    try:
        with Preview(db, system=source.profile.system) as preview:
            preview.add(source)
            return preview.finish()[0]
    finally:
        close_sources([source])


class CutOff(Exception):
    """The process ends here."""


def import_cut_off(db: Store, text: str, name: str = "file.csv", *, after: int, **said: object) -> Result:
    """Import a text that is cut off after so many rows, and then goes on."""

    def stop(stage: str, done: int, total: int) -> None:
        if done == after:
            raise CutOff

    source = open_source(db, _clean(text), Said(**said), name=name, keep=False)  # type: ignore[arg-type]
    try:
        with pytest.raises(CutOff):
            import_files(db, [source], progress=stop)
        return import_files(db, [source])[0]
    finally:
        close_sources([source])


def undo(db: Store, result: Result) -> None:
    """Take an import back."""
    assert result.id is not None
    undo_import(db, result.id)


def _clean(text: str) -> bytes:
    """The text without the indentation that it has in a test."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return ("\n".join(lines) + "\n").encode()


PEOPLE_AND_PLACES = """
agency,source_id,name,street,city,zip,phone,employees
Workforce Board,B1,Acme Tool Inc,12 Main St,Rockford,61101,815-555-1234,40
College,77,ACME TOOL,12 Main Street,Rockford,61101,8155551234,
College,78,Zeta Foods,9 Oak Ave,Rockford,61101,,
"""

CONTACTS = """
agency,source_id,date,program,business,person,channel,purpose,staff
Workforce Board,T1,2026-01-05,On-the-job training,B1,Ana Silva,visit,needs,jo@example.org
College,T2,2026-01-20,Welding,77,,call,needs,
College,T3,2026-02-20,Welding;On-the-job training,Omega Plastics,,call,needs,
"""

# What is computed, or belongs to how things came about, and not to what the region knows.
PASSING = ("stamp", "locked", "import_id", "seq", "said")
# What a join would change is weighed in the matching step, and not with every contact.
OF_REVIEWS = ("kind", "left", "right", "score", "things", "rivals", "aside")

EVERYTHING = """
MATCH (n)
WHERE n:Agency OR n:Program OR n:Staff OR n:BusinessRecord OR n:PersonRecord OR n:Touchpoint OR n:Referral
   OR n:Agreement OR n:Table OR n:Seat OR n:Meeting OR n:Sector OR n:Business OR n:Executive OR n:Firm
   OR n:ContactList OR n:Review OR (n:Stale AND NOT n.kind IN ['matching', 'judged', 'met'])
RETURN labels(n)[0] AS label, properties(n) AS properties
"""
TIES = """
MATCH (a)-[r]->(b)
RETURN a.id AS source, type(r) AS tie, b.id AS target, properties(r) AS properties
"""


def snapshot(db: Store, *, leave_out: tuple[str, ...] = PASSING) -> tuple[dict[str, object], set[str]]:
    """All that the region holds: nodes by id, and ties; equal for equal regions, whatever their history."""
    nodes: dict[str, object] = {}
    for row in db.read(EVERYTHING):
        if row["label"] == "Review":
            nodes[row["properties"]["id"]] = ("Review", {name: row["properties"][name] for name in OF_REVIEWS})
            continue
        kept = {name: value for name, value in row["properties"].items() if name not in leave_out}
        key = kept["id"] if row["label"] != "ContactList" else f"contacts of {kept['id']}"
        nodes[key] = (row["label"], kept)
    ties = {
        f"{row['source']} {row['tie']} {row['target']} {sorted(row['properties'].items())}"
        for row in db.read(TIES)
        if row["source"] in nodes and row["target"] in nodes
    }
    return nodes, ties
