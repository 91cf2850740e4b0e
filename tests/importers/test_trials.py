"""What a preview tries out in a process of its own, and beside what the matcher remembers, is what the import does."""

import pytest

from crm.graph.driver import Store
from crm.services import from_nothing, resolution
from importers.load import import_files
from importers.openings import Said, close_sources, open_source
from importers.previews import Preview
from importers.results import Result
from tests.factories import import_text
from tests.processes import find_matchers

BUSINESSES = "agency,source_id,name,street,zip,phone"
PEOPLE = "agency,source_id,name,business,email"
THERE = (
    f"{BUSINESSES}\nCollege,1,Zeta Foods,12 Main St,61101,815 555 0101\nCollege,2,Kinzie Tool,4 Oak Ave,61102,\n"
    "Chamber,9,Zeta Foods,9 Elm Rd,61101,\n"
)
EMPLOYED = f"{PEOPLE}\nCollege,1,Ana Silva,1,ana@zeta.example\nCollege,2,Joe Fox,2,joe@kinzie.example\n"
COMING = (
    f"{BUSINESSES}\nBoard,1,Zeta Foods LLC,12 Main Street,61101,815-555-0101\nBoard,2,Kinzie Tool,,61102,\n"
    "Board,3,Harbor Bakery,1 Dock St,61108,\nBoard,1,Zeta Foods Inc,12 Main St,61101,815 555 0101\n",
    f"{PEOPLE}\nBoard,1,Ana Silva,1,ana@zeta.example\nBoard,2,Ann Silver,1,\nBoard,3,Joe Fox,3,\n",
)


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("apart", [False, True])
def test_a_preview_counts_as_the_import_does(
    db: Store, monkeypatch: pytest.MonkeyPatch, *, apart: bool, known: bool
) -> None:
    if apart:
        monkeypatch.setattr(from_nothing, "MANY", 1)
        monkeypatch.setattr(resolution, "FEW", 0)
    if known:
        import_text(db, THERE)
        import_text(db, EMPLOYED)
    sources = [open_source(db, text.encode(), Said(), name=f"{n}.csv") for n, text in enumerate(COMING)]
    with Preview(db, system="plain", collects_rows=True) as preview:
        for source in sources:
            preview.add(source)
        expected = preview.finish()
        helpers = find_matchers()
        assert len(helpers) == (2 if apart else 0)
    assert not any(one.is_running() for one in helpers)
    matched = [seen.matched for seen in preview.seen]
    done = import_files(db, sources)
    close_sources(sources)
    assert [_count(result) for result in expected] == [_count(result) for result in done]
    assert matched == ([2, 1] if known else [0, 0])


def _count(result: Result) -> tuple[int, ...]:
    return result.rows, result.created, result.updated, result.unchanged, result.refused, result.to_review
