"""While an import is taken back, every business and person whose record is there has a page, at each moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from functools import partial
from typing import Any

import pytest

from crm.graph import resolution
from crm.graph.driver import Store, Transaction
from crm.graph.stale import RECORD, Kind
from crm.services import knocks
from crm.services.resolution import compute_stale
from tests.factories import import_text, undo
from tests.web.pages import PageClient, soup, words

LIST = """
agency,source_id,name,street,city,zip,phone
{agency},{agency} 1,Acme Tool Inc,12 Main St,Rockford,61101,815-555-1234
{agency},{agency} 2,Zeta Foods,9 Oak Ave,Rockford,61101,815-555-2345
"""
ROSTER = """
agency,source_id,name,email,business,do_not_contact
{agency},{agency} P1,Ana Silva,ana@acme.example,{agency} 1,yes
"""
CONTACTS = """
agency,source_id,date,program,business,person,channel,purpose,promise,promise_due
{agency},T1,2026-01-05,Training,{agency} 1,Ana Silva,visit,needs,A list,2026-02-01
{agency},T2,2026-01-06,Training,{agency} 2,,call,needs,,
"""
PAGES: dict[Kind, str] = {"business": "/businesses/b", "person": "/people/e"}


def list_pages(db: Store) -> list[str]:
    """The page under the id that each record gives its thing, be it that it is known under another by now."""
    return [
        PAGES[kind] + row["id"][1:]
        for kind in PAGES
        for row in db.read(f"MATCH (r:{RECORD[kind]}) RETURN r.id AS id ORDER BY id")  # type: ignore[arg-type]
    ]


@contextmanager
def after_each_write(patch: pytest.MonkeyPatch, look: Callable[[], None]) -> Iterator[None]:
    """`look` when each transaction of another process would have become visible."""
    looking = False

    def watch(original: Callable[..., Any]) -> Callable[..., Any]:
        def watched(self: Store, *args: Any, **params: Any) -> Any:
            nonlocal looking
            found = original(self, *args, **params)
            if not looking:
                looking = True
                # As a request does, which is no part of the work and hears late of it.
                Context().run(look)
                looking = False
            return found

        return watched

    with patch.context() as context:
        for name in ("write", "transact"):
            context.setattr(Store, name, watch(getattr(Store, name)))
        yield


def test_every_page_opens_at_each_moment_of_an_undo(
    ana: PageClient, db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = import_text(db, LIST.format(agency="Workforce Board"))
    told = import_text(db, ROSTER.format(agency="Workforce Board"))
    for text in (LIST, ROSTER, CONTACTS):
        import_text(db, text.format(agency="Harbor College"))
    before, moments = {*list_pages(db)}, 0
    assert len(before) == 6

    def look(kind: Kind) -> None:
        nonlocal moments
        moments += 1
        for path in before.intersection(list_pages(db)):
            if not path.startswith(PAGES[kind]):
                continue
            page = ana.get(path, follow_redirects=True)
            assert page.status_code == 200, (moments, path, words(page))
            # She asked not to be written to: that is not forgotten for a moment.
            assert kind == "business" or soup(page).select_one(".light-panel.light-red"), moments

    with after_each_write(monkeypatch, partial(look, "person")):
        undo(db, told)
    with after_each_write(monkeypatch, partial(look, "business")):
        undo(db, brought)
    assert moments > 10


@pytest.mark.parametrize("kind", ["business", "person"])
def test_a_page_opens_that_is_asked_for_while_its_record_moves(
    ana: PageClient, db: Store, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    for agency in ("Workforce Board", "Harbor College"):
        import_text(db, LIST.format(agency=agency))
        import_text(db, ROSTER.format(agency=agency))
    key = {"business": "Harbor College 1", "person": "Harbor College P1"}[kind]
    find = f"MATCH (r:{RECORD[kind]} {{key: $key}})-[:RESOLVES_TO]->(t) RETURN r.id AS record, t.id AS thing"
    (found,) = db.read(find, key=key)  # type: ignore[arg-type]
    record, older = found["record"], found["thing"]
    own = PAGES[kind][-1] + record[1:]
    assert own != older

    def move(thing: str, other: str) -> None:
        def write(tx: Transaction) -> None:
            resolution.assign(tx, kind, [{"record": record, "thing": thing, "moved": True}])
            resolution.drop_empty(tx, kind, [other])
            tx.tick()

        db.transact(write)

    asked, left = Store.read, 0
    paths = [PAGES[kind][:-1] + own]
    if kind == "business":
        paths.append(f"/knocks/businesses/{own}")
    for path in [*paths, *(f"/api/v1{path}" for path in paths)]:
        for turns in range(1, 60):
            left = turns

            def read(self: Store, *args: Any, **params: Any) -> Any:
                nonlocal left
                left -= 1
                if left == 0:
                    (now,) = asked(db, find, key=key)  # type: ignore[arg-type]
                    move(*((own, older) if now["thing"] == older else (older, own)))
                return asked(self, *args, **params)

            with monkeypatch.context() as patch:
                patch.setattr(Store, "read", read)
                page = ana.get(path, follow_redirects=True)
            assert page.status_code == 200, (path, turns, words(page))
            if left > 0:
                break
        assert left > 0
        compute_stale(db)


def test_a_business_that_goes_while_its_knocks_are_read_is_told_of_in_words(
    ana: PageClient, db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = import_text(db, LIST.format(agency="Workforce Board"))
    (id,) = (row["id"] for row in db.read("MATCH (b:Business {name: 'Zeta Foods'}) RETURN b.id AS id"))
    path = f"/knocks/businesses/{id}"
    assert ana.get(path).status_code == 200
    listed = knocks.list_contacts

    def go(*args: Any) -> Any:
        undo(db, brought)
        return listed(*args)

    monkeypatch.setattr(knocks, "list_contacts", go)
    page = ana.get(path)
    assert page.status_code == 404
    assert "There is no such business." in words(page)
