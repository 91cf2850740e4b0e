"""Who is looking, and what they may do.

Every read of agency data takes a `Viewer`, and the filter is inside the query. For now the members of a region see
all of its records; of another agency's notes they see only that there are some. The command line belongs to the owner
of the data folder and sees everything.

Every route says who may open it, with one of the decorators `public`, `member` and `admin`; `crm.views.guard` refuses a
route that says nothing. An administrator looks after the users of the whole region.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

Role = Literal["admin", "member"]
Audience = Literal["public", "member", "admin"]
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Viewer:
    """The person, or the owner of the installation, on whose behalf the graph is read.

    `agency_id` is None only for the owner, who sees everything.
    """

    user_id: str
    email: str
    agency_id: str | None
    role: Role

    @property
    def is_owner(self) -> bool:
        return self.agency_id is None

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"


OWNER = Viewer(user_id="owner", email="", agency_id=None, role="admin")


@dataclass(frozen=True)
class Rule:
    """What a route asks of whoever opens it.

    `confirmed`: the password was typed within the last minutes, not only at the start of the day.
    `upload`: the body may be as large as a file, not only as large as a form.
    """

    audience: Audience | None = None
    confirmed: bool = False
    upload: bool = False


def public(view: View) -> View:
    """Anybody may open this, signed in or not."""
    return _mark(view, audience="public")


def member(view: View) -> View:
    """Whoever is signed in may open this; the graph's own filters decide what they see on it."""
    return _mark(view, audience="member")


def admin(view: View) -> View:
    """Only administrators may open this."""
    return _mark(view, audience="admin")


def confirmed(view: View) -> View:
    """Beside `member` or `admin`: asks for the password again if that was long ago."""
    return _mark(view, confirmed=True)


def takes_upload(view: View) -> View:
    """Beside `member` or `admin`: the body may be a file."""
    return _mark(view, upload=True)


def find_rule(view: Callable[..., Any] | None) -> Rule | None:
    """The rule that the decorators left on a view; None when none of them says who may open it."""
    rule: Rule | None = getattr(view, "access_rule", None)
    return rule if rule is not None and rule.audience is not None else None


def _mark(view: View, **changes: Any) -> View:
    rule: Rule = getattr(view, "access_rule", None) or Rule()
    view.access_rule = replace(rule, **changes)  # type: ignore[attr-defined]
    return view
