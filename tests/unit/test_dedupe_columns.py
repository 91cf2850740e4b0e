"""What the columns of any table mean: guessed from headings and cells, overruled by a person."""

import pytest

from crm.dedupe.columns import Layout, read_layout
from crm.dedupe.records import BusinessRow
from crm.dedupe.registers import RegisterRow
from crm.dedupe.tables import list_unused, pool_co_names, record_reader
from crm.errors import Refused

CHILDCARE = "rec_id,source,name,address,zip,phone,agency,director,center_director,website,email,program"
GENERATED = (
    "rec_id,source,name,dba,address,city,state,zip,phone,website,email,contact_name,contact_title,contact_phone,naics"
    ",list_date"
)
FEBRL = (
    "rec_id,source,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth,soc_sec_id"
)
HISTORICAL = (
    "rec_id,source,full_name,first_and_surname,first_name,surname,dob,birth_place,postcode_fake,gender,occupation"
)


def lay_out(headers: str, *rows: str, **said) -> Layout:
    names = headers.split(",")
    cells = [row.split(",") for row in rows]
    samples = {name: [row[n] for row in cells if row[n].strip()] for n, name in enumerate(names)}
    return read_layout(names, samples, **said)


def meanings(headers: str, *rows: str, **said) -> dict[str, str]:
    return {column.header: column.meaning for column in lay_out(headers, *rows, **said).columns}


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Company Name", "name"),
        ("BUSINESS_NAME", "name"),
        ("Organisation", "name"),
        ("Facility Name", "name"),
        ("companyName", "name"),
        ("DBA", "dba"),
        ("Doing Business As", "dba"),
        ("Trade Name", "dba"),
        ("Legal Business Name", "legal_name"),
        ("Street Address", "street"),
        ("Straße", "street"),
        ("Código postal", "zip"),
        ("Ville", "city"),
        ("Address1", "street"),
        ("ADDRESS LINE 2", "street"),
        ("Mailing Address", "street"),
        ("Suite", "unit"),
        ("Town", "city"),
        ("Mailing City", "city"),
        ("State/Province", "state"),
        ("ZIP Code", "zip"),
        ("PostCode", "zip"),
        ("Telephone No.", "phone"),
        ("Work Phone", "phone"),
        ("Business Phone Number", "phone"),
        ("Mobile", "phone"),
        ("URL", "website"),
        ("Web Address", "website"),
        ("E-mail", "email"),
        ("Email Address", "email"),
        ("FEIN", "ein"),
        ("Federal Tax ID", "ein"),
        ("Primary NAICS", "naics"),
        ("Contact Name", "people"),
        ("Executive Director", "people"),
        ("Owner", "people"),
        ("Contact First Name", "first_name"),
        ("Data Source", "agency"),
        ("Parent Company", "parent"),
        ("Telefone", "phone"),
        ("Fax", "none"),
        ("Contact Title", "none"),
        ("Latitude", "none"),
        ("ipc_class", "none"),
        ("列", "none"),
        ("postcode_checked", "zip"),
        ("HQ City", "city"),
        ("ADDR_LINE_1", "street"),
        ("phone_nbr", "phone"),
        ("Contact E-mail Address", "email"),
        ("Operator Name", "parent"),
        ("premise_name", "name"),
        ("Program Name", "none"),
        ("Fax Number", "none"),
        ("Country", "none"),
        ("ZIP+4", "none"),
        ("Store Number", "none"),
        ("phone date", "none"),
        ("", "none"),
    ],
)
def test_a_heading_of_a_list_of_businesses_says_what_it_is(heading: str, meaning: str) -> None:
    assert meanings(f"rec_id,{heading}", kind="business")[heading] == meaning


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Given Name", "first_name"),
        ("FirstName", "first_name"),
        ("Surname", "last_name"),
        ("MI", "middle_name"),
        ("NAME_LAST", "last_name"),
        ("Patient Name", "name"),
        ("Full Name", "name"),
        ("Contact", "name"),
        ("Job Title", "title"),
        ("Company", "employer"),
        ("Employer Name", "employer"),
        ("Organization", "employer"),
        ("Cell Phone", "mobile"),
        ("Work Email", "email"),
        ("DOB", "born_on"),
        ("Date of Birth", "born_on"),
        ("Geburtsdatum", "born_on"),
        ("Date de naissance", "born_on"),
        ("Apellidos", "last_name"),
    ],
)
def test_a_heading_of_a_list_of_people_says_what_it_is(heading: str, meaning: str) -> None:
    assert meanings(f"rec_id,{heading}", kind="person")[heading] == meaning


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (CHILDCARE, "business"),
        (GENERATED, "business"),
        (FEBRL, "person"),
        (HISTORICAL, "person"),
        ("rec_id,name", "business"),
        ("rec_id,name,title,company,email", "person"),
        ("rec_id,Company,First Name,Last Name,Email", "person"),
        ("rec_id,Business Name,Address,Phone,Contact First Name,Contact Last Name", "business"),
        ("rec_id,Company,Address,City,Phone,Website", "business"),
    ],
)
def test_the_columns_tell_businesses_from_people(headers: str, kind: str) -> None:
    assert lay_out(headers).kind == kind


