"""A table on its way to a file: kept as JSON, and made a workbook or CSV only when it leaves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sheets.spelling import Cell, Percent
from sheets.writing import Sheet


def packed(sheets: Sequence[Sheet]) -> bytes:
    told = [
        [title, list(header), [[_told(cell) for cell in row] for row in rows]]
        for title, header, rows in sheets
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def unpacked(content: bytes) -> list[Sheet]:
    return [
        (title, header, [[_heard(cell) for cell in row] for row in rows])
        for title, header, rows in json.loads(content)
    ]


def _told(cell: Cell) -> Any:
    match cell:
        case Percent():
            return {"p": str(cell.share)}
        case Decimal():
            return {"n": str(cell)}
        case datetime():
            return {"m": cell.replace(tzinfo=None).isoformat()}
        case date():
            return {"d": cell.isoformat()}
        case time():
            return {"t": cell.isoformat()}
        case timedelta():
            return {"s": cell.total_seconds()}
        case _:
            return cell


def _heard(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        plain: Cell = cell
        return plain
    ((kind, value),) = cell.items()
    read: dict[str, Any] = {
        "p": lambda text: Percent(Decimal(text)),
        "n": Decimal,
        "m": datetime.fromisoformat,
        "d": date.fromisoformat,
        "t": time.fromisoformat,
        "s": lambda seconds: timedelta(seconds=seconds),
    }
    found: Cell = read[kind](value)
    return found
