"""What a heading says among its neighbours, and of cells such as stand below it: "Name" beside "First name" is the
surname, a legal name that has no other beside it is the name."""

from collections.abc import Sequence

from importers.columns import Column, has, has_job
from importers.heading_words import COMING, SUBJECTS
from importers.headings import NOTHING, Sense, vocabulary
from importers.list_subjects import is_venue, tells_of_awards, tells_of_layoffs, tells_of_openings
from importers.neighbours import has_other, is_establishment, is_title_of_deal, names_firms_beside, names_otherwise

BUSINESS_WORDS = frozenset(word for word, whose in SUBJECTS.items() if whose == "business")
SHORT_NOTE = 40  # letters
MET = frozenset({"met", "meet", "spoke", "spoken", "talked", "visited", "contacted"})
WRITERS = frozenset({"your", "my"})  # those who fill in a form


def say_again(column: Column, columns: Sequence[Column]) -> tuple[Sense, ...]:
    """What a heading says among its neighbours: "Name" beside "First name" is the surname."""
    plain = " ".join(column.heading.words)
    cells = column.cells
    best = column.heading.best
    if best is not None and best.thing == "employees" and "establishment" in column.heading.words:
        return (best,)  # "Number in establishment" is no number of an establishment
    if (
        column.heading.rate("company") >= 0.9
        and best is not None
        and best.thing == "company"
        and (cells.share("guid") > 0.8 or (cells.share("integer") == 1 and cells.is_unique))
    ):
        return (Sense("id", 0.9, f"{plain}, and the cells are keys"),)
    if (column.heading.rate("person") >= 0.9 or column.heading.subjects) and cells.share("guid") > 0.8:
        return (Sense("id", 0.9, f"{plain}, and the cells are keys"),)
    if column.heading.words[:1] and column.heading.words[0] in ASKS and not cells.patterns and _answers(column):
        return tuple(sense for sense in column.heading.senses if sense.thing in ANSWERED)
    if (part := _find_part_of_name(column, columns)) is not None:
        return (Sense(part, 0.95, plain),)
    if _is_of_key(column, columns):
        return (Sense("company", 0.95, f"{plain}, beside its number"),)
    if best is not None and best.thing == "person" and has_other(column, columns, "person"):
        reached = next((thing for thing, look in REACHED if cells.share(look) > 0.7), None)
        if reached is not None:
            return (Sense(reached, 0.9, f"{plain}, and the cells say how to reach them"),)
    if column.header.rstrip(" )]").casefold().endswith("ids"):
        return ()  # those of all who belong to it
    if _is_some_name(column) and _are_firms(column) and not names_firms_beside(column, columns):
        return (Sense("company", 0.9, f"{plain}, and the cells are names of firms"),)
    about = column.heading.words[:-1]
    if column.heading.words[-1:] == ("description",) and about and BUSINESS_WORDS.issuperset(about):
        # What is kept beside a key is called a description, and may be the name.
        named = column.cells.share("company") > 0.5 and column.cells.length < SHORT_NOTE
        return (Sense("company", 0.85, plain), *column.heading.senses) if named else column.heading.senses
    if is_list_of_agencies(column, columns):
        return (Sense("company", 0.97, plain),)
    if is_establishment(column):
        return (Sense("company", 0.9, plain),)
    if WRITERS & set(column.heading.words) and column.heading.rate("name") and any(map(_is_whom_they_met, columns)):
        return (Sense("staff", 0.9, f"{plain}, beside that of whom they met"),)
    if _names_person(column) and has(columns, "last") and not has(columns, "first"):
        return (Sense("first", 0.95, "name beside last name"),)
    if plain == "name" and has(columns, "first") and not has(columns, "last"):
        return (Sense("last", 0.95, "name beside first name"),)
    if plain == "name" and column.cells.share("person") > 0.5 and not has(columns, "person"):
        return (Sense("person", 0.95, "name"), *column.heading.senses)
    if plain == "title" and (has_job(columns) or is_title_of_deal(column, columns)):
        return ()
    if plain == "title" and not has(columns, "first") and not has(columns, "person"):
        return (*column.heading.senses, Sense("topics", 0.6, "title"))
    if "number" in column.heading.words and column.heading.rate("employees") and tells_of_layoffs(columns):
        return column.heading.senses if "total" in column.heading.words else ()
    if plain == "addressee" and any(has_other(column, columns, thing) for thing in ("first", "last", "person", "name")):
        return ()
    if column.heading.rate("legal") >= 0.8 and not names_otherwise(column, columns):
        return (Sense("company", column.heading.rate("legal"), f"{plain}, and no other name"),)
    if best is not None and best.thing in ("closed_on", "title") and tells_of_openings(columns):
        # The job that is to be filled, and the day on which it is.
        is_of_somebody = "person" in column.heading.subjects or not WRITERS.isdisjoint(column.heading.words)
        return column.heading.senses if is_of_somebody else (Sense(f"{NOTHING}job to be filled", 0.9, plain),)
    if best is not None and best.thing == "agency" and tells_of_awards(columns):
        return ()  # which gives the money
    if "user" in column.heading.words and any(map(_comes, columns)):
        return (Sense("staff", 0.9, plain),) if column.heading.rate("name") else ()
    if (
        "owner" in column.heading.words
        and cells.is_unique
        and cells.share("person") > 0.5
        and not has(columns, "person")
    ):
        return (Sense("person", 0.85, f"{plain}, and no two are the same"),)
    if best is not None and best.thing == "staff" and _is_asked_for(column, columns):
        return (Sense("person", 0.9, f"{plain}, with address or telephone beside"),)
    if is_venue(column) and not any(has(columns, thing) for thing in ("company", "date", "name")):
        return (Sense("company", 0.9, plain),)
    return column.heading.senses


