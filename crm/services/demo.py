"""The demo region in the graph: loaded by the product's own import, with three people who may sign in.

What it was loaded for (its day, and the passwords, which are drawn anew for each installation) is kept in the data
folder, readable by its owner only. So a second call changes nothing and says the same, and an interrupted first call is
finished by the next. A graph that holds anything else is never touched.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from crm.access import OWNER, Role, Viewer
from crm.demo import words
from crm.demo.agencies import AGENCIES
from crm.demo.contacts import list_staff
from crm.demo.files import write_files
from crm.errors import Refused
from crm.graph import imports, users
from crm.graph.driver import Store
from crm.services import accounts, passwords

Progress = Callable[[str, int, int], None]

LOADER = Viewer(user_id="demo", email="", agency_id=None, role="admin")
# One who looks after the users, and two who do not; each of another agency.
ROLES: tuple[tuple[str, Role], ...] = (
    ("Alder River Workforce Board", "admin"),
    ("Tamarack Technical College", "member"),
    ("Brackwater Chamber of Commerce", "member"),
)


@dataclass(frozen=True)
class SignIn:
    """Somebody of the demo region who may sign in."""

    email: str
    password: str
    agency: str
    role: Role


@dataclass(frozen=True)
class Demo:
    """The demo region as it stands; `loaded`: by this call."""

    as_of: date
    sign_ins: list[SignIn]
    loaded: bool


def make_demo(db: Store, *, as_of: date | None = None, progress: Progress | None = None) -> Demo:
    """Load the demo region as of this day (default: today) if it is not there, and let its people in.

    Raises Refused when the graph holds something else.
    """
    kept = _read_kept(db)
    here = is_loaded(db)
    if kept is None or (as_of is not None and not here):
        kept = _keep(db, as_of or date.today(), kept.sign_ins if kept else _draw_sign_ins())
    if not here:
        check_empty(db)
        load_region(db, kept.as_of, progress=progress)
    for person in kept.sign_ins:
        _let_in(db, person)
    return Demo(kept.as_of, kept.sign_ins, loaded=not here)


def is_loaded(db: Store) -> bool:
    """Whether the whole demo region is in the graph. Its people come last."""
    return all(users.find_user(db, email) for email in _list_emails())


def check_empty(db: Store) -> None:
    """Refuse a graph with users or imports that are not the demo's."""
    strangers = {user.email for user in users.list_users(db)} - set(_list_emails())
    if strangers or any(run.by != LOADER.user_id for run in imports.list_imports(db, OWNER)):
        raise Refused(
            "This graph already holds something else, and the demo region would mix with it. "
            "Choose an empty folder with CRM_DATA_DIR, or an empty database with NEO4J_URI."
        )


def load_region(db: Store, as_of: date, *, progress: Progress | None = None) -> None:
    """Write the region's plain files and import them. Run again, it finishes what was interrupted."""
    from importers.load import import_files, no_progress
    from importers.openings import Said, close_sources, open_sources

    with TemporaryDirectory(prefix="crm-demo-") as folder:
        sources = open_sources(db, write_files(Path(folder), as_of).values(), Said())
        try:
            import_files(db, sources, viewer=LOADER, progress=progress or no_progress)
        finally:
            close_sources(sources)


def _list_emails() -> list[str]:
    return [list_staff(agency)[0] for name, _ in ROLES for agency in AGENCIES if agency.name == name]


def _draw_sign_ins() -> list[SignIn]:
    return [
        SignIn(email, _draw_password(), agency, role)
        for email, (agency, role) in zip(_list_emails(), ROLES, strict=True)
    ]


def _draw_password() -> str:
    """Four words and a number: easy to type from a terminal."""
    drawn = [secrets.choice(words.ADJECTIVES), *(secrets.choice(words.NOUNS) for _ in range(3))]
    return "-".join(drawn).lower() + f"-{secrets.randbelow(90) + 10}"


def _let_in(db: Store, person: SignIn) -> None:
    """See to it that this person exists and that this is the password."""
    user = users.find_user(db, person.email)
    if user is not None:
        known = users.find_credentials(db, person.email)
        if known is None or not passwords.matches(known.password_hash, person.password):
            accounts.reset_password(db, user, person.password)
        return
    name = person.email.partition("@")[0].capitalize()
    if users.has_users(db):
        accounts.add_user(
            db, email=person.email, agency=person.agency, password=person.password, role=person.role, name=name
        )
    else:
        accounts.add_first_administrator(
            db, email=person.email, agency=person.agency, password=person.password, name=name
        )


def _kept_path(db: Store) -> Path:
    return db.settings.data_dir / "demo.json"


def _read_kept(db: Store) -> Demo | None:
    try:
        said = json.loads(_kept_path(db).read_text(encoding="utf-8"))
        return Demo(date.fromisoformat(said["as_of"]), [SignIn(**one) for one in said["sign_ins"]], loaded=False)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(db: Store, as_of: date, sign_ins: list[SignIn]) -> Demo:
    path = _kept_path(db)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"as_of": as_of.isoformat(), "sign_ins": [vars(one) for one in sign_ins]}, indent=1)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    draft.replace(path)
    return Demo(as_of, sign_ins, loaded=False)
