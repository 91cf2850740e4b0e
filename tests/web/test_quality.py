"""The page on quality: empty, drawn, answered; a pair to check that tells nothing; thresholds that only show, until an
administrator sets them.
"""

import json

import pytest

from crm.graph import checks, thresholds
from crm.graph.driver import Store
from crm.services import jobs, quality
from crm.services.surveys import take_survey
from tests.quality_worlds import ANA, answer_checks, make_quality_world
from tests.web.pages import PageClient, form_token, soup, words


@pytest.fixture
def region(app: object, db: Store) -> Store:
    make_quality_world(db)
    return db


@pytest.fixture
def drawn(region: Store) -> Store:
    take_survey(region, "business")
    return region


def test_the_empty_page_says_what_to_do_and_draws(region: Store, ana: PageClient) -> None:
    page = ana.get("/quality")
    assert "No pairs are drawn yet" in words(page)
    begun = ana.post("/quality/draw", data={"csrf_token": form_token(page)})
    assert begun.status_code == 303
    assert "Looking at all businesses" in words(ana.get("/quality"))
    assert "Looking at all businesses" in ana.get("/quality/progress").text
    jobs.run_all(region)
    assert ana.get("/quality/progress").headers["HX-Refresh"] == "true"
    page = words(ana.get("/quality"))
    assert "How well businesses are matched is not known yet" in page
    assert "more pairs must be checked" in page
    assert "–" in page


def test_the_figures_stand_with_their_intervals_and_open_their_pairs(drawn: Store, ana: PageClient) -> None:
    answer_checks(drawn)
    found = quality.find_quality(drawn, ANA, "business")
    assert found.precision is not None
    page = ana.get("/quality")
    assert f"{found.precision.value:.0%} of what is taken for one business is one" in words(page)
    links = {str(link["href"]) for link in soup(page).select('main a[href^="/quality/pairs"]')}
    assert len(links) > 6
    for link in sorted(links):
        assert "No such pair yet" not in words(ana.get(link)), link
    said = ana.get("/quality/pairs?said=different&joined=yes")
    assert "taken for one" in words(said)
    assert "kept apart" not in words(said)


def test_a_pair_to_check_tells_nothing_of_what_is_known(drawn: Store, ana: PageClient) -> None:
    for one in checks.list_all(drawn, "business")[:12]:
        page = ana.get(f"/review/{one.id}?look=check&only=checks")
        text = words(page)
        assert "was drawn to see how good the matching is" in text
        for telling in (
            *("likely one", "For one business", "The region takes the two for one", "What a join would change"),
            *("decided on", "Take it back"),
        ):
            assert telling not in text
        assert soup(page).select('.side-name[href], main a[href^="/businesses/"]') == []


def test_the_pairs_to_check_are_gone_through_one_after_the_other(drawn: Store, ana: PageClient) -> None:
    page = ana.get("/review/next?only=checks", follow_redirects=True)
    first = page.request.path
    seen = soup(page).select_one('input[name="seen"]')
    form = soup(page).select_one("form.review-bar")
    assert seen is not None
    assert form is not None
    sent = {"csrf_token": form_token(page), "seen": str(seen["value"]), "verdict": "same", "check": "yes"}
    following = ana.post(str(form["action"]), data=sent, follow_redirects=True)
    assert following.request.path not in (first, "/quality")
    assert "was drawn to see how good the matching is" in words(following)
    undo = soup(following).select_one("#answers form")
    assert undo is not None
    assert "1 of" in words(ana.get("/quality"))
    back = ana.post(str(undo["action"]), data={"csrf_token": form_token(following)}, follow_redirects=True)
    assert back.request.path == first
    assert "was drawn to see how good the matching is" in words(back)
    assert quality.find_quality(drawn, ANA, "business").answered == 0


def test_thresholds_are_shown_to_all_and_set_by_an_administrator(
    drawn: Store, ana: PageClient, ada: PageClient
) -> None:
    page = ana.get("/quality/thresholds?join=400&ask=-400")
    assert "would part" in words(page)
    assert "Set these thresholds" not in words(page)
    part = ana.get("/quality/thresholds?join=400&ask=-400", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "would part" in part.text
    assert thresholds.find_in_force(drawn, "business") is None
    refused = ana.post("/quality/thresholds?join=400&ask=-400", data={"csrf_token": form_token(page)})
    assert refused.status_code == 403
    page = ada.get("/quality/thresholds?join=400&ask=-400")
    assert "Set these thresholds" in words(page)
    done = ada.post("/quality/thresholds?join=400&ask=-400", data={"csrf_token": form_token(page)})
    assert done.status_code == 303
    assert thresholds.find_in_force(drawn, "business") is not None
    jobs.run_all(drawn)
    page = ada.get("/quality")
    assert "now 400" in words(page)
    undo = soup(page).select_one("#answers form")
    assert undo is not None
    ada.post(str(undo["action"]), data={"csrf_token": form_token(page)})
    in_force = thresholds.find_in_force(drawn, "business")
    assert in_force is not None
    assert (in_force["join"], in_force["ask"]) == (100, -150)
    assert "What was set before" in words(ada.get("/quality"))


def test_what_was_not_tried_is_not_found_and_nonsense_is_refused(drawn: Store, ana: PageClient) -> None:
    assert ana.get("/quality/thresholds?join=123&ask=-150").status_code == 404
    assert ana.get("/quality/thresholds?join=x&ask=-150").status_code == 422
    assert ana.get("/quality/pairs?band=99&agency=x").status_code == 200


def test_the_api_gives_the_same_figures(drawn: Store, ana: PageClient, ada: PageClient) -> None:
    answer_checks(drawn)
    found = quality.find_quality(drawn, ANA, "business")
    told = json.loads(ana.get("/api/v1/quality").text)
    assert found.recall is not None
    assert told["recall"]["value"] == pytest.approx(found.recall.value)
    assert len(told["bands"]) == len(found.bands)
    tried = json.loads(ana.get("/api/v1/quality/thresholds?join=400&ask=-150").text)
    assert tried["then"]["parted"] > 0
    assert all(":" in name for pair in tried["parting"] for name in pair)
    token = {"X-CSRFToken": form_token(ana.get("/account"))}
    body = {"join": 400, "ask": -150}
    assert ana.post("/api/v1/quality/thresholds", json=body, headers=token).status_code == 403
    token = {"X-CSRFToken": form_token(ada.get("/account"))}
    job = json.loads(ada.post("/api/v1/quality/thresholds", json=body, headers=token).text)["job"]
    jobs.run_all(drawn)
    assert json.loads(ada.get(f"/api/v1/jobs/{job}").text)["state"] == "done"
    assert json.loads(ana.get("/api/v1/quality").text)["join"] == 400
