"""The review: what the pages show and to whom, answers, their undo, and who is told when somebody was faster."""

import json
from threading import Thread

from flask import Flask
from werkzeug.test import TestResponse

from crm.access import OWNER
from crm.graph import judgements, reviews
from crm.graph.driver import Store
from crm.services import jobs
from crm.services.resolution import recompute
from crm.services.review_order import list_queue
from tests.factories import import_text, snapshot
from tests.review_worlds import BUSINESSES, CONTACTS, find_records, make_contradictions, make_review_world
from tests.web.conftest import open_client
from tests.web.pages import PageClient, form_token, soup, words


def first_pair(db: Store) -> str:
    return list_queue(db, OWNER)[0].id


def answer(client: PageClient, pair: str, verdict: str, **fields: str):
    """Give an answer as the page's form does."""
    shown = client.get(f"/review/{pair}{'?look=second' if fields.get('second') else ''}")
    seen = str(soup(shown).select_one("[name=seen]")["value"])  # type: ignore[index]
    sent = {"csrf_token": form_token(shown), "seen": seen, "verdict": verdict, **fields}
    return client.post(f"/review/{pair}", data=sent)


def judged(db: Store, pair: str):
    return judgements.find_of_pair(db, *pair.split("~"))


def test_the_queue_says_what_would_change_and_in_which_order(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    page = ana.get("/review")
    rows = [row.get_text(" ", strip=True) for row in soup(page).select("tbody tr")]
    assert len(rows) == 4
    assert "2 redundant knocks appear and 1 own repeat goes" in rows[0]
    assert "Fennatek Machinery Inc" in rows[0]
    assert "changes no number" in rows[1]
    assert "0 of 4 answered" in words(page)
    assert "how many knocks would count as redundant" in words(page)
    (person,) = soup(ana.get("/review?kind=person")).select("tbody tr")
    assert [cell.text for cell in person.select("td.num")] == ["1", "2"]


def test_an_empty_queue_says_what_will_stand_there(ana: PageClient) -> None:
    assert "Nothing to look at" in words(ana.get("/review"))
    assert ana.get("/review/next").location == "/review"


def test_a_pair_marks_every_difference_and_says_what_speaks_for_it_and_against_it(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    page = ana.get(ana.get("/review/next").location)
    table = soup(page).select_one("table.diff")
    assert table is not None
    assert [row.th.span.text for row in table.select("tr.differs")] == ["Name", "Phone", "EIN"]  # type: ignore[union-attr]
    assert [mark.text for mark in table.select("mark")] == [
        "Inc",
        "555-0134",
        "555-0177",
        "36-1234567",
        "36-7654321",
    ]
    text = words(page)
    assert "The same street address" in text
    assert "Other employer numbers" in text
    assert "2 redundant knocks appear" in text
    assert "Workforce Board had asked the same kind of question 20 days earlier" in text


def test_nobody_sees_another_agencys_notes_on_it(ana: PageClient, eve: PageClient, db: Store) -> None:
    make_review_world(db)
    pair = first_pair(db)
    for client in (ana, eve):
        for path in (f"/review/{pair}", f"/api/v1/reviews/{pair}"):
            text = client.get(path).text
            assert "Fennatek" in text
            assert "Only for the board" not in text


def test_an_answer_counts_at_once_and_the_region_follows_with_a_job(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    pair = first_pair(db)
    left, right = pair.split("~")
    done = answer(ana, pair, "same", why="One owner, one phone book")
    assert done.status_code == 303
    assert done.location.startswith("/review/r")
    found = judged(db, pair)
    assert found is not None
    assert (found["verdict"], found["by"]) == ("same", "ana@college.example")
    assert found["why"] == "One owner, one phone book"
    following = ana.get(done.location)
    assert "1 answer is being worked into" in words(following)
    assert "are the same" in words(following)
    members = reviews.list_members(db, "business", [left, right])
    assert members[left][0] != members[right][0]
    assert jobs.run_all(db) == 1
    members = reviews.list_members(db, "business", [left, right])
    assert members[left][0] == members[right][0]
    assert "All answers are in" in words(ana.get("/review/waiting"))
    assert "hx-get" not in ana.get("/review/waiting").text
    knocks = json.loads(ana.get("/api/v1/knocks").text)
    assert knocks["redundant"] == 2


def test_the_last_answer_can_be_undone_and_its_pair_comes_back(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    pair = first_pair(db)
    following = ana.get(answer(ana, pair, "same").location)
    jobs.run_all(db)
    undo = soup(following).select_one("#answers form")
    assert undo is not None
    back = ana.post(str(undo["action"]), data={"csrf_token": form_token(following)})
    assert back.location == f"/review/{pair}"
    assert judged(db, pair) is None
    jobs.run_all(db)
    assert reviews.find_review(db, pair) is not None
    left, right = pair.split("~")
    members = reviews.list_members(db, "business", [left, right])
    assert members[left][0] != members[right][0]


def test_one_firm_with_two_sites_is_never_one_site(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    pair = first_pair(db)
    answer(ana, pair, "firm")
    jobs.run_all(db)
    left, right = (reviews.list_members(db, "business", [id])[id][0] for id in pair.split("~"))
    assert left != right
    firms = db.read("MATCH (b:Business)-[:PART_OF]->(f:Firm) WHERE b.id IN $ids RETURN f.id AS id", ids=[left, right])
    assert len(firms) == 2
    assert len({row["id"] for row in firms}) == 1
    assert reviews.find_review(db, pair) is None


def test_people_are_no_sites_of_a_firm(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    (review,) = list_queue(db, OWNER, kind="person")
    assert answer(ana, review.id, "firm").status_code == 422
    assert judged(db, review.id) is None
    assert answer(ana, review.id, "same").status_code == 303


def test_what_is_no_answer_is_refused_on_the_page(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    pair = first_pair(db)
    assert answer(ana, pair, "perhaps").status_code == 422
    assert answer(ana, pair, "same", why="x" * 501).status_code == 422
    assert judged(db, pair) is None
    assert ana.get("/review/nonsense").status_code == 404
    assert ana.get(f"/review/{pair[:-1]}").status_code == 404


def test_two_reviewers_never_get_the_same_pair(app: Flask, ana: PageClient, eve: PageClient, db: Store) -> None:
    make_review_world(db)
    carl = open_client(app, "carl@college.example")
    got = [client.get("/review/next").location for client in (ana, eve, carl)]
    assert len(set(got)) == 3
    assert ana.get("/review/next").location == got[0]
    assert "Ana Ruiz is looking at these two just now" in words(eve.get(got[0]))
    assert "Ana Ruiz has it open" in words(eve.get("/review"))
    db.write("MATCH (t:ReviewTurn) SET t.until = 0")
    assert eve.get("/review/next").location == got[0]


def test_whoever_is_second_is_told_and_nothing_of_theirs_is_saved(ana: PageClient, eve: PageClient, db: Store) -> None:
    make_review_world(db)
    pair = first_pair(db)
    shown = ana.get(f"/review/{pair}")
    db.write("MATCH (t:ReviewTurn) SET t.until = 0")
    assert answer(eve, pair, "different").status_code == 303
    seen = str(soup(shown).select_one("[name=seen]")["value"])  # type: ignore[index]
    late = ana.post(f"/review/{pair}", data={"csrf_token": form_token(shown), "seen": seen, "verdict": "same"})
    assert late.status_code == 409
    assert "Somebody else was faster" in words(late)
    assert "Eve Port" in words(late)
    found = judged(db, pair)
    assert found is not None
    assert (found["verdict"], found["by"]) == ("different", "eve@port.example")


def test_of_many_answers_about_overlapping_things_at_once_one_wins(app: Flask, db: Store) -> None:
    """78 may be either of two plants: three people answer at once, each about another pair of the same things."""
    make_review_world(db)
    ids = find_records(db)
    pairs = [judgements.pair_of(ids["78"], ids["B2"]), judgements.pair_of(ids["78"], ids["P2"])] * 2
    emails = ("ana@college.example", "eve@port.example", "carl@college.example", "ada@board.example")
    ready = []
    for email, pair in zip(emails, pairs, strict=True):
        client = open_client(app, email)
        db.write("MATCH (t:ReviewTurn) SET t.until = 0")
        shown = client.get(f"/review/{pair}")
        seen = str(soup(shown).select_one("[name=seen]")["value"])  # type: ignore[index]
        ready.append((client, pair, {"csrf_token": form_token(shown), "seen": seen, "verdict": "same"}))
    statuses: list[int] = []
    threads = [
        Thread(target=lambda c=c, p=p, sent=sent: statuses.append(c.post(f"/review/{p}", data=sent).status_code))
        for c, p, sent in ready
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409, 409, 409]
    assert len(judgements.list_judgements(db, OWNER)) == 1
    jobs.run_all(db)
    assert len(judgements.list_judgements(db, OWNER)) == 1


def test_one_pair_in_ten_is_shown_to_a_second_person_who_is_told_nothing(
    ana: PageClient, eve: PageClient, db: Store, monkeypatch
) -> None:
    monkeypatch.setattr("crm.services.review_pairs.SECOND_OF", 1)
    make_review_world(db)
    pair = first_pair(db)
    answer(ana, pair, "firm", why="Same owner")
    jobs.run_all(db)
    assert f"/review/{pair}" not in ana.get("/review/next").location
    again = eve.get("/review/next").location
    assert again == f"/review/{pair}?look=second"
    page = eve.get(again)
    assert "Same owner" not in page.text
    assert "Ana Ruiz" not in page.text
    assert "shown to two people" in words(page)
    assert answer(eve, pair, "same", second="yes").status_code == 303
    found = judged(db, pair)
    assert found is not None
    assert (found["verdict"], found["by"]) == ("firm", "ana@college.example")
    decisions = words(eve.get("/review/decisions"))
    assert "Two people, two answers" in decisions
    assert "0 of 1 alike" in decisions
    assert f"/review/{pair}" not in eve.get("/review/next").location


def test_a_second_answer_can_be_undone(ana: PageClient, eve: PageClient, db: Store, monkeypatch) -> None:
    monkeypatch.setattr("crm.services.review_pairs.SECOND_OF", 1)
    make_review_world(db)
    pair = first_pair(db)
    answer(ana, pair, "firm")
    following = eve.get(answer(eve, pair, "firm", second="yes").location)
    undo = soup(following).select_one("#answers form")
    assert undo is not None
    back = eve.post(str(undo["action"]), data={"csrf_token": form_token(following)})
    assert back.location == f"/review/{pair}?look=second"
    assert judgements.list_wanting_second(db, by="eve@port.example")[0].pair == pair


def test_contradictions_are_shown_until_one_is_taken_back(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    make_contradictions(db)
    page = ana.get("/review/decisions")
    assert "Decisions that contradict each other" in words(page)
    assert "Two plants, we were in both" in words(page)
    assert "for Omega Plastics (Workforce Board, B2) is one with Omega Plastics (Harbor College, 78) now" in words(page)
    (conflict,) = json.loads(ana.get("/api/v1/judgements/conflicts").text)
    assert (conflict["same"]["left"], conflict["same"]["right"]) in {
        ("Port Authority:P2", "Harbor College:78"),
        ("Harbor College:78", "Port Authority:P2"),
    }
    assert [other["verdict"] for other in conflict["against"]] == ["different"]
    different = conflict["against"][0]["judgement"]
    sent = {"csrf_token": form_token(page)}
    assert ana.post(f"/review/judgements/{different}/withdraw", data=sent).status_code == 303
    assert ana.post(f"/review/judgements/{different}/withdraw", data=sent).status_code == 409
    jobs.run_all(db)
    assert json.loads(ana.get("/api/v1/judgements/conflicts").text) == []
    ids = find_records(db)
    things = {thing for thing, _ in reviews.list_members(db, "business", [ids["B2"], ids["78"], ids["P2"]]).values()}
    assert len(things) == 1


def test_the_home_page_counts_the_reviews_that_change_a_number(ana: PageClient, db: Store) -> None:
    assert "Reviews that change a number" not in words(ana.get("/"))
    make_review_world(db)
    page = ana.get("/")
    assert "1 pair of records may be one business" in words(page)
    assert soup(page).select_one('a[href="/review/next"]') is not None


def test_the_api_gives_the_same_queue_and_takes_the_same_answers(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    token = {"X-CSRFToken": form_token(ana.get("/account"))}
    listed = json.loads(ana.get("/api/v1/reviews").text)
    assert (listed["open"], listed["changing"], listed["answered"]) == (4, 1, 0)
    taken = json.loads(ana.post("/api/v1/reviews/next", json={}, headers=token).text)["review"]
    assert taken["pair"] == listed["reviews"][0]["pair"]
    assert taken["change"] == {"first": -1, "own_repeat": -1, "coordinated": 0, "redundant": 2}
    path = f"/api/v1/reviews/{taken['pair']}/answer"
    stale = ana.post(path, json={"verdict": "same", "seen": "other"}, headers=token)
    assert stale.status_code == 409
    given = json.loads(ana.post(path, json={"verdict": "firm", "seen": taken["seen"]}, headers=token).text)
    assert ana.get(f"/api/v1/jobs/{given['job']}").status_code == 200
    (line,) = json.loads(ana.get("/api/v1/judgements").text)
    assert (line["judgement"], line["verdict"], line["by"]) == (given["judgement"], "firm", "ana@college.example")
    back = ana.post(f"/api/v1/judgements/{line['judgement']}/withdraw", json={}, headers=token)
    assert back.status_code == 200
    assert json.loads(ana.get("/api/v1/judgements").text) == []


MOVED = """
agency,source_id,business,name,title,email,mobile
Workforce Board,W1,B1,Ines Orr,Plant manager,,815-555-2323
Harbor College,H1,78,Ines Orr,Owner,,
"""


def test_a_person_who_moved_is_one_and_both_jobs_show_with_their_days(ana: PageClient, db: Store) -> None:
    import_text(db, BUSINESSES)
    import_text(db, MOVED)
    import_text(db, CONTACTS.format("2026-01-05", "2026-02-05", "2026-03-05"))
    old, new = (person_record(db, key) for key in ("W1", "H1"))
    pair = judgements.pair_of(old, new)
    page = ana.get(f"/review/{pair}")
    assert [str(button["value"]) for button in soup(page).select("button[name=verdict]")][:3] == [
        "same", *(f"moved:{id}" for id in pair.split("~"))
    ]  # fmt: skip
    assert answer(ana, pair, f"moved:{new}x").status_code == 422
    assert answer(ana, pair, f"moved:{new}", moved_on="soon").status_code == 422
    assert answer(ana, pair, f"moved:{new}", moved_on="2026-02-01").status_code == 303
    jobs.run_all(db)
    things = {id: reviews.list_members(db, "person", [id])[id][0] for id in (old, new)}
    person = things[old]
    assert things[new] == person
    works = read_card(ana.get(f"/people/{person}"), "Works at")
    assert works.index("Omega Plastics") < works.index("Fennatek")
    assert "Since Feb 1, 2026" in works
    assert "until Feb 1, 2026" in works
    assert "Met there Jan 5, 2026" in works
    business = db.read("MATCH (:BusinessRecord {key: 'B1'})-[:RESOLVES_TO]->(b:Business) RETURN b.id AS id")[0]["id"]
    assert "until Feb 1, 2026" in words(ana.get(f"/businesses/{business}"))
    assert "moved" in words(ana.get(f"/log?business={business}"))
    before = snapshot(db)
    recompute(db)
    assert snapshot(db) == before
    assert "the same, moved" in words(ana.get("/review/decisions?verdict=moved"))
    # The other way round is said of the same pair: the later counts.
    assert answer(ana, pair, f"moved:{old}").status_code == 303
    jobs.run_all(db)
    works = read_card(ana.get(f"/people/{person}"), "Works at")
    assert works.index("Fennatek") < works.index("Omega Plastics")
    (judged_now,) = judgements.list_judgements(db, OWNER)
    assert ana.send(f"/review/judgements/{judged_now.id}/withdraw", page="/review/decisions").status_code == 303
    jobs.run_all(db)
    roles = db.read("MATCH (:Executive)-[h:HOLDS_ROLE]->(:Business) RETURN h.is_former AS former")
    assert [row["former"] for row in roles] == [False, False]


def person_record(db: Store, key: str) -> str:
    return db.read("MATCH (p:PersonRecord {key: $key}) RETURN p.id AS id", key=key)[0]["id"]


def read_card(page: TestResponse, title: str) -> str:
    (card,) = [card for card in soup(page).select(".card") if card.h2 and card.h2.get_text().startswith(title)]
    return " ".join(card.get_text(" ").split())


def test_businesses_do_not_move_from_firm_to_firm(ana: PageClient, db: Store) -> None:
    make_review_world(db)
    pair = first_pair(db)
    assert answer(ana, pair, "moved").status_code == 422
    assert judged(db, pair) is None
