"""The records of a region, gathered by what they say: records with equal forms share one entry, and are compared once.

A log of 26,000 meetings names 13,000 parties; 88 offices that all met "Sydney Water" are one form with 88 members.
"""

from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, NamedTuple

Place = tuple[int, str]  # a record's place in the order of birth: seq, then uid


class Entry(NamedTuple):
    """A record as the index holds it: no cell of the row, only its normal form."""

    uid: str
    seq: int
    form: Any


# Gives the mapping in which something is kept, by its name. It may hold more than fits in memory.
Keep = Callable[[str], MutableMapping[Any, Any]]


def in_memory(_: str) -> dict[Any, Any]:
    return {}


class Pool:
    """Forms are numbered as they come; a number is never used again."""

    def __init__(self, keep: Keep = in_memory) -> None:
        self.forms: MutableMapping[int, Any] = keep("forms")
        self.members: MutableMapping[int, set[str]] = keep("members")
        self.number_of: MutableMapping[str, int] = keep("number_of")
        self.seq_of: MutableMapping[str, int] = keep("seq_of")
        self.numbers: MutableMapping[Any, int] = keep("numbers")
        self.next = 0

    def change(self, added: Iterable[Entry], removed: Iterable[str]) -> tuple[dict[int, Any], dict[int, Any], set[int]]:
        """Add or update records and remove uids (unknown ones are passed over); returns the forms that died, the forms
        that were born, and the numbers of all forms whose members changed."""
        fresh = {entry.uid: entry for entry in added}
        gone = [uid for uid in dict.fromkeys([*removed, *fresh]) if uid in self.number_of]
        touched = {self.take_out(uid) for uid in gone}
        first_new = self.next
        touched |= {self.put_in(entry) for entry in fresh.values()}
        died = {number: self.forms[number] for number in touched if not self.members[number]}
        for number, form in died.items():
            del self.forms[number], self.members[number], self.numbers[form]
        born = {number: self.forms[number] for number in sorted(touched) if number >= first_new}
        return died, born, touched

    def entry(self, uid: str) -> Entry | None:
        """What is held of a record; None if it is unknown."""
        number = self.number_of.get(uid)
        return None if number is None else Entry(uid, self.seq_of[uid], self.forms[number])

    def put_in(self, entry: Entry) -> int:
        number = self.numbers.setdefault(entry.form, self.next)
        if number == self.next:
            self.next += 1
            self.forms[number] = entry.form
            self.members[number] = set()
        self.members[number].add(entry.uid)
        self.number_of[entry.uid] = number
        self.seq_of[entry.uid] = entry.seq
        return number

    def take_out(self, uid: str) -> int:
        number = self.number_of.pop(uid)
        del self.seq_of[uid]
        self.members[number].discard(uid)
        return number

    def place(self, uid: str) -> Place:
        return self.seq_of[uid], uid

    def first(self, number: int) -> str:
        """The member that was born first."""
        return min(self.members[number], key=self.place)
