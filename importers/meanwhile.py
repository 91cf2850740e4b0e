"""Meanwhile: between a preview and its import the region goes on. An import does exactly what its preview said, or it
stops and says what is different now.

A preview remembers the moment at which it was made: the graph's clock, which every change that counts moves on, and the
number of the last import or logged contact. If nothing has moved since, the import begins at once. Otherwise it is
worked out again what the files would do; where that is the same as before, the import begins, too.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from crm.access import Viewer
from crm.graph import imports
from crm.graph.driver import Store
from importers.results import Result

# count -> its words
COUNTS: Final = {
    "created": "new",
    "updated": "changed",
    "unchanged": "the same as before",
    "refused": "refused",
    "rows_left_out": "left out",
    "to_review": "to review",
}
# What would be made with it -> its words
MADE: Final = {"new_agencies": "agencies", "new_programs": "programs", "new_tables": "tables"}
BESIDE: Final = {"created": "new", "updated": "changed", "unchanged": "known already"}
MOST_NAMED: Final = 3


def read_moment(db: Store) -> list[int]:
    """The present moment: the graph's clock, and the number of the last import."""
    return [db.clock(), imports.last_number(db)]


def has_moved(db: Store, previews: Iterable[Mapping[str, Any]]) -> bool:
    """Whether anything that counts has changed since one of these previews was made."""
    now = read_moment(db)
    return any(preview.get("moment") != now for preview in previews)


def list_differences(name: str, told: Mapping[str, Any], result: Result, *, is_done: bool = False) -> list[str]:
    """How what a file does differs from what its preview told, in sentences; `is_done`: of an import that has run."""
    now: dict[str, Any] = result.to_json() | {"rows_left_out": len(result.left_out)}
    parts = [
        f"{told[count]:,} {words}, now {now[count]:,}"
        for count, words in COUNTS.items()
        if told.get(count, 0) != now[count]
    ]
    for kind in sorted({*told.get("beside", {}), *now["beside"]}):
        before, after = told.get("beside", {}).get(kind, {}), now["beside"].get(kind, {})
        parts += [
            f"{before.get(count, 0):,} {kind} {words} beside, now {after.get(count, 0):,}"
            for count, words in BESIDE.items()
            if before.get(count, 0) != after.get(count, 0)
        ]
    if not is_done:
        parts += [
            f"{words} to be created: {len(told.get(made, ())):,}, now {len(now[made]):,}"
            for made, words in MADE.items()
            if sorted(told.get(made, ())) != sorted(now[made])
        ]
    return [f"{name}: {'; '.join(parts)}."] if parts else []


def explain_moves(db: Store, viewer: Viewer, previews: Iterable[Mapping[str, Any]]) -> str:
    """Who moved the region on since, as far as the viewer may know."""
    since = min((preview["moment"][1] for preview in previews if preview.get("moment")), default=0)
    recent = [one for one in imports.list_imports(db, viewer, limit=20) if one.no > since]
    if not recent:
        return "Since you looked, somebody has changed what the region holds."
    named = ", ".join(f"{one.file} ({one.by})" for one in recent[:MOST_NAMED])
    more = f" and {len(recent) - MOST_NAMED} more" if len(recent) > MOST_NAMED else ""
    return f"Imported since you looked: {named}{more}."
