"""What people fill in to import: the files, what the columns mean, how the bytes are read.

The form of the columns is as long as the file is wide, so it is no class with fields: `read_columns` makes `Choices`
of what was sent, taking only what such a page can send.
"""

from dataclasses import replace
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import MultipleFileField

from crm.views.import_words import DELIMITERS, ENCODINGS
from importers.choices import Choices, Fill, change_kind, default_patterns
from importers.dates import PATTERNS
from importers.kinds import BY_NAME
from importers.readings import Reading
from importers.rules import HOWS, NONE, compare_word
from importers.splits import list_splitters
from importers.whole_lists import KINDS as WHOLE_KINDS
from importers.words import suggest_words

MOST_FILLS = 30
LONGEST = 200


class UploadForm(FlaskForm):
    files = MultipleFileField("Your files")


def read_columns(form: MultiDict[str, str], reading: Reading, before: Choices) -> Choices:
    """The choices that were sent. With another kind than `before` they are those that are likeliest for it."""
    kind = _one_of(form.get("kind", ""), tuple(BY_NAME), before.kind)
    agency = " ".join(form.get("agency", "")[:LONGEST].split()) or None
    if kind != before.kind:
        return change_kind(Choices(before.kind, before.meanings, before.patterns, agency), reading, kind)
    columns = (*_list_words_columns(kind), NONE)
    splitters = tuple(splitter.name for splitter in list_splitters(BY_NAME[kind]))
    places = range(len(reading.headings))
    meanings = tuple(_one_of(form.get(f"meaning-{n}", ""), (*columns, *splitters), before.meanings[n]) for n in places)
    # A column that only now became one of dates has no pattern on the page yet.
    usual = default_patterns(reading, kind, meanings)
    patterns = tuple(_one_of(form.get(f"pattern-{n}", ""), PATTERNS, usual[n]) for n in places)
    shares = {name: how for name in set(meanings) - {NONE} if (how := form.get(f"share-{name}", "")) in HOWS}
    fills = tuple(_read_fills(form, reading, columns))
    words = _read_words(form, reading, before)
    made = Choices(kind, meanings, patterns, agency, shares, fills, words, before.passed)
    made = replace(made, complete=kind in WHOLE_KINDS and form.get("complete") == "1")
    # A column whose words were not on the page yet.
    return suggest_words(made, reading, only=made.columns - set(form.getlist("words-of")))


def _read_words(form: MultiDict[str, str], reading: Reading, before: Choices) -> dict[str, dict[str, str]]:
    """What words of the file were said to mean: `word-PLACE-N` is our word, `none` for a blank cell, "" for no word."""
    values = {column: dict(words) for column, words in before.values.items()}
    for place, heading in enumerate(reading.headings):
        for n, (text, _) in enumerate(heading.words):
            column, colon, meaning = form.get(f"word-{place}-{n}", "")[:LONGEST].partition(":")
            if not colon:
                continue
            words = values.setdefault(column, {})
            if meaning:
                words[compare_word(text)] = "" if meaning == NONE else meaning
            else:
                words.pop(compare_word(text), None)
    known = set(_list_words_columns(before.kind))
    return {column: words for column, words in values.items() if words and column in known}


def _list_words_columns(kind: str) -> list[str]:
    return [column.name for column in (*BY_NAME[kind].known, *BY_NAME[kind].carried)]


def _read_fills(form: MultiDict[str, str], reading: Reading, columns: tuple[str, ...]) -> list[Fill]:
    fills: list[Fill] = []
    for n in range(MOST_FILLS):
        column = form.get(f"fill-{n}", "")
        place = form.get(f"fill-place-{n}", "")
        text = form.get(f"fill-text-{n}", "").strip()[:LONGEST]
        if column not in columns or column == NONE or column in [fill.column for fill in fills]:
            continue
        if place.isdigit() and len(place) < 5 and int(place) < len(reading.headings):
            fills.append(Fill(column, int(place)))
        else:
            fills.append(Fill(column, None, text))
    return fills


def read_system(form: MultiDict[str, str]) -> str:
    """The source system that was said; a plain list if none was."""
    return " ".join(form.get("system", "")[:LONGEST].split()) or "plain"


def read_reading(form: MultiDict[str, str]) -> dict[str, Any]:
    """How the bytes are to be read: arguments of `open_sheet`; None for what is to be found out."""
    row = form.get("header_row", "").strip()
    return {
        "encoding": form.get("encoding") if form.get("encoding") in ENCODINGS else None,
        "delimiter": form.get("delimiter") if form.get("delimiter") in DELIMITERS else None,
        # People count rows from 1, and say 0 for none.
        "header_row": int(row) - 1 if row.isdigit() and len(row) < 4 else None,
        "sheet": form.get("sheet") or None,
        "footers": False if form.get("footers") == "keep" else None,
    }


def _one_of(value: str, allowed: tuple[str, ...], otherwise: str) -> str:
    return value if value in allowed else otherwise
