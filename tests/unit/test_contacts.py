"""Contacts as columns: built from a bulk read, and kept in step business by business."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm.analysis.contacts import LISTS, read_contacts, read_parts
from crm.analysis.days import (
    Period,
    get_date,
    get_day,
    get_last_year,
    list_days,
    list_months,
    name_month,
)
from crm.analysis.history import build_history
from crm.analysis.knocks import measure_region
from tests.knock_worlds import Site, make_region, make_rows, make_sites, make_touch, make_world

AS_OF = get_day(date(2026, 12, 31))
BAKERY = make_touch("2026-03-01", "WDB")
SMITHY = make_touch("2026-03-20", "VR", business="smithy")


def make_row(**changes: Any) -> dict[str, Any]:
    (row,) = make_rows(make_world(BAKERY))
    return {**row, **changes}


class TestReading:
    def test_flat_columns_give_the_same_as_lists_by_business(self) -> None:
        rows = make_rows(make_world(BAKERY, SMITHY, make_touch("2026-04-01", "WDB", "VR")))
        counts = [len(row["day"]) for row in rows]  # type: ignore[arg-type]
        columns = {name: [value for row in rows for value in row[name]] for name in LISTS}  # type: ignore[attr-defined]
        flat = read_parts([([str(row["business"]) for row in rows], counts, columns)])
        listed = read_contacts(rows)
        assert flat.words == listed.words
        for name in ("business", *LISTS):
            assert getattr(flat, name).tolist() == getattr(listed, name).tolist()

    def test_lists_of_different_length_are_refused(self) -> None:
        with pytest.raises(ValueError, match="channel"):
            read_contacts([make_row(channel=[])])

    @pytest.mark.parametrize("values", [[], ["visit", "visit"]])
    def test_flat_columns_of_another_length_are_refused(self, values: list[str]) -> None:
        columns = {name: make_row()[name] for name in LISTS} | {"channel": values}
        with pytest.raises(ValueError, match="channel"):
            read_parts([(["bakery"], [1], columns)])

    def test_parts_give_the_same_as_all_at_once(self) -> None:
        rows = make_rows(make_world(BAKERY, SMITHY, make_touch("2026-04-01", "WDB", "VR")))
        listed = read_contacts(rows)
        parts = read_parts(
            ([str(row["business"])], [len(row["day"])], {name: row[name] for name in LISTS})  # type: ignore[arg-type]
            for row in rows
        )
        assert parts.words == listed.words
        for name in ("business", *LISTS):
            assert getattr(parts, name).tolist() == getattr(listed, name).tolist()

    def test_no_parts_are_no_contacts(self) -> None:
        assert len(read_parts([])) == 0

    @pytest.mark.parametrize("programs", [[], None, ""])
    def test_a_touchpoint_without_a_program_is_refused(self, programs: Any) -> None:
        with pytest.raises(ValueError, match="without a program"):
            read_contacts([make_row(programs=[programs])])

    def test_one_program_may_come_alone_or_in_a_list(self) -> None:
        assert read_contacts([make_row(programs=["WDB"])]).words == read_contacts([make_row(programs=[["WDB"]])]).words

    @pytest.mark.parametrize(("word", "reached"), [("no", False), (" NO ", False), (False, False), (True, True)])
    def test_words_are_read_ignoring_case_and_truth_values_as_yes_and_no(self, word: Any, reached: bool) -> None:
        region = make_region(make_world(BAKERY))
        region = region.change(contacts=[make_row(reached=[word])])
        lookups = build_history(region, as_of=AS_OF).lookups
        code = int(region.contacts.reached[0])
        assert bool(lookups.reached[code]) == reached
        assert not lookups.blank_reached[code]

    def test_a_word_of_no_table_counts_as_a_blank_and_is_said(self) -> None:
        region = make_region(make_world(BAKERY)).change(contacts=[make_row(channel=["fax"], direction=["sideways"])])
        answer = measure_region(build_history(region, as_of=AS_OF))
        assert answer.assumed == {"direction": 1, "reached": 0, "channel": 1}
        assert answer.knocks == 1

    def test_a_program_that_is_not_in_the_directory_is_not_passed_over(self) -> None:
        region = make_region(make_world(BAKERY)).change(contacts=[make_row(programs=[["nobody's"]])])
        with pytest.raises(KeyError):
            build_history(region, as_of=AS_OF)


class TestChanges:
    def test_replacing_a_business_leaves_the_others(self) -> None:
        region = make_region(make_world(BAKERY, SMITHY))
        changed = make_region(make_world(BAKERY, SMITHY, make_touch("2026-05-01", "VR")))
        row = next(row for row in make_rows(make_world(BAKERY, make_touch("2026-05-01", "VR"))))
        again = region.change(contacts=[row]).contacts
        assert sorted(again.key.tolist()) == sorted(changed.contacts.key.tolist())
        assert len(region.contacts) == 2

    def test_an_empty_row_takes_all_contacts_of_a_business_away(self) -> None:
        region = make_region(make_world(BAKERY, SMITHY))
        left = region.change(contacts=[make_row(**{name: [] for name in LISTS})]).contacts
        assert left.key.tolist() == [SMITHY.key]

    def test_after_two_businesses_join_the_figures_are_those_of_one(self) -> None:
        sites = [Site("bakery"), Site("smithy")]
        region = make_region(make_world(BAKERY, SMITHY, sites=sites))
        history = build_history(region, as_of=AS_OF)
        assert measure_region(history).redundant == 0
        both = make_rows(make_world(BAKERY, make_touch("2026-03-20", "VR"), sites=sites))
        joined = region.change(contacts=both, gone=["smithy"])
        answer = measure_region(history.update(joined, ["bakery", "smithy"]))
        assert (answer.knocks, answer.redundant, answer.universe) == (2, 1, 1)
        assert [row.business for row in answer.businesses] == ["bakery"]

    def test_changed_values_of_a_business_are_used(self) -> None:
        region = make_region(make_world(BAKERY))
        history = build_history(region, as_of=AS_OF)
        sites = make_sites(make_world(sites=[Site("bakery", employees=300), Site("mill")]))
        answer = measure_region(history.update(region.change(businesses=sites), ["bakery"]))
        assert answer.businesses[0].budget == 4.0
        assert (answer.universe, answer.untouched) == (2, 1)

    def test_a_contact_with_a_business_that_is_not_listed_still_counts(self) -> None:
        answer = measure_region(build_history(make_region(make_world(SMITHY)), as_of=AS_OF))
        assert [(row.business, row.name, row.budget) for row in answer.businesses] == [("smithy", "", 1.0)]
        assert (answer.universe, answer.gini) == (1, None)


class TestDays:
    def test_days_are_counted_from_1970(self) -> None:
        assert get_day(date(1970, 1, 2)) == 1
        assert get_date(get_day(date(2026, 2, 28))) == date(2026, 2, 28)
        assert list_days(["2026-03-01", "1969-12-31", "2026-03-01"]) == [20513, -1, 20513]

    def test_the_last_year_is_365_days_that_end_with_the_day(self) -> None:
        assert get_last_year(1000) == Period(636, 1000)

    def test_months_are_all_that_a_period_touches(self) -> None:
        period = Period(get_day(date(2025, 11, 30)), get_day(date(2026, 2, 1)))
        assert [name_month(month) for month in list_months(period)] == ["2025-11", "2025-12", "2026-01", "2026-02"]

    def test_a_period_that_ends_before_it_begins_has_no_months(self) -> None:
        assert list_months(Period(10, 9)) == []
