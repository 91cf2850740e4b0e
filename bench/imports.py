"""What imports must reach: how often the meaning of a column is guessed right, and what one large list takes.

    python -m bench.imports [options of bench.import_sizes]

First `bench.import_headings`, then `bench.import_sizes`; each can be run alone.
"""

from bench import import_headings, import_sizes


def main() -> None:
    import_headings.main()
    import_sizes.main()


if __name__ == "__main__":
    main()
