"""A catalogue of hard pairs, by kind of case; `pair` says what the four answers mean."""

from tests.hard_pairs import addresses, contacts, firms, legal_names, people, spellings

BUSINESSES = [*legal_names.PAIRS, *spellings.PAIRS, *addresses.PAIRS, *firms.PAIRS, *contacts.PAIRS]
PEOPLE = people.PAIRS
REGISTERS = people.REGISTERS
