"""Small regions with tables for tests: rosters as agencies have them."""

PLACES = """
agency,source_id,name,street,city,zip,phone
College,B1,Acme Tool Inc,12 Main St,Rockford,61101,815-555-1234
College,B2,Zeta Foods,9 Oak Ave,Rockford,61101,815-555-2222
Board,77,ACME TOOL,12 Main Street,Rockford,61101,8155551234
"""
PEOPLE = """
agency,source_id,business,name,title,email
College,P1,B1,Ana Silva,Owner,ana@acme.example
"""
TABLES = """
table,agency,sector,purpose,cadence_days,hours,required_by
Welding advisory,College,Manufacturing,What welders must know,90,1.5,Perkins V
Skills panel,Board,Manufacturing,Where jobs open,30,2,
"""
SEATS = """
table,business,person,from,to
Welding advisory,College:B1,College:P1,2025-01-01,
Welding advisory,B2,Ben Ode,,
Skills panel,77,Ana Silva,2025-06-01,2026-12-31
Skills panel,Omega Plastics,Cy Young,,
"""
MEETINGS = """
table,date
Welding advisory,2026-01-10
Welding advisory,2026-04-10
Skills panel,2026-02-01
Skills panel,2026-03-01
Skills panel,2026-08-01
"""
FILES = (PLACES, PEOPLE, TABLES, SEATS, MEETINGS)
