"""A list that nobody has seen before, thirty columns wide, in a browser: mapped once in a few steps, then in one."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

import importers.jobs  # noqa: F401  # what a worker can do
from crm.config import Settings
from crm.graph import profiles
from crm.graph.driver import Store
from crm.services import passwords
from crm.services.jobs import run_all
from tests.browser.conftest import Serve
from tests.browser.visits import DESKTOP, PHONE, Visit, visiting
from tests.web.conftest import PASSWORD, add_people, make_app

pytestmark = pytest.mark.browser
SIZES = {"phone": PHONE, "desktop": DESKTOP}
HEADINGS = (
    "Log #", "Dt of contact", "Emplr name", "Emplr street", "Emplr town", "ST", "Zip", "Emplr ph", "Web", "FEIN",
    "Ind. code", "# emps", "Spoke w/", "Role", "Direct e-mail", "Cell", "How contacted", "In/Out", "Why", "Discussed",
    "Got through?", "Result", "Next step", "Next step due", "Our rep", "Region code", "Fax", "Fiscal qtr", "Entered by",
    "Comments",
)  # fmt: skip
ROW = (
    "L-{n}", "3/{day}/2026", "Tern Works {n}", "{n} Dock Street", "Dunmarrow", "WI", "5332{n}", "608-555-010{n}",
    "www.tern{n}.example", "04-123456{n}", "332710", "2{n}", "Ana Silva{n}", "Plant manager", "ana{n}@tern.example",
    "608-555-020{n}", "{how}", "Out", "BRE visit", "welders;apprentices", "Y", "Needs two welders", "Send the list",
    "4/{day}/2026", "jo@college.example", "R7", "608-555-0300", "Q3", "JO", "Ask again in May, before the harvest.",
)  # fmt: skip
# A person needs half a minute for a step; five minutes are ten of them, and the script has no more.
MOST_STEPS = 10
FIVE_MINUTES = 300
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


def write_sheet(first: int) -> str:
    lines = ["Business services log,FY26" + "," * 28, ",".join(HEADINGS)]
    for n in range(first, first + 6):
        cells = [cell.format(n=n - first, day=13 + n, how=("Site Visit", "Zoom", "Pigeon")[n % 3]) for cell in ROW]
        lines.append(",".join(f'"{cell}"' if "," in cell else cell for cell in cells))
    return "\n".join(lines) + "\n"


@pytest.fixture
def address(db: Store, serve: Serve) -> Iterator[str]:
    add_people(db, passwords.hash_password(PASSWORD))
    with serve(make_app(Settings(graph=db.settings, secret_key="only for tests"), db)) as address:
        yield address


class Steps:
    """What somebody does on the pages, each a step."""

    def __init__(self) -> None:
        self.count = 0

    def press(self, button: Locator) -> None:
        self.count += 1
        button.click()

    def choose(self, field: Locator, value: str) -> None:
        """A select that stands on it already is no step."""
        if field.input_value() != value:
            self.count += 1
            with field.page.expect_response(lambda answer: answer.request.method == "POST"):
                field.select_option(value)
            field.page.wait_for_function(f"() => !document.querySelector('{BUSY}')")


def send(visit: Visit, steps: Steps, path: Path, text: str) -> None:
    path.write_text(text)
    visit.open("/imports")
    visit.page.get_by_label("Files to look at").set_input_files(path)
    steps.press(visit.page.get_by_role("button", name="Look at the files"))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_an_unknown_list_of_thirty_columns_is_mapped_in_few_steps_and_the_next_in_one(
    db: Store, address: str, chromium: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    begun, steps = time.monotonic(), Steps()
    with visiting(chromium, address, email="ana@college.example", size=size) as ana:
        page = ana.page
        send(ana, steps, tmp_path / "log.csv", write_sheet(0))
        expect(page.locator("h1")).to_have_text("What do the columns mean?")
        steps.choose(page.locator("#kind"), "touchpoints")
        for heading, meaning in (
            ("Dt of contact", "date"), ("Emplr name", "business"), ("Emplr town", "businesses.city"),
            ("Our rep", "staff"), ("Entered by", "none"), ("Spoke w/", "person"), ("Role", "people.title"),
            ("Next step due", "promise_due"), ("How contacted", "channel"), ("Why", "purpose"),
        ):  # fmt: skip
            steps.choose(page.get_by_label(f"What “{heading}” means", exact=True), meaning)
        expect(page.locator("#first-rows")).to_contain_text("Tern Works 0")
        steps.choose(page.get_by_label("What “Pigeon” means"), "channel:letter")
        expect(page.locator("#first-rows")).to_contain_text("Ana Silva0")
        program = page.locator("#need-program").get_by_label("For every row")
        steps.count += 1
        program.fill("Business services")
        steps.press(page.get_by_role("button", name="Show me what it will do"))
        run_all(db)
        # The page of the progress loads itself again when the job is done.
        expect(page.locator("h1")).to_have_text("What this file will do", timeout=60_000)
        assert steps.count <= MOST_STEPS
        assert time.monotonic() - begun < FIVE_MINUTES
        page.get_by_role("button", name="Import 6 rows").click()
        run_all(db)
        expect(page).to_have_url(re.compile(r"/imports/i\w+$"), timeout=60_000)
        (profile,) = profiles.list_profiles(db).values()
        assert "channel:pigeon=letter" in profile["values"]
        again = Steps()
        send(ana, again, tmp_path / "next.csv", write_sheet(6))
        run_all(db)
        # The page of the progress loads itself again when the job is done.
        expect(page.locator("h1")).to_have_text("What this file will do", timeout=60_000)
        expect(page.get_by_role("button", name="Import 6 rows")).to_be_visible()
        assert again.count == 1