def test_a_map_to_what_only_people_have_makes_it_a_list_of_people() -> None:
    assert lay_out("rec_id,a,b", maps=["a=last_name", "b=born_on"]).kind == "person"


def test_the_childcare_lists_are_read_as_they_are_meant() -> None:
    rows = [
        f"c{n},list{n % 9},Name {n},1 Main St,606{n:02},5551234,{f'Agency {n}' if n < 60 else ''},,,,,x"
        for n in range(90)
    ]
    found = meanings(CHILDCARE, *rows)
    assert found == {
        "rec_id": "rec_id", "source": "agency", "name": "name", "address": "street", "zip": "zip", "phone": "phone",
        "agency": "parent", "director": "people", "center_director": "people", "website": "website", "email": "email",
        "program": "none",
    }  # fmt: skip


def test_a_contacts_phone_counts_only_where_the_business_has_no_column_of_its_own() -> None:
    assert meanings("rec_id,name,phone,contact_phone")["contact_phone"] == "none"
    assert meanings("rec_id,name,contact_phone")["contact_phone"] == "phone"
    assert meanings("rec_id,name,mailing address,address")["mailing address"] == "none"


def test_cells_that_belie_their_heading_make_it_none() -> None:
    rows = ["1,Acme,yes,see below", "2,Baker,no,n/a", "3,Zeta,yes,ask"]
    assert meanings("rec_id,name,phone,email", *rows) == {
        "rec_id": "rec_id", "name": "name", "phone": "none", "email": "none"
    }  # fmt: skip


def test_cells_say_what_a_heading_does_not() -> None:
    rows = [
        f"{n},Firm Number{n},office{n}@firm{n}.example,www.firm{n}.example,(815) 555-01{n},12-34567{n},{n} Oak Street"
        for n in range(10, 20)
    ]
    found = meanings("rec_id,A,B,C,D,E,F", *rows)
    assert list(found.values()) == ["rec_id", "name", "email", "website", "phone", "ein", "street"]


def test_owners_that_are_firms_are_legal_names() -> None:
    rows = ["1,Corner Shop,Acme LLC", "2,Main Cafe,Baker Foods Inc", "3,Oak Deli,Zeta Corp."]
    assert meanings("rec_id,name,owner", *rows)["owner"] == "legal_name"


