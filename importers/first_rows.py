"""The first rows of a file as they will become under what was said of its columns: what a person checks at a glance."""

from dataclasses import dataclass, replace

from importers.choices import Choices, map_choices
from importers.errors import MapError
from importers.map import Field
from importers.readers import CellReader
from importers.readings import Reading
from importers.rules import NONE
from importers.verdicts import Problem, Remark, Verdict, to_cell


@dataclass(frozen=True)
class Became:
    """One cell: the text that is taken, "" for a blank one; `wrong` is why it is refused, `remark` what is odd."""

    text: str
    wrong: str = ""
    remark: str = ""


@dataclass(frozen=True)
class FirstRows:
    """`columns` are the names of the plain file; of each row its line in the file and its cells in that order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Became, ...]], ...]


def show_first_rows(choices: Choices, reading: Reading) -> FirstRows:
    """The rows as far as enough is said; none while what was said does not fit together."""
    shared = [name for name in set(choices.meanings) - {NONE} if choices.meanings.count(name) > 1]
    # How columns share a place is still asked; until then the first shows.
    choices = replace(choices, shares=dict.fromkeys(shared, "first") | choices.shares)
    try:
        mapping = map_choices(choices, reading, is_whole=False)
    except MapError:
        return FirstRows((), ())
    readers = [(one, CellReader(one)) for one in mapping.fields]
    rows = tuple((line, tuple(_become(one, reader, cells) for one, reader in readers)) for line, cells in reading.rows)
    filled = [n for n in range(len(readers)) if any(cells[n].text or cells[n].wrong for _, cells in rows)]
    return FirstRows(
        tuple(mapping.fields[n].column.name for n in filled),
        tuple((line, tuple(cells[n] for n in filled)) for line, cells in rows),
    )


def _become(field: Field, reader: CellReader, cells: tuple[str, ...]) -> Became:
    texts = [cells[place] for place in field.places if place < len(cells)]
    if field.constant is not None:
        value = reader[field.constant]
        texts = [field.constant]
    else:
        value = reader[texts[0]] if len(texts) == 1 else reader.read_shared(texts)
    if isinstance(value, Problem):
        return Became(" ".join(texts), wrong=f"{value.reason} {value.fix}")
    if isinstance(value, Remark):
        return Became(to_cell(value.value), remark=value.text)
    assert not isinstance(value, Verdict)
    return Became(to_cell(value))
