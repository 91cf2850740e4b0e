"""What an import did, or what it would do."""

from dataclasses import dataclass, field
from typing import Any

from importers.beside import add_counts, count_beside
from importers.check import Refusal
from importers.planned import Plan
from importers.rows import LeftOut


@dataclass
class Result:
    """What an import did, or what it would do. Counts are of rows; `to_review` of records that may be one with
    another. Rows of `left_out` are in none of the counts.
    """

    id: str | None
    file: str
    kind: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    to_review: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    no_longer_sent: int = 0
    sent_again: int = 0
    new_agencies: list[str] = field(default_factory=list)
    new_programs: list[str] = field(default_factory=list)
    new_tables: list[str] = field(default_factory=list)
    unused_columns: tuple[str, ...] = ()
    # (heading, what is remarkable, how many cells of it are taken with that), the most first.
    remarks: list[tuple[str, str, int]] = field(default_factory=list)
    # Of businesses and people that rows say something of beside, by kind: see `importers.beside`.
    beside: dict[str, dict[str, int]] = field(default_factory=dict)

    def count(self, plan: Plan) -> None:
        self.rows += plan.total
        self.created += plan.created
        self.updated += plan.updated
        self.unchanged += plan.unchanged
        self.refused += len(plan.refusals)
        self.refusals.extend(plan.refusals)
        self.left_out.extend(plan.left_out)
        self.sent_again += len(plan.again)
        add_counts(self.beside, count_beside(plan.beside.items()))

    def to_json(self) -> dict[str, Any]:
        """The shape of the contract, and after it what else the user should know."""
        return {
            "import": self.id,
            "file": self.file,
            "kind": self.kind,
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "to_review": self.to_review,
            "refusals": [refusal.to_json() for refusal in self.refusals],
            "left_out": [row.to_json() for row in self.left_out],
            "no_longer_sent": self.no_longer_sent,
            "sent_again": self.sent_again,
            "new_agencies": self.new_agencies,
            "new_programs": self.new_programs,
            "new_tables": self.new_tables,
            "unused_columns": list(self.unused_columns),
            "beside": self.beside,
            "remarks": [{"column": header, "remark": text, "cells": cells} for header, text, cells in self.remarks],
        }
