"""The history of imports: every file, who brought it, when, how it was read, and the file itself."""

from crm.access import OWNER
from crm.graph import imports
from crm.graph.driver import Store
from tests.factories import import_text
from tests.web.import_steps import BUSINESSES, VISITS, bring, do_jobs, press, upload
from tests.web.pages import PageClient, soup, words


def list_files(page: object) -> list[str]:
    rows = soup(page).select('table tbody tr th a[href^="/imports/i"]')  # type: ignore[arg-type]
    return [row.text for row in rows]


def test_the_history_is_filtered_by_kind_system_and_person(ana: PageClient, ada: PageClient, db: Store) -> None:
    bring(db, ana, businesses=BUSINESSES)
    bring(db, ana, programs="program\nWelding\n")
    import_text(db, "source_id,name\n7,Acme\n", "crm-export.csv", agency="Harbor College", system="salesforce")
    assert list_files(ana.get("/imports")) == ["crm-export.csv", "programs.csv", "businesses.csv"]
    assert list_files(ana.get("/imports?kind=programs")) == ["programs.csv"]
    assert list_files(ana.get("/imports?system=salesforce")) == ["crm-export.csv"]
    assert list_files(ana.get("/imports?person=ana@college.example")) == ["programs.csv", "businesses.csv"]
    assert list_files(ana.get("/imports?person=ana@college.example&kind=businesses")) == ["businesses.csv"]
    assert "No import fits" in words(ana.get("/imports?kind=seats"))
    options = [option.text for option in soup(ana.get("/imports")).select("#filter-person option")]
    assert options == ["All", "ana@college.example", "the command line"]


def test_filters_show_nothing_of_another_agencys_imports(ana: PageClient, eve: PageClient, db: Store) -> None:
    bring(db, ana, businesses=BUSINESSES)
    page = eve.get("/imports?kind=businesses")
    assert list_files(page) == []
    assert "ana@college.example" not in page.text


def test_an_import_tells_the_version_of_the_column_map_by_which_it_was_read(ana: PageClient, db: Store) -> None:
    said = {"meaning-2": "person", "fill-text-0": "Visits"}
    preview = do_jobs(db, ana, press(ana, upload(ana, visits=VISITS), "Show me what it will do", **said))
    do_jobs(db, ana, press(ana, preview, "Import "))
    (found,) = imports.list_imports(db, OWNER)
    assert found.profile == "Harbor College, plain, touchpoints"
    assert found.profile_version == 1
    assert "read by “Harbor College, plain, touchpoints”, version 1" in words(ana.get("/imports"))


def test_the_list_offers_each_file_as_it_came(ana: PageClient, db: Store) -> None:
    bring(db, ana, businesses=BUSINESSES)
    import_text(db, "source_id,name\n7,Acme\n", "from-the-shell.csv", agency="Harbor College")
    (offered,) = soup(ana.get("/imports")).select('a[href$="/original"]')
    assert ana.get(str(offered["href"])).data == BUSINESSES.encode()
