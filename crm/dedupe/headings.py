"""What the heading of a column says that its cells are.

A heading is read as words, so that "Phone_No", "phoneNo" and "PHONE NO." are one. Words that only say whose value it
is ("business phone") are passed over; those that say that it is a contact's, or a second one ("mailing address"), make
the column a lesser one, which counts where there is no better.
"""

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm.dedupe.text import fold

KindName = Literal["business", "person"]
NONE = "none"
REC_ID = "rec_id"

# meaning -> the headings that say it, as words.
BUSINESS_WORDS: dict[str, str] = {
    REC_ID: "rec id|recid",
    "agency": "agency|agency name|source|source name|source list|source file|source system|data source|dataset|list"
    "|list name|origin|reported by",
    "name": "name|names|company|business|organization|organisation|org|employer|firm|establishment|account|customer"
    "|member|facility|institution|entity|site|store|restaurant|school|provider|vendor|supplier|merchant|label",
    "dba": "dba|d b a|doing business as|dba name|trade name|tradename|trading name|trading as|aka|also known as|alias"
    "|other name|alternate name|alt name|former name|formerly|previous name|brand|brand name|short name|acronym",
    "legal_name": "legal|legal name|legal entity|legal entity name|registered name|corporate name|corporation name"
    "|official name|taxpayer name|licensee|licensee name",
    "street": "street|address|adress|house|street address|address line|address street|location|street number"
    "|house number|street no|house no|street num|street name|street type|street direction|city state zip"
    "|full address|address full|strasse|anschrift|adresse|rue|direccion|calle|indirizzo|straat|adres|endereco",
    "unit": "unit|unit number|unit no|suite|suite number|suite no|ste|apt|apartment|room|floor",
    "city": "city|town|municipality|suburb|locality|village|post town|city name|city town|town city|ort|stadt"
    "|ville|commune|ciudad|localidad|citta|comune|plaats|woonplaats|cidade",
    "state": "state|province|state province|state code|st|state abbreviation|state name",
    "zip": "zip|zipcode|zip code|postcode|post code|postal|postal code|postalcode|zip postal code|zip postcode|plz"
    "|postleitzahl|code postal|codigo postal|cap|cep",
    "county": "county|county name",
    "phone": "phone|phone number|phone no|phonenumber|telephone|telephone number|telephone no|ph|phone main"
    "|telefon|telefono|telefone|telefoonnummer|phones",
    "website": "website|web site|web|url|web page|webpage|web address|homepage|home page|domain|domain name|www"
    "|website url|website address|internet",
    "email": "email|e mail|email address|e mail address|mail|emailaddress|emails",
    "ein": "ein|fein|tax id|taxid|tax id number|tax number|federal tax id|federal id|employer id|fed id|tin"
    "|taxpayer id|taxpayer number"
    "|employer identification number|employer id number|fein number|ein number",
    "naics": "naics|naics code|primary naics|industry code|naics 6",
    "parent": "parent|parent name|headquarters|parent organization|parent company|parent account|operator|operated by"
    "|sponsor|umbrella",
    "closed_on": "closed|closed on|date closed|closing date|closed date|close date",
    "people": "people|person|contacts|staff|key contact|primary contact",
    "co_names": "coauthors|co authors|authors|coinventors|co inventors|inventors|co applicants|coapplicants|named with"
    "|co names|shareholders|board|board members|trustees|affiliates",
    "first_name": "first name|first|given name|forename|firstname|fname",
    "last_name": "last name|last|surname|family name|lastname|lname",
}
PERSON_WORDS: dict[str, str] = {
    REC_ID: BUSINESS_WORDS[REC_ID],
    "agency": BUSINESS_WORDS["agency"],
    "first_name": "first name|first|given name|given|forename|firstname|fname|givenname|christian name|first names"
    "|vorname|prenom|prenoms|voornaam|primer nombre",
    "middle_name": "middle name|middle|middle initial|mi|middlename|second name",
    "last_name": "last name|last|surname|family name|lastname|lname|sname|nachname"
    "|familienname|nom de famille|apellido|apellidos|cognome|achternaam|sobrenome",
    "suffix": "suffix|name suffix|generation|generational suffix",
    "name": "name|full name|fullname|person|contact|display name|names|individual|people|person name|label",
    "title": "title|job title|jobtitle|position|role|occupation|profession|job|function",
    "email": BUSINESS_WORDS["email"],
    "phone": BUSINESS_WORDS["phone"],
    "mobile": "mobile|mobile phone|mobile number|cell|cell phone|cellphone|cellular|cell number|mobile no",
    "employer": "employer|company|business|organization|organisation|org|firm|employer name|company name|workplace"
    "|business name|organization name|organisation name|account|account name|institution|affiliation"
    "|works at|place of work",
    "born_on": "dob|date of birth|birth date|birthdate|birthday|born|born on|d o b|date birth"
    "|geburtsdatum|geburtstag|geb datum|date de naissance|fecha de nacimiento|data di nascita|data de nascimento"
    "|geboortedatum",
    "birth_place": "birth place|place of birth|birthplace|born in|geburtsort|lieu de naissance|lugar de nacimiento"
    "|luogo di nascita|geboorteplaats",
    "gender": "gender|sex|geschlecht|sexe|sexo|sesso|geslacht",
    "national_id": "ssn|soc sec id|social security number|social security|national id|nino|soc sec",
    "street": BUSINESS_WORDS["street"],
    "unit": BUSINESS_WORDS["unit"],
    "city": BUSINESS_WORDS["city"],
    "state": BUSINESS_WORDS["state"],
    "zip": BUSINESS_WORDS["zip"],
    "county": BUSINESS_WORDS["county"],
}
WORDS: dict[str, dict[str, str]] = {"business": BUSINESS_WORDS, "person": PERSON_WORDS}
HEADINGS = {
    kind: {heading: meaning for meaning, headings in words.items() for heading in headings.split("|")}
    for kind, words in WORDS.items()
}
# What a person may say with --map, beside `none`.
MEANINGS = {kind: tuple(words) for kind, words in WORDS.items()}

