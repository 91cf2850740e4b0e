"""Settings from the environment, read once, with a clear error for a value that cannot be used."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from environs import Env, EnvError

from crm.errors import Refused
from crm.graph.driver import GraphSettings

MEGABYTE = 1024 * 1024
# (Werkzeug cannot compare [::1] with a list of trusted hosts.)
LOOPBACK = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class SignInLimits:
    """How often a password may be tried before waiting, as "count per number unit". A success does not count."""

    account: str = "10 per 5 minutes"
    address: str = "50 per 5 minutes"
    everyone: str = "1000 per 5 minutes"


@dataclass(frozen=True)
class Settings:
    """Everything that a running process needs to know from outside.

    `secret_key` None: the key that is kept in the graph. `trusted_hosts`: names that the server answers to, beside
    those of the machine itself. `secure_cookies`: cookies for https only, even where a request looks like http.
    """

    graph: GraphSettings
    secret_key: str | None = None
    trusted_hosts: tuple[str, ...] = ()
    behind_proxy: bool = False
    secure_cookies: bool = False
    upload_bytes: int = 100 * MEGABYTE
    sign_in_limits: SignInLimits = SignInLimits()
    api_limit: str = "600 per minute"
    log_level: str = "info"


def read_settings() -> Settings:
    """Read the environment (and a `.env` file beside the process, if there is one).

    Raises Refused, naming the variable, for a value that cannot be used.
    """
    env = Env()
    env.read_env(Path(".env"), recurse=False)
    try:
        return _settings(env)
    except EnvError as error:
        raise Refused(str(error)) from error


def _settings(env: Env) -> Settings:
    return Settings(
        graph=_graph_settings(env),
        secret_key=env.str("CRM_SECRET_KEY", default="") or None,
        trusted_hosts=tuple(env.list("CRM_TRUSTED_HOSTS", default=[])),
        behind_proxy=env.bool("CRM_BEHIND_PROXY", default=False),
        secure_cookies=env.bool("CRM_SECURE_COOKIES", default=False),
        upload_bytes=env.int("CRM_UPLOAD_MEGABYTES", default=100) * MEGABYTE,
        sign_in_limits=SignInLimits(
            account=env.str("CRM_SIGN_IN_LIMIT_ACCOUNT", default=SignInLimits.account),
            address=env.str("CRM_SIGN_IN_LIMIT_ADDRESS", default=SignInLimits.address),
            everyone=env.str("CRM_SIGN_IN_LIMIT_EVERYONE", default=SignInLimits.everyone),
        ),
        api_limit=env.str("CRM_API_LIMIT", default=Settings.api_limit),
        log_level=env.str("CRM_LOG_LEVEL", default="info"),
    )


def _check_days(days: int) -> None:
    if not 0 <= days <= 36_500:
        raise EnvError("Say for how many days, from 0 (not at all) to 36500.")


def read_time_zone() -> ZoneInfo | None:
    """The region's time zone, None if none is said. Raises Refused for a name that is not known."""
    name = Env().str("CRM_TIME_ZONE", default="")
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refused(f"CRM_TIME_ZONE is {name!r}, which is no time zone. Write it as America/New_York.") from error


def _graph_settings(env: Env) -> GraphSettings:
    return GraphSettings(
        data_dir=Path(env.str("CRM_DATA_DIR", default=str(default_data_dir()))).expanduser(),
        uri=env.str("NEO4J_URI", default="") or None,
        username=env.str("NEO4J_USERNAME", default="neo4j"),
        password=env.str("NEO4J_PASSWORD", default=""),
        database=env.str("NEO4J_DATABASE", default="") or None,
        engine_heap=env.str("CRM_ENGINE_HEAP", default="1g"),
        original_days=env.int("CRM_KEEP_ORIGINALS_DAYS", default=365, validate=_check_days),
    )


def flask_config(settings: Settings) -> dict[str, Any]:
    """Flask's own settings. A route that takes a file raises the limit of its body (`access.takes_upload`)."""
    return {
        "SECRET_KEY": settings.secret_key,
        "TRUSTED_HOSTS": [*LOOPBACK, *settings.trusted_hosts],
        "MAX_CONTENT_LENGTH": MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": 1000,
        # Flask-Login's own check of the address: it changes on the way to work, and each request checks the session.
        "SESSION_PROTECTION": None,
        # A form may stay open for as long as its session lives.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def default_data_dir() -> Path:
    """The user's own data folder, as the operating system names it."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return base / "sector-crm"
