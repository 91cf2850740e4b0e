"""What is found by what somebody types, and in which order."""

import pytest

from crm.search.index import Index
from tests.unit.search_entries import business, find, find_people, index, person


@pytest.fixture(scope="module")
def region() -> Index:
    return index(
        business("b1", "Acme Tool & Die, Inc.", street="412 Alder Street", city="Rockford", zip="61101",
                 phone="(815) 555-0123", website="https://www.acmetool.com/about", email="info@acmetool.com"),
        business("b2", "Acme Bakery LLC", city="Peoria", phone="309-555-7777"),
        business("b3", "Northline Cold Storage", "NCS Warehouse", agencies=3, city="Rockford", website="nlcs-hq.net"),
        business("b4", "North Shore Bank", agencies=5, city="Peoria"),
        business("b5", "J. B. Hunt Transport", city="Joliet", legal_name="JBH Holdings Corporation"),
        business("b6", "Søndergaard & Sons Boatworks", city="Joliet"),
        business("b7", "Lakeside Mfg Co", city="Rockford"),
        business("b8", "Hunter Plastics dba Zeta Molding", city="Joliet"),
        person("e1", "Jane Doe", "b1", title="HR manager", email="jane.doe@acmetool.com", phone="815-555-0199"),
        person("e2", "Robert Hunter", "b8", title="Owner", mobile="815-555-0200"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("acme tool", "b1"),
        ("ACME TOOL AND DIE INC", "b1"),
        ("die tool acme", "b1"),
        ("acme tool & die llc", "b1"),
        ("acme rockford", "b1"),
        ("acme 61101", "b1"),
        ("412 alder st", "b1"),
        ("alder street rockford", "b1"),
        ("815 555 0123", "b1"),
        ("+1 (815) 555-0123", "b1"),
        ("815.555.0123 ext 14", "b1"),
        ("555-0123", "b1"),
        ("0123", "b1"),
        ("acmetool.com", "b1"),
        ("https://acmetool.com/contact", "b1"),
        ("www.acmet", "b1"),
        ("info@acmetool.com", "b1"),
        ("somebody@acmetool.com", "b1"),
        ("nlcs-hq", "b3"),
        ("acme peoria", "b2"),
        ("ncs", "b3"),
        ("jb hunt", "b5"),
        ("j.b. hunt", "b5"),
        ("j b hunt transport", "b5"),
        ("jbh holdings", "b5"),
        ("sondergaard", "b6"),
        ("lakeside manufacturing", "b7"),
        ("zeta molding", "b8"),
        ("hunter plastics dba zeta molding", "b8"),
    ],
)
def test_a_business_is_found_by(region: Index, typed: str, best: str) -> None:
    assert find(region, typed)[:1] == [best]


@pytest.mark.parametrize(
    "typed",
    [
        "northlne cold storage",  # left out
        "northliine cold storage",  # added
        "northlime cold storage",  # mistaken
        "nortlhine cold storage",  # changed about
        "orthline cold storage",
        "northlinecold storage",
        "north line cold storage",
        "northlin ecold storage",
        "northlinexcold storage",
        "northline cold storag",
        "cold storage northlnie",
    ],
)
def test_a_slip_does_not_matter(region: Index, typed: str) -> None:
    assert find(region, typed)[:1] == ["b3"]


@pytest.mark.parametrize("typed", ["hunterplastics", "hunte rplastics", "hunterxplastics", "hun terplastics"])
def test_a_slip_of_the_blank_between_the_only_words_does_not_matter(region: Index, typed: str) -> None:
    assert find(region, typed)[:1] == ["b8"]


def test_a_slip_in_a_number_is_forgiven_where_nothing_fits_better(region: Index) -> None:
    for typed in ("815-555-0132", "815-555-123", "815-555-01233", "815-555-0723"):
        assert find(region, typed) == ["b1"]
    assert find(region, "309-555-7777") == ["b2"]
    assert find(region, "312-000-9999") == []


def test_results_narrow_down_as_one_types(region: Index) -> None:
    assert set(find(region, "a")) >= {"b1", "b2"}
    assert find(region, "ac") == find(region, "acm") == ["b2", "b1"]
    assert find(region, "acme ")[:2] == ["b2", "b1"]
    assert find(region, "acme t") == ["b1"]
    assert find(region, "acme b")[0] == "b2"