# Words that only say whose value it is, in lists of businesses and of people.
OWN = {
    "business", "company", "organization", "organisation", "org", "employer", "firm", "establishment", "facility",
    "site", "store", "school", "provider", "account", "main", "primary", "work", "office", "physical", "location",
    "street", "customer", "member", "vendor", "institution", "center", "centre", "the", "of", "no", "corporate",
    "current", "entity", "reported", "key",
}  # fmt: skip
OF_PERSON = {"person", "individual", "contact", "client", "employee", "member", "work", "primary", "home", "main",
             "personal", "own", "patient", "customer", "student", "participant", "attendee", "staff"}  # fmt: skip
EMPLOYERS = {"business", "company", "organization", "organisation", "org", "employer", "firm"}
# Words that make a column a lesser one.
SECOND = {"mailing", "billing", "other", "second", "secondary", "alternate", "alt", "alternative", "previous", "old",
          "postal", "mail"}  # fmt: skip
CONTACT = {"contact", "director", "owner", "principal", "manager", "president", "ceo", "agent", "officer", "executive",
           "administrator", "representative", "rep", "chair", "chairperson", "supervisor", "coordinator", "proprietor",
           "partner"}  # fmt: skip
# Words over cells that look like something that they are not.
UNWANTED = {"fax", "lat", "lng", "lon", "latitude", "longitude", "date", "year", "note", "notes", "comment",
            "comments", "license", "licence", "count", "assistant", "country", "type"}  # fmt: skip
# What has a name and is no business.
OTHER_NAMES = {"file", "user", "program", "programme", "project", "sheet", "district", "region", "neighborhood",
               "category", "industry", "product", "service", "event", "course", "document", "naics", "sic", "first",
               "last", "given", "middle", "nick", "maiden"}  # fmt: skip
# Short words in headings.
SPELLED_OUT = {"nm": "name", "nbr": "number", "num": "number", "nr": "number", "biz": "business", "addr": "address",
               "tel": "telephone", "dt": "date", "init": "initial", "cust": "customer", "mgr": "manager",
               "est": "establishment"}  # fmt: skip

