"""All views of the application. A new noun adds its module here; an API endpoint counts when its module is imported."""

from flask import Flask

from crm.views import account, agencies, api, businesses, health, home, people, setup, styleguide, touchpoints, users

BLUEPRINTS = (
    account.bp,
    agencies.bp,
    api.bp,
    businesses.bp,
    health.bp,
    home.bp,
    people.bp,
    setup.bp,
    styleguide.bp,
    touchpoints.bp,
    users.bp,
)


def init_app(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