def test_a_whole_word_comes_before_the_beginning_of_one(region: Index) -> None:
    assert find(region, "north") == ["b4", "b3"]


def test_a_name_that_is_said_in_full_comes_before_one_that_more_agencies_know() -> None:
    found = index(business("b1", "Acme"), business("b2", "Acme Supply of the North", agencies=8))
    assert find(found, "acme") == ["b1", "b2"]


def test_of_equals_the_one_that_more_agencies_know_comes_first_then_by_name_and_id() -> None:
    found = index(
        business("b4", "Acme Bolt"),
        business("b3", "Acme Bolt"),
        business("b2", "Acme Axle"),
        business("b1", "Acme Wire", agencies=3),
    )
    assert find(found, "acme") == ["b1", "b2", "b3", "b4"]


def test_a_name_that_more_agencies_know_comes_before_one_that_is_a_little_shorter() -> None:
    found = index(business("b1", "Acme Bolt"), business("b2", "Acme Bolt Works", agencies=8))
    assert find(found, "acme") == ["b2", "b1"]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    common = [business(f"b{number}", f"Word{number:02d} Plumbing") for number in range(10, 30)]
    found = index(*common, business("b1", "Kowalczyk Heating"))
    assert find(found, "kowalczyk plumbing")[0] == "b1"


def test_a_name_weighs_more_than_a_town() -> None:
    found = index(business("b1", "Zeta Foods", city="Rockford"), business("b2", "Rockford Foods", city="Peoria"))
    assert find(found, "rockford") == ["b2", "b1"]
    assert find(found, "rockford foods") == ["b2", "b1"]
    known = index(
        business("b1", "Zeta Foods", city="Lake", agencies=8), business("b2", "Valley Orchards of Upper Lake Bakery")
    )
    assert find(known, "lake") == ["b2", "b1"]


def test_what_is_much_worse_than_the_best_is_left_out(region: Index) -> None:
    assert find(region, "acme tool die") == ["b1"]


def test_what_nobody_knows_is_not_found(region: Index) -> None:
    for typed in ("qqqqzzzz", "&", "...", "!!", "¿", "acm3xyzt qwrtzu plmkij"):
        assert region.search(typed).businesses.total == 0


def test_a_blank_text_means_everything_best_known_first(region: Index) -> None:
    found = region.search("  ")
    assert found.businesses.ids[:2] == ["b4", "b3"]
    assert (found.businesses.total, found.people.total) == (8, 2)


def test_people_are_found_by_name_title_firm_and_address(region: Index) -> None:
    for typed in ("jane doe", "doe jane", "jane do", "jnae doe", "hr manager", "jane acme", "jane rockford",
                  "jane.doe@acmetool.com", "815-555-0199"):  # fmt: skip
        assert find_people(region, typed) == ["e1"], typed
    assert find_people(region, "bob hunter") == ["e2"]
    assert find_people(region, "815 555 0200") == ["e2"]


def test_a_business_is_not_found_by_the_names_of_its_people(region: Index) -> None:
    assert find(region, "jane doe") == []


def test_pages_follow_each_other_without_gap_or_overlap() -> None:
    found = index(*(business(f"b{number:03d}", f"Acme {number % 7}") for number in range(50)))
    all_at_once = found.search("acme", most=50).businesses
    paged = [id for first in range(0, 50, 20) for id in found.search("acme", first=first, most=20).businesses.ids]
    assert paged == all_at_once.ids
    assert len(set(paged)) == all_at_once.total == 50


def test_hostile_and_long_texts_do_no_harm(region: Index) -> None:
    for typed in ("\0", "a\0b", "\ud800", "x" * 10_000, "a " * 5_000, "((((", "9" * 500, "@", "@@@", ".", "https://",
                  "\u202e", "😀", "شركة", "株式会社", "-- ' OR 1=1", "<script>"):  # fmt: skip
        region.search(typed)


def test_other_scripts_are_found_as_they_stand() -> None:
    found = index(business("b1", "Пекарня Иванова"), business("b2", "株式会社 山田"))
    assert find(found, "пекарня иванов") == ["b1"]
    assert find(found, "山田") == ["b2"]
