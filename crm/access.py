"""Who is looking, and what they may do.

Every read of agency data takes a `Viewer`, and the filter is inside the query. For now the members of a region see all of
its records; of another agency's notes they see only that there are some. The command line belongs to the owner of the
data folder and sees everything.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["admin", "member"]


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
