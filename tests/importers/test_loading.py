"""Files become part of the graph: each row once, what is wrong refused, what is there already left alone."""

import pytest

from crm.access import OWNER
from crm.errors import Refused
from crm.graph import agencies, business_records, programs
from crm.graph.agreements import list_agreements
from crm.graph.driver import Store
from crm.graph.knocks import list_accepted_referrals
from crm.graph.migrations import part_versions
from crm.graph.records import list_overwritten_of_import
from crm.services.resolution import recompute
from importers.load import import_files
from importers.openings import Said, close_sources, open_source
from importers.previews import Preview
from importers.undo import undo_import
from tests.factories import CONTACTS, PEOPLE_AND_PLACES, import_text, preview_text, snapshot, undo

PROGRAMS = """
agency,program,system
Workforce Board,On-the-job training,workforce
College,Welding,education
"""


def test_a_file_is_taken_in_and_the_same_file_again_changes_nothing(db: Store) -> None:
    first = import_text(db, PEOPLE_AND_PLACES)
    before = snapshot(db, leave_out=())
    again = import_text(db, PEOPLE_AND_PLACES)
    assert (first.rows, first.created, first.unchanged) == (3, 3, 0)
    assert (again.rows, again.created, again.updated, again.unchanged) == (3, 0, 0, 3)
    assert snapshot(db, leave_out=()) == before


def test_two_agencies_records_of_one_business_become_one_business(db: Store) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    found = {row["key"]: row["business"] for row in business_records.list_resolved_records(db, OWNER)}
    assert found["B1"] == found["77"] != found["78"]


def test_a_contact_finds_the_business_by_source_id_and_makes_a_record_for_a_new_name(db: Store) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    rows = db.read("MATCH (b:Business) RETURN b.name AS name, b.contact_count AS contacts ORDER BY name")
    assert {row["name"]: row["contacts"] for row in rows} == {"Acme Tool Inc": 2, "Omega Plastics": 1, "Zeta Foods": 0}


def test_a_joint_contact_names_programs_of_several_agencies(db: Store) -> None:
    import_text(db, PROGRAMS)
    import_text(db, CONTACTS)
    rows = db.read(
        "MATCH (t:Touchpoint {key: 'T3'})-[:MADE_BY]->(p:Program)-[:OF]->(a:Agency) RETURN a.name AS name ORDER BY name"
    )
    assert [row["name"] for row in rows] == ["College", "Workforce Board"]
    assert len(programs.list_programs(db, OWNER)) == 2


def test_a_program_name_of_several_other_agencies_is_refused_with_the_way_to_say_it(db: Store) -> None:
    import_text(db, "agency,program\nA,Outreach\nB,Outreach")
    result = import_text(db, "agency,date,program,business\nC,2026-01-05,Outreach,Acme\nC,2026-01-06,A:Outreach,Acme")
    assert (result.created, result.refused) == (1, 1)
    refusal = result.refusals[0]
    assert (refusal.line, refusal.column, refusal.value) == (2, "program", "Outreach")
    assert "A:Outreach" in refusal.fix


def test_an_agency_is_one_however_its_name_is_spaced_or_capitalised(db: Store) -> None:
    import_text(db, "agency,program\nHarbor College,Welding\nHARBOR  COLLEGE,Nursing")
    assert [agency.name for agency in agencies.list_agencies(db, OWNER)] == ["Harbor College"]


def test_a_later_file_changes_what_it_says_and_leaves_the_columns_that_it_lacks(db: Store) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    result = import_text(db, "agency,source_id,name,phone\nWorkforce Board,B1,Acme Tool & Die,")
    record = db.read("MATCH (r:BusinessRecord {key: 'B1'}) RETURN properties(r) AS r")[0]["r"]
    assert (result.created, result.updated) == (0, 1)
    assert record["name"] == "Acme Tool & Die"
    assert record["street"] == "12 Main St"
    assert "phone" not in record


def test_a_blank_cell_is_heard_though_a_file_without_its_column_said_all_else(db: Store) -> None:
    import_text(db, "agency,source_id,name,phone\nA,1,Acme,815-555-0100")
    import_text(db, "agency,source_id,name\nA,1,Acme Tool")
    blank = "agency,source_id,name,phone\nA,1,Acme Tool,"
    expected, result = preview_text(db, blank), import_text(db, blank)
    record = db.read("MATCH (r:BusinessRecord) RETURN properties(r) AS r")[0]["r"]
    assert (expected.updated, result.updated, record.get("phone")) == (1, 1, None)


def test_a_changed_contact_moves_to_the_business_that_it_names_now(db: Store) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    import_text(db, "agency,source_id,date,program,business\nCollege,T2,2026-01-20,Welding,78")
    rows = db.read("MATCH (b:Business) RETURN b.name AS name, b.contact_count AS contacts ORDER BY name")
    assert {row["name"]: row["contacts"] for row in rows} == {"Acme Tool Inc": 1, "Omega Plastics": 1, "Zeta Foods": 1}


