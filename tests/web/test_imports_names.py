"""Businesses and people that a file only names: it is this one, or a new one, and remembered."""

import pytest

from crm.graph.driver import Store
from tests.factories import import_text
from tests.web.import_steps import do_jobs, press, upload
from tests.web.pages import PageClient, form_token, soup, words

KNOWN = "agency,source_id,name,street,city,zip\nHarbor College,B-7,Cascade Casting,88 Harbor Road,Everett,98201\n"
NAMED = "date,program,business\n2026-03-01,Visits,Cascade Casings\n2026-03-02,Visits,Cascade Casings\n"
ASKED = "Are these known already?"
REMEMBER = "Remember, and look again"
STAFF = "agency,source_id,business,name,title,email\nHarbor College,P-4,B-7,Anabel Silva,Owner,anabel@cascade.example\n"
MET = "date,program,business,person\n2026-03-01,Visits,Harbor College:B-7,Bella Silva\n"


def list_met(db: Store) -> list[dict[str, str]]:
    return db.read("MATCH (:Touchpoint)-[:MET]->(p:PersonRecord) RETURN DISTINCT p.key AS key ORDER BY key")


def test_a_name_that_is_like_a_known_business_is_asked_about_and_remembered(ana: PageClient, db: Store) -> None:
    import_text(db, KNOWN)
    preview = do_jobs(db, ana, upload(ana, visits=NAMED))
    text = words(preview)
    assert ASKED in text
    assert "It is Cascade Casting, of Harbor College" in text
    again = press(ana, preview, REMEMBER, **{"name-0": "Harbor College:B-7"})
    again = do_jobs(db, ana, again)
    assert ASKED not in words(again)
    do_jobs(db, ana, press(ana, again, "Import "))
    rows = db.read("MATCH (:Touchpoint)-[:WITH]->(r:BusinessRecord) RETURN DISTINCT r.key AS key ORDER BY key")
    assert rows == [{"key": "B-7"}]
    later = do_jobs(db, ana, upload(ana, april=NAMED.replace("-03-", "-04-")))
    assert ASKED not in words(later)
    do_jobs(db, ana, press(ana, later, "Import "))
    assert len(db.read("MATCH (r:BusinessRecord) RETURN r.id AS id ORDER BY id")) == 1


def test_what_was_said_of_a_name_holds_in_other_files_of_the_agency(
    ana: PageClient, eve: PageClient, db: Store
) -> None:
    import_text(db, KNOWN)
    preview = do_jobs(db, ana, upload(ana, visits=NAMED))
    do_jobs(db, ana, press(ana, preview, REMEMBER, **{"name-0": "Harbor College:B-7"}))
    people = "business,first_name,last_name,title\nCascade Casings,Bo,Lund,Buyer\n"
    other = do_jobs(db, ana, upload(ana, people=people))
    assert ASKED not in words(other)
    do_jobs(db, ana, press(ana, other, "Import "))
    rows = db.read("MATCH (:PersonRecord)-[:WORKS_AT]->(r:BusinessRecord) RETURN r.key AS key")
    assert rows == [{"key": "B-7"}]
    # Another agency is asked itself.
    assert ASKED in words(do_jobs(db, eve, upload(eve, visits=NAMED)))


def test_a_business_that_is_not_offered_is_found_by_searching(ana: PageClient, db: Store) -> None:
    import_text(db, KNOWN)
    preview = do_jobs(db, ana, upload(ana, visits=NAMED.replace("Cascade Casings", "The foundry on Harbor Road")))
    assert "1 name like nobody known" in words(preview)
    found = press(ana, preview, REMEMBER, search="0")
    assert found.request.path.endswith("/names/0")
    found = ana.get(f"{found.request.path}?q=casting")
    assert "88 Harbor Road, Everett" in words(found)
    back = press(ana, found, "It is this one")
    assert "The foundry on Harbor Road is Cascade Casting: chosen." in words(back)
    chosen = soup(back).select_one('select[name="name-0"] option[selected]')
    assert chosen
    assert chosen["value"] == "Harbor College:B-7"
    again = do_jobs(db, ana, press(ana, back, REMEMBER))
    assert ASKED not in words(again)
    do_jobs(db, ana, press(ana, again, "Import "))
    assert len(db.read("MATCH (r:BusinessRecord) RETURN r.id AS id ORDER BY id")) == 1


