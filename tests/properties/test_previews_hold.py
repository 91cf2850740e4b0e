"""Whatever comes between a preview and its import: the import's counts are the preview's, or nothing is written."""

import io

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import importers.jobs  # noqa: F401  # what a worker can do
from crm.access import OWNER
from crm.graph import imports, jobs, uploads
from crm.graph.driver import Store
from crm.services.jobs import run_all
from importers import intake, orders
from tests.conftest import empty_graph
from tests.factories import import_text, snapshot

NAMES = ("Harbor Bakery", "Harbor Bakery Inc", "Harbour Bakers", "Cascade Casting", "Okafor Machine", "")
PHONES = ("", "617-555-0117", "425-555-0100")
CITIES = ("Boston", "Everett", "")
KEYS = ("B-1", "B-2", "B-3", "")

business = st.builds(
    lambda key, name, phone, city, size: f"{key},{name},{phone},{city},{size}",
    st.sampled_from(KEYS),
    st.sampled_from(NAMES),
    st.sampled_from(PHONES),
    st.sampled_from(CITIES),
    st.sampled_from(("", "12", "many")),
)
contact = st.builds(
    lambda key, day, program, name, person: f"{key},2026-03-{day:02},{program},{name},{person}",
    st.sampled_from(("T-1", "T-2", "")),
    st.integers(0, 3),
    st.sampled_from(("Welding", "Calls", "")),
    st.sampled_from((*NAMES, "B-1", "B-2")),
    st.sampled_from(("", "Ana Silva", "ana@silva.example")),
)
businesses = st.lists(business, min_size=1, max_size=6).map(
    lambda rows: "source_id,name,phone,city,employees\n" + "\n".join(rows) + "\n"
)
contacts = st.lists(contact, min_size=1, max_size=6).map(
    lambda rows: "source_id,date,program,business,person\n" + "\n".join(rows) + "\n"
)
file = st.one_of(businesses, contacts)
COUNTS = ("rows", "created", "updated", "unchanged", "refused", "to_review")


@given(
    known=file, ours=st.lists(file, min_size=1, max_size=2), between=st.one_of(st.none(), file), agency=st.booleans()
)
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_an_import_does_what_its_preview_said_or_nothing(
    db: Store, known: str, ours: list[str], between: str | None, agency: bool
) -> None:
    empty_graph(db)
    import_text(db, known, agency="Port Authority")
    said = intake.Said(agency="Harbor College")
    files = [(f"{n}.csv", io.BytesIO(text.encode())) for n, text in enumerate(ours)]
    id = intake.add_said_files(db, OWNER, files, said)
    orders.start_preview(db, OWNER, uploads.get_upload(db, id, viewer=OWNER))
    run_all(db)
    if between is not None:
        import_text(db, between, agency="Harbor College" if agency else "Port Authority")
    before = snapshot(db)
    upload = uploads.get_upload(db, id, viewer=OWNER)
    previews = [file.preview or {} for file in upload.files]
    orders.start_import(db, OWNER, upload, revision=upload.revision)
    run_all(db)
    job = jobs.get_job(db, orders.import_job_id(id), viewer=OWNER)
    if job.state == "failed":
        assert between is not None
        assert "Nothing was imported: what changed since the preview" in (job.problem or "")
        assert snapshot(db) == before
        return
    done = [imports.get_import(db, id, viewer=OWNER) for id in (job.result or {})["imports"]]
    assert [[getattr(one, name) for name in COUNTS] for one in done] == [
        [preview[name] for name in COUNTS] for preview in previews
    ]
