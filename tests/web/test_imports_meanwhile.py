"""Between the preview and the go-ahead the region goes on: an import does what was shown, or nothing."""

import pytest

from crm.access import OWNER
from crm.graph import imports
from crm.graph.driver import Store
from importers import jobs
from importers.undo import undo_import
from tests.factories import import_text, snapshot
from tests.web.import_steps import BUSINESSES, bring, counts, do_jobs, press, upload
from tests.web.pages import PageClient, words

THEIRS = "agency,source_id,name\nPort Authority,P-1,Quay Nine\n"
OURS = "source_id,name,street\nB-1,Harbor Bakery,27 Dock Street\n"


def list_counts(db: Store) -> list[tuple[int, ...]]:
    return [
        (one.created, one.updated, one.unchanged, one.refused, one.to_review)
        for one in imports.list_imports(db, OWNER)
        if one.stage != "undone"
    ]


def test_what_others_import_meanwhile_hinders_nothing_that_it_does_not_change(ana: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    import_text(db, THEIRS)
    done = do_jobs(db, ana, press(ana, preview, "Import 2 rows"))
    assert counts(done) == counts(preview)


def test_an_import_that_would_do_something_else_stops_before_it_writes_and_says_what_changed(
    ana: PageClient, db: Store
) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    import_text(db, OURS, "by-somebody.csv", agency="Harbor College")
    before, imported = snapshot(db), list_counts(db)
    stopped = do_jobs(db, ana, press(ana, preview, "Import 2 rows"))
    text = words(stopped)
    assert "Nothing was imported: it would no longer do what you were shown." in text
    assert "businesses.csv: 2 new, now 1; 0 changed, now 1." in text
    assert "Imported since you looked: by-somebody.csv (owner)." in text
    assert (snapshot(db), list_counts(db)) == (before, imported)
    again = do_jobs(db, ana, press(ana, stopped, "Look at the files again"))
    assert counts(again) == {"new": 1, "changed": 1, "same": 0, "review": 0, "refused": 1}
    done = do_jobs(db, ana, press(ana, again, "Import 2 rows"))
    assert counts(done) == counts(again)


def test_an_import_that_was_taken_back_meanwhile_counts_too(ana: PageClient, db: Store) -> None:
    first = bring(db, ana, businesses=BUSINESSES.replace("many", "12"))
    preview = do_jobs(db, ana, upload(ana, later="source_id,name,phone\nB-1,Harbor Bakery,\nB-2,Cascade Casting,1"))
    undo_import(db, first.request.path.rpartition("/")[2])
    stopped = do_jobs(db, ana, press(ana, preview, "Import "))
    assert "later.csv: 0 new, now 2; 2 changed, now 0." in words(stopped)


def test_others_do_not_learn_of_files_that_they_may_not_see(ana: PageClient, ada: PageClient, db: Store) -> None:
    preview = do_jobs(db, ana, upload(ana, contacts="date,program,business\n2026-03-31,Welding,Quay\n"))
    assert "1 new program" in words(preview)
    bring(db, ada, theirs="agency,program\nPort Authority,Welding\n")
    stopped = words(do_jobs(db, ana, press(ana, preview, "Import ")))
    assert "contacts.csv: programs to be created: 1, now 0." in stopped
    assert "theirs.csv" not in stopped
    assert "Since you looked, somebody has changed what the region holds." in stopped


def test_what_others_do_after_the_check_takes_the_import_back(
    ana: PageClient, db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = do_jobs(db, ana, upload(ana, businesses=BUSINESSES))
    import_text(db, OURS, "by-somebody.csv", agency="Harbor College")
    before, imported = snapshot(db), list_counts(db)
    with monkeypatch.context() as patch:
        # As if it had come in the moment between the check and the first row.
        patch.setattr(jobs, "has_moved", lambda *_: False)
        stopped = do_jobs(db, ana, press(ana, preview, "Import 2 rows"))
    assert "businesses.csv: 2 new, now 1; 0 changed, now 1." in words(stopped)
    assert (snapshot(db), list_counts(db)) == (before, imported)
    again = do_jobs(db, ana, press(ana, stopped, "Look at the files again"))
    assert counts(do_jobs(db, ana, press(ana, again, "Import 2 rows"))) == counts(again)
