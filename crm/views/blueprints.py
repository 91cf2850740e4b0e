"""All views of the application. A new noun adds its module here; an API endpoint counts when its module is imported."""

from flask import Flask

from crm.views import account, api, health, home, setup, styleguide, users

BLUEPRINTS = (
    account.bp,
    api.bp,
    health.bp,
    home.bp,
    setup.bp,
    styleguide.bp,
    users.bp,
)


def init_app(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
