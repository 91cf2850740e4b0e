"""Previews: what importing files would do, with nothing written. Its counts are those of the import (contract,
`--dry-run`).
"""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Self

from crm.access import OWNER, Viewer
from crm.collector import paused_collector
from crm.dedupe.records import PersonRow
from crm.graph.driver import Store
from crm.graph.person_records import find_working_at
from crm.services.from_nothing import thing_id
from crm.services.matched_rows import list_some_rows, to_business_row, to_person_row
from crm.services.resolution import list_reviewed_of
from crm.services.trials import Matcher, Trial
from importers import whole_lists
from importers.check import CheckedRows, Remarked
from importers.load import Progress, Source, no_progress, number
from importers.made import Made
from importers.namesakes import Names
from importers.planned import Plan
from importers.plans import Planner
from importers.previewed import Match, RowBook
from importers.references import References
from importers.results import Result
from importers.samples import Samples
from importers.walls import check_kind, only_agency
from importers.whole_lists import Lacking, Sent

# Higher than any import's, so that what would come is younger than what is there.
NEXT_IMPORT = 800_000


@dataclass
class Seen:
    """What a preview knows of one file beside its counts.

    `matched`: of the records that it would bring, those of a business or person that is known already. `named`:
    businesses and people that contacts of it only name, which get a small record of their own. `remarks` are
    (heading, what is remarkable, how often) of cells that are taken as they stand. `lacking` is what a whole list
    lacks; of several files of one kind that are one list, the last has it.
    """

    samples: Samples = field(default_factory=Samples)
    remarks: list[tuple[str, str, int]] = field(default_factory=list)
    remarked: list[Remarked] = field(default_factory=list)
    named: int = 0
    matched: int = 0
    # Businesses and people that rows only name, with known ones that each may be.
    names: list[dict[str, Any]] = field(default_factory=list)
    # What becomes of each row, for who wants to look through them: pages, and for each tab how many rows each has.
    columns: tuple[str, ...] = ()
    pages: list[tuple[str, str]] = field(default_factory=list)
    page_counts: dict[str, list[int]] = field(default_factory=dict)
    lacking: Lacking | None = None


