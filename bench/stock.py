"""A table of points that have been there for long: `python -m bench.stock FILE POINTS`, an SQLite database.

They are put in directly, which takes a fifth of the time and leaves the same table: of the series that are known, over
so many days, under ids in no order. Each series has those days.
"""

from __future__ import annotations

import sqlite3
import sys

from bench.volume_ways import DAYS

_POINTS = f"""
    INSERT INTO metric_points (key, series_id, at, value)
    WITH RECURSIVE
        known AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM metric_series WHERE employee_id OR unit LIKE '%店'),
        n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
    SELECT '1:' || lower(hex(randomblob(8))) AS key, k.id,
        datetime('now', '-' || ((random() % 43200 + 43200) * {DAYS}) || ' seconds') || '+00:00', abs(random() % 500000000)
    FROM n JOIN known k ON k.place = n.i % (SELECT count(*) FROM known)
    ORDER BY key
"""
_DAYS = """
    INSERT INTO metric_days (series_id, day, total, points, last_value, last_at, source_id)
    WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    SELECT s.id, date('now', '-' || n.i || ' days'), 300000000 * (s.id % 7 + n.i % 5), 200, 1000000,
        datetime('now', '-' || n.i || ' days') || '+00:00', 1
    FROM metric_series s CROSS JOIN n WHERE true ON CONFLICT DO NOTHING
"""


def main() -> None:
    path, points = sys.argv[1], int(sys.argv[2])
    with sqlite3.connect(path, isolation_level=None) as kept:
        [(name, index)] = kept.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'metric_points' AND sql IS NOT NULL"
        ).fetchall()
        kept.execute(f"DROP INDEX {name}")
        kept.execute(_POINTS, (points,))
        kept.execute(index)
        kept.execute(_DAYS, (DAYS,))
        kept.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main()
