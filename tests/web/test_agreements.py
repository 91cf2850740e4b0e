"""The pages of agreements: from the problem to a proposal, two signatures and the light, and every way back."""

from datetime import date, timedelta

import pytest

from crm.graph.driver import Store
from tests.factories import import_text
from tests.web.pages import PageClient, form_token, soup, words

TODAY = date.today()
LIST = """
agency,source_id,name,city,naics,employees,county,zip
Harbor College,77,Acme Tool Inc,Rockford,332710,300,Winnebago,61101
"""


def days_ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


@pytest.fixture
def business(db: Store) -> str:
    import_text(db, LIST)
    import_text(
        db,
        f"""
        agency,source_id,date,program,business,channel,purpose,reached,staff
        Harbor College,C1,{days_ago(40)},Welding,77,visit,needs,yes,ana@college.example
        Port Authority,P1,{days_ago(20)},Docks,Acme Tool Inc,call,needs,yes,eve@port.example
        Workforce Board,W1,{days_ago(5)},Training,Acme Tool Inc,call,needs,yes,
        """,
    )
    return db.read("MATCH (b:Business {name: 'Acme Tool Inc'}) RETURN b.id AS id")[0]["id"]


def post(client: PageClient, url: str, data: dict[str, object] | None = None, *, page: str = "/agreements"):
    token = form_token(client.get(page))
    return client.post(url, data={**(data or {}), "csrf_token": token})


def propose(client: PageClient, business: str = "", **changes: object) -> str:
    """Fill in the form as it comes, and send it; returns the address of the agreement."""
    page = f"/agreements/new?agencies=Harbor+College,Port+Authority{f'&business={business}' if business else ''}"
    form = soup(client.get(page)).select_one("form[action='/agreements/new']")
    assert form is not None
    said: dict[str, object] = {
        "csrf_token": form.select_one("[name=csrf_token]")["value"],  # type: ignore[index]
        "key": form.select_one("[name=key]")["value"],  # type: ignore[index]
        "name": "One door",
        "begins_on": days_ago(30),
        "agencies": [box["value"] for box in form.select("[name=agencies][checked]")],
        "businesses": [box["value"] for box in form.select("[name=businesses][checked]")],
    }
    answer = client.post("/agreements/new", data=said | changes)
    assert answer.status_code == 303, words(answer)
    return answer.location


def sign(client: PageClient, address: str):
    return post(client, f"{address}/sign", page=address)


def undo_of(client: PageClient, page: str = "/agreements") -> str:
    form = soup(client.get(page)).select_one(".answer form")
    assert form is not None
    return str(form["action"])


def test_from_the_problem_to_a_door_that_two_agencies_share(
    ana: PageClient, eve: PageClient, ada: PageClient, business: str
) -> None:
    seen = soup(ana.get(f"/knocks/businesses/{business}"))
    link = seen.select_one("a[href*='/agreements/new']")
    assert link is not None
    form = soup(ana.get(str(link["href"])))
    assert [box["value"] for box in form.select("[name=businesses][checked]")] == [business]
    assert len(form.select("[name=agencies][checked]")) == 3
    address = propose(ana, business)
    assert "Proposed" in words(ana.get(address))
    assert "waits for the signature of Port Authority" in words(eve.get("/agreements"))
    sign(ana, address)
    assert "Harbor College signed, Port Authority not yet" in words(ana.get("/agreements"))
    assert "2 redundant" in words(ana.get(f"/knocks/businesses/{business}"))
    sign(eve, address)
    page = words(eve.get(address))
    assert "All have signed: the agreement is in force." in page
    assert "What has changed since" in page
    # Eve's knock came under the agreement; Ada's agency is not in it.
    assert "1 coordinated 1 first" in words(ana.get(f"/knocks/businesses/{business}"))
    assert "Ask " in words(ada.get(f"/businesses/{business}"))


def test_who_is_not_bound_reads_less_and_can_sign_nothing(ana: PageClient, eve: PageClient, app, business: str) -> None:
    agencies = [soup(ana.get("/agreements/new")).select("[name=agencies]")[n]["value"] for n in (0, 2)]
    address = propose(ana, business, agencies=agencies, lead="ana@college.example", note="Between us")
    page = words(eve.get(address))
    assert "One door" in page
    assert "Between others" in page
    assert "ana@college" not in page
    assert "Between us" not in page
    assert "Sign for" not in page
    assert sign(eve, address).status_code == 403
    assert post(eve, f"{address}/withdraw").status_code == 403
    assert post(eve, f"{address}/leads", {"lead": "Port Authority"}).status_code == 403


def test_a_lead_is_named_by_one_agreed_by_the_other_and_stands_first_on_the_business(
    ana: PageClient, eve: PageClient, ada: PageClient, business: str
) -> None:
    address = propose(ana, business)
    for client in (ana, eve):
        sign(client, address)
    lead = {"lead": "Ana@College.example", "backup": "Port Authority", "business_id": business}
    assert post(ana, f"{address}/leads", lead | {"business_id_text": "Acme"}, page=address).status_code == 303
    assert "not agreed yet" in words(ana.get(address))
    agree = soup(eve.get(address)).select_one("form[action$='/agree']")
    assert agree is not None
    post(eve, str(agree["action"]), page=address)
    seen = words(ada.get(f"/businesses/{business}"))
    assert "Ask ana@college.example first" in seen
    assert "Port Authority stands in" in seen
    assert post(eve, undo_of(eve, address), page=address).status_code == 303
    assert "Ask ana@college.example first" not in words(ada.get(f"/businesses/{business}"))


