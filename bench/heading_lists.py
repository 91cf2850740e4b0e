"""Lists with what each of their columns means, from which the reader of headings learns: `bench/headings/lists.txt`.

A line that begins with `##` begins a list and says its kind, or several that are all right; the others are
`HEADING = meaning :: cells`, where the first of several meanings is the best and `-` is none. Cells are invented: a few
parted by `|`, or `@look` for some that look so.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LISTS = Path(__file__).parent / "headings" / "lists.txt"
ROWS = 24
KINDS = {
    "b": "businesses", "p": "people", "t": "touchpoints", "s": "seats", "r": "referrals", "a": "tables",
    "m": "meetings",
}  # fmt: skip


@dataclass(frozen=True)
class LabelledList:
    """Its kinds, the likeliest first; of each column the heading, the meanings that are right, and some cells."""

    kinds: tuple[str, ...]
    headings: tuple[str, ...]
    meanings: tuple[tuple[str, ...], ...]
    cells: tuple[tuple[str, ...], ...]

    def write(self) -> bytes:
        """The list as a CSV file."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self.headings)
        writer.writerows([some[n % len(some)] for some in self.cells] for n in range(ROWS))
        return text.getvalue().encode()


def read_lists(path: Path = LISTS) -> Iterator[LabelledList]:
    for part in path.read_text(encoding="utf-8").split("## ")[1:]:
        first, *lines = part.splitlines()
        columns = [_read_column(line) for line in lines if line.strip()]
        headings, meanings, cells = zip(*columns, strict=True)
        yield LabelledList(tuple(KINDS.get(kind, kind) for kind in first.split("/")), headings, meanings, cells)


