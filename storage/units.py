"""The units of the company, as the staff file gives them."""

from __future__ import annotations

from okr.units import Units
from storage.session import Session


async def known(session: Session) -> Units:
    """Every unit that anybody works in."""
    rows = await session.all("SELECT DISTINCT department, store FROM employees WHERE active = ?", True)
    return Units((row[0], row[1]) for row in rows)