def test_it_ends_and_every_step_offers_its_way_back(ana: PageClient, eve: PageClient, business: str) -> None:
    address = propose(ana, business)
    for client in (ana, eve):
        sign(client, address)
    ended = post(ana, f"{address}/end", {"on": days_ago(21)}, page=address)
    assert ended.status_code == 303
    assert "Ended" in words(ana.get("/agreements"))
    assert "2 redundant" in words(ana.get(f"/knocks/businesses/{business}"))
    undo = f"{address}/undo/4"
    assert post(eve, undo).status_code == 403
    assert post(ana, undo).status_code == 303
    assert "1 agreement in force" in words(ana.get("/agreements"))
    assert post(ana, undo).status_code == 409
    bad = post(ana, f"{address}/end", {"on": days_ago(31)}, page=address)
    assert bad.status_code == 422
    assert "after this last day" in words(bad)
    assert post(ana, f"{address}/end", {"on": "soon"}, page=address).status_code == 422
    review = post(ana, f"{address}/review", {"on": days_ago(1)}, page=address)
    assert review.status_code == 303
    assert "was to be looked at again" in words(eve.get("/agreements"))


def test_a_proposal_taken_back_leaves_an_empty_list(ana: PageClient, business: str) -> None:
    address = propose(ana)
    back = post(ana, undo_of(ana, address))
    assert back.status_code == 303
    assert back.location == "/agreements"
    assert "No agreement yet" in words(ana.get("/agreements"))


def test_terms_that_cannot_be_come_back_with_what_was_typed(ana: PageClient, business: str) -> None:
    token = form_token(ana.get("/agreements/new"))
    answer = ana.post("/agreements/new", data={"csrf_token": token, "key": "0" * 32, "name": "Alone", "agencies": []})
    assert answer.status_code == 422
    assert "Choose two agencies or more." in words(answer)
    boxes = [box["value"] for box in soup(answer).select("[name=agencies]")]
    said = {"csrf_token": token, "key": "0" * 32, "name": "Odd", "agencies": boxes[:2], "begins_on": days_ago(0)}
    answer = ana.post("/agreements/new", data=said | {"lead": "somebody"})
    assert answer.status_code == 422
    assert "none of the agencies of this agreement" in words(answer)
    assert soup(answer).select_one("[name=name]")["value"] == "Odd"  # type: ignore[index]
    answer = ana.post("/agreements/new", data=said | {"business_id_text": "nobody known"})
    assert "Choose the business from those that are offered" in words(answer)


def test_an_address_that_names_nobody_says_so(ana: PageClient, business: str) -> None:
    answer = ana.get("/agreements/new?agencies=Nobody", follow_redirects=True)
    assert "There is no agency" in words(answer)
    assert ana.get("/agreements/gnothing").status_code == 404


def test_the_api_and_the_command_say_what_the_page_says(
    ana: PageClient, eve: PageClient, business: str, engine_env: dict[str, str]
) -> None:
    import json

    from click.testing import CliRunner

    from crm.commands.agreements import agreements as command

    proposed = ana.post(
        "/api/v1/agreements",
        json={"name": "By API", "agencies": ["Harbor College", "Port Authority"], "from": days_ago(30)},
        headers={"X-CSRFToken": form_token(ana.get("/agreements"))},
    )
    assert proposed.status_code == 200, proposed.text
    id = proposed.get_json()["agreement"]
    for client in (ana, eve):
        token = form_token(client.get("/agreements"))
        assert client.post(f"/api/v1/agreements/{id}/sign", headers={"X-CSRFToken": token}).status_code == 200
    (listed,) = ana.get("/api/v1/agreements").get_json()
    assert (listed["state"], listed["signed"]) == ("in_force", ["Harbor College", "Port Authority"])
    assert listed["change"]["after"]["knocks"] == 1
    assert ana.get(f"/api/v1/agreements/{id}").get_json() == listed
    said = CliRunner().invoke(command, ["--json"], env=engine_env)
    assert json.loads(said.stdout) == [listed]
    assert "By API: in force" in CliRunner().invoke(command, [], env=engine_env).stdout
    page = words(ana.get(f"/agreements/{id}"))
    assert "One door" not in page
    # Each number opens its rows, as many as it says.
    for link in soup(ana.get(f"/agreements/{id}")).select("#change tbody a"):
        rows = soup(ana.get(str(link["href"]))).select("tbody tr")
        assert len(rows) == int(link.get_text()), link["href"]
    sent = ana.get(f"/agreements/{id}/knocks.csv?side=since").get_data(as_text=True)
    assert len(sent.strip().splitlines()) == 2
    assert "Before 1 0 0%" in page
    assert "Since 1 0 0%" in page
