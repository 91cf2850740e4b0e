"""A user's own writes are visible to their next request, on a cluster too."""

import time

import time_machine
from flask import Flask, has_request_context

from crm.graph.driver import Store
from crm.views.cookies import FOLLOW_SECONDS
from tests.web.conftest import PASSWORD, make_app, open_client
from tests.web.pages import PageClient


class Watched(Store):
    """A real store that notes which bookmarks each request follows."""

    def __init__(self, db: Store) -> None:
        super().__init__(db.settings)
        self.followed: list[frozenset[str]] = []

    def following(self, bookmarks):  # type: ignore[no-untyped-def]
        if has_request_context():  # Caches that are filled in the background follow their own.
            self.followed.append(frozenset(bookmarks))
        return super().following(bookmarks)


def test_what_a_request_wrote_is_followed_by_the_next_ones_for_a_while(app: Flask, db: Store) -> None:
    watched = Watched(db)
    client = open_client(make_app(app.extensions["crm.settings"], watched))
    client.send("/sign-in", email="ana@college.example", password=PASSWORD)
    with client.session_transaction() as cookie:
        kept = frozenset(cookie["bookmarks"]["marks"])
    assert kept
    client.get("/account")
    client.get("/account")
    assert watched.followed[-2:] == [kept, kept]
    with time_machine.travel(time.time() + FOLLOW_SECONDS + 1, tick=True):
        client.get("/account")
    assert watched.followed[-1] == frozenset()
    watched.close()


def test_a_page_that_only_reads_sets_no_cookie(ana: PageClient) -> None:
    ana.get("/")
    assert "Set-Cookie" not in ana.get("/").headers
    assert "Set-Cookie" not in ana.get("/static/crm.css").headers


def test_bookmarks_that_the_browser_made_up_are_not_followed(app: Flask, db: Store) -> None:
    watched = Watched(db)
    client = open_client(make_app(app.extensions["crm.settings"], watched))
    client.set_cookie("crm", "eyJib29rbWFya3MiOnsiYXQiOjk5OTk5OTk5OTksIm1hcmtzIjpbIngiXX19.aaaaaa.bbbb")
    assert client.get("/sign-in").status_code == 200
    assert watched.followed == [frozenset()]
    watched.close()