def test_rows_without_an_id_that_say_the_same_are_one_row(db: Store) -> None:
    text = "agency,date,program,business\nA,2026-01-05,P,Acme\nA,2026-01-05,P,Acme\nA,2026-01-06,P,Acme"
    result = import_text(db, text)
    assert (result.rows, result.created, result.unchanged) == (3, 2, 1)


def test_nothing_is_changed_silently(db: Store) -> None:
    import_text(db, "agency,source_id,name,state,zip\nA,007,None,NA,02134")
    record = db.read("MATCH (r:BusinessRecord) RETURN r.key AS key, r.name AS name, r.state AS state, r.zip AS zip")[0]
    assert record == {"key": "007", "name": "None", "state": "NA", "zip": "02134"}


@pytest.mark.parametrize(
    "text", [PEOPLE_AND_PLACES, CONTACTS, PROGRAMS, "agency,date,program,business\nA,2026-02-30,P,X\nA,2026-02-03,P,X"]
)
def test_a_preview_counts_what_the_import_then_does_and_writes_nothing(db: Store, text: str) -> None:
    import_text(db, "agency,source_id,name,street,zip\nChamber,1,Acme Tool,12 Main St,61101")
    before = snapshot(db, leave_out=())
    expected = preview_text(db, text)
    assert snapshot(db, leave_out=()) == before
    got = import_text(db, text)
    counts = (
        "rows",
        "created",
        "updated",
        "unchanged",
        "refused",
        "to_review",
        "refusals",
        "new_agencies",
        "new_programs",
    )
    assert [getattr(expected, name) for name in counts] == [getattr(got, name) for name in counts]


def test_a_preview_counts_for_review_what_the_import_does_when_a_later_file_says_a_record_again(db: Store) -> None:
    header = "agency,source_id,name,street,zip"
    import_text(db, f"{header}\nCollege,1,Zeta Foods,12 Main St,61101")
    texts = [f"{header}\nBoard,{n},Zeta Foods,,61101\nChamber,2,Zeta Foods,9 Oak Ave {n},61101\n" for n in (1, 2)]
    sources = [open_source(db, text.encode(), Said(), name=f"{n}.csv") for n, text in enumerate(texts)]
    with Preview(db, system="plain") as preview:
        for source in sources:
            preview.add(source)
        expected = [result.to_review for result in preview.finish()]
    got = [result.to_review for result in import_files(db, sources)]
    close_sources(sources)
    assert expected == got
    assert sum(got) > 0


def test_undo_leaves_the_region_as_if_the_import_had_never_been(db: Store) -> None:
    import_text(db, PROGRAMS)
    import_text(db, PEOPLE_AND_PLACES)
    before = snapshot(db)
    undo(db, import_text(db, CONTACTS))
    assert snapshot(db) == before


def test_undo_forgets_the_agencies_that_only_an_agreement_or_a_referral_named(db: Store) -> None:
    agreement = "name,agencies,from,businesses\nLead,College;Harbor Board,2026-01-01,Elsewhere:7"
    first = import_text(db, agreement)
    second = import_text(db, agreement.replace("Harbor Board", "Chamber"))
    header = "agency,source_id,from_program,to_program,business,offered_on"
    referral = import_text(db, f"{header}\nCollege,R1,Welding,Port:Docks,Acme,2026-01-01")
    undo(db, referral)
    undo(db, first)
    assert [agency.name for agency in agencies.list_agencies(db, OWNER)] == ["Chamber", "College", "Elsewhere"]
    undo(db, second)
    assert snapshot(db) == ({}, set())


def test_an_agency_that_another_agreement_names_stays(db: Store) -> None:
    header = "name,agencies,from,businesses"
    first = import_text(db, f"{header}\nLead,College;Chamber,2026-01-01,Elsewhere:7")
    import_text(db, f"{header}\nOther,College;Chamber,2026-01-01,Elsewhere:8")
    undo(db, first)
    assert "Elsewhere" in [agency.name for agency in agencies.list_agencies(db, OWNER)]


def test_undo_leaves_no_employer_of_a_person_whom_only_a_contact_still_named(db: Store) -> None:
    people = import_text(db, "agency,source_id,business,name\nCollege,p2,Omega Plastics,Ana Silva")
    contact = import_text(db, "agency,source_id,date,program,business,person\nCollege,1,2026-01-05,P,Zeta Foods,p2")
    undo(db, people)
    undo(db, contact)
    assert snapshot(db) == ({}, set())


