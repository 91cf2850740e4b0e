"""Repeated: what is left of a record without one import, where later imports have said again what that one said.

A row that says nothing new is only noted (`crm.graph.repeats`). When what it repeated goes, it becomes a version of its
own, so that an import is taken back as if it had never been.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from crm.graph.driver import Row
from crm.graph.repeats import Repeated
from importers.keys import content_hash


def leave_out(import_id: str, versions: Sequence[Row], repeated: Sequence[Repeated]) -> list[Row]:
    """The versions of a record without those of this import, in order; `repeated` is what later ones said again."""
    left = [version for version in versions if version["import_id"] != import_id]
    for other, (_, seq, columns, hash) in repeated:
        earlier = [version for version in versions if version["seq"] < seq]
        said, kept = fold(earlier), fold(version for version in left if version["seq"] < seq)
        if earlier and any(said.get(name, "") != kept.get(name, "") for name in columns):
            cells = {name: said.get(name, "") for name in columns}
            left = _put_in(left, other, seq, cells, hash or earlier[-1]["hash"])
    return left


def fold(versions: Iterable[Row]) -> dict[str, str]:
    """What versions say together, a later cell over an earlier one."""
    cells: dict[str, str] = {}
    for version in versions:
        cells |= json.loads(version["cells"])
    return {name: text for name, text in cells.items() if text}


def born_of(version: Row) -> int:
    """The place of the first row for which a version stands; versions of older graphs only know that of the last."""
    return version["seq"] if version.get("born") is None else version["born"]


def _put_in(versions: Sequence[Row], import_id: str, seq: int, cells: Mapping[str, str], hash: str) -> list[Row]:
    own, born = next((version for version in versions if version["import_id"] == import_id), None), seq
    if own is not None:
        # Its other rows said more of the record, or something else, which counts.
        said = json.loads(own["cells"])
        seq, born = own["seq"], min(seq, born_of(own))
        hash = own["hash"] if cells.keys() <= said.keys() else content_hash({**cells, **said})
        cells = {**cells, **said}
    text = json.dumps(cells, ensure_ascii=False, sort_keys=True)
    new = {"import_id": import_id, "seq": seq, "born": born, "hash": hash, "cells": text}
    return sorted([*(one for one in versions if one is not own), new], key=lambda version: version["seq"])
