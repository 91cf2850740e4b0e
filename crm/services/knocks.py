"""Many knocks: the region's figures for a question, and the knocks of one business with why each counts as it does.

Figures of the region come from its copy in memory (`crm.services.regions`); the knocks of one business are found from
the graph as it is now, without the rest of the region.
"""

from collections.abc import Iterable
from typing import Any

from crm.access import Viewer
from crm.analysis.days import get_date
from crm.analysis.explanations import KnockLine, explain_business
from crm.analysis.history import History, build_history
from crm.analysis.knocks import measure_region
from crm.graph import businesses, knocks
from crm.graph.driver import Store
from crm.graph.knocks import KnockContact
from crm.graph.lights import ContactKey
from crm.graph.records import record_id
from crm.services import lookups
from crm.services.dossiers import get_current_business_id
from crm.services.findings import AskedTwice, Findings
from crm.services.given_ids import follow
from crm.services.questions import Question, ask
from crm.services.region_reading import read_some
from crm.services.regions import get_cache


def find_knocks(db: Store, viewer: Viewer, question: Question) -> Findings:
    """All figures of the region for this question."""

    def compute(history: History) -> Findings:
        report = measure_region(
            history,
            period=question.period,
            scope=question.scope,
            window=question.window,
            broad=question.broad,
            agency=question.agency,
            purpose_class=question.purpose_class,
            program=question.program,
        )
        return Findings(question, history, report)

    return get_cache(db).get_answer(question, compute, as_of=question.as_of)


def measure(
    db: Store, viewer: Viewer, *, business: str | None = None, links: bool = False, topics: bool = False, **asked: Any
) -> dict[str, Any]:
    """The answer of `crm knocks` as the contract has it; with a business (id, name …) its knocks too, and with `links`
    on top of the contract what each redundant one of them lacked, with `topics` what was asked twice.

    Takes what `questions.ask` takes, and raises what it raises.
    """
    question = ask(db, viewer, **asked)
    id = lookups.get_business_id(db, viewer, business) if business is not None else None
    answer = find_knocks(db, viewer, question).report.as_json()
    if id is not None:
        lines = list_knocks(db, viewer, id, question)
        answer["list"] = [line.as_json() for line in lines]
        if links:
            answer["missing_links"] = tell_missing_links(lines)
    if topics:
        answer["topics"] = tell_topics(db, viewer, question)
    return answer


def tell_missing_links(lines: Iterable[KnockLine]) -> list[dict[str, Any]]:
    """For each redundant knock the fewest links that would have made it coordinated, in names of agencies."""
    return [
        {
            "date": get_date(line.day).isoformat(),
            "agencies": line.agencies,
            "links": [{"own": link.own, "other": link.other} for link in line.missing],
            "words": line.remedy,
        }
        for line in lines
        if line.missing
    ]


def list_knocks(db: Store, viewer: Viewer, business_id: str, question: Question) -> list[KnockLine]:
    """The knocks on a business in the period, in order, each with its touchpoints and the sentence why.

    Only those of the agency, the program and the purpose that the question is about. Raises NotFound.
    """

    def read(id: str) -> list[KnockLine] | None:
        history = _read_history(db, viewer, id, question.as_of)
        if id not in history.region.businesses.places:
            return None
        lines = explain_business(history, id, period=question.period, window=question.window, broad=question.broad)
        return [line for line in lines if _is_asked_for(line, question)]

    found = follow(db, business_id, read, businesses.find_current_id)
    if found is None:
        # One that waits to be computed is there, and nothing is known of it yet.
        get_current_business_id(db, business_id)
    return found or []


def _is_asked_for(line: KnockLine, question: Question) -> bool:
    if question.purpose_class not in (None, line.purpose_class):
        return False
    if question.program is not None and question.program not in line.programs:
        return False
    return question.agency is None or question.agency_name in line.agencies


def _read_history(db: Store, viewer: Viewer, business: str, as_of: int) -> History:
    """The history of one business alone: what is counted on it depends on nothing else."""
    rules = get_cache(db).get_rules()
    return build_history(read_some(db, viewer, [business], rules.directory, rules.agreements), as_of=as_of)


def find_whom_to_ask(db: Store, viewer: Viewer, pairs: Iterable[AskedTwice]) -> dict[ContactKey, list[str]]:
    """Staff of the contacts that hold the answers, by what names each, as far as the viewer may know them."""
    ids = {pair.source: record_id("Touchpoint", *pair.source) for pair in pairs if pair.source}
    found = knocks.map_whom_to_ask(db, viewer, sorted(set(ids.values())))
    return {source: found[id] for source, id in ids.items() if id in found}


def tell_topics(db: Store, viewer: Viewer, question: Question) -> list[dict[str, Any]]:
    """What was asked twice, and who holds the answer: `held_by` agencies, `on` which day, `ask` whom: staff where the
    viewer may know them, else the agencies."""
    pairs = find_knocks(db, viewer, question).asked_twice
    staff = find_whom_to_ask(db, viewer, pairs)
    return [
        {
            "business": pair.business,
            "name": pair.name,
            "topic": pair.topic,
            "doors": pair.doors,
            "held_by": list(pair.agencies),
            "on": None if pair.day is None else get_date(pair.day).isoformat(),
            "ask": (staff.get(pair.source) if pair.source else None) or list(pair.agencies),
        }
        for pair in pairs
    ]


def list_contacts(db: Store, viewer: Viewer, lines: Iterable[KnockLine]) -> dict[ContactKey, KnockContact]:
    """The touchpoints behind these knocks, by what `KnockLine.sources` names them by."""
    ids = {source: record_id("Touchpoint", *source) for line in lines for source in line.sources}
    found = knocks.list_contacts(db, viewer, sorted(ids.values()))
    return {source: found[id] for source, id in ids.items() if id in found}
