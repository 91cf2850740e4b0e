"""The demo region is never mixed with anything else."""

import pytest

from crm.errors import Refused
from crm.graph import imports
from crm.graph.driver import Store
from crm.services import accounts
from crm.services.demo import make_demo


def test_a_graph_with_users_of_its_own_is_left_alone(db: Store) -> None:
    accounts.add_user(db, email="ana@college.example", agency="Harbor College", password="four plain words here")
    with pytest.raises(Refused, match="holds something else"):
        make_demo(db)
    assert db.read("MATCH (n:BusinessRecord) RETURN count(n) AS n") == [{"n": 0}]


def test_a_graph_with_imports_of_its_own_is_left_alone(db: Store) -> None:
    imports.start_import(
        db,
        fingerprint="f",
        file="programs.csv",
        kind="programs",
        system="plain",
        agency=None,
        by="owner",
        at="2026-06-30T12:00:00.000+00:00",
    )
    with pytest.raises(Refused, match="holds something else"):
        make_demo(db)
