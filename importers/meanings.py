"""For each kind of file, the columns of the plain files that a thing may be: those of the row itself, and those of the
business or person that the row tells of beside.

`businesses.city` in a file of people is the city of each person's business.
"""

from collections.abc import Collection

# thing -> column, of each kind's own columns. A weight after `*` says how good a name the thing is for the column.
WHERE = ("street", "city", "state", "zip", "county")
FACTS = ("website", "ein", "naics", "employees", "parent", "closed_on")

OWN: dict[str, dict[str, tuple[str, ...]]] = {
    "businesses": {
        "company": ("name", "legal_name*0.7"), "dba": ("name*0.99",), "legal": ("legal_name", "name*0.8"),
        "name": ("name*0.97", "legal_name*0.7"), "id": ("source_id",), "license_id": ("source_id*0.8",),
        "notes": ("notes",), "phone": ("phone",), "email": ("email",), "agency": ("agency",),
        **{thing: (thing,) for thing in (*WHERE, *FACTS)},
    },
    "people": {
        "first": ("first_name",), "last": ("last_name",), "person": ("name",), "name": ("name*0.97", "business*0.75"),
        "sitter": ("name*0.8",), "title": ("title",), "email": ("email",), "phone": ("phone",), "mobile": ("mobile",),
        "assistant": ("assistant",), "assistant_phone": ("assistant_phone",), "do_not_contact": ("do_not_contact",),
        "notes": ("notes",), "id": ("source_id",), "license_id": ("source_id*0.7",), "company": ("business",),
        "dba": ("business*0.9",), "agency": ("agency",),
    },
    "touchpoints": {
        "id": ("source_id",), "date": ("date",), "program": ("program",), "staff": ("staff",), "company": ("business",),
        "dba": ("business*0.9",), "name": ("business*0.75", "person*0.7"), "person": ("person",),
        "sitter": ("person*0.6",), "channel": ("channel",), "direction": ("direction",), "purpose": ("purpose",),
        "topics": ("topics",), "reached": ("reached",), "outcome": ("outcome",), "promise": ("promise",),
        "promise_due": ("promise_due",), "promise_kept_on": ("promise_kept_on",), "service": ("service",),
        "service_begun": ("service_begun", "date*0.7"), "service_ended": ("service_ended",), "notes": ("notes",),
        "visibility": ("visibility",), "agency": ("agency",), "need": ("topics*0.75",),
    },
    "referrals": {
        "id": ("source_id",), "from_program": ("from_program",), "to_program": ("to_program",),
        "company": ("business",),
        "dba": ("business*0.9",), "offered_on": ("offered_on",), "date": ("offered_on*0.7",),
        "accepted_on": ("accepted_on",), "declined_on": ("declined_on",), "need": ("need",), "purpose": ("need*0.6",),
        "outcome": ("outcome",), "outcome_on": ("outcome_on",), "agency": ("agency",),
    },
    "seats": {
        "table": ("table",), "company": ("business",), "dba": ("business*0.9",), "sitter": ("person",),
        "person": ("person*0.97",), "name": ("person*0.97",), "title": ("title",), "email": ("email",),
        "from": ("from",),
        "to": ("to",),
    },
    "tables": {
        "table": ("table",), "agency": ("agency",), "sector": ("sector",), "purpose": ("purpose",),
        "cadence_days": ("cadence_days",), "hours": ("hours",), "required_by": ("required_by",),
    },
    "meetings": {"table": ("table",), "date": ("date",)},
    "programs": {
        "agency": ("agency",), "program": ("program",), "name": ("program*0.7",), "system": ("system",),
        "contact_email": ("contact_email",), "email": ("contact_email*0.8",),
    },
    "agreements": {},
    "sectors": {},
}  # fmt: skip

OF_BUSINESS = {
    **{thing: (f"businesses.{thing}",) for thing in (*WHERE, *FACTS)},
    "legal": ("businesses.legal_name",),
}
OF_PERSON = {
    "first": ("people.first_name",), "last": ("people.last_name",), "title": ("people.title",),
    "mobile": ("people.mobile",), "assistant": ("people.assistant",), "assistant_phone": ("people.assistant_phone",),
    "do_not_contact": ("people.do_not_contact",), "email": ("people.email",), "phone": ("people.phone",),
}  # fmt: skip

