"""A set as its peers are given it: columns cleaned as a careful user would clean them before matching.

Text is folded to lower case without accents and punctuation, legal forms are taken off names, phones are digits, an
address is parted into house number and street, a web site or mailbox is its domain (free mail is none). Blank is None.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pandas as pd

# What the columns of each set are, by heading. A set that is not here is a generated list.
COLUMNS = {
    "chicago_childcare": {
        "name": "name", "address": "address", "zip": "zip", "phone": "phone", "website": "domain", "director": "person",
    },
    "fodors_zagats": {"name": "name", "address": "address", "city": "city", "phone": "phone"},
    "patstat_nl": {"name": "name", "coauthors": "partners", "ipc_class": "classes"},
    "historical_50k": {
        "first_name": "first", "surname": "last", "dob": "born", "birth_place": "place", "postcode_fake": "postcode",
        "occupation": "job",
    },
    "febrl3": {
        "given_name": "first", "surname": "last", "date_of_birth": "born", "suburb": "place", "postcode": "postcode",
        "soc_sec_id": "number", "address_1": "street", "street_number": "house",
    },
    "nk_name_pairs organisations": {"name": "name"},
    "nk_name_pairs people": {"name": "name"},
}  # fmt: skip
GENERATED = {
    "name": "name", "dba": "dba", "address": "address", "city": "city", "zip": "zip", "phone": "phone",
    "website": "domain", "email": "email", "contact_name": "person",
}  # fmt: skip

LEGAL = {
    "inc", "incorporated", "llc", "corp", "corporation", "co", "company", "ltd", "limited", "lp", "llp", "pc", "pllc",
    "nfp", "nv", "bv", "gmbh", "ag", "sa", "plc", "the",
}  # fmt: skip
FREE_MAIL = {
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "comcast.net", "icloud.com", "msn.com",
}  # fmt: skip
WORDS = re.compile(r"[^\W_]+")
NOT_DIGITS = re.compile(r"\D+")
# A word that more of the rows have is no key to look others up by: between 20 and 50 rows, or this share of them.
COMMON_SHARE, LEAST, MOST = 0.005, 20, 50


def read_table(name: str, folder: Path) -> pd.DataFrame:
    """The set with an index `rec_id` and its cleaned columns; those that hold several values hold lists."""
    columns = COLUMNS.get(name, GENERATED)
    with (folder / "records.csv").open(newline="", encoding="utf-8") as file:
        rows = [clean(row, columns) for row in csv.DictReader(file)]
    table = pd.DataFrame(rows, dtype=object).set_index("rec_id", drop=False)
    if "name" in table:
        add_words(table)
    return table.where(table.notna(), None)


def clean(row: dict[str, str], columns: dict[str, str]) -> dict[str, object]:
    """One row; an address gives two columns, and its zip code if the row has no other."""
    cells: dict[str, object] = {"rec_id": row["rec_id"]}
    for heading, column in columns.items():
        text = row[heading]
        if column in ("name", "dba"):
            cells[column] = " ".join(word for word in words_of(text) if word not in LEGAL) or fold(text) or None
        elif column == "address":
            house, street, code = part_address(text)
            cells |= {"house": house, "street": street}
            if code and not row.get("zip"):
                cells["zip"] = code
        elif column == "phone":
            cells[column] = NOT_DIGITS.sub("", text)[-10:] or None
        elif column == "domain":
            cells[column] = domain_of(text)
        elif column in ("partners", "classes"):
            cells[column] = sorted({fold(part) for part in text.split("**")} - {""}) or None
        elif column == "email":
            cells[column] = text.strip().lower() or None
            cells["domain"] = cells.get("domain") or domain_of(text.rpartition("@")[2])
        elif column in ("born", "zip", "number"):
            cells[column] = NOT_DIGITS.sub("", text)[: 5 if column == "zip" else None] or None
        else:
            cells[column] = " ".join(words_of(text)) or None
    return cells


def fold(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).lower().strip()


def words_of(text: str) -> list[str]:
    return WORDS.findall(fold(text).replace("'", "").replace("’", ""))


def part_address(text: str) -> tuple[str | None, str | None, str | None]:
    """House number, street and zip code of one cell."""
    words = words_of(text)
    code = words.pop() if words and len(words[-1]) == 5 and words[-1].isdigit() else None
    house = words.pop(0) if words and words[0][0].isdigit() else None
    return house, " ".join(words) or None, code


def domain_of(text: str) -> str | None:
    host = text.strip().lower().rpartition("//")[2].partition("/")[0].removeprefix("www.")
    return host if "." in host and host not in FREE_MAIL else None


def add_words(table: pd.DataFrame) -> None:
    """`words` of a name that are rare enough to look others up by, or all if none is, and its `head`, the first."""
    split = [name.split() if name else [] for name in table["name"]]
    count = Counter(word for words in split for word in set(words))
    most = min(max(LEAST, COMMON_SHARE * len(table)), MOST)
    table["words"] = [sorted({w for w in words if count[w] <= most}) or sorted(set(words)) or None for words in split]
    table["head"] = [words[0] if words else None for words in split]


def write_clusters(out: Path, cluster_of: dict[str, object]) -> int:
    """`rec_id,cluster`, and how many clusters there are."""
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("rec_id", "cluster"))
        writer.writerows(cluster_of.items())
    return len(set(cluster_of.values()))