def test_undo_brings_back_the_values_that_an_import_overwrote(db: Store) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    before = snapshot(db)
    undo(db, import_text(db, "agency,source_id,name,phone\nWorkforce Board,B1,Acme Tool & Die,\nCollege,79,New,"))
    assert snapshot(db) == before


def test_what_an_import_of_an_older_version_overwrote_is_found_after_the_migration(db: Store) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    before = snapshot(db)
    later = import_text(db, "agency,source_id,name,phone\nWorkforce Board,B1,Acme Tool & Die,\nCollege,77,New,")
    assert len(list_overwritten_of_import(db, later.id or "")) == 2
    db.write("MATCH (v:RecordVersion) REMOVE v.part")
    assert list_overwritten_of_import(db, later.id or "") == []
    part_versions(db)
    part_versions(db)
    undo(db, later)
    assert snapshot(db) == before


def test_undoing_an_earlier_import_keeps_what_a_later_one_said(db: Store) -> None:
    first = import_text(db, "agency,source_id,name,city,phone\nA,1,Acme,Rockford,815-555-0100")
    import_text(db, "agency,source_id,name,phone\nA,1,Acme Tool,815-555-0199")
    undo(db, first)
    record = db.read("MATCH (r:BusinessRecord) RETURN properties(r) AS r")[0]["r"]
    assert (record["name"], record["phone"], record.get("city")) == ("Acme Tool", "815-555-0199", None)


def test_what_a_later_file_said_again_stays_as_that_file_says(db: Store) -> None:
    monday = "agency,source_id,name,city,phone\nA,1,Acme,Rockford,815-555-0100\nA,2,Omega,Salem,\nA,3,Zeta,,"
    tuesday = "agency,source_id,name,phone\nA,2,Omega,\nA,1,Acme,815-555-0100\nA,4,Eta,"
    alone = import_text(db, tuesday)
    expected = snapshot(db)
    undo(db, alone)
    first = import_text(db, monday)
    before = snapshot(db)
    later = import_text(db, tuesday)
    changed = import_text(db, "agency,source_id,name,phone\nA,1,Acme Tool,")
    undo(db, first)
    undo(db, changed)
    assert snapshot(db) == expected
    again = import_text(db, monday)
    undo(db, later)
    assert snapshot(db) == before
    undo(db, again)
    assert snapshot(db) == ({}, set())


def test_a_record_keeps_its_place_when_what_a_later_file_changed_is_taken_back(db: Store) -> None:
    # It was born with the first row, and the file's last row changed it.
    people = "agency,source_id,business,name,title\nA,P1,Acme,Ana Silva,\nA,P2,Acme,Ana Silva,\nA,P1,Acme,Ana Silva,CEO"
    import_text(db, people)
    before = snapshot(db, leave_out=("stamp", "locked"))
    undo(db, import_text(db, "agency,source_id,business,name,title\nA,P1,Acme,Ana Silva,Owner"))
    assert snapshot(db, leave_out=("stamp", "locked")) == before


def test_a_business_that_the_rows_which_are_left_call_by_its_id_keeps_its_name(db: Store) -> None:
    listed = import_text(db, "agency,source_id,name\nA,B1,Acme")
    said = {
        "agency": "A",
        "kind": "touchpoints",
        "maps": ("Id=business", "ZIP=businesses.zip", "=program:X"),
    }
    later = import_text(db, "date,Id,ZIP\n2026-03-01,B1,61101\n", **said)
    assert later.beside["businesses"]["updated"] == 1
    undo(db, listed)
    (row,) = db.read("MATCH (b:Business) RETURN b.name AS name, b.zip AS zip")
    assert row == {"name": "Acme", "zip": "61101"}
    undo(db, later)
    assert snapshot(db) == ({}, set())


def test_undoing_a_list_keeps_the_contacts_that_refer_to_it(db: Store) -> None:
    listed = import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    undo(db, listed)
    rows = db.read("MATCH (b:Business) RETURN b.name AS name, b.contact_count AS contacts ORDER BY name")
    assert sum(row["contacts"] for row in rows) == 3
    again = import_text(db, PEOPLE_AND_PLACES)
    assert again.created == 3


REFERRAL = "agency,source_id,from_program,to_program,business,offered_on\nC,R1,Cars,Outreach,Acme,2026-01-0"


def test_what_undo_brings_back_means_the_program_that_it_meant(db: Store) -> None:
    import_text(db, "agency,program\nA,Outreach")
    import_text(db, REFERRAL + "5")
    before = snapshot(db)
    later = import_text(db, REFERRAL + "6")
    another = import_text(db, "agency,program\nB,Outreach")
    undo(db, later)
    found = db.read("MATCH (:Referral)-[:TO_PROGRAM]->(:Program)-[:OF]->(a:Agency) RETURN a.name AS name")
    assert [row["name"] for row in found] == ["A"]
    undo(db, another)
    assert snapshot(db) == before


