"""Answers to whom the names of a file mean: kept beside its preview while somebody goes through them, and then said of
the file and of the next ones like it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm.access import Viewer
from crm.errors import NotFound, Refused
from crm.graph import businesses, people, upload_files
from crm.graph.driver import Store
from crm.graph.stale import Kind
from crm.graph.upload_files import UploadFile
from crm.graph.uploads import Upload
from importers.intake import change_file, get_choices
from importers.namesakes import NEW, take_names, tell_chosen
from importers.rules import NONE

Asked = dict[str, Any]


def list_asked(file: UploadFile) -> list[Asked]:
    """What is asked of a file that was looked through: name, rows, candidates, and the answer so far (`chosen`)."""
    return list((file.preview or {}).get("names", ()))


def get_asked(file: UploadFile, place: int) -> Asked:
    """One of them. Raises NotFound."""
    asked = list_asked(file)
    if place >= len(asked):
        raise NotFound("This is not asked any more. Look at the file again.")
    return asked[place]


def choose(db: Store, file: UploadFile, chosen: Mapping[int, str]) -> list[Asked]:
    """Keep answers (place -> reference, `NEW`, or "" for none) while others are looked for. Raises Refused for one that
    was not offered.
    """
    asked = list_asked(file)
    for place, ref in chosen.items():
        one = get_asked(file, place)
        offered = {candidate["ref"] for candidate in one["candidates"]} | ({NONE} if one["what"] == "clue" else set())
        if ref not in ("", NEW, *offered):
            raise Refused("One of these is not offered any more. Look at the file again.")
        asked[place] = asked[place] | {"chosen": ref}
    upload_files.set_preview(db, file.id, (file.preview or {}) | {"names": asked})
    return asked


def choose_found(db: Store, file: UploadFile, place: int, thing: str) -> Asked:
    """Answer with a business or person (id) that was looked for, which is a candidate from then on."""
    asked = get_asked(file, place)
    kind: Kind = "person" if asked["what"] == "person" else "business"
    find = people.find_current_id if kind == "person" else businesses.find_current_id
    current = find(db, thing)
    if current is None:
        raise Refused("That one is not there any more. Look for it again.")
    candidate = tell_chosen(db, kind, current, agency=file.said.get("agency") or "")
    others = [one for one in asked["candidates"] if one["ref"] != candidate["ref"]]
    same = next((one for one in asked["candidates"] if one["ref"] == candidate["ref"]), candidate)
    told = asked | {"candidates": [same, *others], "chosen": candidate["ref"]}
    names = list_asked(file)
    names[place] = told
    upload_files.set_preview(db, file.id, (file.preview or {}) | {"names": names})
    return told


def say_names(db: Store, viewer: Viewer, upload: Upload, file: UploadFile, chosen: Mapping[int, str]) -> bool:
    """Say whom names mean, for this file and the next ones like it; whether anything was said.

    Raises Refused for an answer that was not offered.
    """
    said = [(asked, ref) for asked in choose(db, file, chosen) if (ref := asked.get("chosen", ""))]
    if said:
        choices = get_choices(file)
        choices = replace(choices, values=take_names(choices.values, said))
        change_file(db, viewer, upload, file, choices, system=upload.system, save=True)
    return bool(said)
