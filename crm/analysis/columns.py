"""Structs of arrays: dataclasses whose fields are arrays of one length, one entry a row. What is no array in them, such
as vocabularies, is of all rows: the newer one where two are put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Columns = TypeVar("Columns")


def take_rows(columns: Columns, rows: NDArray[np.bool_] | NDArray[np.integer]) -> Columns:
    """These rows alone."""
    return combine(columns, columns, lambda column, _: column[rows])


def join_columns(first: Columns, *others: Columns) -> Columns:
    """The rows of all parts, in their order."""
    parts = (first, *others)
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts]) if isinstance(value, np.ndarray) else value
        for name, value in _list_fields(parts[-1])
    }
    return type(first)(**joined)


def combine(columns: Columns, others: Columns, work: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]) -> Columns:
    """What `work` makes of each array of the one and the same of the other."""
    made = {
        name: work(getattr(columns, name), value) if isinstance(value, np.ndarray) else value
        for name, value in _list_fields(others)
    }
    return type(columns)(**made)


def _list_fields(columns: Any) -> list[tuple[str, Any]]:
    return [(field.name, getattr(columns, field.name)) for field in fields(columns)]
