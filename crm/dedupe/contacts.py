"""Phones, e-mail addresses, web domains and identifiers, each to the one spelling under which it is compared."""

import re
from functools import lru_cache
from typing import NamedTuple

from crm.dedupe.words import FREE_MAIL, ROLE_MAILBOXES, SECOND_LEVELS, SHARED_HOSTS

DIGITS = re.compile(r"\d+")
EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension|#)\s*(\d{1,6})\D*$", re.IGNORECASE)
TOLL_FREE = ("800", "888", "877", "866", "855", "844", "833")


class Phone(NamedTuple):
    """`number` is 10 digits, or 7 where the area code is missing, or an international number as it stands."""

    number: str = ""
    extension: str = ""


NO_PHONE = Phone()
FILLED = {"1234567890", "0123456789", "9876543210", "1234567"}


@lru_cache(maxsize=20_000)
def read_phone(cell: str) -> Phone:
    """A phone cell read; too few digits to be a number gives an empty one."""
    text = cell.strip()
    extension = ""
    # The search costs more than all else here, and few cells have what each of its marks begins with.
    if ("x" in text or "X" in text or "#" in text) and (found := EXTENSION.search(text)):
        extension, text = found[1].lstrip("0"), text[: found.start()]
    digits = "".join(DIGITS.findall(text))
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    # Ten times the same digit, or one after the other, is a cell that had to be filled.
    if len(digits) < 7 or digits.count(digits[0]) == len(digits) or digits in FILLED:
        return NO_PHONE
    return Phone(digits, extension)


def is_toll_free(number: str) -> bool:
    """Toll-free numbers ring at a head office: whoever shares one need not share a site."""
    return len(number) == 10 and number.startswith(TOLL_FREE)


def read_email(cell: str) -> str:
    """The address in lower case, or "" for what is none."""
    text = cell.strip().lower().removeprefix("mailto:")
    if text.endswith("@gmail.com"):
        # This provider takes dots for nothing, and what follows a plus too.
        text = text.partition("@")[0].partition("+")[0].replace(".", "") + "@gmail.com"
    return text if text.count("@") == 1 and "." in text.rpartition("@")[2] and " " not in text else ""


def is_role_mailbox(email: str) -> bool:
    """Whether the mailbox is an office's and not a person's."""
    return email.partition("@")[0] in ROLE_MAILBOXES


def own_domain(email: str) -> str:
    """The organisation's own domain behind an e-mail address; "" for free mail."""
    host = email.rpartition("@")[2]
    return "" if host in FREE_MAIL else registered_domain(host)


def read_website(cell: str) -> str:
    """The organisation's own domain behind a web address; "" for pages on a shared host."""
    host = cell.strip().lower().rpartition("//")[2]
    for end in "/?#:":
        host = host.partition(end)[0]
    return registered_domain(host) if "." in host and " " not in host else ""


@lru_cache(maxsize=20_000)
def registered_domain(host: str) -> str:
    """The part of a host name that somebody registered; "" where anybody can have a page."""
    parts = host.strip(".").removeprefix("www.").split(".")
    length = 3 if len(parts) > 2 and parts[-2] in SECOND_LEVELS and len(parts[-1]) == 2 else 2
    domain = ".".join(parts[-length:])
    return "" if domain in SHARED_HOSTS or domain in FREE_MAIL else domain


def read_ein(cell: str) -> str:
    """The nine digits of a federal employer number, or "" for anything else."""
    digits = "".join(DIGITS.findall(cell))
    return digits if len(digits) == 9 and len(set(digits)) > 1 else ""
