"""The demo region: an invented valley whose agencies, employers and contacts exist only here.

Everything is drawn from fixed seeds, so that the same day gives the same region, byte for byte. What is true about it
(`sites`, `people`) is made first; then each agency's own files about it (`listings`, `rosters`, `contacts`, `links`),
with the slips and habits that real lists have; `files` writes them as the plain files that any agency could bring.

No name is taken from a real place or firm; telephone numbers are of the block 555-0100 to 555-0199, which is given to
nobody, and addresses on the net end in `.example`, which cannot be registered.
"""
