"""Who runs the demo region's employers: one to five people a site, some of whom answer for several sites."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from crm.demo import words


@dataclass(frozen=True)
class Person:
    """An executive. `mobile` and `assistant` are empty for those who have none."""

    no: int
    first: str
    last: str
    middle: str
    title: str
    email: str
    mobile: str = ""
    assistant: str = ""
    do_not_contact: bool = False


class Population:
    """Makes people; the telephone numbers of their mobiles come from the region's stock."""

    def __init__(self, rng: Random, phones: Iterator[str]) -> None:
        self._rng = rng
        self._phones = phones
        self._made = 0
        self._emails: set[str] = set()

    def make_surname(self) -> str:
        return self._rng.choice(words.SURNAME_HEADS) + self._rng.choice(words.SURNAME_TAILS)

    def staff(self, employees: int, domain: str) -> list[Person]:
        """The people of a site of this size: its head first, then others with a title of their own."""
        rng = self._rng
        others = rng.choices((0, 1, 2), (5, 3, 2))[0] + (employees > 50) + (employees > 200) if employees > 6 else 0
        heads = words.TITLES_OF_THE_HEAD[: 4 if employees < 40 else None]
        titles = [rng.choice(heads), *rng.sample(words.TITLES_OF_OTHERS[: 4 if employees < 40 else None], others)]
        return [self._make(title, domain) for title in titles]

    def _make(self, title: str, domain: str) -> Person:
        rng = self._rng
        self._made += 1
        first, last = rng.choice(list(words.GIVEN_NAMES)), self.make_surname()
        busy = title in words.TITLES_OF_THE_HEAD and rng.random() < 0.12
        return Person(
            no=self._made,
            first=first,
            last=last,
            middle=rng.choice("ABCDEFGHJKLMPRSTW") if rng.random() < 0.3 else "",
            title=title,
            email=self._make_email(first, last, domain) if domain else "",
            mobile=next(self._phones) if rng.random() < 0.16 else "",
            assistant=f"{rng.choice(list(words.GIVEN_NAMES))} {self.make_surname()}" if busy else "",
            do_not_contact=rng.random() < 0.004,
        )

    def _make_email(self, first: str, last: str, domain: str) -> str:
        """An address at the firm; of two people of one name the second gets a number."""
        style = self._rng.choice((f"{first}.{last}", f"{first[0]}{last}", first)).lower()
        address = f"{style}@{domain}"
        while address in self._emails:
            address = f"{style}{len(self._emails) % 90 + 2}@{domain}"
        self._emails.add(address)
        return address
