"""What somebody does to import, step by step, as a browser sends it. Jobs are done here instead of by a worker."""

import io
import re

from werkzeug.test import TestResponse

import importers.jobs  # noqa: F401  # what a worker can do
from crm.graph.driver import Store
from crm.services.jobs import run_all
from tests.web.pages import PageClient, form_token, soup

BUSINESSES = """source_id,name,street,city,zip,phone,employees
B-1,Harbor Bakery,27 Dock Street,Boston,02134,617-555-0117,24
B-2,Cascade Casting,88 Harbor Road,Everett,98201,425-555-0100,180
B-3,Okafor Machine,17 Mill Street,Renton,98057,425-555-0199,many
"""
VISITS = """Met on;Company;With;Spoke about
14/3/2026;Harbor Bakery;Ana Silva;bakers
31/3/2026;Cascade Casting;Bo Lund;apprentices
"""


def upload(client: PageClient, **texts: str | bytes) -> TestResponse:
    """Send files (name without ending -> content) and follow to where it leads."""
    files = [
        (io.BytesIO(text if isinstance(text, bytes) else text.encode()), f"{name}.csv") for name, text in texts.items()
    ]
    token = form_token(client.get("/imports"))
    return client.post(
        "/imports",
        data={"csrf_token": token, "files": files},
        content_type="multipart/form-data",
        follow_redirects=True,
    )


def press(client: PageClient, page: TestResponse, words: str, **more: str) -> TestResponse:
    """Press the button of these words on a page, with all fields that stand in its form, and follow."""
    form = next(
        form
        for form in soup(page).select("form[method=post]")
        for button in form.select("button")
        if words in button.text
    )
    fields: dict[str, str] = {}
    for control in form.select("input[name]"):
        if control.get("type") not in ("checkbox", "file") or control.has_attr("checked"):
            fields[str(control["name"])] = str(control.get("value", ""))
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        fields[str(select["name"])] = str(chosen.get("value", chosen.text)) if chosen else ""
    path = str(form.get("action") or page.request.path)
    return client.post(path, data=fields | more, follow_redirects=True)


def do_jobs(db: Store, client: PageClient, page: TestResponse) -> TestResponse:
    """Let the jobs be done, and look at the page again."""
    run_all(db)
    return client.get(page.request.path, follow_redirects=True)


def bring(db: Store, client: PageClient, **texts: str | bytes) -> TestResponse:
    """Upload plain files, look at what they will do, and import them; the page of the result."""
    preview = do_jobs(db, client, upload(client, **texts))
    return do_jobs(db, client, press(client, preview, "Import "))


def counts(page: TestResponse) -> dict[str, int]:
    """The five totals of the first file on a page: new, changed, same, review, refused."""
    totals = soup(page).select_one(".totals")
    assert totals is not None, page.text
    return {
        str(part["class"][0]): int(re.sub(r"\D", "", part.select_one("b").text))  # type: ignore[union-attr]
        for part in totals.select(":scope > *")
    }


def link(page: TestResponse, selector: str) -> str:
    """Where the first element of this selector leads."""
    found = soup(page).select_one(selector)
    assert found is not None, f"no {selector} on {page.request.path}"
    return str(found["href"])
