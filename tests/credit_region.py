"""A region for coordination credit as plain files: the agencies and people of the web tests, two businesses, and a year
in which two colleagues of Harbor College do different things."""

from crm.graph.driver import Store
from tests.factories import import_text

PROGRAMS = """
agency,program,system
Workforce Board,Training,workforce
Harbor College,Welding,education
Port Authority,Docks,economic_development
"""

BUSINESSES = """
agency,source_id,name,city,naics,employees,county,zip
Workforce Board,B1,Acme Tool Inc,Rockford,332710,300,Winnebago,61101
Workforce Board,B2,Quiet Mill,Rockford,332999,300,Cook,60601
"""

CONTACTS = """
agency,source_id,date,program,business,channel,purpose,reached,staff
Harbor College,C1,2026-01-05,Welding,Acme Tool Inc,call,needs,yes,ana@college.example
Workforce Board,W1,2026-01-20,Training,B1,call,needs,yes,jo@board.example
Harbor College,C2,2026-03-01,Welding,Acme Tool Inc,call,needs,yes,carl@college.example
Port Authority,P1,2026-03-20,Docks,Acme Tool Inc,call,needs,yes,eve@port.example
Harbor College,C3,2026-03-25,Welding,Acme Tool Inc,call,needs,yes,carl@college.example
Harbor College,C4,2026-06-01,Welding;Port Authority:Docks,Quiet Mill,visit,service,yes,ana@college.example
"""

REFERRALS = """
agency,source_id,from_program,to_program,business,offered_on,accepted_on
Harbor College,R1,Harbor College:Welding,Workforce Board:Training,Acme Tool Inc,2026-07-01,2026-07-10
"""


def import_credit_region(db: Store) -> None:
    for text in (PROGRAMS, BUSINESSES, CONTACTS, REFERRALS):
        import_text(db, text)
