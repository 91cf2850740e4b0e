"""What a web application carries besides its views: forms' CSRF check, sign-in, the store, the settings."""

import atexit

from flask import Flask, current_app
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from crm.config import Settings
from crm.graph.driver import Store
from crm.graph.schema import open_store
from crm.services.limits import Allowance
from crm.services.workers import Launcher

csrf = CSRFProtect()


def init_app(app: Flask, settings: Settings, db: Store | None) -> None:
    """Bind the store (its connection opens with the first request, in the worker) and the extensions."""
    app.extensions["crm.settings"] = settings
    app.extensions["crm.db"] = db or open_store(settings.graph)
    app.extensions["crm.api_allowance"] = Allowance()
    # Only a server has workers; an application that was given a store is a part of something else, such as a test.
    launcher = app.extensions["crm.launcher"] = Launcher(app.extensions["crm.db"]) if db is None else None
    if launcher is not None:
        app.before_request(launcher.start)
    if db is None:
        atexit.register(app.extensions["crm.db"].close)
    login_manager = LoginManager()
    login_manager.init_app(app)


def get_db() -> Store:
    """The application's store."""
    return current_app.extensions["crm.db"]


def wake_worker() -> None:
    """A job was just asked for: let it begin at once."""
    launcher: Launcher | None = current_app.extensions["crm.launcher"]
    if launcher is not None:
        launcher.wake()


def get_settings() -> Settings:
    return current_app.extensions["crm.settings"]