def test_a_person_overrules_guesses() -> None:
    found = meanings("rec_id,name,who,phone", maps=["who=dba", "Phone=none"])
    assert found == {"rec_id": "rec_id", "name": "name", "who": "dba", "phone": "none"}
    assert meanings("ID,a=b", maps=["id=REC ID", "a=b=name"]) == {"ID": "rec_id", "a=b": "name"}


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("nme=name", "no column 'nme'. Its columns are: rec_id, name"),
        ("name=nam", "cannot mean 'nam' in a list of businesses. It can mean: rec_id, agency, name, dba"),
        ("name", "Write COLUMN=MEANING"),
        ("=name", "Write COLUMN=MEANING"),
    ],
)
def test_a_map_that_cannot_be_followed_is_refused_with_what_can(rule: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        lay_out("rec_id,name", maps=[rule])


def read(headers: str, row: str, **said):
    return record_reader(lay_out(headers, row, **said))("u", row.split(","))


def test_streets_over_several_columns_are_joined() -> None:
    assert read("rec_id,name,street_number,address_1,suite", "u,Acme,12,Main St,4") == BusinessRow(
        "u", name="Acme", street="12 Main St unit 4"
    )
    assert read("rec_id,name,address1,address2", "u,Acme,12 Main St,Suite 4").street == "12 Main St Suite 4"
    assert read("rec_id,name,address,unit", "u,Acme,12 Main St,Ste 4").street == "12 Main St Ste 4"


def test_the_names_of_a_business_stand_beside_each_other() -> None:
    row = read("rec_id,name,dba,legal name", "u,Acme,Tools 4 U,Acme Holdings LLC")
    assert (row.name, row.legal_name) == ("Acme", "Acme Holdings LLC dba Tools 4 U")
    assert read("rec_id,name,legal name", "u,,Acme LLC").name == "Acme LLC"


def test_contacts_of_a_business_are_its_people() -> None:
    row = read("rec_id,name,director,contact first name,contact last name", "u,Acme,Ana Silva;Bo Li,Cy,Ross")
    assert row.people == ("Ana Silva", "Bo Li", "Cy Ross")


def test_a_person_has_names_and_employers() -> None:
    row = read("rec_id,First,Middle,Last,Suffix,Title,Company,Email", "u,Ana,M,Silva,Jr,Owner,Acme,a@acme.example")
    assert row == RegisterRow(
        "u", first_name="Ana M", last_name="Silva Jr", title="Owner", email="a@acme.example", employers=("Acme",)
    )


def test_a_register_says_more_of_a_person() -> None:
    row = read(FEBRL, "u,list,ana,silva,7,wallaby place,delmar,cleveland,2119,sa,19560409,1804974")
    assert row == RegisterRow(
        "u", agency="list", first_name="ana", last_name="silva", born_on="19560409", national_id="1804974",
        street="7 wallaby place delmar", city="cleveland", state="sa", zip="2119",
    )  # fmt: skip


def test_columns_that_nothing_is_made_of_are_told() -> None:
    assert list_unused(lay_out(GENERATED)) == ["contact_title", "contact_phone", "list_date"]


def test_lists_of_names_are_told_from_lists_of_kinds() -> None:
    rows = [
        f"{n},Firm {n},Ann Sosa {n}**Ida K{n} Kerr,Day care; After school,A61N**A61B"
        for n in ("Uno", "Duo", "Trio", "Quo")
    ]
    found = meanings("rec_id,name,together,offers,ipc_class", *rows)
    assert (found["together"], found["offers"], found["ipc_class"]) == ("co_names", "none", "none")


def test_what_is_known_of_rows_that_are_alike_is_known_of_each() -> None:
    rows = [
        BusinessRow("1", name="Acme Tool", co_names=("Ann Sosa",)),
        BusinessRow("2", name="Acme Tool", co_names=("Bo Kerr",)),
        BusinessRow("3", name="ACME TOOL Inc", co_names=("Sosa, Ann", "Kerr Bo")),
        BusinessRow("4", name="Council", co_names=("Ann Sosa", "Nobody Else")),
        BusinessRow("5", name="Council"),
    ]
    pooled = [row.co_names for row in pool_co_names(rows)]
    assert pooled == [("ann sosa", "bo kerr")] * 2 + [("ann sosa", "bo kerr"), ("ann sosa",), ()]
