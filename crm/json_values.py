"""The one way from Python values to JSON, for commands and the API alike.

Dataclasses become objects in the order of their fields, dates ISO text, sets sorted lists. A number that JSON cannot
hold (NaN, infinity) becomes null: it was not known.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import Field
from datetime import date
from enum import Enum
from typing import Any


def to_plain(value: Any) -> Any:
    """The same value in dictionaries, lists, text, numbers, true, false and null."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    fields: dict[str, Field[Any]] | None = getattr(value, "__dataclass_fields__", None)
    if fields is not None:
        return {name: to_plain(getattr(value, name)) for name in fields}
    if isinstance(value, Mapping):
        return {str(key): to_plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(to_plain(inner) for inner in value)
    if hasattr(value, "tolist"):  # numpy's numbers and arrays, without importing numpy
        return to_plain(value.tolist())
    if hasattr(value, "isoformat"):  # a time, or the driver's own dates
        return value.isoformat()
    return [to_plain(inner) for inner in value]


def to_json(value: Any) -> str:
    """One line of JSON."""
    return json.dumps(to_plain(value), ensure_ascii=False, allow_nan=False)


def to_short_json(value: Any) -> str:
    """JSON as it is kept in the graph: of values that are plain already, without a blank."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
