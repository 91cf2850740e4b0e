"""A workshop in full swing, and one that has ended: for the tests of pages."""

import re
from datetime import date, timedelta

from crm.access import Viewer
from crm.graph import users
from crm.graph.driver import Store
from crm.graph.workshops import Workshop
from crm.services import workshop_people, workshop_sayings, workshops
from crm.services.workshop_people import Attendee
from crm.services.workshops import PLACES
from tests.factories import import_text

KEY = "d" * 32
DAY = date.today() - timedelta(days=40)
AGENCIES = ("Workforce Board", "Harbor College", "Port Authority")
BUSINESS_NAMES = ("Fennatek Machinery Inc", "Omega Plastics")
BUSINESSES = """agency,source_id,name,city,zip
Workforce Board,B1,Fennatek Machinery Inc,Rockford,61101
Harbor College,77,Fennatek Machinery Inc,Rockford,61101
Port Authority,C-5,Omega Plastics,Rockford,61101
"""
CONTACTS = f"""agency,source_id,date,program,business,channel,purpose
Workforce Board,T1,{DAY},Training,B1,visit,needs
Harbor College,T2,{DAY + timedelta(days=9)},Welding,77,visit,needs
Port Authority,T3,{DAY + timedelta(days=3)},Docks,C-5,call,invitation
"""


TABLES = (
    """table,agency,sector,cadence_days,hours
    Harbor College welding board,Harbor College,Metal,90,2
    Metal council of the Workforce Board,Workforce Board,Metal,90,1.5""",
    """table,business,person
    Harbor College welding board,Harbor College:77,Ines Orr
    Harbor College welding board,Port Authority:C-5,Bo Adler
    Metal council of the Workforce Board,Harbor College:77,Ines Orr
    Metal council of the Workforce Board,Port Authority:C-5,Cy Young""",
    f"""table,date
    Harbor College welding board,{DAY}
    Harbor College welding board,{DAY + timedelta(days=20)}
    Metal council of the Workforce Board,{DAY}
    Metal council of the Workforce Board,{DAY + timedelta(days=20)}""",
)


def import_three_knocks(db: Store) -> None:
    """Three knocks of the agencies of the web tests' people; the one of Harbor College is redundant."""
    import_text(db, BUSINESSES)
    import_text(db, CONTACTS)
    for text in TABLES:
        import_text(db, text)


def find_names(text: str, names: tuple[str, ...]) -> list[str]:
    """Which of these names stand anywhere in a source, in whatever dress: escaped, in an address, split by blanks."""
    plain = re.sub(r"[\s+_%-]|%20|\\u\w{4}|&\w+;", "", text).casefold()
    return [name for name in names if name.replace(" ", "").casefold() in plain]


def make_workshops(db: Store) -> dict[str, str]:
    """The ids of both, and the number of a business that the first administrator's agency knows."""
    leader, other = find_people(db)
    ended = start(db, leader)
    workshops.end(db, leader, ended.id)
    running = start(db, leader)
    fill(db, running, leader, other)
    known = workshop_people.list_known_businesses(db, leader, running)
    mark = str(running.businesses.index(known[0]) + 1) if known else "1"
    return {"workshop": running.id, "ended": ended.id, "mark": mark}


def find_people(db: Store) -> tuple[Viewer, Viewer]:
    """An administrator, and a member of another agency."""
    people = [user.viewer for user in users.list_users(db)]
    leader = next(one for one in people if one.is_admin)
    return leader, next(one for one in people if one.agency_id != leader.agency_id)


def start(db: Store, leader: Viewer) -> Workshop:
    return workshops.start(db, leader, name="Mina Okafor", title="Our first hour", expected=6)


def fill(db: Store, workshop: Workshop, leader: Viewer, other: Viewer) -> None:
    """Two members and a guest have guessed, a rule was tried, and one of them dissents from a decision."""
    id = workshop.id
    guesses = {"knocks": 100, "redundant": 10, "shared": 0.3, "hours": 80.5}
    people = [workshop_people.join(db, leader, id, name="Mina Okafor")]
    people.append(workshop_people.join(db, other, id, name="Wim Bauer"))
    _, token = workshop_people.join_as_guest(db, workshop.code, name="Gus", agency="")
    guest = workshop_people.find_guest(db, id, token)
    assert guest is not None
    for attendee in (*people, guest):
        workshop_sayings.guess(db, attendee, id, guesses)
    marks = list_marks(db, workshop, leader, other)
    workshops.go(db, leader, id, PLACES["whatif"])
    workshop_sayings.ask_what_if(db, leader, id, marks, name="Mina Okafor")
    workshops.go(db, leader, id, PLACES["agree"])
    decide(db, leader, id, marks)
    say(db, people[0], id, "agree", "")
    say(db, people[1], id, "dissent", "Our board has not seen it.")


def list_marks(db: Store, workshop: Workshop, *members: Viewer) -> list[str]:
    """The letters of these people's agencies."""
    masks = workshops.make_masks(db, workshop, [])
    return [masks.mark(one.agency_id or "") for one in members]


def decide(db: Store, leader: Viewer, id: str, marks: list[str]) -> None:
    today = date.today()
    workshop_sayings.decide(
        db,
        leader,
        id,
        KEY,
        name="Mina Okafor",
        what="One lead for machine shops.",
        letters=marks,
        begins=today,
        review=today + timedelta(days=90),
    )


def say(db: Store, who: Attendee, id: str, stance: str, why: str) -> None:
    workshop_sayings.say(db, who, id, KEY, stance=stance, why=why)