def _comes(column: Column) -> bool:
    return column.heading.rate("email") > 0.7 and not set(COMING).isdisjoint(column.heading.words)


def _is_asked_for(column: Column, columns: Sequence[Column]) -> bool:
    """Whether it is the only name of somebody, with whose address or telephone another column is headed, in a list
    without days of contacts: so firms are listed with their liaison."""
    whose = {word for word in column.heading.words if word.isalpha()} - {"name"}
    others = [other for other in columns if other is not column and "other" not in other.heading.subjects]
    reached = any(
        whose & set(other.heading.words) and max(map(other.heading.rate, ("email", "phone"))) > 0.7 for other in others
    )
    dated = any(other.heading.rate("date") >= 0.9 and "start" not in other.heading.words for other in others)
    return reached and not dated and not any(has(others, thing) for thing in ("person", "first", "last"))


REACHED = (("email", "email"), ("phone", "written_phone"))
# Headings that are answered with yes or no, and things for which such an answer is enough.
ASKS = frozenset({"has", "is", "offers", "uses", "accepts", "wants", "needs", "sells"})
ANSWERED = frozenset({"do_not_contact", "reached"})


def _answers(column: Column) -> bool:
    return not column.cells or column.cells.share("yes_no") > 0.8


def _find_part_of_name(column: Column, columns: Sequence[Column]) -> str | None:
    """Which part of a name it is, where a word that says nothing else goes before both: "Champion First"."""
    words = column.heading.words
    if len(words) != 2 or words[1] not in OTHER_PART or words[0] in vocabulary():
        return None
    other = (words[0], OTHER_PART[words[1]])
    return words[1] if any(one.heading.words == other for one in columns) else None


OTHER_PART = {"first": "last", "last": "first"}


def _is_of_key(column: Column, columns: Sequence[Column]) -> bool:
    """Whether it is the name of what the first column has the numbers of, by a word that says nothing else: "Mine
    name" behind "Mine id"."""
    whose = set(columns[0].heading.words) - {"id", "number", "code"}
    return (
        bool(whose)
        and columns[0].heading.rate("id") > 0.4
        and columns[0].cells.share("person") < 0.5 > column.cells.share("person")
        and whose.isdisjoint(vocabulary())
        and set(column.heading.words) - {"current"} == {*whose, "name"}
    )


def _is_whom_they_met(column: Column) -> bool:
    return column.heading.rate("person") > 0.6 and not MET.isdisjoint(column.heading.words)


def _names_person(column: Column) -> bool:
    """Whether it is headed as a name, be it that of somebody who came."""
    return set(column.heading.words) - set(COMING) == {"name"}


def is_list_of_agencies(column: Column, columns: Sequence[Column]) -> bool:
    """Whether each row is an agency: no two are the same, and they look like firms, or no other column names any."""
    if column.heading.rate("agency") <= 0.75 or not column.cells.is_unique:
        return False
    if column.cells.share("company") > 0.3:
        return True
    named = any(
        has_other(column, columns, thing) for thing in ("company", "name", "person", "last", "program", "table")
    )
    return column is columns[0] and not named


def _is_some_name(column: Column) -> bool:
    """Whether it is headed as a name, and not outright as that of a firm."""
    senses = [sense for sense in column.heading.senses if sense.thing not in NAMES]
    return (
        "name" in column.heading.words
        and max(map(column.heading.rate, ("company", "dba", "legal"))) < 0.85
        and not any(sense.score > CERTAIN for sense in senses)
    )


NAMES = frozenset({"name", "person", "sitter", "company", "dba", "legal", "staff"})
CERTAIN = 0.8


def _are_firms(column: Column) -> bool:
    return column.cells.share("company") > 0.5 > 3 * column.cells.share("person")
