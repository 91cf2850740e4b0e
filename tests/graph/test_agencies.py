"""Agencies with their counts, which are right whoever changed the region last."""

from crm.access import OWNER
from crm.graph.driver import Store
from crm.services import accounts, agencies
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text, undo


def counts(db: Store) -> dict[str, tuple[int, int]]:
    return {row.name: (row.programs, row.records) for row in agencies.list_agency_rows(db, OWNER)}


def test_counts_follow_imports_their_undoing_and_new_agencies(db: Store) -> None:
    assert counts(db) == {}
    import_text(db, PEOPLE_AND_PLACES)
    assert counts(db) == {"College": (0, 2), "Workforce Board": (0, 1)}
    contacts = import_text(db, CONTACTS)
    # One of the contacts is with a business that the college holds no row of.
    assert counts(db) == {"College": (1, 3), "Workforce Board": (1, 1)}
    accounts.add_user(
        db, email="eve@chamber.example", name="Eve", agency="Chamber", role="member", password="four plain words here"
    )
    assert counts(db)["Chamber"] == (0, 0)
    undo(db, contacts)
    assert counts(db) == {"Chamber": (0, 0), "College": (0, 2), "Workforce Board": (0, 1)}