class Preview:
    """Looks at the files of one command, one after the other, as if each had been imported before the next. Use `with`,
    which ends what helps it."""

    def __init__(self, db: Store, *, system: str, viewer: Viewer = OWNER, collects_rows: bool = False) -> None:
        """`collects_rows`: what becomes of each row is wanted too, and not only how many of each there are."""
        self._db = db
        self._books: list[RowBook] | None = [] if collects_rows else None
        self._system = system
        self._viewer = viewer
        self._references = References(db, system=system, only_agency=only_agency(viewer))
        self._made = Made()
        self._files: list[tuple[Result, set[str]]] = []
        self._trial = Trial(db)
        self._businesses: set[str] = set()
        # People, each as if the record of the business where they are were alone, and which record that is.
        self._persons: dict[str, PersonRow] = {}
        self._met_at: dict[str, str] = {}
        self._sent: list[Sent | None] = []
        self.seen: list[Seen] = []
        self._names: list[Names] = []

    def add(self, source: Source, *, progress: Progress = no_progress) -> Result:
        """Look at a file; returns what is known of it before its records are matched. Raises NotAllowed for one that
        the viewer may not import."""
        check_kind(self._viewer, source.mapping.kind)
        refs, seen = self._references, Seen()
        agencies, programs, tables = map(len, (refs.created_agencies, refs.created_programs, refs.created_tables))
        result = Result(None, source.sheet.name, source.mapping.kind.name, unused_columns=source.mapping.unused)
        no = NEXT_IMPORT + len(self._files)
        planner = Planner(
            self._db, source.mapping, refs, system=self._system, import_id="preview", import_no=no, made=self._made
        )
        self._sent.append(planner.begin_noting() if source.profile.complete else None)
        if source.profile.complete:
            whole_lists.check_kind(source.mapping.kind.name)
        brought: set[str] = set()
        rows = CheckedRows(source.sheet, source.mapping, collects_remarks=self._books is not None)
        names = Names.begin(source.mapping)
        book = RowBook(source.mapping.kind) if self._books is not None else None
        with paused_collector():
            for offset, batch in number(rows):
                plan = planner.plan(offset, batch)
                result.count(plan)
                if book is not None:
                    book.note(plan)
                names.note(plan)
                seen.samples.note(self._db, plan)
                seen.named += len(plan.missing.businesses) + len(plan.missing.persons)
                taken = self._take(plan)
                brought |= taken
                for _, earlier in self._files:
                    earlier -= taken  # What a later file says again counts as brought by that one.
                progress("checking", result.rows, max(result.rows, source.sheet.lines))
        result.new_agencies = refs.created_agencies[agencies:]
        result.new_programs = refs.created_programs[programs:]
        result.new_tables = refs.created_tables[tables:]
        seen.remarked = [*rows.remarked]
        seen.remarks = result.remarks = rows.list_remarks()
        names.clues = rows.unsaid.copy()
        self.seen.append(seen)
        self._names.append(names)
        if book is not None and self._books is not None:
            self._books.append(book)
        self._files.append((result, brought))
        return result

    def finish(self, *, progress: Progress = no_progress) -> list[Result]:
        """What importing the files would do, with the records that a person would have to look at."""
        coming = len(self._businesses) + len(self._persons)
        progress("matching", 0, coming)
        reviewed, known = self._match(progress) if coming else (set[str](), dict[str, Match]())
        if self._books is not None:
            for names, seen in zip(self._names, self.seen, strict=True):
                seen.names += names.list_clues(self._db, self._viewer) if names.clues else []
        results: list[Result] = []
        for (result, brought), seen in zip(self._files, self.seen, strict=True):
            result.to_review = len(brought & reviewed)
            seen.matched = len(brought & known.keys())
            if self._books is not None:
                book = self._books[len(results)]
                seen.columns = book.columns
                seen.pages, seen.page_counts = book.finish(brought, known=known, reviewed=reviewed)
            results.append(result)
        for place, sent in whole_lists.last_of(self._sent).items():
            lacking = self.seen[place].lacking = whole_lists.find_lacking(self._db, sent)
            self._files[place][0].no_longer_sent = len(lacking.records)
        progress("matching", coming, coming)
        return results

    def keeping_match(self) -> AbstractContextManager[None]:
        """Keep, meanwhile, whom records were matched with, for the import that mostly follows."""
        return self._trial.keeping()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._trial.close()

    def _take(self, plan: Plan) -> set[str]:
        """Try out what a plan would write that will be matched; returns its ids."""
        businesses = dict(plan.missing.businesses)
        persons = [*plan.missing.persons.values(), *(plan.rows if plan.label == "PersonRecord" else ())]
        if plan.label == "BusinessRecord":
            businesses |= {row["props"]["id"]: row["props"] for row in plan.rows}
        self._trial.add("business", [to_business_row(record) for record in businesses.values()])
        self._businesses |= businesses.keys()
        for person in persons:
            record, at = person["props"], person["record"]
            self._persons[record["id"]] = to_person_row(record, thing_id("business", at) if at else None)
            self._met_at[record["id"]] = at
        if persons:
            self._trial.expect("person", len(self._persons))
        also = set[str]().union(*(self._take(part) for part in plan.beside.values()))
        return businesses.keys() | {person["props"]["id"] for person in persons} | also

    def _match(self, progress: Progress) -> tuple[set[str], dict[str, Match]]:
        """The records that a person would have to look at, and those that would join one that is known already."""
        businesses = self._trial.match("business", progress)
        new = [self._place(businesses, row) for row in self._persons.values()]
        self._trial.add("person", [*self._list_moved(businesses), *new])
        people = self._trial.match("person", progress)
        reviewed = list_reviewed_of(businesses, self._businesses) | list_reviewed_of(people, self._persons)
        settled = _find_known(businesses, self._businesses)
        employers = {row.uid: row.businesses[0] for row in new if row.businesses}
        met = _find_known(people, self._persons.keys(), at=employers)
        if self._books is not None:
            brought = self._businesses | self._persons.keys()
            for names, seen in zip(self._names, self.seen, strict=True):
                seen.names = names.list_doubtful(self._db, businesses, settled=settled, brought=brought)
                seen.names += names.list_doubtful_people(self._db, people, businesses, settled=met, brought=brought)
        return reviewed, settled | met

    def _place(self, businesses: Matcher, person: PersonRow) -> PersonRow:
        """The person at the business that the record where they are would be of."""
        at = self._met_at[person.uid]
        cluster = (businesses.cluster_of(at) or ()) if at else ()
        if cluster and cluster[0] == at:
            return person
        return replace(person, businesses=(thing_id("business", cluster[0]),) if cluster else ())

    def _list_moved(self, businesses: Matcher) -> list[PersonRow]:
        """People of the graph whose employer would become another business."""
        records_of = find_working_at(self._db, self._trial.list_moved("business"))
        moved: list[PersonRow] = []
        for row in list_some_rows(self._db, "person", list(records_of)):
            assert isinstance(row, PersonRow)
            # By their own record: of two that were one business, one may have become another.
            cluster = businesses.cluster_of(records_of[row.uid]) if row.businesses else None
            if cluster and thing_id("business", cluster[0]) != row.businesses[0]:
                moved.append(replace(row, businesses=(thing_id("business", cluster[0]),)))
        return moved


def _find_known(matcher: Matcher, brought: Collection[str], *, at: Mapping[str, str] | None = None) -> dict[str, Match]:
    """Of these records, those whose cluster also has others, each with the one of those that is most like it."""
    known: dict[str, Match] = {}
    for uid in brought:
        cluster = matcher.cluster_of(uid) or ()
        others = [other for other in cluster if other not in brought] if len(cluster) > 1 else []
        if others:
            linked = [
                (link.score or 0, link.left if link.right == uid else link.right)
                for link in matcher.list_links(uid)
                if uid in (link.left, link.right)
            ]
            best = max((pair for pair in linked if pair[1] in others), default=(0, others[0]))
            known[uid] = Match(best[1], (at or {}).get(uid))
    return known
