"""Opt-outs of lists that know an address and no name: they hold for whoever has that address, early or late."""

from pathlib import Path

import pytest

from crm.access import OWNER
from crm.graph.driver import Store
from importers.exports import export_file
from importers.undo import undo_import
from tests.factories import import_text, preview_text

STAFF = "agency,source_id,name,title,email\nLakeshore College,P-4,Ana Silva,Owner,Ana@cascade.example\n"
OFFICE = (
    "agency,source_id,name,title,email\nHarbor Board,B-9,Bo Lund,Buyer,info@cascade.example\n"
    "Harbor Board,B-10,Cy Young,Owner,info@cascade.example\n"
)
OPT_OUT = "agency,email,do_not_contact\nHarbor Board,{},{}\n"


def say_who(db: Store) -> dict[str, bool]:
    """name or e-mail -> whether they are not to be contacted."""
    rows = db.read("MATCH (e:Executive) RETURN coalesce(e.name, e.email) AS who, e.do_not_contact AS said ORDER BY who")
    return {row["who"]: row["said"] == "yes" for row in rows}


def test_who_is_known_by_that_address_is_not_to_be_contacted_until_the_opt_out_is_undone(db: Store) -> None:
    import_text(db, STAFF)
    done = import_text(db, OPT_OUT.format("ana@cascade.example", "unsubscribed"))
    assert (done.created, done.refused) == (1, 0)
    assert say_who(db)["Ana Silva"]
    undo_import(db, done.id or "")
    assert say_who(db) == {"Ana Silva": False}


def test_an_address_that_nobody_has_yet_is_kept_for_who_brings_it_later(db: Store) -> None:
    import_text(db, OPT_OUT.format("Info@cascade.example", "yes"))
    assert say_who(db) == {"Info@cascade.example": True}
    # Two people share the mailbox of an office, so the matcher takes neither for the address.
    later = import_text(db, OFFICE)
    assert say_who(db) == {"Info@cascade.example": True, "Bo Lund": True, "Cy Young": True}
    undo_import(db, later.id or "")
    assert say_who(db) == {"Info@cascade.example": True}


def test_an_opt_out_that_is_taken_back_by_a_later_row_holds_no_more(db: Store) -> None:
    import_text(db, OFFICE)
    text = "agency,source_id,name,email,do_not_contact\nHarbor Board,M-1,,info@cascade.example,yes\n"
    import_text(db, text)
    assert say_who(db)["Bo Lund"]
    import_text(db, text.replace("M-1,,", "M-1,The office,").replace(",yes", ",no"))
    assert say_who(db) == {"Bo Lund": False, "Cy Young": False, "The office": False}


@pytest.mark.parametrize(
    ("email", "said"), [("ana@cascade.example", "subscribed"), ("ana@cascade.example", ""), ("n/a", "unsubscribed")]
)
def test_without_a_name_only_an_address_that_opted_out_is_taken(db: Store, email: str, said: str) -> None:
    text = f"agency,email,do_not_contact,phone\nHarbor Board,{email},{said},617-555-0117\n"
    found = preview_text(db, text)
    assert found.refused == 1
    assert found.refusals[0].reason == "A row needs name, and this cell is blank."
    assert preview_text(db, OPT_OUT.format(email, "unsubscribed").replace("n/a", "bo@x.example")).refused == 0


def test_opt_outs_are_exported_and_go_in_again_unchanged(db: Store, tmp_path: Path) -> None:
    import_text(db, OPT_OUT.format("ana@cascade.example", "unsubscribed"))
    export_file(db, "people", tmp_path / "people.csv", viewer=OWNER)
    text = (tmp_path / "people.csv").read_text()
    again = import_text(db, text)
    assert (again.created, again.updated, again.unchanged, again.refused) == (0, 0, 1, 0)
