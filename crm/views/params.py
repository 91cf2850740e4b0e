"""Parameters of the API: declared once, they are read, checked and described from the same line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.errors import Refused

YES = ("yes", "true", "1")
NO = ("no", "false", "0")


@dataclass(frozen=True)
class Param:
    """One parameter. `kind` is str, int, float, bool, date, list (of texts), or a tuple of the words that it may be."""

    name: str
    help: str
    kind: type | tuple[str, ...] = str
    required: bool = False
    default: Any = None


def read_params(params: tuple[Param, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each parameter by its Python name (`as-of` is `as_of`).

    Raises Refused for a value of the wrong kind, one that is missing, and a name that is not a parameter.
    """
    unknown = sorted(set(given) - {param.name for param in params})
    if unknown:
        names = ", ".join(param.name for param in params) or "none"
        raise Refused(f"“{unknown[0]}” is not a parameter here. Known ones: {names}.")
    return {param.name.replace("-", "_"): _read(param, given.get(param.name)) for param in params}


def _read(param: Param, value: Any) -> Any:
    if value is None or value == "":
        if param.required:
            raise Refused(f"“{param.name}” is missing.")
        return param.default
    try:
        return _convert(param.kind, value)
    except (ValueError, TypeError) as error:
        raise Refused(f"{param.name}: {str(value)[:80]!r} is not {_words(param.kind)}.") from error


def _convert(kind: type | tuple[str, ...], value: Any) -> Any:
    if kind is list:
        values = value if isinstance(value, list) else str(value).split(",")
        return [_convert(str, item) for item in values]
    if not isinstance(value, str | int | float | bool):
        raise TypeError(value)
    text = str(value).strip()
    if isinstance(kind, tuple):
        if text not in kind:
            raise ValueError(text)
        return text
    if kind is bool:
        if text.lower() not in (*YES, *NO):
            raise ValueError(text)
        return text.lower() in YES
    if kind is date:
        return _to_date(text)
    return kind(text)


def _to_date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):  # Python also takes 2026W03 and the like.
        raise ValueError(text)
    return date.fromisoformat(text)


def _words(kind: type | tuple[str, ...]) -> str:
    if isinstance(kind, tuple):
        return "one of " + ", ".join(kind)
    words = {int: "a whole number", float: "a number", bool: "yes or no", date: "a date such as 2026-06-30"}
    return words.get(kind, "a text")
