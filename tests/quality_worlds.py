"""A small region with pairs in every band, of which it is known what each is, and somebody who answers by that."""

from crm.graph import business_records, checks
from crm.graph.driver import Store
from crm.graph.judgements import pair_of
from crm.services import jobs, review_pairs, reviews
from tests.factories import import_text
from tests.review_worlds import a_member

NAMES = [
    *("Fennatek", "Omega", "Kelmar", "Vexia", "Arkix", "Titan"),
    *("Novalux", "Zenquant", "Brisol", "Hydrova", "Terranex", "Optivance"),
]
TRADES = ["Machinery", "Plastics", "Foods", "Dental", "Fitness", "Coatings"]
HEADER = "agency,source_id,name,street,city,state,zip,phone"
# The businesses of each number: which is which is the number before the point of a source id.
ANA = a_member("ana", "College")


def write_region(count: int = 12) -> str:
    """Of every business a plain record, the same in other spelling, and in turn one that says less or something else:
    from hardly anything to what outweighs the name. Some of these are of other businesses (numbers from 100 on)."""
    lines = [HEADER]
    for number in range(count):
        short, trade, house = NAMES[number % 12], TRADES[number % 6], 12 + 20 * number
        name, phone = f"{short} {trade}", f"815-555-01{number:02d}"
        lines += [
            f"Workforce Board,{number}.a,{name} Inc,{house} Main Street,Rockford,IL,61101,{phone}",
            f"Harbor College,{number}.b,{name},{house} Main St,Rockford,IL,61101,",
        ]
        others = [
            f"Port Authority,{number}.c,{name},,,,61104,",
            f"Port Authority,{number}.c,{name},,Rockford,IL,,815-555-03{number:02d}",
            f"Port Authority,{number}.c,{short},,Rockford,IL,,",
            f"Port Authority,{number + 100}.c,{name},{house} River Road,Rockford,IL,61101,",
            f"Port Authority,{number + 100}.c,Wexora Staffing,{house} Main St,Rockford,,61101,{phone}",
            f"Port Authority,{number + 100}.c,{name} Inc,{house} Main Street,Rockford,IL,61101,{phone}",
        ]
        lines += [others[number % 6], others[(number + 1) % 6].replace(".c,", ".d,")]
    return "\n".join(lines) + "\n"


def make_quality_world(db: Store) -> None:
    import_text(db, write_region())


def find_keys(db: Store) -> dict[str, str]:
    """record id -> source id."""
    return {row["id"]: row["key"] for row in db.read(business_records.RECORDS)}


def are_one(keys: dict[str, str], left: str, right: str) -> bool:
    return keys[left].partition(".")[0] == keys[right].partition(".")[0]


def answer_checks(db: Store, *, most: int = 1_000) -> int:
    """Answer the pairs to check by what is known of them, as somebody does who goes through them; returns how many."""
    keys, number = find_keys(db), 0
    while number < most:
        turn = reviews.take_check(db, ANA, name="Ana")
        if turn is None:
            if jobs.run_all(db):
                continue
            break
        left, right = turn.pair.split("~")
        seen = review_pairs.get_pair(db, ANA, turn.pair, is_check=True).standing.seen
        verdict = "same" if are_one(keys, left, right) else "different"
        review_pairs.answer(db, ANA, turn.pair, verdict, seen=seen, is_check=True)
        number += 1
    jobs.run_all(db)
    return number


def list_check_pairs(db: Store) -> set[str]:
    return {pair_of(one.left, one.right) for one in checks.list_all(db, "business")}
