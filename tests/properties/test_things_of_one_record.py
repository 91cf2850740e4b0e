"""Most businesses and people have one record, and are computed in a shorter way: it gives what the long way gives."""

import json
from collections.abc import Iterable
from typing import Any, LiteralString

from hypothesis import given
from hypothesis import strategies as st

from crm.dedupe.golden import choose_business, choose_person
from crm.graph import business_records, person_records
from crm.graph.driver import Row
from crm.search.entries import pack_business, pack_person
from crm.services.golden import compute_new_businesses, compute_people_of

PIECES = (
    "Acme", "Tool", "& Die", "Inc.", "dba", "d/b/a", "(Rockford)", "The", "A.", "B.", "#2", "c/o", "None", "Müller",
    "Ёлка", "12 Main St", "61101", "(815) 555-0100", "x12", "0000000000", "https://www.acme.com/", "No", "two@at@signs",
    "facebook.com/acme", "office@acme.com", "a.b+c@gmail.com", "tab@in\there.com", "\t", "\n", "\u2028", "\x1f", '"',
)  # fmt: skip
CELLS = st.none() | st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join) | st.text(max_size=12)


def draw_records(columns: Iterable[str]) -> st.SearchStrategy[dict[str, Any]]:
    said = {
        "id": st.just("r1") | st.text(min_size=1, max_size=5),
        "agency_id": st.just("a1"),
        "said": st.integers(1, 5),
    }
    return st.fixed_dictionaries({name: said.get(name, CELLS) for name in columns if name != "seq"})


RECORDS = draw_records(business_records.READ_COLUMNS)
PEOPLE = draw_records(person_records.READ_COLUMNS)


@given(RECORDS)
def test_a_business_of_one_record_is_one_of_two_that_say_the_same(record: dict[str, Any]) -> None:
    golden = choose_business([record])
    assert golden == choose_business([record, record])
    texts = {pack_business("b1", golden.values, of, agencies=["a1"], contacts=3) for of in ([record], [record] * 2)}
    assert len(texts) == 1


@given(RECORDS)
def test_a_business_that_is_not_there_yet_has_no_contacts_and_a_firm_of_its_own(record: dict[str, Any]) -> None:
    golden = choose_business([record])
    [row] = compute_new_businesses({"b1": [record]})
    assert row == {
        **golden.values,
        "id": "b1",
        "search": pack_business("b1", golden.values, [record], agencies=["a1"], contacts=0),
        "contact_count": 0,
        "last_contact_on": None,
        "promised": [],
        "newest": [],
        "sources": json.dumps(golden.sources, separators=(",", ":"), sort_keys=True),
        "records": 1,
        "agencies": ["a1"],
        "firm_id": "o1",
        "firm_shared": False,
    }


class Nobody:
    """A graph in which nobody was opted out or has moved."""

    def read(self, query: LiteralString, **params: Any) -> list[Row]:
        return []


@given(PEOPLE, st.sampled_from(["yes", "YES ", "Yes", "no", None]))
def test_a_person_of_one_record_is_one_of_two_that_say_the_same(record: dict[str, Any], told: str | None) -> None:
    record |= {"do_not_contact": told}
    golden = choose_person([record])
    assert golden == choose_person([record, record])
    texts = {
        pack_person("e1", golden.values, of, agencies=["a1"], employers=["b 1", "b2"])
        for of in ([record], [record] * 2)
    }
    assert len(texts) == 1
    [row], roles = compute_people_of(Nobody(), {"e1": [record]})
    [other], others = compute_people_of(Nobody(), {"e1": [record] * 2})
    assert (row | {"records": 2}, roles) == (other, others)
