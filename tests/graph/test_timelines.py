"""The timeline and the light of a business come from what it lists; they must be those of all its contacts."""

import random
from dataclasses import replace
from datetime import date

import pytest

from crm.access import OWNER
from crm.analysis.days import get_date, get_day
from crm.analysis.lights import Light, Subject, light_business
from crm.graph import businesses, dossiers
from crm.graph import lights as graph_lights
from crm.graph.driver import Store
from crm.services import lights
from crm.services.regions import get_cache
from tests.factories import import_text
from tests.worked_knocks import BUSINESSES, PROGRAMS, find_business

DAY = date(2026, 6, 30)
ORDER = """
MATCH (b:Business {id: $id})<-[:RESOLVES_TO]-()<-[:WITH]-(t:Touchpoint)
RETURN t.id AS id
ORDER BY t.date DESC, id
"""


@pytest.fixture
def busy(db: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    """A business with 60 contacts over two years, several on one day, some joint, some with promises, some plans."""
    monkeypatch.setattr(businesses, "NEWEST", 12)
    draw = random.Random(5)
    import_text(db, PROGRAMS)
    import_text(db, BUSINESSES)
    programs = {"WDB": "Training", "College": "Welding", "Chamber": "Membership", "VR": "Placement"}
    rows = [
        "agency,source_id,date,program,business,channel,direction,purpose,promise,promise_due,promise_kept_on,staff"
    ]
    for number in range(60):
        agency = draw.choice(list(programs))
        day = get_date(get_day(DAY) - draw.choice((-9, -3, 1, 1, 5, 12, 40, 200, 360, 400, 700)))
        other = draw.choice(list(programs))
        joint = f"{programs[agency]};{other}:{programs[other]}" if draw.random() < 0.2 else programs[agency]
        promise = draw.choice(("", "", "", "Names,2026-08-01,", "Names,,", f"A list,{day},{day}"))
        rows.append(
            f"{agency},T{number},{day},{joint},Acme Tool Inc,{draw.choice(('visit', 'call', ''))},"
            f"{draw.choice(('out', 'in', ''))},{draw.choice(('needs', 'service', 'invitation', ''))},"
            f"{promise or ',,'},{draw.choice(('jo@wdb.example', ''))}"
        )
    import_text(db, "\n".join(rows))
    return find_business(db, "Acme Tool Inc")


def test_the_pages_of_a_timeline_hold_every_contact_once_and_newest_first(db: Store, busy: str) -> None:
    expected = [row["id"] for row in db.read(ORDER, id=busy)]
    assert len(expected) == 60
    business = dossiers.get_business(db, busy, viewer=OWNER)
    assert business.newest == expected[:12]
    for lines in (
        lambda skip: dossiers.list_newest(db, business, viewer=OWNER, skip=skip, limit=5),
        lambda skip: dossiers.list_business_timeline(db, busy, viewer=OWNER, skip=skip, limit=5),
    ):
        assert [line.id for skip in range(0, 65, 5) for line in lines(skip)] == expected


def test_a_light_counts_what_is_long_past_as_if_it_were_told_in_full(
    db: Store, busy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Subject] = []

    def keep(subject: Subject, **known: object) -> object:
        seen.append(subject)
        return light_business(subject, **known)  # type: ignore[arg-type]

    monkeypatch.setattr(lights, "light_business", keep)
    found = lights.find_light(db, OWNER, busy, agency_id="", as_of=DAY)
    (sifted,) = seen
    assert sifted.past
    # The same with nothing sifted out: every contact is near.
    monkeypatch.setattr(lights, "is_near", lambda *_, **__: True)
    whole = lights.find_light(db, OWNER, busy, agency_id="", as_of=DAY)
    assert len(seen[1].contacts) == 60
    assert whole == replace(found, fatigue=whole.fatigue)
    assert whole.fatigue == pytest.approx(found.fatigue, abs=1e-12)
    for agency in get_cache(db).get_rules().directory.agencies:
        monkeypatch.setattr(lights, "is_near", lambda *_, **__: True)
        whole = lights.find_light(db, OWNER, busy, agency_id=agency, as_of=DAY)
        monkeypatch.undo()
        assert lights.find_light(db, OWNER, busy, agency_id=agency, as_of=DAY).reasons == whole.reasons


def test_a_list_too_long_to_come_with_its_business_gives_the_same_light_and_is_read_once(
    db: Store, busy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask() -> list[Light]:
        return [lights.find_light(db, OWNER, busy, agency_id=agency, as_of=DAY) for agency in ("", *known)]

    known = get_cache(db).get_rules().directory.agencies
    told = ask()
    asked: list[list[str]] = []
    list_contacts = graph_lights.list_contacts
    monkeypatch.setattr(graph_lights, "MANY", 59)
    monkeypatch.setattr(graph_lights, "list_contacts", lambda *a: asked.append(a[-1]) or list_contacts(*a))
    assert ask() == told
    assert asked == [[busy]]
    import_text(
        db,
        f"""
        agency,source_id,date,program,business,channel,direction,purpose
        College,NEW,{DAY},Welding,Acme Tool Inc,visit,out,needs
        """,
    )
    after = ask()
    assert asked == [[busy], [busy]]
    assert after[0].fatigue > told[0].fatigue
    monkeypatch.setattr(graph_lights, "MANY", 500)
    assert ask() == after
