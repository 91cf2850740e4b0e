"""The worked example of definitions §3 as plain files: four agencies, one business, five visits."""

from crm.graph.driver import Store
from tests.factories import import_text

PROGRAMS = """
agency,program,system
WDB,Training,workforce
College,Welding,education
Chamber,Membership,economic_development
VR,Placement,workforce
"""

BUSINESSES = """
agency,source_id,name,city,naics,employees,county,zip
WDB,B1,Acme Tool Inc,Rockford,332710,5,Winnebago,61101
"""

CONTACTS = """
agency,source_id,date,program,business,channel,purpose,reached,staff
WDB,W1,2026-01-05,Training,B1,visit,needs,yes,jo@wdb.example
College,C1,2026-01-20,Welding,Acme Tool Inc,visit,needs,yes,Ana@college.example
Chamber,H1,2026-02-10,Membership,Acme Tool Inc,visit,sponsorship,yes,
VR,V1,2026-03-01,Placement,Acme Tool Inc,visit,needs,yes,vi@vr.example
College,C2,2026-07-15,Welding,Acme Tool Inc,visit,needs,yes,Ana@college.example
"""

TWO_AGREE = """
name,agencies,from
Shared lead,WDB;College,2026-01-01
"""

THREE_AGREE = """
name,agencies,from
Shared lead,WDB;College;VR,2026-01-01
"""


def import_example(db: Store) -> str:
    """Import it; returns the business's id."""
    for text in (PROGRAMS, BUSINESSES, CONTACTS):
        import_text(db, text)
    return find_business(db, "Acme Tool Inc")


def find_business(db: Store, name: str) -> str:
    return db.read("MATCH (b:Business {name: $name}) RETURN b.id AS id", name=name)[0]["id"]
