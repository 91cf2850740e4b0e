"""Where the demo region is: invented towns in three invented counties of a valley, and their streets and numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from crm.demo import words

STATE = "WI"


@dataclass(frozen=True)
class Town:
    """A town; its ZIP codes are of ranges that the postal service has not given out."""

    name: str
    county: str
    zips: tuple[str, ...]
    weight: int


TOWNS = (
    Town("Brackwater", "Verrin", ("53301", "53302", "53304", "53305"), 30),
    Town("Port Verrin", "Verrin", ("53310", "53311"), 14),
    Town("Oxley Bend", "Verrin", ("53316",), 8),
    Town("Tamarack Falls", "Tamarack", ("53320", "53321"), 14),
    Town("Saint Corbel", "Tamarack", ("53327",), 8),
    Town("Kestrel Grove", "Tamarack", ("53331",), 6),
    Town("Upper Hollin", "Tamarack", ("53334",), 4),
    Town("Mount Addery", "Hollin", ("53601",), 7),
    Town("Dunmarrow", "Hollin", ("53604",), 5),
    Town("Fort Leland Mills", "Hollin", ("53609",), 4),
)
COUNTIES = tuple(dict.fromkeys(town.county for town in TOWNS))
# A town's name as some people write it.
SHORT_TOWNS = {"Saint Corbel": "St. Corbel", "Mount Addery": "Mt Addery", "Fort Leland Mills": "Ft. Leland Mills"}

# Only 555-0100 to 555-0199 may stand for nobody's number: a hundred in each area code, so the valley has many of these.
AREA_CODES = (
    "715", "608", "920", "262", "414", "534", "274", "218", "320", "507", "612", "651", "763", "952", "319", "515",
    "563", "641", "712", "217", "309", "618", "630", "708", "779", "815", "847", "872", "906", "231", "248", "269",
    "313", "517", "586", "616", "734", "810", "947", "989", "219", "260", "317", "463", "574", "765", "812", "930",
    "216", "220", "234", "330", "380", "419", "440", "513", "567", "614", "740", "937",
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """A door in the region; `unit` such as "Suite 210", or empty."""

    house: int
    street: str
    kind: str
    unit: str
    town: Town
    zip: str


def pick_town(rng: Random) -> Town:
    return rng.choices(TOWNS, [town.weight for town in TOWNS])[0]


class Addresses:
    """Hands out addresses, each once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[tuple[str, str, int]] = set()

    def take(self, town: Town | None = None) -> Address:
        """An address that nobody has, in this town or in any."""
        rng = self._rng
        town = town or pick_town(rng)
        while True:
            side = rng.choices(("", "North ", "South ", "East ", "West "), (60, 10, 10, 10, 10))[0]
            street = side + rng.choice(words.STREETS)
            house = rng.randrange(100, 4900)
            if (town.name, street, house) not in self._taken:
                break
        self._taken.add((town.name, street, house))
        kind = rng.choices(words.STREET_KINDS, words.STREET_KIND_WEIGHTS)[0]
        unit = f"{rng.choice(('Suite', 'Unit'))} {rng.randrange(1, 40) * 10}" if rng.random() < 0.12 else ""
        return Address(house, street, kind, unit, town, rng.choice(town.zips))


def list_phones(rng: Random) -> Iterator[str]:
    """Ten digits each, every number once, in no order that means anything."""
    numbers = [f"{area}55501{line:02d}" for area in AREA_CODES for line in range(100)]
    rng.shuffle(numbers)
    return iter(numbers)
