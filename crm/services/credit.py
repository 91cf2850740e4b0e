"""Coordination credit: what an agency and its staff did so that businesses are not asked twice.

Members see their own agency's, and of its staff only themselves. The owner of the installation, on the command line,
sees all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm.access import Viewer
from crm.analysis.credit import Deed, Tally, list_deeds, tally, tally_staff
from crm.analysis.days import get_date
from crm.analysis.history import History
from crm.analysis.regions import Directory
from crm.errors import NotAllowed
from crm.graph import credit
from crm.graph.credit import Logged
from crm.graph.driver import Store
from crm.services.questions import Question, ask
from crm.services.regions import get_cache


@dataclass(frozen=True)
class Credit:
    """What counts for these agencies (ids) in the question's period; `names` of businesses by their ids."""

    question: Question
    agencies: tuple[str, ...]
    directory: Directory
    deeds: list[Deed]
    names: dict[str, str]

    def list_of(self, agency: str) -> list[Deed]:
        number = self.directory.numbers.get(agency)
        return [deed for deed in self.deeds if deed.agency == number]

    def list_of_staff(self, logged: Sequence[Logged]) -> list[Deed]:
        """Those of their own agency that are credited to these people."""
        mine = {(one.agency_id, source) for one in logged for source in one.contacts}
        return [deed for deed in self.deeds if any((self._get_id(deed), source) in mine for source in deed.sources)]

    def _get_id(self, deed: Deed) -> str:
        return self.directory.agency_ids[deed.agency]


def find_credit(db: Store, viewer: Viewer, question: Question) -> Credit:
    """Of the viewer's agency; for the owner of all, or of the one that the question is about.

    Raises NotAllowed where a member asks about another agency.
    """
    if viewer.agency_id is not None and question.agency not in (None, viewer.agency_id):
        raise NotAllowed("Coordination credit is shown to the agency whose it is. Ask about your own.")
    chosen = viewer.agency_id or question.agency
    # What it is not about must not make another question of it.
    asked = replace(question, agency=None, agency_name="", program=None, program_name="", purpose_class=None)

    def compute(history: History) -> Credit:
        directory = history.region.directory
        agencies = tuple(directory.agency_ids) if chosen is None else (chosen,)
        deeds = list_deeds(
            history,
            agencies=agencies,
            period=asked.period,
            scope=asked.scope,
            window=asked.window,
            broad=asked.broad,
        )
        known, ids = history.region.businesses, {deed.business for deed in deeds}
        names = {id: known.names[known.places[id]] for id in ids if id in known.places}
        return Credit(asked, agencies, directory, deeds, names)

    return get_cache(db).get_answer(("credit", asked, chosen), compute, as_of=asked.as_of)


def list_logged(db: Store, viewer: Viewer) -> list[Logged]:
    """Whose work contacts are, as far as the viewer may know: of a member only themselves."""
    return credit.list_logged(db, viewer)


def measure(db: Store, viewer: Viewer, **asked: Any) -> dict[str, Any]:
    """The answer of `crm credit`. Takes what `questions.ask` takes, and raises what it and `find_credit` raise."""
    question = ask(db, viewer, **asked)
    found = find_credit(db, viewer, question)
    return {
        "as_of": get_date(question.as_of),
        "from": get_date(question.period.first),
        "to": get_date(question.period.last),
        "window_days": question.window,
        "broad": question.broad,
        "agencies": [
            {"agency": found.directory.agencies.get(id, ""), **tally(found.list_of(id)).as_json()}
            for id in found.agencies
            if id in found.directory.agencies
        ],
        "staff": [
            {"agency": found.directory.agencies[agency], "staff": name, **counted.as_json()}
            for agency, name, counted in _tally_staff(found, list_logged(db, viewer), viewer)
        ],
    }


def _tally_staff(found: Credit, logged: Sequence[Logged], viewer: Viewer) -> list[tuple[str, str, Tally]]:
    """(agency id, name, tally) of everybody named in some contact, and of a member in any case; by agency and name."""
    numbers = found.directory.numbers
    there = [one for one in logged if one.agency_id in found.agencies and one.agency_id in numbers]
    people = {one.id: (numbers[one.agency_id], one.contacts) for one in there}
    counted = tally_staff(found.deeds, people)
    rows = [(one.agency_id, one.staff, counted[one.id]) for one in there]
    if viewer.agency_id in numbers and not rows:
        rows = [(viewer.agency_id or "", viewer.email, tally([]))]
    return sorted(rows, key=lambda row: (numbers[row[0]], row[1]))