def _read_column(line: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    said, _, cells = line.partition("::")
    heading, _, meanings = said.rpartition("=")
    return (
        heading.strip().replace("\\n", "\n"),
        tuple(_write_out(one.strip()) for one in meanings.split("/")),
        invent_cells(cells.strip()),
    )


def _write_out(meaning: str) -> str:
    if meaning in ("-", "none"):
        return "none"
    kind, dot, column = meaning.partition(".")
    return KINDS.get(kind, kind) + dot + column


def invent_cells(said: str) -> tuple[str, ...]:
    if said[:1] == "@" and said[1:] in LOOKS:
        return tuple(LOOKS[said[1:]](n) for n in range(ROWS))
    return tuple(one.strip().replace("\\n", "\n") for one in said.split("|")) or ("",)


def _cut(text: str) -> list[str]:
    return text.split("|")


FIRST = _cut(
    "Ana|Bob|Carla|David|Elena|Frank|Grace|Hector|Irene|James|Karen|Luis|Maria|Nancy|Oscar|Paul|Rita|Sam|Tina|Victor"
    "|Wendy|Keith|Laura|Tom"
)
LAST = _cut(
    "Silva|Miller|Ortega|Nguyen|Johnson|Kowalski|Patel|Garcia|Brown|O'Neil|Schmidt|Lee|Adams|Baker|Carter|Diaz|Evans"
    "|Foster|Green|Hill|Ingram|Jones|Klein|Lopez"
)
FIRMS = _cut(
    "Harbor Bakery LLC|Acme Tool & Die Inc|Northside Plumbing|Lakeview Dental Group|Blue Heron Cafe|Sterling Steel Corp"
    "|Rivera Landscaping|Maple Leaf Staffing|Summit Machine Works|Twin Oaks Preschool|Delta Freight Lines Inc"
    "|Corner Hardware|Bright Path Learning Center|Kelly Electric Co|Prairie Foods|Midtown Auto Repair|Pioneer Plastics"
    "|Green Valley Farms|St. Mary's Hospital|Union Brewing Company|Ace Roofing LLC|Cedar Grove Pharmacy|Metro Printing"
    "|Gold Star Trucking"
)
CITIES = _cut(
    "Springfield|Rockford|Dayton|Salem|Aurora|Fresno|Mesa|Tulsa|Camden|Albany|Peoria|Joliet|Elgin|Racine|Kenosha|Toledo"
    "|Akron|Canton|Lorain|Mansfield|Marion|Lima|Xenia|Troy"
)
STREETS = _cut(
    "Main St|Oak Ave|Elm Street|Lake Shore Dr|2nd St|Industrial Pkwy|Commerce Blvd|Mill Rd|Park Place|Highway 61"
)
JOBS = _cut(
    "Owner|HR Manager|President|Plant Manager|Executive Director|CEO|Recruiter|Operations Manager|Office Manager"
    "|General Manager|Controller|Principal"
)
NOTES = _cut(
    "Met with owner about hiring two welders; will send OJT flyer next week."
    "|Left voicemail, wants a call back after the holidays."
    "|Toured plant. They need CNC operators and forklift drivers."
    "|Discussed incumbent worker training grant and deadlines."
    "|Company is expanding; interested in apprenticeship for electricians."
    "|Spoke about job fair booth, will register."
)
TRADES = _cut(
    "Restaurants|Manufacturing|Retail Trade|Construction|Health Care|Transportation|Professional Services|Food Stores"
)
NAICS = _cut("722511|332710|238220|621210|445110|484121|561320|624410|811111|326199")
AGENCIES = _cut("Dept of|Board of|Office of|Bureau of")
FIELDS = _cut("Corrections|Nursing|Parks|Revenue|Forestry|Licensing")


def _person(n: int) -> str:
    return f"{FIRST[n % 24]} {LAST[n * 7 % 24]}"


def _domain(n: int) -> str:
    return FIRMS[n % 24].split()[0].lower().replace("'", "").replace(".", "")


def _email(n: int) -> str:
    return f"{FIRST[n % 24].lower()}.{LAST[n * 7 % 24].lower().replace(chr(39), '')}@{_domain(n)}.com"


LOOKS: dict[str, Callable[[int], str]] = {
    "first": lambda n: FIRST[n % 24],
    "last": lambda n: LAST[n * 7 % 24],
    "person": _person,
    "PERSON": lambda n: _person(n).upper(),
    "lastfirst": lambda n: f"{LAST[n * 7 % 24]}, {FIRST[n % 24]}",
    "firm": lambda n: FIRMS[n % 24],
    "FIRM": lambda n: FIRMS[n % 24].upper(),
    "firm2": lambda n: FIRMS[(n * 5 + 3) % 24],
    "city": lambda n: CITIES[n % 24],
    "CITY": lambda n: CITIES[n % 24].upper(),
    "st": lambda n: ("IL", "OH", "WI", "IL")[n % 4],
    "state": lambda n: ("Illinois", "Ohio", "Wisconsin", "Illinois")[n % 4],
    "street": lambda n: f"{100 + n * 37} {STREETS[n % 10]}",
    "stname": lambda n: STREETS[n % 10],
    "house": lambda n: str(100 + n * 37),
    "zip": lambda n: f"{61100 + n * 13}",
    "zip9": lambda n: f"{61100 + n * 13}-{1000 + n}",
    "phone": lambda n: f"({217 + n % 3}) 555-{1000 + n * 7:04d}",
    "phone2": lambda n: f"815-555-{2000 + n * 7:04d}",
    "email": _email,
    "url": lambda n: f"www.{_domain(n)}{n}.com",
    "date": lambda n: f"{n % 12 + 1:02d}/{n * 5 % 28 + 1:02d}/{2019 + n % 6}",
    "date2": lambda n: f"{(n + 4) % 12 + 1}/{n * 11 % 28 + 1}/{2018 + n % 7}",
    "iso": lambda n: f"{2019 + n % 6}-{n % 12 + 1:02d}-{n * 5 % 28 + 1:02d}",
    "isot": lambda n: f"{2019 + n % 6}-{n % 12 + 1:02d}-{n * 5 % 28 + 1:02d}T{n % 24:02d}:30:00.000",
    "ts": lambda n: f"{n % 12 + 1}/{n * 5 % 28 + 1}/2024 {n % 12 + 1}:{n * 7 % 60:02d}:15",
    "id": lambda n: str(100453 + n * 17),
    "code": lambda n: f"LC-{2000 + n * 3}",
    "sfid": lambda n: f"0015e00000{n:02d}kXyQAAU",
    "guid": lambda n: f"{n:08x}-4a1c-4f7e-9c1d-{n * 977:012x}",
    "ein": lambda n: f"{30 + n}-{1234567 + n * 311}",
    "EIN": lambda n: f"{300000000 + n * 1311177}",
    "naics": lambda n: NAICS[n % 10],
    "ind": lambda n: TRADES[n % 8],
    "int": lambda n: str((3, 12, 45, 7, 150, 22, 9, 61)[n % 8] + n),
    "amt": lambda n: str(15000 + n * 2117),
    "money": lambda n: f"${15000 + n * 2117:,}.00",
    "dec": lambda n: f"{0.75 + n / 100:.2f}",
    "lat": lambda n: f"{41.5 + n / 137:.6f}",
    "lon": lambda n: f"{-88.1 - n / 171:.6f}",
    "pt": lambda n: f"({41.5 + n / 137:.6f}, {-88.1 - n / 171:.6f})",
    "yn": lambda n: ("Yes", "No", "No")[n % 3],
    "YN": lambda n: ("Y", "N")[n % 2],
    "tf": lambda n: ("TRUE", "FALSE")[n % 2],
    "one": lambda n: str(n % 2),
    "job": lambda n: JOBS[n % 12],
    "county": lambda n: ("Winnebago", "Lake", "Cook")[n % 3],
    "note": lambda n: NOTES[n % 6],
    "blank": lambda n: "",
    "agency": lambda n: f"{AGENCIES[n % 4]} {FIELDS[n // 4]}",
    "year": lambda n: str(1980 + n),
    "digit": lambda n: str(n % 5 + 1),
    "time": lambda n: f"{n % 12 + 1}:{n * 7 % 60:02d} PM",
    "staff": lambda n: ("Dana Wolf", "Chris Park", "Jordan Bell")[n % 3],
    "staffmail": lambda n: ("dwolf@board.org", "cpark@board.org", "jbell@board.org")[n % 3],
}
