"""A funnel: a bar a step, an outline of the week before, the share that comes through, and where it is stuck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.drawing.lettering import cut, width
from cards.drawing.sheet import BODY, INNER, MARGIN, SMALL, Block

HEAD = 36.0
STEP, BAR = 58.0, 18.0
NAMES = 92.0
LEAST = 3.0
AFTER = 12.0
"""Between a bar and its number, with what is right of it."""
STUCK = "卡在这儿"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step says: how many now and in the week before, and the shares that came through to it, in words."""

    name: str
    now: Decimal
    before: Decimal
    count: str
    through: str = ""
    through_before: str = ""
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    y: float
    name: str
    wide: float
    outline: float
    count: str
    count_x: float
    through: str
    through_before: str
    before_x: float
    stuck: bool


@dataclass(frozen=True, slots=True)
class Shown:
    title: str
    left: float
    bar: float
    stages: tuple[Stage, ...]
    stuck: str
    stuck_width: float


def funnel(title: str, steps: Sequence[Step]) -> Block:
    """The steps in their order, the widest bar for the largest count of both weeks."""
    most = max([one.now for one in steps] + [one.before for one in steps] + [Decimal(1)])
    room = INNER - NAMES - max(width(one.count, BODY) for one in steps) - AFTER
    stages = tuple(_stage(step, HEAD + STEP * at, room, most) for at, step in enumerate(steps))
    tag = width(STUCK, SMALL) + 30
    shown = Shown(
        cut(title, BODY, INNER - (tag + 8 if steps[0].stuck else 0)), MARGIN + NAMES, BAR, stages, STUCK, tag
    )
    return Block("funnel", HEAD + STEP * len(steps) - (STEP - BAR) + 14, shown)


def _stage(step: Step, y: float, room: float, most: Decimal) -> Stage:
    wide = max(float(step.now / most) * room, LEAST)
    outline = float(step.before / most) * room
    return Stage(
        y=y,
        name=cut(step.name, BODY, NAMES - 8),
        wide=round(wide, 1),
        outline=round(outline, 1),
        count=step.count,
        count_x=round(MARGIN + NAMES + max(wide, outline) + 8, 1),
        through=step.through,
        through_before=step.through_before,
        before_x=round(MARGIN + NAMES + 22 + width(step.through, BODY) + 8, 1),
        stuck=step.stuck,
    )
