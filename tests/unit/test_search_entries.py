"""What leads to a thing, packed into one text."""

from crm.search.entries import Entry, pack, pack_business, pack_person, unpack

RECORDS = [
    {"id": "r1", "name": "Acme Tool, Inc.", "phone": "(815) 555-0123", "street": "12 Main St", "city": "Rockford"},
    {"id": "r2", "name": "ACME TOOL dba Zeta", "phone": "8155550123", "zip": "61101", "email": "Info@Acme.com"},
]
GOLDEN = {"name": "Acme Tool, Inc.", "city": "Rockford", "county": "Winnebago", "naics": "332710"}


def test_a_business_is_found_by_all_that_any_record_says() -> None:
    entry = unpack(pack_business("b1", GOLDEN, RECORDS, agencies=["a1", "a2"], contacts=3))
    assert entry == Entry(
        id="b1",
        name="Acme Tool, Inc.",
        agencies="a1 a2",
        names="acme tool\tzeta\tacme tool zeta",
        words="12 main st 61101 rockford",
        phones="8155550123",
        addresses="info@acme.com acme.com",
        employers="",
        places="Winnebago\tRockford\t",
        naics="332710",
        contacts="3",
    )


def test_the_text_does_not_depend_on_the_order_of_records() -> None:
    texts = {pack_business("b1", GOLDEN, of, agencies=["a1"], contacts=0) for of in (RECORDS, RECORDS[::-1])}
    assert len(texts) == 1


def test_a_person_is_found_by_name_title_numbers_and_employers() -> None:
    record = {"id": "q1", "first_name": "Jane", "last_name": "Doe", "title": "HR Manager", "mobile": "815-555-0100"}
    entry = unpack(pack_person("e1", {"name": "Jane Doe"}, [record], agencies=["a1"], employers=["b1", "b2"]))
    assert (entry.names, entry.words, entry.phones, entry.employers) == (
        "jane doe",
        "hr manager",
        "8155550100",
        "b1 b2",
    )


def test_line_ends_and_tabs_in_a_cell_cannot_be_taken_for_the_ends_of_values() -> None:
    golden = {"name": "Acme\n\tTool\x1f\u2028", "county": "A\tB", "naics": "33\n2"}
    entry = unpack(pack_business("b1", golden, [{"name": "Axe\nBolt", "city": "C\tD"}], agencies=[], contacts=0))
    assert (entry.name, entry.names, entry.places, entry.naics) == (
        "Acme Tool",
        "acme tool\taxe bolt",
        "A B\t\t",
        "33 2",
    )
    assert unpack(pack(entry)) == entry


def test_free_mail_and_shared_hosts_lead_to_nobody() -> None:
    records = [{"name": "A", "email": "a@gmail.com", "website": "https://facebook.com/acme"}]
    assert unpack(pack_business("b1", {}, records, agencies=[], contacts=0)).addresses == "a@gmail.com"
