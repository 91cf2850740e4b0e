"""Imports that are done and undone, and uploads on every step of their way, made as somebody makes them."""

from crm.access import OWNER
from crm.graph.driver import Store
from crm.graph.imports import list_imports
from importers.orders import import_job_id
from tests.web.import_steps import VISITS, bring, do_jobs, press, upload
from tests.web.pages import PageClient

HARBOR = """agency,source_id,name,street,city,zip,phone,employees
Harbor Light Community Action,B-1,Harbor Bakery,27 Dock Street,Dunmarrow,53320,608-555-0117,24
Harbor Light Community Action,B-2,Cascade Casting,88 Harbor Road,Dunmarrow,53320,608-555-0100,180
Harbor Light Community Action,B-3,Okafor Machine,17 Mill Street,Dunmarrow,53320,608-555-0199,many

Grand Totals (3 records)
* Numbers of employees as their owners gave them in March
"""
TYPING = "agency,program\nHarbor Light Community Action,Typing\n"
CODING = "agency,program\nHarbor Light Community Action,Coding\n"
FIRMS = "agency,source_id,name\nRiver Guild,G-1,Tern Welding\n"
CALLS = "agency,date,program,business,channel,purpose\nRiver Guild,2026-03-14,Evening School,G-1,call,needs\n"
NAMED = """agency,date,program,business,person
River Guild,2026-03-14,Evening School,Tern Wielding,
River Guild,2026-03-15,Evening School,Cascade Casing,Bella Silva
River Guild,2026-03-16,Evening School,The foundry by the river,
"""
DIARY = """Subject,Start Date,Start Time,End Date,Meeting Organizer,Required Attendees,Location,Private
Site visit,3/17/2026,9:00 AM,3/17/2026,Jo Lee,ana@tern.example,Tern Welding,False
Dentist,3/18/2026,9:00 AM,3/18/2026,Jo Lee,,Main Street,True
Planning,3/19/2026,9:00 AM,3/19/2026,Jo Lee,,Zoom,False
"""
LOG = "Date of visit,Firm,Contact,Job title,Billing City,How,Why,Program\n" + "".join(
    f'2026-03-{day:02},Tern Welding {day},"{name}, Ana",Owner,Dunmarrow,{how},{why},Evening School\n'
    for day, (name, how, why) in enumerate([("Silva", "Site Visit", "BRE"), ("Lee", "Zoom", "??")] * 6, 1)
)


def make_stages(db: Store, client: PageClient) -> dict[str, str]:
    """The ids of an import or upload on each step. The last two wait for a worker, and none comes."""
    ids = {"import": _id(bring(db, client, harbor=HARBOR).request.path)}
    ids["undone"] = _id(bring(db, client, typing=TYPING).request.path)
    do_jobs(db, client, press(client, client.get(f"/imports/{ids['undone']}/undo"), "Undo the import"))
    preview = do_jobs(db, client, upload(client, corrected=HARBOR.replace("many", "62").replace(",24", ",31")))
    ids["preview"] = _id(preview.request.path)
    both = do_jobs(db, client, upload(client, firms=FIRMS, calls=CALLS))
    ids["both"] = _id(do_jobs(db, client, press(client, both, "Import ")).request.path)
    ids["names"] = _id(do_jobs(db, client, upload(client, named=NAMED)).request.path)
    diary = client.get(f"/imports/uploads/{upload(client, diary=DIARY).request.path.split('/')[3]}/files/0")
    said = {"agency": "River Guild"} | {f"fill-text-{n}": text for n, text in enumerate(("?", "Evening School"))}
    ids["clues"] = _id(do_jobs(db, client, press(client, diary, "Show me", **said)).request.path)
    ids["words"] = upload(client, log=LOG).request.path.split("/")[3]
    ids["leant"] = next(one.id for one in list_imports(db, OWNER) if one.file == "firms.csv")
    shorter = upload(client, whole=HARBOR.replace("B-1", "B-7").replace(",24", ",many"))
    columns = client.get(f"/imports/uploads/{shorter.request.path.split('/')[3]}/files/0")
    ids["whole"] = _id(do_jobs(db, client, press(client, columns, "Show me", complete="1")).request.path)
    ids["columns"] = upload(client, visits=VISITS).request.path.split("/")[3]
    ids["several"] = _id(upload(client, visits=VISITS, more=VISITS.replace("Company", "Firm")).request.path)
    resting = press(client, do_jobs(db, client, upload(client, more_programs=CODING)), "Import ")
    ids["paused"] = _id(press(client, resting, "Pause").request.path)
    called_off = press(client, do_jobs(db, client, upload(client, no_programs=CODING)), "Import ")
    ids["cancelled"] = _id(do_jobs(db, client, press(client, called_off, "Cancel the import")).request.path)
    ready = do_jobs(db, client, upload(client, programs=TYPING))
    ids["importing"] = _id(press(client, ready, "Import ").request.path)
    ids["job"] = import_job_id(ids["importing"])
    ids["looking"] = _id(upload(client, again=HARBOR).request.path)
    return ids


def _id(path: str) -> str:
    return path.rsplit("/", 1)[1]
