"""See who else is knocking: a shared outreach CRM for sector partnerships."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from crm.config import Settings
    from crm.graph.driver import Store


def create_app(settings: "Settings | None" = None, *, db: "Store | None" = None) -> "Flask":
    """The web application: settings, extensions, views. Nothing connects to the graph before the first request.

    Without `settings` this is a server process: they come from the environment, and its log is set up. `db` is for
    tests that share one store among several applications.
    """
    # Inside, because the command line imports this package too and must not wait for Flask.
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from crm import config, extensions, logs
    from crm.views import account_words, blueprints, cookies, errors, formatting, guard, headers

    if settings is None:
        settings = config.read_settings()
        logs.configure(settings.log_level)
    app = Flask(__name__)
    app.config.update(config.flask_config(settings))
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    extensions.init_app(app, settings, db)
    for part in (formatting, account_words, headers, errors, cookies, guard, extensions.csrf, blueprints):
        part.init_app(app)
    return app
