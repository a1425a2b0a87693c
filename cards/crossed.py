"""对比 by two places at once: a table of groups, or stores within their groups; as a picture, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from cards.drawing.beside import Side, beside
from cards.drawing.sheet import Block, pictured
from cards.figures import DRAWN, SHOWN, TOLD, mark_of, say_figure, way_of
from cards.matrix import matrix
from cards.spare import Spare
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.comparison import FEWEST, FEWEST_PEOPLE, outliers
from okr.crossing import Crossed, Group, Grouped
from okr.numbers import say_percent

COLUMNS = 7
"""A picture has no room for more."""
GROUPS = 5


def crossed_card(one: Crossed, spare: Spare | None = None) -> tuple[Card, tuple[File, ...]]:
    """The card and the picture it shows."""
    row, head, value = one.highest
    far = {head: outliers(one.column(head)) for head in one.heads}
    rows = list(one.table)
    shown = _crossed_picture(one, rows)
    widest = one.widest
    card = render(
        "crossed",
        picture=shown.ref,
        in_words="crossed_in_words",
        measure=one.measure,
        by=one.by,
        span=one.span,
        highest=f"{row}的{head}最高,{say_figure(value, one.unit)}",
        far=[
            f"{head}里 {mark_of(part)} {name}比中位{'高' if part > 0 else '低'} {say_percent(abs(part))}"
            for head, names in far.items()
            for name, part in names.items()
        ][:TOLD],
        apart=f"差得最开的是{widest.head}:{widest.high}比{widest.low}高 {say_percent(widest.part)}"
        if widest and widest.part
        else "",
        rows=[_crossed_row(one, name) for name in rows[:SHOWN]],
        more=max(0, len(rows) - SHOWN),
        undrawn=max(0, len(rows) - DRAWN),
        columns_left=max(0, len(one.heads) - COLUMNS),
        few=len(one.few),
        fewest=FEWEST_PEOPLE,
        say=one.say,
        spare=spare,
        turned=one.turned,
    )
    return card, (shown,)


def _crossed_picture(one: Crossed, rows: Sequence[str]) -> File:
    table = {row: values[:COLUMNS] for row, values in one.table.items()}
    block, unit = matrix(one.heads[:COLUMNS], table, rows[:DRAWN], one.unit, one.few)
    title = f"{one.measure} · 按{one.by}"
    few = f"少:不到 {FEWEST_PEOPLE} 人" if one.few else ""
    about = " · ".join(part for part in (one.span, unit, "颜色:比同列中位", few) if part)
    return pictured(title, about, [block])


def _crossed_row(one: Crossed, row: str) -> str:
    cells = [
        f"{head} {_cell(one, row, head, value)}"
        for head, value in zip(one.heads, one.table[row], strict=True)
    ]
    return f"{row}:{' · '.join(cells[:COLUMNS])}"


def _cell(one: Crossed, row: str, head: str, value: Decimal | None) -> str:
    if value is None:
        return "人太少" if (row, head) in one.few else "—"
    return say_figure(value, one.unit)


# --- stores within their groups ---


def grouped_card(one: Grouped, spare: Spare | None = None) -> tuple[Card, tuple[File, ...]]:
    """The card and the picture it shows."""
    shown = _grouped_picture(one)
    far = [(group.name, name, part) for group in one.groups for name, part in group.far.items()]
    told = sorted(far, key=lambda each: -abs(each[2]))[:TOLD]
    card = render(
        "grouped",
        picture=shown.ref,
        in_words="grouped_in_words",
        measure=one.measure,
        by=one.by,
        span=one.span,
        wholes=",".join(_whole(one, group) for group in one.groups[:TOLD]),
        far=[
            f"{mark_of(part)} {name}比{group}的中位{'高' if part > 0 else '低'} {say_percent(abs(part))}"
            for group, name, part in told
        ],
        groups=[_told(one, group) for group in one.groups[:GROUPS]],
        more=max(0, len(one.groups) - GROUPS),
        undrawn=sum(len(group.stores) - len(_drawn(one, group)) for group in one.groups[:GROUPS])
        + sum(len(group.stores) for group in one.groups[GROUPS:]),
        small="、".join(group.name for group in one.groups if len(group.stores) < FEWEST),
        fewest=FEWEST,
        say=one.say,
        spare=spare,
    )
    return card, (shown,)


def _whole(one: Grouped, group: Group) -> str:
    """`华东区 47.2 元`; of a whole that is not known its middle."""
    if group.value is None:
        return f"{group.name}中位 {say_figure(group.middle, one.unit)}"
    return f"{group.name}{'店均' if one.mean else ''} {say_figure(group.value, one.unit)}"


def _told(one: Grouped, group: Group) -> Mapping[str, object]:
    room = max(TOLD, SHOWN // len(one.groups[:GROUPS]))
    names = group.ordered
    return {
        "head": f"{_whole(one, group)} · {len(names)} 家",
        "rows": [
            f"{mark_of(group.far.get(name))}{name} {say_figure(group.stores[name], one.unit)}"
            for name in names[:room]
        ],
        "more": max(0, len(names) - room),
    }


def _drawn(one: Grouped, group: Group) -> list[str]:
    """The first of a group, and of the others those who are far."""
    room = max(TOLD, DRAWN // len(one.groups[:GROUPS]))
    names, far = group.ordered, group.far
    return [*names[:room], *(name for name in names[room:] if name in far)]


def _grouped_picture(one: Grouped) -> File:
    title = f"{one.measure} · 按{one.by}"
    marks = " · ▲▼ 明显高低" if any(group.far for group in one.groups) else ""
    most = [value for group in one.groups for value in group.stores.values()]
    blocks = [_block(one, group, most) for group in one.groups[:GROUPS]]
    return pictured(title, f"{one.span} · 竖线:本组的中位{marks}", blocks)


def _block(one: Grouped, group: Group, most: Sequence[Decimal]) -> Block:
    sides = [
        Side(
            name,
            group.stores[name],
            say_figure(group.stores[name], one.unit),
            way_of(group.far.get(name)),
        )
        for name in _drawn(one, group)
    ]
    middle = group.middle if len(group.stores) > 1 else None
    return beside(sides, middle, heading=(f"{_whole(one, group)} · {len(group.stores)} 家"), scale=most)
