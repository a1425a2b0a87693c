"""Everything that is kept, as Tortoise models: the source of the migrations, and the way in for cold paths.

Moments are stored in UTC, days as dates in company time, numbers as exact decimals. Ids of objectives and key
results are shown to people (O12, KR34) and never used again.
"""

ROOMS = tuple(
    f"storage.tables.{room}"
    for room in (
        "people",
        "goals",
        "records",
        "together",
        "running",
        "files",
        "privacy",
        "metrics",
        "directory",
        "board",
        "tables_in",
    )
)
"""The modules that Tortoise finds the models in."""
