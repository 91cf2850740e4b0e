"""The page of a firm: its sites with a light each, and what the region has with all of them together."""

import pytest
from bs4 import Tag

from crm.access import OWNER
from crm.graph import judgements
from crm.graph.driver import Store
from crm.services import jobs
from tests.factories import import_text, undo
from tests.web.pages import PageClient, form_token, soup, words

# Two sites of one employer, one that shares a street with it, and two of another that nobody has called on.
LISTS = """
agency,source_id,name,street,city,zip,phone,ein
Workforce Board,B1,Trigen Plastics,12 Main St,Rockford,61101,815-555-0134,36-1234567
Workforce Board,B2,Trigen Plastics,9 Oak Ave,Belvidere,61008,815-555-0177,36-1234567
Harbor College,77,Trigen Plastics,12 Main Street,Rockford,61101,815-555-0134,36-1234567
Harbor College,78,Zeta Foods,14 Main St,Rockford,61101,815-555-0111,
Harbor College,79,Omega Clinic,1 Elm St,Rockford,61101,815-555-0121,36-7654321
Harbor College,80,Omega Clinic,5 Lake St,Freeport,61032,815-555-0122,36-7654321
"""
PEOPLE = """
agency,source_id,first_name,last_name,title,business
Workforce Board,P1,Ana,Silva,Plant manager,B2
"""
CONTACTS = """
agency,source_id,date,program,business,person,channel,purpose
Workforce Board,T1,2026-01-05,On-the-job training,B1,,visit,needs
Workforce Board,T2,2026-02-05,On-the-job training,B2,P1,call,needs
Harbor College,T3,2026-03-05,Welding,77,,call,needs
"""
FIRM = "MATCH (f:Firm)<-[:PART_OF]-(b:Business {name: $name}) RETURN DISTINCT f.id AS id"


