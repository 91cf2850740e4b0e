"""What a room reads: the region's figures for its question, each agency's own beside what it guessed, and the what-ifs.

Agencies and businesses are ids here; whoever writes a page calls them by the room's masks, and by nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from crm.access import OWNER
from crm.analysis.coverage import Coverage
from crm.analysis.days import get_date
from crm.analysis.history import History
from crm.analysis.masks import Masks
from crm.analysis.tables import Tables
from crm.analysis.whatif import WhatIf
from crm.analysis.workshops import AgencyFigures, Guesses, measure_agencies, narrow_what_if, sum_up
from crm.graph import workshops
from crm.graph.driver import Store
from crm.graph.workshops import Entry, Participant, Workshop
from crm.services.coverage import find_coverage
from crm.services.findings import Findings
from crm.services.knocks import find_knocks
from crm.services.questions import Question
from crm.services.regions import get_cache
from crm.services.tables import find_tables
from crm.services.whatif import replay_question
from crm.services.workshops import make_masks, read_question


def find_agencies(db: Store, question: Question) -> list[AgencyFigures]:
    """The figures of every agency for this question, by name."""

    def compute(history: History) -> list[AgencyFigures]:
        return measure_agencies(
            history, period=question.period, scope=question.scope, window=question.window, broad=question.broad
        )

    return get_cache(db).get_answer(("agencies", question), compute, as_of=question.as_of)


@dataclass(frozen=True)
class Decision:
    """A decision, and who agreed or dissents: entries of kind `voice`, in the order of time."""

    entry: Entry
    voices: list[Entry]

    def count(self, stance: str) -> int:
        return sum(voice.data["stance"] == stance for voice in self.voices)


@dataclass(frozen=True)
class Room:
    """A workshop with everything that is said in it; figures are found when a page asks for them."""

    db: Store
    workshop: Workshop
    # Of what was said when this was read; what was said meanwhile has another.
    version: str
    question: Question
    entries: Sequence[Entry]
    participants: Sequence[Participant]
    masks: Masks

    def list_entries(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind]

    @cached_property
    def findings(self) -> Findings:
        return find_knocks(self.db, OWNER, self.question)

    @cached_property
    def agencies(self) -> dict[str, AgencyFigures]:
        """By id."""
        return {one.agency: one for one in find_agencies(self.db, self.question)}

    @cached_property
    def present(self) -> list[str]:
        """The agencies of which a member is here, by letter."""
        here = {one.agency for one in self.participants if one.user is not None}
        return [id for id in self.masks.agencies if id in here]

    @cached_property
    def sure_guesses(self) -> dict[str, list[Entry]]:
        """The guesses of members by agency. A guest's stand under no letter: nothing proves which agency it is."""
        found: dict[str, list[Entry]] = {}
        for entry in self.list_entries("guess"):
            if entry.data["sure"] and entry.agency is not None:
                found.setdefault(entry.agency, []).append(entry)
        return found

    def sum_up_guesses(self, name: str, agency: str | None = None) -> Guesses:
        """What was guessed about one number, by the members of an agency or by everybody."""
        entries = self.list_entries("guess") if agency is None else self.sure_guesses.get(agency, [])
        return sum_up(entry.data[name] for entry in entries)

    @cached_property
    def what_ifs(self) -> list[tuple[Entry, WhatIf]]:
        """What the period would have been with a lead shared by these agencies, each by itself."""
        return [(entry, self._replay(entry.data["agencies"])) for entry in self.list_entries("whatif")]

    @cached_property
    def all_together(self) -> WhatIf | None:
        """The same with one lead of all agencies that are here."""
        return self._replay(self.present) if len(self.present) > 1 else None

    @cached_property
    def coverage(self) -> Coverage:
        """What each agency of the region reaches alone, and all together."""
        return find_coverage(self.db, OWNER, self.question).coverage

    @cached_property
    def tables(self) -> Tables:
        """All tables of the region on the day of the question, whatever its sector."""
        return find_tables(self.db, OWNER, as_of=get_date(self.question.as_of))

    def _replay(self, agencies: Sequence[str]) -> WhatIf:
        question, redundant, group = self.question, self.findings.report.redundant, frozenset(agencies)

        def compute(history: History) -> WhatIf:
            found = replay_question(history, question, [group])
            return narrow_what_if(history, found, scope=question.scope, redundant=redundant)

        key = ("what if of a room", question, group, redundant)
        return get_cache(self.db).get_answer(key, compute, as_of=question.as_of)

    @cached_property
    def decisions(self) -> list[Decision]:
        voices = self.list_entries("voice")
        return [
            Decision(entry, [voice for voice in voices if voice.data["decision"] == entry.key])
            for entry in self.list_entries("decision")
        ]


def open_room(db: Store, id: str) -> Room:
    """Raises NotFound."""
    # Before all else: who shows the room and hears of a later version must ask once too often, not once too seldom.
    version = workshops.read_version(db, id)
    workshop = workshops.get_workshop(db, id)
    entries = workshops.list_entries(db, id)
    return Room(
        db=db,
        workshop=workshop,
        version=version,
        question=read_question(db, workshop),
        entries=entries,
        participants=workshops.list_participants(db, id),
        masks=make_masks(db, workshop, entries),
    )
