"""关联度 with its parts: what it supports, and what each part of the number comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.templating import render
from chat.card import Card
from okr.association import LEVEL, MATCH, PARENT, WEIGHT, Association
from okr.numbers import say_part

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A goal above, and the association with it. `name` is empty where the asker may not know it."""

    ref: str
    name: str
    owner: str
    share: Decimal
    association: Association


def association_card(ref: str, objective: str, name: str, points: int, rows: Sequence[Row]) -> Card:
    return render(
        "association",
        about=ref,
        ref=ref,
        objective=objective,
        name=name,
        points=points,
        most={"parent": PARENT, "level": LEVEL, "weight": WEIGHT, "match": MATCH},
        rows=[
            {
                "ref": row.ref,
                "name": row.name,
                "owner": row.owner,
                "share": say_part(row.share),
                "points": row.association.points,
                "parent": row.association.parent,
                "level": row.association.level,
                "weight": row.association.weight,
                "match": row.association.match,
            }
            for row in rows[:SHOWN]
        ],
        more=max(0, len(rows) - SHOWN),
    )


def own_associations_card(rows: Sequence[tuple[str, str, int]]) -> Card:
    """All of one's own objectives, the loosest first: (reference, title, points)."""
    ordered = sorted(rows, key=lambda row: row[2])
    return render("associations", rows=[{"ref": r, "title": t, "points": p} for r, t, p in ordered[:8]])
