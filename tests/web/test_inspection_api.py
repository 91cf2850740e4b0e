"""Files sent to be looked at: told as `crm inspect` tells it, and nothing is kept."""

import io
import zipfile

from crm.graph.driver import Store
from tests.web.pages import PageClient, form_token

LIST = b"Employer,Zip code\nHarbor,02134\n"


def test_a_file_is_described_and_nothing_is_kept(ana: PageClient, db: Store) -> None:
    headers = {"X-CSRFToken": form_token(ana.get("/account"))}
    data = {"file": (io.BytesIO(LIST), "list.csv")}
    told = ana.post("/api/v1/imports/inspect", data=data, headers=headers).get_json()
    assert (told["kind"], told["rows"], told["header_row"], told["profile"]) == ("businesses", 1, 0, None)
    assert [column["meaning"] for column in told["columns"]] == ["businesses.name", "businesses.zip"]
    assert db.read("MATCH (u:Upload) RETURN count(u) AS uploads") == [{"uploads": 0}]


def test_each_file_of_a_zip_file_is_described(ana: PageClient) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("a/list.csv", LIST)
        made.writestr("notes.pdf", "%PDF-1.7")
    content.seek(0)
    headers = {"X-CSRFToken": form_token(ana.get("/account"))}
    told = ana.post("/api/v1/imports/inspect", data={"file": (content, "sent.zip")}, headers=headers).get_json()
    assert [(one["file"], one["kind"], bool(one["problem"])) for one in told] == [
        ("sent.zip/a/list.csv", "businesses", False), ("sent.zip/notes.pdf", None, True)
    ]  # fmt: skip


def test_one_file_at_a_time(ana: PageClient) -> None:
    headers = {"X-CSRFToken": form_token(ana.get("/account"))}
    answer = ana.post("/api/v1/imports/inspect", headers=headers)
    assert answer.status_code == 422
    assert "Send one file" in answer.get_json()["error"]["message"]
