"""What the pages on quality say: shares with their intervals, bands, kinds of case, and what a threshold means."""

from crm.analysis.quality import Estimate
from crm.services.quality import NO_CASE, AskLine, BandLine, JoinLine, PartLine, Quality, Trial
from crm.views import review_words
from crm.views.formatting import of, percent, plural, thousands, words_list

NOUNS = {"business": ("business", "businesses"), "person": ("person", "people")}
CASES = {
    NO_CASE: "Nothing speaks against it",
    "name": "The names differ",
    "address": "The addresses differ",
    "place": "The towns differ",
    "phone": "The phone numbers differ",
    "web domain": "The web sites differ",
    "e-mail": "The e-mail addresses differ",
    "employer number": "The employer numbers differ",
    "industry": "The industries differ",
    "firm": "One firm, perhaps two sites",
}
VERDICTS = review_words.VERDICT_WORDS


def tell_share(estimate: Estimate | None) -> str:
    """ "97%", or a dash where too little is known."""
    return _write(estimate.value) if estimate else "–"


def tell_interval(estimate: Estimate | None) -> str:
    """ "91% to 99%", "exact" where all pairs are checked; "" where too little is known."""
    if estimate is None:
        return ""
    if estimate.low == estimate.high:
        return "exact"
    return f"{_write(estimate.low)} to {_write(estimate.high)}"


def tell_certainty(estimate: Estimate | None) -> str:
    """What stands under a share: its interval, or why there is none."""
    if estimate is None:
        return "too few answers"
    return "all pairs are checked" if estimate.low == estimate.high else f"95% interval {tell_interval(estimate)}"


def _write(share: float) -> str:
    """In percent, with one place where it is nearly all or nothing: 99.6% is not 100%."""
    places = 1 if share > 0.985 or share < 0.015 else 0
    if share in (0, 1):
        places = 0
    return percent(share, places)


def tell_headline(quality: Quality) -> str:
    """What is known, as the title of the page."""
    one, many = NOUNS[quality.kind]
    if quality.precision and quality.recall:
        return (
            f"{tell_share(quality.precision)} of what is taken for one {one} is one; "
            f"{tell_share(quality.recall)} of what is one is found"
        )
    if quality.precision:
        return f"{tell_share(quality.precision)} of what is taken for one {one} is one"
    return f"How well {many} are matched is not known yet" if quality.drawn_at else "How well records are matched"


def tell_missing(quality: Quality) -> str:
    """How much is missing for a figure; "" when nothing is."""
    if not quality.missing:
        return ""
    what = "recall" if quality.precision else "precision and recall"
    return (
        f"For {what}, {plural(quality.missing, 'more pair')} must be checked: a few of every band, as far as there are "
        "any. No figure is shown without a basis."
    )


def tell_band(line: BandLine) -> str:
    """ "Taken for one, 67% to 89% likely"."""
    side = "Taken for one" if line.joined else "Near misses" if (line.high or 1) <= 0.3 else "Kept apart"
    low, high = (
        "" if edge is None else percent(edge, 1 if edge > 0.98 or edge < 0.02 else 0) for edge in (line.low, line.high)
    )
    if low and high:
        return f"{side}, {low} to {high} likely"
    return f"{side}, more than {low} likely" if low else f"{side}, less than {high} likely"


def tell_case(name: str) -> str:
    """A kind of case, by the evidence that speaks most against the two being one."""
    return CASES.get(name, f"{name[:1].upper()}{name[1:]} speaks against it")


def tell_part(line: PartLine) -> str:
    """How much is missing for the figures of a part; "" when nothing is."""
    return f"{plural(line.missing, 'more answer')} needed" if line.missing else ""


def tell_join(line: JoinLine) -> str:
    return f"{percent(line.likely)} likely"


def tell_ask(line: AskLine) -> str:
    return f"{percent(line.likely)} likely"


def tell_trial(trial: Trial, kind: str) -> str:
    """What would change, as a sentence."""
    many = NOUNS[kind][1]
    said: list[str] = []
    if trial.join.joined:
        said.append(f"{plural(trial.join.joined, 'pair')} of records would come together")
    if trial.join.parted:
        said.append(f"{plural(trial.join.parted, 'pair')} of records would part")
    asked = trial.asked - trial.now.asked
    if asked:
        said.append(f"{plural(abs(asked), 'pair')} {'more' if asked > 0 else 'fewer'} would be put to review")
    if not said:
        return "Nothing would change."
    return (
        f"{words_list(said)[:1].upper()}{words_list(said)[1:]}. There would be {thousands(trial.join.things)} {many} "
        f"instead of {thousands(trial.now.things)}."
    )


def tell_answered(quality: Quality) -> str:
    """How many of the drawn pairs are answered, and what became of the answers."""
    said = [f"{of(quality.answered, quality.checks)} drawn pairs are checked"]
    if quality.unsure:
        said.append(f"{quality.unsure} of them unsure, which count for nothing")
    if quality.disagreed:
        said.append(f"of {quality.disagreed} two people think otherwise, which count half each way")
    return "; ".join(said) + "."