# What a row of each kind tells of beside.
BESIDE: dict[str, dict[str, tuple[str, ...]]] = {
    "businesses": OF_PERSON | {"person": ("people.name",)},
    "people": OF_BUSINESS | {"phone": ("businesses.phone",), "email": ("businesses.email",)},
    "touchpoints": OF_BUSINESS
    | OF_PERSON
    | {"phone": ("people.phone", "businesses.phone*0.9"), "email": ("people.email", "businesses.email*0.8")},
    "seats": {"phone": ("people.phone",), "mobile": ("people.mobile",), **{t: OF_BUSINESS[t] for t in WHERE}},
    "referrals": {},
}
BESIDE_WEIGHT = 0.92

# Columns of a person or business that say who it is: without one of them, nothing is told of any.
IDENTITY: dict[tuple[str, str], tuple[str, ...]] = {
    ("businesses", "people"): ("people.name", "people.first_name", "people.last_name"),
    ("people", "businesses"): ("people.business",),
    ("touchpoints", "businesses"): ("touchpoints.business",),
    ("touchpoints", "people"): ("touchpoints.person", "people.first_name", "people.last_name"),
    ("seats", "businesses"): ("seats.business",),
    ("seats", "people"): ("seats.person",),
}


def list_targets(kind: str, thing: str, subjects: Collection[str]) -> list[tuple[str, float]]:
    """The columns that a thing may be in a file of this kind, with a weight; `subjects` say whose thing it is."""
    own = [_weigh(f"{kind}.{text}") for text in OWN[kind].get(thing, ())]
    beside = [_weigh(text, BESIDE_WEIGHT) for text in BESIDE.get(kind, {}).get(thing, ())]
    found = [(target, weight * _suit(kind, target, thing, subjects)) for target, weight in own + beside]
    if thing == "id":
        found += _list_ids(kind, subjects)
    return [(target, weight) for target, weight in found if weight > 0]


def _weigh(text: str, weight: float = 1.0) -> tuple[str, float]:
    target, _, said = text.partition("*")
    return target, weight * float(said or 1)


def _suit(kind: str, target: str, thing: str, subjects: Collection[str]) -> float:
    """How well a column suits a thing that is somebody's: a contact's phone is the person's."""
    of, _, column = target.partition(".")
    if thing == "name" and "touch" in subjects and column in ("business", "person", "name"):
        return 0.0  # what an event is called
    if thing == "name" and "business" in subjects and (of == "people" or column == "person"):
        return 0.0
    if "assistant" in subjects and thing not in ("assistant", "assistant_phone"):
        return 0.3
    if {"other", "parent"} & set(subjects) and thing not in ("parent",):
        return 0.3
    if "staff" in subjects and thing in ("email", "phone", "mobile", "first", "last", "title", "id"):
        return 0.3
    if thing in ("phone", "email"):
        person, business = "person" in subjects, "business" in subjects
        if of == "people":
            return 0.8 if business and not person else 1.0 if person or kind != "businesses" else 0.8
        if of == "businesses":
            return 0.82 if person else 1.0 if business or kind == "businesses" else 0.6 if thing == "phone" else 0.3
    if thing == "id":
        return _suit_id(kind, subjects)
    if thing == "street" and "touch" in subjects:
        return 0.3  # where a meeting is held
    if thing == "notes" and kind == "people" and "business" in subjects and "person" not in subjects:
        return 0.3  # what the firm does
    if thing == "title" and "touch" in subjects and "person" not in subjects:
        return 0.3  # what a meeting is called
    if kind == "businesses" and thing == "title" and "person" not in subjects:
        return 0.9  # it may be the job that a firm offers
    return 1.0


ID_OF = {"businesses": "business", "people": "person", "touchpoints": "touch", "referrals": "referral"}


def _suit_id(kind: str, subjects: Collection[str]) -> float:
    said = set(subjects) - {"member"}
    if not said or ID_OF.get(kind) in said:
        return 1.0
    return 0.3 if "touch" in said else 0.5


def _list_ids(kind: str, subjects: Collection[str]) -> list[tuple[str, float]]:
    """An id of the row's business or person says which one it is."""
    if "business" in subjects and kind == "people":
        return [("businesses.source_id", 0.9)]
    if kind == "touchpoints":
        return [
            *([("businesses.source_id", 0.9)] if "business" in subjects else []),
            *([("people.source_id", 0.9)] if "person" in subjects else []),
        ]
    if kind == "businesses" and "person" in subjects:
        return [("people.source_id", 0.9)]
    return []
