"""Step two of an import: which column of the file is which column of a plain file.

A plain file maps itself, heading by heading. Any other file needs a column map, given as texts (see `importers.rules`)
and kept as the agency's `Profile`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from importers import dates
from importers.cells import check_org
from importers.clues import FIND, list_places
from importers.errors import MapError
from importers.headers import normalise_heading
from importers.kinds import BY_NAME, DATE, KINDS, Column, Kind, count_known, find_kind, list_missing
from importers.rules import Rule, compare_word, local_name, localise, parse_rules, parse_value
from importers.splits import BY_NAME as SPLITTERS
from importers.verdicts import Problem


@dataclass(frozen=True)
class Field:
    """One column of the plain file with the places (from 0) and headings in the file that feed it.

    `how` is "one", "join", "first", "newest" or "clue" (`importers.clues`); a constant has no places. `pattern` is a
    date's, None for ISO.
    """

    column: Column
    places: tuple[int, ...]
    headers: tuple[str, ...]
    how: str = "one"
    constant: str | None = None
    pattern: str | None = None
    # The splitter that cuts the cell, of whose parts this is the `part`-th (from 0).
    split: str | None = None
    part: int = 0
    # What words of the file mean: the word as it is compared -> a word that the column takes, "" for a blank cell.
    words: dict[str, str] = field(default_factory=dict)

    @property
    def header(self) -> str:
        """The heading as a message names it."""
        return " + ".join(self.headers) or self.column.name


@dataclass(frozen=True)
class Passed:
    """Rows that are left out on purpose: those whose cell at `place` is one of `words` (in small letters)."""

    place: int
    header: str
    words: frozenset[str]


@dataclass(frozen=True)
class Mapping:
    """Every field of a file of one kind. `unused` are the headings that feed none; `agency` stands in for blank cells.

    `absent` are headings of a saved profile that this file lacks.
    """

    kind: Kind
    fields: tuple[Field, ...]
    unused: tuple[str, ...]
    agency: str | None = None
    absent: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()


def map_columns(
    headers: Sequence[str],
    *,
    maps: Iterable[str] = (),
    date_formats: Iterable[str] = (),
    values: Iterable[str] = (),
    agency: str | None = None,
    kind: str | None = None,
    skip_absent: bool = False,
    is_whole: bool = True,
) -> Mapping:
    """Put the columns in place. Headings that no rule names go to the column of the same name, if nothing else does.

    Raises MapError for a heading, column or pattern that does not exist, for a required column without a source, for
    several columns in one place without a word on how, and for a file whose rows would belong to no agency.
    `skip_absent` passes over rules for headings that the file lacks (a saved profile) and lists them. A map that is not
    whole yet may lack what rows need.
    """
    given, kind = parse_rules(maps, kind)
    rules, absent = _split_absent(given, headers, skip_absent)
    chosen = _choose_kind(headers, rules, kind)
    rules = expand_splits(localise(rules, chosen.name), chosen)
    placed = _place_columns(headers, rules, chosen)
    fields = tuple(
        _make_field(column, placed[column.name], rules, headers)
        for column in (*chosen.known, *chosen.carried)
        if column.name in placed
    )
    fields = _set_words(_set_patterns(fields, date_formats), values, skip_absent=skip_absent)
    if is_whole:
        _check_complete(chosen, {field.column.name for field in fields}, agency, absent)
    used = {header for field in fields for header in field.headers}
    unused = tuple(header for header in headers if header not in used)
    return Mapping(chosen, fields, unused, agency, absent, _list_passed(rules, headers))


def _list_passed(rules: list[Rule], headers: Sequence[str]) -> tuple[Passed, ...]:
    return tuple(
        Passed(headers.index(rule.header), rule.header, frozenset(word.casefold() for word in rule.leaves_out))
        for rule in rules
        if rule.leaves_out and rule.header is not None
    )


def _split_absent(rules: list[Rule], headers: Sequence[str], skip: bool) -> tuple[list[Rule], tuple[str, ...]]:
    present = {normalise_heading(header): header for header in reversed(headers)}
    found: list[Rule] = []
    absent: list[str] = []
    for rule in rules:
        if rule.header is None:
            found.append(rule)
        elif normalise_heading(rule.header) in present:
            found.append(replace(rule, header=present[normalise_heading(rule.header)]))
        elif skip:
            absent.append(rule.header)
        else:
            raise MapError(f"The file has no column {rule.header!r}. Its columns are: {', '.join(headers)}.")
    return found, tuple(absent)


def _choose_kind(headers: Sequence[str], rules: list[Rule], kind: str | None) -> Kind:
    if kind is not None and kind not in BY_NAME:
        raise MapError(f"There is no kind of file {kind!r}. The kinds are: {', '.join(BY_NAME)}.")
    targets = {target for rule in rules for target in _list_targets(rule)}
    if kind is None:
        known = {column.name for each in KINDS for column in (*each.known, *_qualify(each))}
        _refuse_unknown(targets - known, sorted(name for name in known if "." not in name))
        kinds = [each for each in KINDS if all(each.column(local_name(target, each.name)) for target in targets)]
        if not kinds:
            raise MapError(f"No kind of file has all of these columns: {', '.join(sorted(targets))}.")
        names = _list_names(headers, rules)
        found = _find_likeliest(names, kinds)
        if found is None:
            raise MapError(_explain_unknown(headers, names, kinds))
        return found
    chosen = BY_NAME[kind]
    unknown = {target for target in targets if not chosen.column(local_name(target, kind))}
    _refuse_unknown(unknown, [c.name for c in chosen.known])
    return chosen


def _list_targets(rule: Rule) -> tuple[str, ...]:
    """The columns that a rule fills, those of a splitter with their kind."""
    splitter = SPLITTERS.get(rule.target or "")
    return splitter.columns if splitter else (rule.target,) if rule.target else ()


def expand_splits(rules: Iterable[Rule], kind: Kind) -> list[Rule]:
    """The rules with one for each column that a splitter fills. Raises MapError for one that such a file cannot use."""
    expanded: list[Rule] = []
    for rule in rules:
        splitter = SPLITTERS.get(rule.target or "")
        if splitter is None:
            expanded.append(rule)
            continue
        columns = splitter.list_columns(kind)
        if not columns or rule.header is None:
            raise MapError(f"{splitter.name} cannot be used in a file of {kind.name}.")
        expanded += [Rule(rule.header, column, split=splitter.name) for column in columns]
    return expanded


def _find_likeliest(names: set[str], kinds: Sequence[Kind]) -> Kind | None:
    """The kind that takes most of the columns, beside what it is about too; of equals the one that a rule names."""
    rated: list[tuple[tuple[int, bool], Kind]] = []
    for kind in kinds:
        own = {local_name(name, kind.name) for name in names}
        if find_kind(sorted(own), [kind]) and not list_unowned(kind, own):
            count = count_known(kind, own) + sum(column.name in own for column in kind.carried)
            rated.append(((count, own != names), kind))
    return max(rated, key=lambda pair: pair[0])[1] if rated else None


def list_unowned(kind: Kind, names: set[str]) -> list[str]:
    """The columns among these that say something of a business, in a file that does not say of which."""
    if kind.column("business") is None or names & {"business", "businesses.name"}:
        return []
    return sorted(name for name in names if name.startswith("businesses."))


def _check_owned(kind: Kind, names: set[str]) -> None:
    if unowned := list_unowned(kind, names):
        raise MapError(
            f"{', '.join(unowned)}: the file does not say of which business. "
            'Say which column names it, such as --map "Company=business".'
        )


def _qualify(kind: Kind) -> tuple[Column, ...]:
    """The columns of a kind as a map may write them with it."""
    return tuple(replace(column, name=f"{kind.name}.{column.name}") for column in kind.known)


def _list_names(headers: Sequence[str], rules: list[Rule]) -> set[str]:
    """The names that the columns have once the rules are applied."""
    ruled = {rule.header for rule in rules}
    return {target for rule in rules for target in _list_targets(rule)} | {
        header.casefold() for header in headers if header not in ruled
    }


def _refuse_unknown(targets: set[str], known: Sequence[str]) -> None:
    if targets:
        names = ", ".join(sorted(targets))
        raise MapError(f"There is no column called {names} to map to. The columns are: {', '.join(known)}.")


def _explain_unknown(headers: Sequence[str], names: set[str], kinds: Sequence[Kind]) -> str:
    by_kind = {kind.name: {local_name(name, kind.name) for name in names} for kind in kinds}
    nearest = max(kinds, key=lambda k: (count_known(k, by_kind[k.name]), -len(list_missing(k, by_kind[k.name]))))
    names = by_kind[nearest.name]
    missing = list_missing(nearest, names)
    _check_owned(nearest, names)
    shown = ", ".join(headers[:12]) + (", …" if len(headers) > 12 else "")
    if count_known(nearest, names) == 0:
        return (
            f"These columns are not known: {shown}. Say what they mean, such as "
            f'--map "{headers[0]}=name"; `crm template businesses` shows the names.'
        )
    return (
        f"The file looks like {nearest.name} but has no column for {', '.join(missing)}. Its columns are: {shown}. "
        f'Say which one it is, such as --map "{headers[0]}={missing[0]}".'
    )


def _place_columns(headers: Sequence[str], rules: list[Rule], kind: Kind) -> dict[str, list[int]]:
    """For each column that has a source, the places of its columns in the file, in the order of the rules."""
    numbers = {header: place for place, header in enumerate(headers)}
    placed: dict[str, list[int]] = {}
    for rule in rules:
        if rule.target:
            places = placed.setdefault(rule.target, [])
            places.extend([numbers[rule.header]] if rule.header is not None else [])
    ruled = {rule.header for rule in rules}
    by_rule = set(placed)
    for place, header in enumerate(headers):
        # "name (2)" is a second column headed "name": it counts, so that the doubt is not settled silently.
        repeat = re.fullmatch(r"(.+) \(\d+\)", header)
        name = (repeat[1] if repeat and repeat[1] in numbers else header).casefold()
        if header not in ruled and name not in by_rule and kind.column(name):
            placed.setdefault(name, []).append(place)
    return {
        name: list(dict.fromkeys(places))
        for name, places in placed.items()
        if _check_shared(name, places, rules, headers)
    }


def _check_shared(name: str, places: list[int], rules: list[Rule], headers: Sequence[str]) -> bool:
    of_name = [rule for rule in rules if rule.target == name]
    constants = [rule for rule in of_name if rule.constant is not None]
    if len(constants) > 1 or (constants and places):
        raise MapError(f"{name} gets a value for every row and a column as well, or two values. Choose one.")
    hows = {rule.how for rule in of_name if rule.how}
    if len(hows) > 1:
        raise MapError(f"The columns for {name} are to be shared in different ways ({', '.join(sorted(hows))}).")
    if len(set(places)) > 1 and not hows:
        names = ", ".join(repr(headers[place]) for place in places)
        raise MapError(
            f"Several columns go to {name}: {names}. Say how they share it, such as "
            f'--map "{headers[places[0]]}={name}:join" --map "{headers[places[1]]}={name}:join" (or first, or newest), '
            f'or leave one out: --map "{headers[places[1]]}=none".'
        )
    return True


def _make_field(column: Column, places: list[int], rules: list[Rule], headers: Sequence[str]) -> Field:
    of_name = [rule for rule in rules if rule.target == column.name]
    if column.name == "business" and any(rule.constant == FIND for rule in of_name):
        return _make_clues(column, headers)
    constant = next((rule.constant for rule in of_name if rule.constant is not None), None)
    how = next((rule.how for rule in of_name if rule.how), "one") if len(places) > 1 else "one"
    if how == "newest" and column.type is not DATE:
        raise MapError(f"{column.name} holds no dates, so its columns have no newest. Choose join or first.")
    if how == "join" and column.type is DATE:
        raise MapError(f"Two dates cannot be joined. Choose first or newest for {column.name}.")
    split = next((rule.split for rule in of_name if rule.split), None)
    if split and len(places) > 1:
        raise MapError(f"{column.name} comes from a column that is cut up ({split}), so no other can go to it as well.")
    part = SPLITTERS[split].columns.index(_qualified(column.name, split)) if split else 0
    headings = tuple(headers[place] for place in places)
    return Field(column, tuple(places), headings, how, constant, split=split, part=part)


def _make_clues(column: Column, headers: Sequence[str]) -> Field:
    places = list_places(headers)
    if not places:
        raise MapError(f"No column holds attendees, a place or a title, where ={column.name}:{FIND} could look for it.")
    return Field(column, tuple(places), tuple(headers[place] for place in places), "clue")


def _qualified(name: str, split: str) -> str:
    """The column with its kind, as its splitter names it."""
    return next(each for each in SPLITTERS[split].columns if name in (each, each.partition(".")[2]))


def _set_words(fields: tuple[Field, ...], values: Iterable[str], *, skip_absent: bool) -> tuple[Field, ...]:
    """Fields with what words of the file mean in them. Raises MapError for a column that the file does not fill."""
    said: dict[str, dict[str, str]] = {}
    for text in values:
        column, word, meaning = parse_value(text)
        said.setdefault(column, {})[compare_word(word)] = meaning
    known = {field.column.name for field in fields}
    if (unknown := sorted(said.keys() - known)) and not skip_absent:
        raise MapError(f"What words mean is said of {', '.join(unknown)}, but no column of the file goes there.")
    return tuple(replace(field, words=said.get(field.column.name, field.words)) for field in fields)


def _set_patterns(fields: tuple[Field, ...], date_formats: Iterable[str]) -> tuple[Field, ...]:
    patterns: dict[str, str] = {}
    for text in date_formats:
        name, equals, pattern = text.rpartition("=")
        if not equals or not name.strip():
            raise MapError(f'{text!r} is not a date format. Write HEADING=PATTERN, such as "Date of meeting=d/m/yyyy".')
        dates.compile_pattern(pattern.strip())
        patterns[normalise_heading(name)] = pattern.strip()
    set_: list[Field] = []
    met: set[str] = set()
    for one in fields:
        names = {normalise_heading(name) for name in (*one.headers, one.column.name)} & set(patterns)
        if names and one.column.type is not DATE:
            raise MapError(f"{one.header} goes to {one.column.name}, which holds no dates.")
        met |= names
        set_.append(replace(one, pattern=patterns[min(names)]) if names else one)
    if unmet := set(patterns) - met:
        raise MapError(f"A date format is given for {', '.join(sorted(unmet))}, but no date comes from such a column.")
    return tuple(set_)


def _check_complete(kind: Kind, names: set[str], agency: str | None, absent: tuple[str, ...]) -> None:
    missing = list_missing(kind, names)
    if missing:
        hint = f" The saved profile expects {', '.join(absent)}, which the file lacks." if absent else ""
        raise MapError(
            f"{kind.name} need a column for {', '.join(missing)}, and no column of the file is mapped to it.{hint} "
            f'Say which one it is, such as --map "HEADING={missing[0]}", or what it is in all rows: '
            f'--map "={missing[0]}:VALUE".'
        )
    _check_owned(kind, names)
    if kind.takes_agency and agency is None and "agency" not in names:
        raise MapError("The file does not say whose rows these are. Name the agency: --agency NAME.")
    if agency is not None and isinstance(wrong := check_org(agency), Problem):
        raise MapError(f"{wrong.reason} {wrong.fix}")
