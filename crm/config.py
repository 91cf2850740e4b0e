"""Settings from the environment, read once, with a clear error for a value that cannot be used."""

import os
from dataclasses import dataclass
from pathlib import Path

from environs import Env

from crm.graph.driver import GraphSettings


@dataclass(frozen=True)
class Settings:
    """Everything that a running process needs to know from outside."""

    graph: GraphSettings
    secret_key: str | None
    trusted_hosts: tuple[str, ...]
    behind_proxy: bool
    secure_cookies: bool


def read_settings() -> Settings:
    """Read the environment (and a `.env` file beside the process, if there is one)."""
    env = Env()
    env.read_env(Path(".env"), recurse=False)
    return Settings(
        graph=GraphSettings(
            data_dir=Path(env.str("CRM_DATA_DIR", default=str(default_data_dir()))).expanduser(),
            uri=env.str("NEO4J_URI", default="") or None,
            username=env.str("NEO4J_USERNAME", default="neo4j"),
            password=env.str("NEO4J_PASSWORD", default=""),
            database=env.str("NEO4J_DATABASE", default="") or None,
            engine_heap=env.str("CRM_ENGINE_HEAP", default="1g"),
        ),
        secret_key=env.str("CRM_SECRET_KEY", default="") or None,
        trusted_hosts=tuple(env.list("CRM_TRUSTED_HOSTS", default=[])),
        behind_proxy=env.bool("CRM_BEHIND_PROXY", default=False),
        secure_cookies=env.bool("CRM_SECURE_COOKIES", default=False),
    )


def default_data_dir() -> Path:
    """The user's own data folder, as the operating system names it."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return base / "sector-crm"
