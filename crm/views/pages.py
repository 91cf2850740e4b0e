"""What many pages share: which page of a long list is asked for, and the answer that offers an undo."""

from typing import Any

from flask import flash, request

LAST = 10_000


def read_page() -> int:
    """The page of the query string, from 1; anything that is no page number is the first."""
    text = request.args.get("page", "1")
    return min(max(int(text), 1), LAST) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def flash_answer(text: str, *, undo_url: str, undo_label: str = "Undo") -> None:
    """Say on the next page what was done, with a button that takes it back."""
    answer: Any = {"text": text, "undo_url": undo_url, "undo_label": undo_label}
    flash(answer, "success")
