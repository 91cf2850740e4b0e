"""Before an import is undone, all that leans on it is listed with how many, and each number opens what it counts."""

from crm.access import OWNER
from crm.graph import leaning
from crm.graph.driver import Store
from crm.services.judgements import judge
from importers.results import Result
from importers.undo import undo_import
from tests.factories import import_text, snapshot
from tests.web.pages import PageClient, soup, words

FIRMS = """
agency,source_id,name,street,city
Harbor College,B-1,Harbor Bakery,27 Dock Street,Boston
Harbor College,B-2,Cascade Casting,88 Harbor Road,Everett
Harbor College,B-3,Okafor Machine,17 Mill Street,Renton
"""
EARLIER = "agency,source_id,name,street\nHarbor College,B-9,Pier Nine,9 Pier\nHarbor College,B-2,Casting,1 Old Road\n"
LATER = "agency,source_id,phone,name\nHarbor College,B-3,617-555-0199,Okafor Machine\n"
OTHERS = (
    "agency,date,program,business,person\nPort Authority,2026-03-31,Outreach,Harbor College:B-1,\n",
    "agency,source_id,business,name\nHarbor College,P-1,B-1,Ana Silva\n",
    "agency,from_program,to_program,business,offered_on\nHarbor College,Welding,Nursing,B-2,2026-02-01\n",
    "agency,table\nHarbor College,Bakers\n",
    "table,business,person\nBakers,Harbor College:B-1,Bo Lund\n",
    "name,agencies,from,businesses\nShared door,Harbor College;Port Authority,2026-01-01,Harbor College:B-2\n",
)


def lean(db: Store) -> Result:
    """An import on which one of each leans; it has overwritten what an earlier one said."""
    import_text(db, EARLIER)
    firms = import_text(db, FIRMS, "firms.csv", agency="Harbor College")
    for text in OTHERS:
        import_text(db, text)
    left, right = (
        row["id"] for row in db.read("MATCH (r:BusinessRecord) WHERE r.key IN ['B-1', 'B-2'] RETURN r.id AS id")
    )
    judge(db, OWNER, left=left, right=right, verdict="different", why="two owners", kind="business")
    return firms


def test_what_leans_on_an_import_is_counted_and_listed(ada: PageClient, db: Store) -> None:
    firms = lean(db)
    import_text(db, LATER)
    counts = leaning.count_leaning(db, firms.id or "")
    assert counts == {
        "contacts": 1, "people": 2, "referrals": 1, "seats": 1, "agreements": 1, "decisions": 1, "rows": 1,
    }  # fmt: skip
    page = ada.get(f"/imports/{firms.id}/undo")
    text = words(page)
    for word in ("contact", "referral", "seat", "agreement", "decision", "row"):
        assert f"1 {word} " in text, word
    for anchor in soup(page).select('main li a[href*="/leaning"]'):
        listed = ada.get(str(anchor["href"]))
        assert listed.status_code == 200
        rows = soup(listed).select("tbody tr")
        assert len(rows) == 1
        assert ada.get(str(rows[0].select_one("a")["href"])).status_code == 200  # type: ignore[index]


def test_on_a_fresh_import_nothing_leans(ada: PageClient, db: Store) -> None:
    firms = import_text(db, FIRMS, agency="Harbor College")
    assert set(leaning.count_leaning(db, firms.id or "").values()) == {0}
    assert "Nothing that others said or decided leans on it." in words(ada.get(f"/imports/{firms.id}/undo"))


def test_another_agency_learns_nothing_of_it(eve: PageClient, db: Store) -> None:
    firms = lean(db)
    assert eve.get(f"/imports/{firms.id}/leaning").status_code == 404


def test_undone_weeks_later_and_imported_again_the_region_is_what_it_was(db: Store) -> None:
    firms = lean(db)
    before = snapshot(db)
    undo_import(db, firms.id or "")
    assert snapshot(db) != before
    import_text(db, FIRMS, "firms.csv", agency="Harbor College")
    assert snapshot(db) == before
