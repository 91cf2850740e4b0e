"""Which businesses stand behind a number of the page on coverage."""

from collections.abc import Mapping
from dataclasses import dataclass

from crm.analysis.contacts import Mask
from crm.analysis.coverage import Coverage
from crm.errors import NotFound
from crm.services.coverage import CoverageFindings
from crm.views.coverage_words import name_cell
from crm.views.formatting import of, plural

SHOWN = ("engaged", "untouched")


@dataclass(frozen=True)
class Choice:
    """`show` is engaged or untouched (by anybody); `agency` is a name, with `only` those that nobody else engages;
    `sub_sector` and `band` choose a stratum."""

    show: str = ""
    agency: str = ""
    only: bool = False
    sub_sector: str = ""
    band: str = ""

    @property
    def args(self) -> dict[str, str]:
        only = {"only": "yes"} if self.only else {}
        named = {"show": self.show, "agency": self.agency, "sub_sector": self.sub_sector, "band": self.band}
        return {name: value for name, value in named.items() if value} | only


def read_choice(args: Mapping[str, str]) -> Choice:
    """An unknown `show` is passed over."""
    show = args.get("show", "")
    return Choice(
        show=show if show in SHOWN else "",
        agency=args.get("agency", "").strip()[:200],
        only=args.get("only") == "yes",
        sub_sector=args.get("sub_sector", "").strip()[:20],
        # In an address that was typed, the plus of 250+ is a blank.
        band="250+" if args.get("band", "").strip() == "250" else args.get("band", "").strip()[:20],
    )


def list_places(findings: CoverageFindings, choice: Choice) -> list[int]:
    """The places of these businesses, the largest employers first. Raises NotFound for an agency that is not there."""
    coverage = findings.coverage
    flags = coverage.universe & coverage.strata.flag(choice.sub_sector, choice.band)
    if choice.agency:
        flags &= _flag_agency(coverage, choice)
    if choice.show:
        flags &= coverage.engaged if choice.show == "engaged" else ~coverage.engaged
    return findings.list_places(flags)


def _flag_agency(coverage: Coverage, choice: Choice) -> Mask:
    for name in coverage.names:
        if name.casefold() == choice.agency.casefold():
            return coverage.flag_agency(name, alone=choice.only)
    raise NotFound(f"There is no agency “{choice.agency}” in this region.")


def tell_choice(findings: CoverageFindings, choice: Choice, number: int) -> str:
    """What a list shows, for its heading."""
    whole = findings.coverage.size
    if choice.sub_sector or choice.band:
        return _tell_cell(findings.coverage, choice, number)
    if choice.agency:
        whose = f"only {choice.agency} reaches" if choice.only else f"{choice.agency} reaches"
        return f"{of(number, whole)} businesses {whose}"
    if choice.show == "engaged":
        return f"{of(number, whole)} businesses are reached by somebody"
    if choice.show == "untouched":
        return f"{of(number, whole)} businesses are reached by nobody"
    return plural(number, "business", "businesses")


def _tell_cell(coverage: Coverage, choice: Choice, number: int) -> str:
    inside = coverage.universe & coverage.strata.flag(choice.sub_sector, choice.band)
    whole, reached = int(inside.sum()), int((inside & coverage.engaged).sum())
    name = name_cell(choice.sub_sector, choice.band)
    if choice.show or choice.agency:
        who = choice.agency or ("somebody" if choice.show == "engaged" else "nobody")
        return f"{of(number, whole)} businesses ({name}): reached by {who}"
    return f"{plural(whole, 'business', 'businesses')} ({name}): {reached} reached"
