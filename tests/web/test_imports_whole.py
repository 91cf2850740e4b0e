"""Files that are always the whole list, on the pages: what one lacks is shown and marked."""

from crm.graph import profiles
from crm.graph.driver import Store
from tests.web.import_steps import BUSINESSES, do_jobs, link, press, upload
from tests.web.pages import PageClient, soup

LIST = BUSINESSES.replace(",many", ",9") + "B-4,Tern Welding,4 Mill Street,Kent,98030,425-555-0111,3\n"


def say_whole(db: Store, client: PageClient, text: str) -> str:
    """Upload a list, say on the page of its columns that it is the whole one, and go to its preview (address)."""
    page = upload(client, firms=text)
    path = page.request.path
    columns = client.get(f"{path}/files/0")
    assert "This file is always the whole list" in columns.text
    return press(client, columns, "Show me what it will do", complete="1", save="1").request.path


def test_a_whole_list_is_said_once_and_what_the_next_one_lacks_is_shown_and_marked(db: Store, ana: PageClient) -> None:
    preview = do_jobs(db, ana, ana.get(say_whole(db, ana, LIST)))
    do_jobs(db, ana, press(ana, preview, "Import 4 rows"))
    (profile,) = profiles.list_profiles(db).values()
    assert profile["complete"] is True

    shorter = LIST.replace("B-4,Tern Welding,4 Mill Street,Kent,98030,425-555-0111,3\n", "")
    preview = do_jobs(db, ana, upload(ana, firms=shorter))
    assert "1 row of earlier files is not in firms.csv" in " ".join(soup(preview).text.split())
    lacking = ana.get(link(preview, "a[href$='/lacking']"))
    assert "Tern Welding" in lacking.text
    assert "Harbor Bakery" not in lacking.text
    done = do_jobs(db, ana, press(ana, preview, "Mark them"))
    assert "marked as no longer sent" in done.text
    rows = ana.get(link(done, "a[href$='what=unsent']"))
    assert "Tern Welding" in rows.text
    business = ana.get(link(rows, "a[href^='/businesses/']"))
    assert "no longer sent since" in business.text


def test_a_list_that_lacks_more_than_half_goes_in_only_when_somebody_is_sure(db: Store, ana: PageClient) -> None:
    preview = do_jobs(db, ana, ana.get(say_whole(db, ana, LIST)))
    do_jobs(db, ana, press(ana, preview, "Import 4 rows"))
    few = "\n".join([*LIST.splitlines()[:1], LIST.splitlines()[1].replace("Bakery", "Cafe")]) + "\n"
    preview = do_jobs(db, ana, upload(ana, firms=few))
    assert "Is this really the whole list?" in preview.text
    refused = press(ana, preview, "Import 1 row")
    assert refused.status_code == 400 or "More than half" in refused.text
    assert db.read("MATCH (u:Unsent) RETURN count(u) AS n") == [{"n": 0}]
    do_jobs(db, ana, press(ana, ana.get(preview.request.path), "Import 1 row", sure="1"))
    assert db.read("MATCH (u:Unsent) RETURN count(u) AS n") == [{"n": 3}]
