"""A small region in which pairs wait for a person, and what is known about how each would count."""

from datetime import date, timedelta

from crm.access import Viewer
from crm.graph import business_records, judgements
from crm.graph.agencies import agency_id
from crm.graph.driver import Store, Transaction
from crm.services.judgements import judge, now
from tests.factories import import_text

# Two plants and a bare name that may be either of them; one shop with two employer numbers; two people of one name.
BUSINESSES = """
agency,source_id,name,street,city,state,zip,phone,employees,ein
Workforce Board,B1,Fennatek Machinery Inc,12 Main Street,Rockford,IL,61101,815-555-0134,80,36-1234567
Harbor College,77,Fennatek Machinery,12 Main Street,Rockford,IL,,815-555-0177,,36-7654321
Workforce Board,B2,Omega Plastics,1 Elm Street,Rockford,IL,61101,,40,
Port Authority,P2,Omega Plastics,90 River Road,Rockford,IL,61104,815-555-0190,,
Harbor College,78,Omega Plastics,,Rockford,,,,,
"""
PEOPLE = """
agency,source_id,business,name,title,email,phone
Workforce Board,W1,B1,Ines Orr,Plant manager,,
Harbor College,H1,,Ines Orr,Plant manager,,815-555-2323
"""
CONTACTS = """
agency,source_id,date,program,business,person,channel,purpose,notes
Workforce Board,T1,{0},Training,B1,W1,call,needs,Only for the board
Harbor College,T2,{1},Welding,77,,call,needs,Only for the college
Harbor College,T3,{2},Welding,77,,visit,needs,
Port Authority,T4,{1},Harbor Jobs,P2,,call,sponsorship,
"""


def make_review_world(db: Store) -> None:
    """The region, with contacts of the last months. Joining Fennatek's two makes redundant what the college asked 20
    days after the board did."""
    import_text(db, BUSINESSES)
    import_text(db, PEOPLE)
    today = date.today()
    days = [(today - timedelta(days=back)).isoformat() for back in (60, 40, 20)]
    import_text(db, CONTACTS.format(*days))


def find_records(db: Store) -> dict[str, str]:
    """source id -> record id of the businesses of the region."""
    return {row["key"]: row["id"] for row in db.read(business_records.RECORDS)}


def a_member(name: str, agency: str) -> Viewer:
    """Somebody who may judge, as the web tests know them."""
    return Viewer(user_id=f"u-{name}", email=f"{name}@{agency.split()[0].lower()}.example",
                  agency_id=agency_id(agency), role="member")  # fmt: skip


def make_contradictions(db: Store) -> None:
    """78 is called both of two plants that are called different; and of Fennatek's two two people think otherwise."""
    ids = find_records(db)
    ana, eve = a_member("ana", "College"), a_member("eve", "Port")
    judge(db, ana, left=ids["B2"], right=ids["78"], verdict="same", why="Their own web page says so")
    judge(db, eve, left=ids["P2"], right=ids["B2"], verdict="different", why="Two plants, we were in both")
    judge(db, ana, left=ids["P2"], right=ids["78"], verdict="same")

    def disagree(tx: Transaction) -> None:
        id = judgements.add_judgement(
            tx, kind="business", left=ids["B1"], right=ids["77"], verdict="firm", by=ana.email, at=now(), why=None,
            is_answer=True, wants_second=True,
        )  # fmt: skip
        judgements.put_second(tx, id, verdict="same", by=eve.email, at=now(), why=None)

    db.transact(disagree)