def test_a_person_who_is_only_named_is_asked_about_and_remembered(ana: PageClient, db: Store) -> None:
    import_text(db, KNOWN)
    import_text(db, STAFF)
    preview = do_jobs(db, ana, upload(ana, visits=MET))
    text = words(preview)
    assert "Bella Silva person at Cascade Casting" in text
    assert "It is Anabel Silva, of Harbor College" in text
    again = do_jobs(db, ana, press(ana, preview, REMEMBER, **{"name-0": "Harbor College:P-4"}))
    assert ASKED not in words(again)
    do_jobs(db, ana, press(ana, again, "Import "))
    assert list_met(db) == [{"key": "P-4"}]
    later = do_jobs(db, ana, upload(ana, april=MET.replace("-03-", "-04-")))
    assert ASKED not in words(later)
    do_jobs(db, ana, press(ana, later, "Import "))
    assert list_met(db) == [{"key": "P-4"}]


def test_a_name_is_that_of_one_person_at_one_business_only(ana: PageClient, db: Store) -> None:
    import_text(db, KNOWN + "Harbor College,B-8,Okafor Machine,17 Mill Street,Renton,98057\n")
    import_text(db, STAFF)
    preview = do_jobs(db, ana, upload(ana, visits=MET))
    do_jobs(db, ana, press(ana, preview, REMEMBER, **{"name-0": "Harbor College:P-4"}))
    other = do_jobs(db, ana, upload(ana, april=MET.replace("-03-", "-04-").replace("B-7", "B-8")))
    assert "Bella Silva person at Okafor Machine" in words(other)


def test_a_business_and_its_person_may_be_said_at_once(ana: PageClient, db: Store) -> None:
    import_text(db, KNOWN)
    import_text(db, STAFF)
    text = MET.replace("Harbor College:B-7", "Cascade Casings")
    preview = do_jobs(db, ana, upload(ana, visits=text))
    found = press(ana, preview, REMEMBER, search="1", **{"name-0": "Harbor College:B-7"})
    back = press(ana, ana.get(f"{found.request.path}?q=anabel"), "It is this one")
    again = do_jobs(db, ana, press(ana, back, REMEMBER))
    assert ASKED not in words(again)
    do_jobs(db, ana, press(ana, again, "Import "))
    assert list_met(db) == [{"key": "P-4"}]


def test_who_is_said_to_be_new_is_not_asked_about_again(ana: PageClient, db: Store) -> None:
    import_text(db, KNOWN)
    preview = do_jobs(db, ana, upload(ana, visits=NAMED))
    again = do_jobs(db, ana, press(ana, preview, REMEMBER, **{"name-0": "new"}))
    assert ASKED not in words(again)
    do_jobs(db, ana, press(ana, again, "Import "))
    names = db.read("MATCH (b:Business) RETURN b.name AS name ORDER BY name")
    assert [row["name"] for row in names] == ["Cascade Casings", "Cascade Casting"]


@pytest.mark.parametrize(("name", "value"), [("name-0", "Harbor College:B-1"), ("search", "7")])
def test_what_was_not_offered_is_refused(ana: PageClient, db: Store, name: str, value: str) -> None:
    import_text(db, KNOWN)
    preview = do_jobs(db, ana, upload(ana, visits=NAMED))
    answer = press(ana, preview, REMEMBER, **{name: value})
    assert answer.status_code in (404, 422)


def test_others_may_not_answer_for_an_agency(ana: PageClient, eve: PageClient, db: Store) -> None:
    import_text(db, KNOWN)
    preview = do_jobs(db, ana, upload(ana, visits=NAMED))
    path = f"{preview.request.path}/files/0/names"
    token = form_token(eve.get("/imports"))
    assert eve.get(f"{path}/0").status_code == 404
    assert eve.post(f"{path}/0", data={"csrf_token": token, "thing": "b1"}).status_code == 404
    assert eve.post(path, data={"csrf_token": token, "name-0": "new"}).status_code == 404
