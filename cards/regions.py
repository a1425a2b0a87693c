"""区域对比: regions beside each other by what they have reached, as a picture, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cards.drawing.beside import Side, beside
from cards.drawing.sheet import pictured
from cards.figures import DRAWN, SHOWN, way_of
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.comparison import median, outliers
from okr.numbers import half_up, say_percent
from okr.regions import Region


def regions_card(
    cycle: str, regions: Sequence[Region], left_out: Sequence[str], earlier: str = ""
) -> tuple[Card, tuple[File, ...]]:
    """The card and its picture; of no region there is none. `earlier`: the cycle before, if there is one."""
    ordered = sorted(regions, key=lambda one: (-one.done, one.name))
    shown = (_regions_picture(cycle, ordered),) if ordered else ()
    card = render(
        "regions" if shown else "regions_in_words",
        picture=shown[0].ref if shown else "",
        in_words="regions_in_words" if shown else "",
        cycle=cycle,
        best=ordered[0].name if ordered else "",
        best_done=ordered[0].done if ordered else Decimal(0),
        rows=[_region(one) for one in ordered[:SHOWN]],
        more=max(0, len(ordered) - SHOWN),
        undrawn=max(0, len(ordered) - DRAWN),
        left_out="、".join(left_out[:4]),
        earlier=earlier,
    )
    return card, shown


def _regions_picture(cycle: str, ordered: Sequence[Region]) -> File:
    far = outliers({one.name: one.done for one in ordered})
    sides = [
        Side(
            f"{one.name}({one.people} 人)",
            one.done,
            say_percent(one.done),
            way_of(far.get(one.name)),
            _kept(one),
        )
        for one in ordered[:DRAWN]
    ]
    middle = median([one.done for one in ordered])
    block = beside(sides, middle, f"中位 {say_percent(middle)}") if len(ordered) > 1 else beside(sides)
    title = f"{cycle} 区域对比 · 达成"
    about = "达成 = 目标的平均进度" + (" · ▲▼ 明显高低" if far else "")
    return pictured(title, about, [block])


def _region(one: Region) -> str:
    return f"{one.name}({one.people} 人)达成 {say_percent(one.done)} · {_kept(one)}"


def _kept(one: Region) -> str:
    """How they carry their goals, besides what they have reached."""
    updated = say_percent(one.updated) if one.updated is not None else "—"
    answer = "—" if one.answer is None else f"{half_up(Decimal(one.answer))} 小时"
    return f"更新 {updated} · 预警 {one.warnings} 次 · 回应 {answer}"
