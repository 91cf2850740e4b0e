"""Identifiers: one letter for the kind, then twelve base-32 characters drawn from what the thing is.

An id is a function of its parts, so two processes that add the same thing at the same moment mint the same id and a
`MERGE` on it is safe. Sixty bits: a region of ten million things has a chance of 1 in 23,000 of one clash, and the
uniqueness constraint turns a clash into an error instead of a wrong join.
"""

from hashlib import blake2b

# Crockford's alphabet in lower case: no i, l, o or u, so an id can be read aloud over a telephone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
# The letters of two places at once: a region mints hundreds of thousands of ids in one import.
PAIRS = [ALPHABET[number & 31] + ALPHABET[number >> 5] for number in range(1024)]


def mint(kind: str, *parts: str) -> str:
    """The id of the thing of this kind (one letter) that these parts identify."""
    # A unit separator cannot be typed into a form, so ("a", "bc") and ("ab", "c") differ.
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8, person=kind.encode()[:16]).digest()
    number = int.from_bytes(digest, "big")
    pairs = PAIRS
    # Written out: a loop over the six takes as long as the digest.
    return (
        kind + pairs[number & 1023] + pairs[number >> 10 & 1023] + pairs[number >> 20 & 1023]
        + pairs[number >> 30 & 1023] + pairs[number >> 40 & 1023] + pairs[number >> 50 & 1023]
    )  # fmt: skip