SAID_RANK, FIRST_RANK, SECOND_RANK, CONTACT_RANK = range(4)
SHORTEST_SLIP = 5  # letters; a slip in a shorter heading makes another word


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column may mean, and how far it stands behind one of first rank; a word of a person has rank 0."""

    meaning: str
    rank: int
    why: str


def split_heading(heading: str) -> list[str]:
    """The heading's words: "PhoneNo2" and "phone_no_2" are both phone, no, 2."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    parted = re.sub(r"(?<=[^\W\d_])(?=\d)", " ", parted)
    return re.findall(r"[^\W_]+", fold(parted))


def heading_words(header: str) -> list[str]:
    """The words of a heading in the spelling of the tables above, without numbers ("Phone 2" is a phone)."""
    text = " ".join(SPELLED_OUT.get(word, word) for word in split_heading(header))
    words = text.replace("e mail", "email").replace("web site", "website").split()
    # Four digits behind a zip are no zip.
    return [] if {"zip", "4"} <= set(words) else [word for word in words if not word.isdigit()]


def match_heading(kind: KindName, header: str) -> Guess | None:
    """What the words of a heading say, with the words that only say whose it is left out."""
    headings = HEADINGS[kind]
    words = heading_words(header)
    whole = " ".join(words)
    if whole in headings:
        return Guess(headings[whole], FIRST_RANK, "by its heading")
    if not words or UNWANTED & set(words):
        return None
    rank = SECOND_RANK if SECOND & set(words) else FIRST_RANK
    core = [word for word in words if word not in SECOND]
    if kind == "business":
        if CONTACT & set(core):
            return match_contact([word for word in core if word not in CONTACT and word not in OWN])
        if core in (["mobile"], ["cell"], ["mobile", "phone"], ["cell", "phone"]):
            return Guess("phone", SECOND_RANK, "by its heading")
    elif EMPLOYERS & set(core):
        core = [word for word in core if word not in EMPLOYERS]
        if not core or core == ["name"]:
            return Guess("employer", rank, "by its heading")
        rank = SECOND_RANK
    spare = OWN if kind == "business" else OF_PERSON
    bare = [word for word in core if word not in spare]
    for left in (core, bare, core[-1:] if not bare else [], bare[::-1], bare[:-1] if bare[-1:] == ["name"] else []):
        if meaning := headings.get(" ".join(left)):
            return Guess(meaning, rank, "by its heading")
    return match_nearly(kind, whole, rank) or match_part(kind, words)


def match_contact(core: list[str]) -> Guess | None:
    """What a column of a business's contact says: a name is one of its people; a phone is the business's at need."""
    if not core or core in (["name"], ["names"], ["full", "name"]):
        return Guess("people", FIRST_RANK, "by its heading")
    meaning = HEADINGS["business"].get(" ".join(core))
    if meaning in ("first_name", "last_name"):
        return Guess(meaning, FIRST_RANK, "by its heading")
    return Guess(meaning, CONTACT_RANK, "by its heading") if meaning in ("phone", "email") else None


def match_nearly(kind: KindName, whole: str, rank: int) -> Guess | None:
    """What a heading with a slip of the pen says."""
    headings = HEADINGS[kind]
    if len(whole) < SHORTEST_SLIP:
        return None
    near = process.extractOne(whole, list(headings), scorer=OSA.distance, score_cutoff=1)
    return Guess(headings[near[0]], max(rank, SECOND_RANK), f"its heading is nearly {near[0]}") if near else None


def match_part(kind: KindName, words: list[str]) -> Guess | None:
    """A heading that begins ("postcode_checked") or ends ("HQ city") with what cells can belie, or with a name."""
    for part in (words[:-1], words[-1:], words[-2:]):
        meaning = HEADINGS[kind].get(" ".join(part))
        if meaning in ("zip", "phone", "email", "website") or (meaning == "city" and part != words[:-1]):
            return Guess(meaning, SECOND_RANK, "by a part of its heading")
    if kind == "business" and words[-1] == "name" and not OTHER_NAMES & set(words):
        return Guess("name", SECOND_RANK, "by a part of its heading")
    return None
