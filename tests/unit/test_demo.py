"""The demo region as plain files: its size, its skew, and that nobody and nothing in it exists."""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from crm.demo.agencies import AGENCIES
from crm.demo.files import KINDS, build_rows, write_files
from crm.demo.links import FIRST_AGREEMENT
from crm.demo.listings import list_businesses
from crm.demo.sites import build_sites
from importers.check import Refusal, check_rows
from importers.kinds import BY_NAME
from importers.profiles import make_profile
from importers.read import open_sheet

TODAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_files(tmp_path_factory.mktemp("demo"), TODAY)


@pytest.fixture(scope="module")
def rows() -> dict[str, list[dict[str, str]]]:
    return {kind: list(made) for kind, made in build_rows(TODAY).items()}


def test_the_region_is_as_large_as_it_says(rows: dict[str, list[dict[str, str]]]) -> None:
    sizes = {kind: len(made) for kind, made in rows.items()}
    assert sizes == {
        "programs": 40, "businesses": 9_000, "people": 6_000, "touchpoints": 25_000, "referrals": 320, "agreements": 3,
        "tables": 17, "seats": 213, "meetings": 213, "sectors": 2,
    }  # fmt: skip
    assert len(AGENCIES) == 12
    assert len({listing.site.no for listing in list_businesses(build_sites(), TODAY)}) == 3_000


def test_the_same_day_gives_the_same_files(files: dict[str, Path], tmp_path: Path) -> None:
    again = write_files(tmp_path, TODAY)
    assert [path.name for path in again.values()] == [path.name for path in files.values()]
    assert all(path.read_bytes() == again[kind].read_bytes() for kind, path in files.items())


def test_a_week_later_everything_is_a_week_later(rows: dict[str, list[dict[str, str]]]) -> None:
    later = build_rows(TODAY + timedelta(days=7))
    agreed = [(row["from"], row["to"]) for row in rows["agreements"]]
    moved = [(row["from"], row["to"]) for row in later["agreements"]]
    assert [(_add(begun), _add(ended)) for begun, ended in agreed] == moved
    assert [row["name"] for row in later["businesses"]] == [row["name"] for row in rows["businesses"]]


@pytest.mark.parametrize("kind", KINDS)
def test_the_import_refuses_no_row_and_leaves_no_column_out(files: dict[str, Path], kind: str) -> None:
    sheet = open_sheet(files[kind])
    mapping = make_profile(sheet.headers).map_columns(sheet.headers)
    assert mapping.kind is BY_NAME[kind]
    assert mapping.unused == ()
    assert [row for row in check_rows(sheet, mapping) if isinstance(row, Refusal)] == []
    sheet.close()


def test_every_telephone_number_is_one_of_nobodys(rows: dict[str, list[dict[str, str]]]) -> None:
    cells = [row[name] for row in rows["businesses"] for name in ("phone",) if row[name]]
    cells += [row[name] for row in rows["people"] for name in ("phone", "mobile", "assistant_phone") if row[name]]
    assert len(cells) > 5_000
    assert [cell for cell in cells if not re.search(r"55501\d\d$", re.sub(r"\D", "", cell))] == []


def test_every_address_on_the_net_is_one_of_nobodys(files: dict[str, Path]) -> None:
    text = "".join(path.read_text() for path in files.values())
    hosts = {
        found.lower()
        for found in re.findall(r"@([\w.-]+)|www\.([\w.-]+)|//([\w.-]+)", text)
        for found in found
        if found
    }
    assert len(hosts) > 1_000
    assert [host for host in hosts if not host.endswith(".example")] == []


def test_employer_numbers_begin_with_what_is_given_to_nobody(rows: dict[str, list[dict[str, str]]]) -> None:
    assert {row["ein"][:3] for row in rows["businesses"] if row["ein"]} == {"00-"}


def test_a_few_are_asked_all_the_time_and_most_never(rows: dict[str, list[dict[str, str]]]) -> None:
    sites = {(one.agency.name, one.key): one.site.no for one in list_businesses(build_sites(), TODAY)}
    asked = Counter(sites[row["agency"], row["business"]] for row in rows["touchpoints"])
    assert len(asked) < 1_500
    busiest = sum(count for _, count in asked.most_common(300))
    assert busiest > 0.6 * sum(asked.values())
    agencies: dict[int, set[str]] = {}
    for row in rows["touchpoints"]:
        agencies.setdefault(sites[row["agency"], row["business"]], set()).add(row["agency"])
    assert all(len(agencies[site]) >= 6 for site, _ in asked.most_common(20))


def test_contacts_go_over_two_years_and_some_are_planned(rows: dict[str, list[dict[str, str]]]) -> None:
    days = [date.fromisoformat(row["date"]) for row in rows["touchpoints"]]
    assert TODAY - timedelta(days=730) <= min(days) < TODAY - timedelta(days=700)
    assert TODAY + timedelta(days=20) < max(days) <= TODAY + timedelta(days=40)
    planned = [row for row in rows["touchpoints"] if row["date"] > TODAY.isoformat()]
    assert 100 < len(planned) < 500
    assert not any(row["reached"] or row["outcome"] or row.get("promise") for row in planned)


def test_promises_are_kept_late_and_due_soon(rows: dict[str, list[dict[str, str]]]) -> None:
    open_ones = [row["promise_due"] for row in rows["touchpoints"] if row.get("promise") and not row["promise_kept_on"]]
    soon = (TODAY + timedelta(days=14)).isoformat()
    assert sum(due < TODAY.isoformat() for due in open_ones) > 50
    assert sum(TODAY.isoformat() <= due <= soon for due in open_ones) > 20
    assert sum(bool(row.get("promise_kept_on")) for row in rows["touchpoints"]) > 1_000


def test_agencies_go_together_more_often_once_they_have_agreed(rows: dict[str, list[dict[str, str]]]) -> None:
    begun = (TODAY - timedelta(days=FIRST_AGREEMENT.begun)).isoformat()
    bound = [row for row in rows["touchpoints"] if row["agency"] in FIRST_AGREEMENT.agencies]
    before = [";" in row["program"] for row in bound if row["date"] < begun]
    after = [";" in row["program"] for row in bound if row["date"] >= begun]
    assert sum(after) / len(after) > 3 * sum(before) / len(before)


def test_one_agency_has_stopped_reporting_and_one_began_late(rows: dict[str, list[dict[str, str]]]) -> None:
    days: dict[str, list[str]] = {}
    for row in rows["touchpoints"]:
        days.setdefault(row["agency"], []).append(row["date"])
    assert max(days["Adult Learning Alliance"]) < (TODAY - timedelta(days=70)).isoformat()
    assert min(days["Valley Veterans Career Network"]) > (TODAY - timedelta(days=425)).isoformat()


def _add(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=7)).isoformat() if day else ""