def test_a_person_of_another_agency_whose_list_was_undone_comes_back_as_a_name(db: Store) -> None:
    import_text(db, "agency,program\nA,Outreach")
    people = import_text(db, "agency,source_id,business,name\nA,P1,Acme,Ana Silva")
    contact = "agency,source_id,date,program,business,person\nB,T1,2026-01-05,Cars,Acme,"
    import_text(db, contact + "A:P1")
    later = import_text(db, contact + "Bo Ode")
    undo(db, people)
    undo(db, later)
    found = db.read(
        "MATCH (:Touchpoint)-[:MET]->(r:PersonRecord)-[:OF]->(a:Agency) RETURN a.name AS agency, r.key AS key"
    )
    assert found == [{"agency": "A", "key": "P1"}]


def test_an_import_is_undone_once(db: Store) -> None:
    result = import_text(db, PEOPLE_AND_PLACES)
    undo(db, result)
    with pytest.raises(Refused, match="undone before"):
        undo(db, result)


def test_after_an_undo_the_same_file_can_be_imported_again(db: Store) -> None:
    undo(db, import_text(db, PEOPLE_AND_PLACES))
    assert import_text(db, PEOPLE_AND_PLACES).created == 3


def test_recompute_gives_what_the_imports_gave(db: Store) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    import_text(db, CONTACTS)
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before


def test_a_preview_of_an_import_that_was_undone_says_created_again(db: Store) -> None:
    result = import_text(db, PEOPLE_AND_PLACES)
    undo_import(db, result.id or "")
    assert preview_text(db, PEOPLE_AND_PLACES).created == 3


def test_referrals_agreements_and_sectors_are_taken_in(db: Store) -> None:
    import_text(db, PEOPLE_AND_PLACES)
    referral = import_text(
        db,
        """
        agency,from_program,to_program,business,offered_on,accepted_on
        College,Welding,Workforce Board:OJT,77,2026-01-01,2026-01-03
        """,
    )
    agreement = import_text(
        db, "name,agencies,from,businesses\nShared lead,College;Workforce Board,2026-01-01,College:77"
    )
    sector = import_text(db, "sector,naics,places\nFood,311;312,61101")
    assert [referral.created, agreement.created, sector.created] == [1, 1, 1]
    assert len(list_accepted_referrals(db, OWNER)) == 1
    assert len(list_agreements(db)[0]["covered"]) == 1


def test_an_agreement_covers_each_business_that_it_names_once(db: Store) -> None:
    import_text(
        db, "name,agencies,from,businesses\nShared lead,College;Workforce Board,2026-01-01,College:77;College:F1"
    )
    import_text(db, "name,agencies,from\nAll of them,College;Workforce Board,2026-01-01")
    assert [row["covered"] for row in list_agreements(db)] == [[], []]
    import_text(db, "agency,source_id,name,city\nCollege,77,Acme Foods Inc,Peoria\nCollege,F1,Acme Foods Inc,Peoria")
    found = {row["name"]: row["covered"] for row in list_agreements(db)}
    assert found == {
        "All of them": [],
        "Shared lead": [row["id"] for row in db.read("MATCH (b:Business) RETURN b.id AS id")],
    }


def test_what_a_contact_referred_to_before_goes_when_a_later_import_moves_it(db: Store) -> None:
    head = "agency,source_id,date,program,business,person,purpose"
    straight = import_text(db, f"{head}\nBoard,1,2026-01-05,Training,Bar,Bo,needs")
    alone = snapshot(db)
    undo(db, straight)
    import_text(db, f"{head}\nBoard,1,2026-01-05,Training,Foo,Ana,needs")
    moved = import_text(db, f"{head}\nBoard,1,2026-01-05,Training,Bar,Bo,needs")
    assert names_of(db, "Business") == ["Bar"]
    assert names_of(db, "Executive") == ["Bo"]
    nodes, ties = snapshot(db)
    assert (set(nodes), ties) == (set(alone[0]), alone[1])
    undo(db, moved)
    assert (names_of(db, "Business"), names_of(db, "Executive")) == (["Foo"], ["Ana"])


def test_a_person_who_changes_employers_leaves_no_empty_business(db: Store) -> None:
    head = "agency,source_id,business,name"
    import_text(db, f"{head}\nBoard,P1,Foo,Ana Silva")
    import_text(db, f"{head}\nBoard,P1,Bar,Ana Silva")
    assert names_of(db, "Business") == ["Bar"]


def names_of(db: Store, label: str) -> list[str]:
    rows = db.read("MATCH (n) WHERE labels(n)[0] = $label RETURN n.name AS name ORDER BY name", label=label)
    return [row["name"] for row in rows]
