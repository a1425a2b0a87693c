"""What has been spent of the platforms' monthly quotas."""

from __future__ import annotations

from storage.session import Session


async def spend(session: Session, platform: str, month: str, what: str, count: int) -> None:
    """`what`: `calls` or `pushes`; `month`: 2026-11, in company time."""
    await session.run(
        "INSERT INTO usage (platform, month, what, count) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (platform, month, what) DO UPDATE SET count = usage.count + excluded.count",
        platform,
        month,
        what,
        count,
    )


async def spent(session: Session, month: str) -> dict[tuple[str, str], int]:
    """(platform, what) to how much, in one month."""
    rows = await session.all("SELECT platform, what, count FROM usage WHERE month = ?", month)
    return {(row[0], row[1]): row[2] for row in rows}
