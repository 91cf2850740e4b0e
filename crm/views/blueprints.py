"""All views of the application. A new noun adds its module here; an API endpoint counts when its module is imported."""

from flask import Flask

from crm.views import (
    account,
    agencies,
    agreements,
    api,
    businesses,
    coverage,
    credit,
    edits,
    firms,
    health,
    home,
    imports,
    knocks,
    packs,
    people,
    preview_rows,
    quality,
    reviews,
    search,
    setup,
    styleguide,
    table_edits,
    tables,
    touchpoints,
    uploads,
    users,
    visits,
    whatif,
    workshop_rooms,
    workshops,
)

BLUEPRINTS = (
    account.bp,
    agencies.bp,
    agreements.bp,
    api.bp,
    businesses.bp,
    coverage.bp,
    credit.bp,
    edits.bp,
    firms.bp,
    health.bp,
    home.bp,
    imports.bp,
    knocks.bp,
    packs.bp,
    people.bp,
    preview_rows.bp,
    quality.bp,
    reviews.bp,
    search.bp,
    setup.bp,
    styleguide.bp,
    table_edits.bp,
    tables.bp,
    touchpoints.bp,
    uploads.bp,
    users.bp,
    visits.bp,
    whatif.bp,
    workshop_rooms.bp,
    workshops.bp,
)


def init_app(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
