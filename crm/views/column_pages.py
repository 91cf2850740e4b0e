"""The page on which people say what the columns of a file mean: what it shows of the file, and what is said so far."""

from typing import Any

from flask import render_template

from crm.extensions import get_db
from crm.graph import agencies, programs
from crm.graph.agencies import name_key
from crm.graph.upload_files import UploadFile
from crm.graph.uploads import Upload
from crm.views.guard import get_viewer
from crm.views.import_words import (
    DELIMITERS,
    ENCODINGS,
    KINDS,
    SPLITTERS,
    column_name,
    list_patterns,
)
from importers.choices import Choices, fill_needed, is_date, list_fillable, list_gaps
from importers.first_rows import show_first_rows
from importers.intake import get_reading
from importers.kinds import BY_NAME, Kind, list_missing
from importers.proposals import find_known, list_known_versions, own_agency
from importers.readings import Meaning, Reading
from importers.rules import NONE
from importers.splits import list_splitters
from importers.walls import may_import
from importers.whole_lists import KINDS as WHOLE_KINDS
from importers.words import list_asked

# From here on a guess is so likely that it is only named, not questioned.
LIKELY = 0.85
SHARES = (("join", "put the texts together"), ("first", "take the first that is filled"))
DATE_SHARES = (("newest", "take the newest"), ("first", "take the first that is filled"))


def draw_columns(
    upload: Upload,
    file: UploadFile,
    choices: Choices,
    *,
    system: str | None = None,
    wrong: str = "",
    asked: bool = False,
    part: bool = False,
) -> str:
    """The page, or only the `part` that depends on the choices. `asked`: the gaps are errors, not only hints."""
    db, viewer = get_db(), get_viewer()
    reading = get_reading(file)
    choices = fill_needed(choices)
    known = find_known(db, viewer, reading, system=upload.system)
    gaps = list_gaps(choices, reading)
    return render_template(
        "imports/columns_form.html" if part else "imports/columns.html",
        upload=upload,
        file=file,
        reading=reading,
        choices=choices,
        whole_kinds=WHOLE_KINDS,
        system=system or upload.system,
        wrong=wrong,
        asked=asked,
        gaps=gaps,
        errors={gap.field: gap.text for gap in gaps} if asked else {},
        columns=[_draw_column(n, reading, choices) for n in range(len(reading.headings))],
        shares=_draw_shares(choices),
        fills=_draw_fills(choices),
        more=_list_free(choices),
        kinds=[(name, words[0]) for name, words in KINDS.items() if may_import(viewer, BY_NAME[name])],
        known=known,
        versions=list_known_versions(db, known) if known else [],
        is_admin=viewer.is_admin,
        own=own_agency(db, viewer),
        takes_agency=BY_NAME[choices.kind].takes_agency,
        agencies=[agency.name for agency in agencies.list_agencies(db, viewer)] if viewer.is_admin else [],
        known_programs=_list_programs(choices),
        delimiters=DELIMITERS,
        encodings=ENCODINGS,
        asked_words=list_asked(choices, reading, _list_programs(choices)),
        first_rows=show_first_rows(choices, reading),
        used=sum(meaning != NONE for meaning in choices.meanings),
    )


def _draw_column(n: int, reading: Reading, choices: Choices) -> dict[str, Any]:
    """One column: its heading and cells, what it may mean, why that was guessed, and how its days are written."""
    heading, meaning = reading.headings[n], choices.meanings[n]
    kind = BY_NAME[choices.kind]
    guess = reading.guesses[choices.kind][n]
    days = is_date(kind, meaning)
    return {
        "n": n,
        "name": heading.name,
        "cells": heading.cells,
        "meaning": meaning,
        "options": _list_options(kind),
        "why": guess.why if guess.column == meaning and guess.confidence > 0 else "",
        "is_doubtful": guess.column == meaning and _is_doubtful(guess),
        "patterns": list_patterns(heading.patterns, heading.cells[0] if heading.cells else "") if days else [],
        "pattern": choices.patterns[n],
    }


def _is_doubtful(guess: Meaning) -> bool:
    return 0 < guess.confidence < LIKELY


def _list_options(kind: Kind) -> list[tuple[str, str]]:
    """What a column may mean, the needed ones first."""
    missing = set(list_missing(kind, set()))
    needed = [(c.name, f"{column_name(c.name)} (needed)") for c in kind.known if c.name in missing]
    cut_up = [(one.name, f"{SPLITTERS[one.name]} ({one.example})") for one in list_splitters(kind)]
    others = (*(c for c in kind.known if c.name not in missing), *kind.carried)
    return needed + [(c.name, column_name(c.name)) for c in others] + cut_up


def _draw_shares(choices: Choices) -> list[dict[str, Any]]:
    """Where several columns go to one place: how they share it."""
    kind = BY_NAME[choices.kind]
    shared = [name for name in dict.fromkeys(choices.meanings) if name != NONE and choices.meanings.count(name) > 1]
    return [
        {"column": name, "options": DATE_SHARES if is_date(kind, name) else SHARES, "how": choices.shares.get(name, "")}
        for name in shared
    ]


def _draw_fills(choices: Choices) -> list[dict[str, Any]]:
    needed = set(list_missing(BY_NAME[choices.kind], choices.fed))
    return [
        {"n": n, "column": fill.column, "place": fill.place, "text": fill.text, "needed": fill.column in needed}
        for n, fill in enumerate(choices.fills)
    ]


def _list_programs(choices: Choices) -> list[str]:
    """Names of programs to choose from: those of the agency whose rows these are, else all."""
    own = name_key(choices.agency or "")
    known = programs.list_programs(get_db(), get_viewer())
    return sorted({program.name for program in known if not own or name_key(program.agency) == own})


def _list_free(choices: Choices) -> list[tuple[str, str]]:
    """Columns that nothing feeds yet, for which a value for every row can be said."""
    kind = BY_NAME[choices.kind]
    free = list_fillable(kind) - choices.columns - {"agency"}
    return [(name, words) for name, words in _list_options(kind) if name in free]
