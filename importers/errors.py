"""Why a whole file or a column map cannot be taken. A single row that cannot be taken is a `Refusal` instead."""

from crm.errors import Refused


class ReadError(Refused):
    """The file cannot be read as a table; the sentence says why and what to do."""


class UnknownLetters(ReadError):
    """The file may be a table, but nobody can tell which encoding its letters have; its owner has to say it."""


class MapError(Refused):
    """The columns cannot be put in place; the sentence says which and what to do."""
