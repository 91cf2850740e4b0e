"""Search: which businesses and people somebody means by what they have typed so far.

`entries` packs all that leads to one thing into a text, `texts` says how cells and queries become words, `words`
finds words that are spelled nearly alike. `segments` are parts of the index, `building` makes them, `scores` ranks by
them, and `index` puts them together and takes changes. All of it is pure: no graph, no request.
"""
