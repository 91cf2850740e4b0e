"""What the pages of the review say: the answers, what a join would change, what speaks for it and against it."""

from collections.abc import Iterable
from dataclasses import dataclass

from crm.access import Viewer
from crm.analysis.merges import Consequence
from crm.dedupe import Evidence
from crm.graph import users
from crm.graph.driver import Store
from crm.graph.reviews import Review
from crm.services.review_pairs import Pair, Side
from crm.services.reviews import Progress
from crm.views.differences import Compared, compare
from crm.views.formatting import of, phone, plural, words_list


@dataclass(frozen=True)
class Choice:
    """One of the answers: its verdict, the key that gives it, what stands on its button and under it."""

    verdict: str
    key: str
    label: str
    help: str
    sign: str


CHOICES = {
    "business": (
        Choice("same", "s", "Same site", "One place, one business", "check-lg"),
        Choice("firm", "f", "Same firm, other site", "One owner, two places", "diagram-3"),
        Choice("different", "d", "Different", "Two businesses", "x-lg"),
        Choice("unsure", "u", "Unsure", "Set it aside", "question-circle"),
    ),
    "person": (
        Choice("same", "s", "Same person", "Also at another firm", "check-lg"),
        Choice("different", "d", "Different", "Two people", "x-lg"),
        Choice("unsure", "u", "Unsure", "Set it aside", "question-circle"),
    ),
}
VERDICT_WORDS = {
    "same": "the same",
    "firm": "one firm, two sites",
    "two_firms": "not one firm",
    "moved": "the same, moved",
    "different": "different",
    "unsure": "unsure",
}
VERDICT_KINDS = {"same": "good", "firm": "accent", "two_firms": "", "moved": "good", "different": "", "unsure": "warn"}
FIELDS = {
    "business": (
        ("name", "Name"),
        ("legal_name", "Legal name"),
        ("street", "Street"),
        ("city", "Town"),
        ("state", "State"),
        ("zip", "ZIP"),
        ("county", "County"),
        ("phone", "Phone"),
        ("website", "Website"),
        ("email", "E-mail"),
        ("ein", "EIN"),
        ("naics", "Industry (NAICS)"),
        ("employees", "Employees"),
        ("parent", "Part of"),
        ("closed_on", "Closed on"),
    ),
    "person": (
        ("name", "Name"),
        ("first_name", "First name"),
        ("last_name", "Last name"),
        ("title", "Title"),
        ("email", "E-mail"),
        ("phone", "Phone"),
        ("mobile", "Mobile"),
        ("assistant", "Assistant"),
    ),
}
SHOWN_ALSO = 3
# Points (hundredths of a bit) from which evidence is called strong or weak.
STRONG, WEAK = 350, 100
ORDER = (
    "Those come first that would change most: how many knocks would count as redundant, then as repeats of an agency’s "
    "own, then how many contacts and agencies there are on the two sides. Pairs on which nobody has called come last."
)
ASIDE = (
    "The two are sites of one firm already, under two names, such as two departments of one hospital. They are not "
    "asked with the others. Look at them where you think that one place is listed twice."
)


def list_choices(pair: Pair) -> list[Choice]:
    """The answers to a pair. Of two people at two firms one may say as well at which of them they are now."""
    choices = list(CHOICES[pair.kind])
    left, right = pair.left.roles, pair.right.roles
    if left and right and set(left).isdisjoint(right):
        choices[1:1] = [
            Choice(f"moved:{record}", key, "Same person, moved", f"Now at {roles[0]}", "arrow-right")
            for key, record, roles in zip("12", pair.id.split("~"), (left, right), strict=True)
        ]
    return choices


@dataclass(frozen=True)
class Reason:
    """A sentence of evidence and how much it weighs, in a word."""

    sentence: str
    strength: str


def compare_sides(pair: Pair) -> list[Compared]:
    """The fields in which at least one of the two says something."""
    rows = [_compare(field, label, pair.left, pair.right) for field, label in FIELDS[pair.kind]]
    if pair.kind == "person":
        rows.append(compare("Works at", words_list(pair.left.roles), words_list(pair.right.roles)))
    return [row for row in rows if row.left or row.right]


def _compare(field: str, label: str, left: Side, right: Side) -> Compared:
    def write(value: str) -> str:
        return phone(value) if field in ("phone", "mobile") and value else value

    ours, theirs = (write(side.values.get(field) or "") for side in (left, right))
    also = [[write(said) for said in side.others.get(field, ())[:SHOWN_ALSO]] for side in (left, right)]
    return compare(label, ours, theirs, also_left=also[0], also_right=also[1])


def list_reasons(features: Iterable[Evidence], *, against: bool) -> list[Reason]:
    """The evidence for the two being one, or against it; what weighs most comes first."""
    weighed = [(-one.score if against else one.score, one.sentence) for one in features]
    found = sorted((one for one in weighed if one[0] > 0), key=lambda one: -one[0])
    return [Reason(sentence[:1].upper() + sentence[1:], _strength(points)) for points, sentence in found]


def _strength(points: int) -> str:
    if points >= STRONG:
        return "strong"
    return "some" if points >= WEAK else "weak"


def tell_stake(pair: Pair) -> str:
    """What hangs on the answer, for the line under the question; "" where nothing may be told, or nothing does."""
    if pair.is_blind or pair.are_one:
        return ""
    if pair.change:
        return tell_change(pair.change)
    named = pair.left.contacts + pair.right.contacts
    return f"{plural(named, 'contact')} {'names' if named == 1 else 'name'} one of the two." if named else ""


def tell_change(change: Consequence) -> str:
    """What a join would change among the knocks of the last 12 months, as a sentence."""
    said = [
        tell_number(number, name)
        for number, name in (
            (change.redundant, "redundant knock"),
            (change.own_repeat, "own repeat"),
            (change.coordinated, "coordinated knock"),
        )
        if number
    ]
    if not said:
        return "If they are one, every knock counts as it does now."
    return f"If they are one: {words_list(said)}."


def tell_number(number: int, name: str) -> str:
    """ "2 redundant knocks appear", "1 redundant knock goes"."""
    one = abs(number) == 1
    verb = ("appears" if one else "appear") if number > 0 else ("goes" if one else "go")
    return f"{plural(abs(number), name)} {verb}"


def tell_weight(review: Review) -> str:
    """What stands beside a pair of the queue: why it stands where it does."""
    numbers = ((review.redundant, "redundant knock"), (review.own_repeat, "own repeat"))
    said = [tell_number(number, name) for number, name in numbers if number]
    return words_list(said) or "changes no number"


def tell_agreement(progress: Progress) -> str:
    """How far two people who saw the same pairs said the same; "" while nobody did."""
    if not progress.looked_twice:
        return ""
    return f"Of the pairs that two people were shown, they answered {of(progress.agreed, progress.looked_twice)} alike."


def tell_answer(verdict: str, left: str, right: str) -> str:
    """What was just answered, for the line with its undo."""
    return {
        "same": f"“{left}” and “{right}” are the same.",
        "firm": f"“{left}” and “{right}” are two sites of one firm.",
        "two_firms": f"“{left}” and “{right}” are not of one firm.",
        "moved": f"“{left}” and “{right}” are the same, and have moved.",
        "different": f"“{left}” and “{right}” are different.",
        "unsure": f"“{left}” and “{right}” are set aside as unsure.",
    }[verdict]


def name_people(db: Store, viewer: Viewer) -> dict[str, str]:
    """e-mail -> name of everybody who may sign in; the owner of the command line too."""
    return {user.email: user.name for user in users.list_users(db)} | {"owner": "The command line"}
