"""What statements are made of."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.session import Session, evened


@pytest.mark.parametrize(
    ("values", "length"),
    [([], 0), ([7], 1), ([7, 8], 4), ([1, 2, 3, 4], 4), (range(65), 128), (range(401), 401)],
)
async def test_a_list_of_one_of_a_few_lengths_asks_for_the_same(
    values: list[int] | range, length: int, database: Database
) -> None:
    padded = evened(values)

    async def found(session: Session) -> list[int]:
        marks = ", ".join("?" * len(padded)) or "NULL"
        rows = await session.all(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
            f" SELECT i FROM n WHERE i IN ({marks}) ORDER BY i",
            *padded,
        )
        return [row[0] for row in rows]

    assert len(padded) == length
    assert await database.read(found) == sorted(values)


def test_there_are_few_lengths() -> None:
    assert len({len(evened(range(count))) for count in range(1, 401)}) == 7
