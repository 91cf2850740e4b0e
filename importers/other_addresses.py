"""Where a list has two addresses of a business, that of the place counts before that to which its mail goes."""

from collections.abc import Mapping, Sequence

from importers.columns import Column
from importers.joined import WHOSE_ADDRESS

PARTS = ("street", "city", "state", "zip")
WHOLE = 3  # parts that make an address
SET_BACK, LEAST_LEFT = 0.35, 0.05


def set_back_mail(columns: Sequence[Column], scores: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The scores of each column by target, less for parts of a mailing address where the parts of another stand too.

    One that stands alone is the business's: "Mailing city" is where it is if nothing else says so.
    """
    elsewhere = [bool(WHOSE_ADDRESS & set(column.heading.words)) for column in columns]
    whole = {
        target
        for goes_elsewhere, found in zip(elsewhere, scores, strict=True)
        if not goes_elsewhere
        for target in found
        if target.rpartition(".")[2] in PARTS
    }
    if len(whole) < WHOLE:
        return [dict(found) for found in scores]
    return [
        {
            target: max(LEAST_LEFT, score - SET_BACK) if goes_elsewhere and target in whole else score
            for target, score in found.items()
        }
        for goes_elsewhere, found in zip(elsewhere, scores, strict=True)
    ]