def read(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""


def find_firm(db: Store, name: str) -> str:
    (row,) = db.read(FIRM, name=name)
    return row["id"]


@pytest.fixture
def region(db: Store) -> Store:
    for text in (LISTS, PEOPLE, CONTACTS):
        import_text(db, text)
    return db


def test_a_firm_shows_its_sites_and_what_all_of_them_have_together(ana: PageClient, region: Store) -> None:
    page = ana.get(f"/firms/{find_firm(region, 'Trigen Plastics')}")
    text = words(page)
    assert page.status_code == 200
    assert "One firm, 2 sites, 3 contacts." in text
    rows = [read(row) for row in soup(page).select("tbody tr")]
    assert [("12 Main" in row, "9 Oak Ave, Belvidere" in row) for row in rows] == [(True, False), (False, True)]
    assert len(soup(page).select("tbody .light")) == 2
    assert "Zeta" not in text
    assert "Plant manager" in text
    assert "Workforce Board 2 of 2 sites" in text
    assert "1 of 2 sites" in text
    lines = soup(page).select(".timeline li:not(.timeline-month)")
    # The newest of either site first, and each says whose it is.
    assert all(line.select("a[href^='/businesses/']") for line in lines)
    assert ["Call" in read(line) for line in lines] == [True, True, False]


def test_the_page_of_a_site_leads_to_its_firm(ana: PageClient, region: Store) -> None:
    firm = find_firm(region, "Trigen Plastics")
    page = ana.get(f"/firms/{firm}")
    for link in soup(page).select("tbody th a"):
        site = ana.get(str(link["href"]))
        assert soup(site).find("a", href=f"/firms/{firm}")
    lonely = region.read("MATCH (b:Business {name: 'Zeta Foods'}) RETURN b.id AS id")[0]["id"]
    assert "A site of" not in words(ana.get(f"/businesses/{lonely}"))


def test_the_list_holds_the_firms_with_several_sites_in_the_order_asked(ana: PageClient, region: Store) -> None:
    def names(address: str) -> list[str]:
        return [read(cell) for cell in soup(ana.get(address)).select("tbody th")]

    assert names("/firms") == ["Trigen Plastics", "Omega Clinic"]
    assert names("/firms?sort=contacts&dir=asc") == ["Omega Clinic", "Trigen Plastics"]
    assert names("/firms?sort=name&dir=asc") == ["Omega Clinic", "Trigen Plastics"]
    # Who was never contacted stands last in either order of the days.
    assert names("/firms?sort=last_contact_on") == names("/firms?sort=last_contact_on&dir=asc") == names("/firms")
    assert names("/firms?sort=nonsense") == names("/firms")
    text = words(ana.get("/firms"))
    assert "2 firms with 4 sites" in text
    assert "No more firms" in words(ana.get("/firms?page=9"))


def test_a_list_follows_what_an_import_changes(ana: PageClient, db: Store) -> None:
    assert "No firm with several sites yet" in words(ana.get("/firms"))
    first = import_text(db, LISTS)
    assert "2 firms with 4 sites" in words(ana.get("/firms"))
    undo(db, first)
    assert "No firm with several sites yet" in words(ana.get("/firms"))


def test_an_id_that_was_given_up_leads_to_what_is_left(ana: PageClient, db: Store) -> None:
    heading, *rows = LISTS.strip().splitlines()
    first = import_text(db, "\n".join((heading, *(row for row in rows if row.startswith("Workforce")))))
    firm = find_firm(db, "Trigen Plastics")
    import_text(db, "\n".join((heading, *(row for row in rows if row.startswith("Harbor")))), "harbor.csv")
    undo(db, first)
    left = db.read("MATCH (b:Business {name: 'Trigen Plastics'}) RETURN b.id AS id")[0]["id"]
    answer = ana.get(f"/firms/{firm}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/businesses/{left}")
    assert ana.get("/firms/o00000000000").status_code == 404
    assert ana.get("/firms/nonsense").status_code == 404


def test_a_firm_without_a_name_of_its_own_goes_by_a_site(ana: PageClient, region: Store) -> None:
    assert read(soup(ana.get(f"/firms/{find_firm(region, 'Omega Clinic')}")).h1) == "Omega Clinic"


def test_the_api_says_the_same(ana: PageClient, region: Store) -> None:
    firm = find_firm(region, "Trigen Plastics")
    listed = ana.get("/api/v1/firms").get_json()
    assert listed[0] | {"last_contact_on": None} == {
        "id": firm, "name": "Trigen Plastics", "sites": 2, "agencies": 2, "contacts": 3, "last_contact_on": None,
    }  # fmt: skip
    found = ana.get(f"/api/v1/firms/{firm}").get_json()
    assert (found["total"], found["contacts"]) == (2, 3)
    assert found["agencies"] == {"Workforce Board": 2, "Harbor College": 1}
    assert [site["contacts"] for site in found["sites"]] == [2, 1]
    assert {site["light"] for site in found["sites"]} <= {"green", "amber", "red"}
    assert ana.get("/api/v1/firms/o00000000000").status_code == 404


def test_a_site_is_said_not_to_be_of_the_firm_and_that_is_taken_back(ana: PageClient, region: Store) -> None:
    firm = find_firm(region, "Trigen Plastics")
    (site,) = [row["id"] for row in region.read("MATCH (b:Business {city: 'Belvidere'}) RETURN b.id AS id")]
    assert ana.send(f"/firms/{firm}/sites/{site}/leave", page=f"/firms/{firm}").status_code == 303
    told = ana.get(f"/firms/{firm}")
    assert "“Trigen Plastics” is not of this firm." in words(told)
    assert "1 decision is being worked in" in words(told)
    assert "HX-Refresh" not in ana.get("/review/waiting?then=reload").headers
    jobs.run_all(region)
    assert ana.get("/review/waiting?then=reload").headers["HX-Refresh"] == "true"
    assert ana.get(f"/firms/{firm}").status_code == 302
    assert "A site of" not in words(ana.get(f"/businesses/{site}"))
    assert "not one firm" in words(ana.get("/review/decisions?verdict=two_firms"))
    (judgement,) = judgements.list_judgements(region, OWNER)
    assert ana.send(f"/firms/judgements/{judgement.id}/undo", page="/review/decisions").status_code == 303
    jobs.run_all(region)
    assert ana.get(f"/firms/{firm}").status_code == 200


def test_two_businesses_are_said_to_be_sites_of_one_firm(ana: PageClient, region: Store) -> None:
    zeta, omega = (
        region.read("MATCH (b:Business) WHERE b.name = $name RETURN b.id AS id ORDER BY id", name=name)[0]["id"]
        for name in ("Zeta Foods", "Omega Clinic")
    )
    address = f"/firms/add?business={zeta}"
    assert "Of the same firm as Zeta Foods" in words(ana.get(address))
    for wrong, said in ((zeta, "That is the same one"), ("b00", "Choose one of those"), ("", "Choose one of those")):
        refused = ana.send(address, business_id=wrong, business_id_text="Omega <b>")
        assert refused.status_code == 422
        assert said in words(refused)
    assert judgements.list_judgements(region, OWNER) == []
    assert ana.send(address, business_id=omega, why="One owner").status_code == 303
    assert "being worked in" in words(ana.get(f"/businesses/{zeta}?said=firm"))
    jobs.run_all(region)
    page = ana.get(f"/businesses/{zeta}?said=firm")
    assert "A site of" in words(page)
    assert "being worked in" not in words(page)
    assert "One owner" in words(ana.get("/review/decisions?verdict=firm"))
    assert ana.get("/firms/add?business=b00").status_code == 404


def test_the_api_says_who_is_of_a_firm_too(ana: PageClient, region: Store) -> None:
    firm = find_firm(region, "Trigen Plastics")
    sites = [site["business"] for site in ana.get(f"/api/v1/firms/{firm}").get_json()["sites"]]
    said = ana.post(f"/api/v1/firms/{firm}/sites/{sites[1]}/leave", json={"why": "Sold"}, headers=token_of(ana))
    assert said.status_code == 200
    jobs.run_all(region)
    assert ana.get(f"/api/v1/firms/{firm}").status_code == 404
    again = ana.post(f"/api/v1/firms/{firm}/sites/{sites[1]}/leave", json={}, headers=token_of(ana))
    assert again.status_code == 404
    joined = ana.post(f"/api/v1/businesses/{sites[0]}/firm", json={"other": sites[1]}, headers=token_of(ana))
    assert joined.status_code == 200
    jobs.run_all(region)
    assert ana.get(f"/api/v1/firms/{firm}").get_json()["total"] == 2


def token_of(client: PageClient) -> dict[str, str]:
    return {"X-CSRFToken": form_token(client.get("/account"))}
