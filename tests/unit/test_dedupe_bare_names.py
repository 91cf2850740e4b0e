"""Lists of nothing but people's names."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import cli
from crm.dedupe import PersonRow, explain
from crm.dedupe.bare_names import NAME


def decide(left: str, right: str) -> str:
    found, turned = (
        explain(NAME, PersonRow("l", name=a), PersonRow("r", name=b)) for a, b in ((left, right), (right, left))
    )
    assert found.points == turned.points
    assert all(feature.sentence for feature in found.features)
    return found.decision


@pytest.mark.parametrize(
    ("left", "right", "expected", "why"),
    [
        ("Ida Kerr", "Ida Kerr", "same", "one name, which is all there is"),
        ("Kerr, Ida", "Ida Kerr", "same", "last name first, with a comma"),
        ("KERR Ida", "Ida Kerr", "same", "last name first, without one"),
        ("Dr. Ida Kerr, PhD", "Ida Kerr", "same", "titles are not names"),
        ("Ida Marie Kerr", "Ida Kerr", "same", "a middle name is left out"),
        ("Ida M. Kerr", "Ida Marie Kerr", "same", "an initial that fits"),
        ("Ida M. Kerr", "Ida Rose Kerr", "different", "an initial that does not fit"),
        ("Bob Hartwell", "Robert Hartwell", "same", "a pet name"),
        ("Sergei Ivanov", "Sergey Ivanov", "same", "two romanisations"),
        ("Muammar Gaddafi", "Moammar Qaddafi", "same", "two romanisations of both names"),
        ("Сергей Иванов", "Sergei Ivanov", "same", "two scripts"),
        ("François Müller", "Francois Muller", "same", "no accents"),
        ("Jean-Marie Le Pen", "Jean Marie Le Pen", "same", "no hyphen"),
        ("IdaKerrison", "Ida Kerrison", "same", "no blank"),
        ("Ida Johnson", "Ida Jonson", "same", "a slip"),
        ("Ana de la Cruz", "Ana Cruz", "same", "no particles"),
        ("Ida Kerr", "Ida Kerby", "different", "another last name"),
        ("Ida Kerr", "Otto Kerr", "different", "another first name"),
        ("Ida Marie Rose Kerr", "Ida Marie Rose Holt", "different", "another last name, however many more agree"),
        ("Robert Lee Jr", "Robert Lee Sr", "different", "father and son"),
        ("Robert Lee Jr", "Robert Lee", "review", "the father, or the son"),
        ("I. Kerr", "Ida Kerr", "review", "an initial fits many"),
        ("Harry Bane", "Larry Kane", "review", "two slips are much"),
        ("Kerr", "Ida Kerr", "different", "a part of a name is nobody's"),
        ("Ida", "Ida", "different", "a first name is anybody's"),
        ("Hannibal", "Hannibal", "same", "the one word is the whole name"),
    ],
)
def test_one_person_or_two(left: str, right: str, expected: str, why: str) -> None:
    assert decide(left, right) == expected, why


def cluster(tmp_path: Path, names: list[str]) -> list[list[str]]:
    path, out = tmp_path / "names.csv", tmp_path / "clusters.csv"
    path.write_text(
        "rec_id,Full name\n" + "".join(f'{n:04},"{name}"\n' for n, name in enumerate(names)), encoding="utf-8"
    )
    assert cli.run(["dedupe", "cluster", str(path), "--out", str(out), "--kind", "person", "--json"]) == 0
    groups: dict[str, list[str]] = {}
    for line in out.read_text(encoding="utf-8").splitlines()[1:]:
        uid, first = line.split(",")
        groups.setdefault(first, []).append(names[int(uid)])
    return list(groups.values())


def test_a_list_of_names_is_clustered_by_the_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    groups = cluster(tmp_path, ["Ida Kerr", "Otto Holt", "Kerr, Ida", "Ida Holt", "Otto F. Holt"])
    assert json.loads(capsys.readouterr().out)["kind"] == "person"
    assert sorted(map(sorted, groups)) == [["Ida Holt"], ["Ida Kerr", "Kerr, Ida"], ["Otto F. Holt", "Otto Holt"]]


def test_a_name_of_words_that_many_names_of_the_list_have_may_be_two_peoples(tmp_path: Path) -> None:
    words = [
        f"{begin}{end}"
        for begin in ["Bar", "Cor", "Dal", "Fen", "Gol", "Hum"]
        for end in ["a", "o", "ing", "ery", "ux"]
    ]
    common = [name for word in words for name in (f"Mary {word}", f"{word} Smith")]
    groups = cluster(tmp_path, [*common, "Mary Smith", "Mary Smith", "Zita Quisenberry", "Zita Quisenberry"])
    assert ["Zita Quisenberry", "Zita Quisenberry"] in groups
    assert groups.count(["Mary Smith"]) == 2


WORDS = st.lists(st.sampled_from(["ida", "anna", "ana", "kerr", "kerri", "j", "otto", "holt"]), max_size=5)


@settings(max_examples=300, deadline=None)
@given(left=WORDS, right=WORDS, word=st.sampled_from(["ida", "kerr", "zoltan"]))
def test_two_names_with_one_more_word_in_common_are_not_less_alike(left, right, word) -> None:
    rows = [PersonRow(uid, name=" ".join(words)) for uid, words in (("l", left), ("r", right))]
    more = [PersonRow(uid, name=" ".join([*words, word])) for uid, words in (("l", left), ("r", right))]
    assert explain(NAME, *more).points >= explain(NAME, *rows).points
