"""One slip of the pen, as people make them: a letter left out, added, mistaken, or two letters changed about."""

import random

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slip(draw: random.Random, text: str) -> str:
    """The text with one slip anywhere in it, blanks included; never the same text again."""
    while True:
        place = draw.randrange(len(text))
        before, after = text[:place], text[place:]
        slipped = draw.choice(
            (
                before + after[1:],
                before + draw.choice(LETTERS) + after,
                before + draw.choice(LETTERS) + after[1:],
                before + after[1:2] + after[:1] + after[2:],
            )
        )
        if slipped.casefold() != text.casefold():
            return slipped
