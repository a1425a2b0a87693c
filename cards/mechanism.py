"""机制对比: stores whose goals are updated every week beside those whose goals are fixed for a month; and which store is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.drawing.beside import Side, beside
from cards.drawing.sheet import pictured
from cards.notices import Choice, question
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.contrast import FEW, Contrast, Group
from okr.mechanism import Mechanism
from okr.numbers import TENTH, half_up

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What was compared: `against` is what `span` is compared with; `say` asks for it again.

    `silent`: stores without figures in one of both. `prorated`: by their open days. `since`: from when on a change
    would hold, empty for who may not make one. `stores`: whose figures the asker may see. `other`: a figure to ask for next.
    """

    measure: str
    span: str
    against: str
    say: str
    silent: int
    prorated: bool
    since: str
    store: str
    """One whose mechanism can be changed, for an example; empty where there is none."""
    stores: int = 0
    other: str = ""


def mechanism_card(asked: Asked, found: Contrast) -> tuple[Card, tuple[File, ...]]:
    """The card, and its picture where both groups have changed from something."""
    difference = found.difference
    shown = (_picture(asked, found),) if difference is not None else ()
    card = render(
        "mechanism" if shown else "mechanism_in_words",
        picture=shown[0].ref if shown else "",
        in_words="mechanism_in_words" if shown else "",
        measure=asked.measure,
        span=asked.span,
        against=asked.against,
        more=_points(difference) if difference is not None else "",
        way="" if not difference else "多涨" if difference > 0 else "少涨",
        rows=[_row(group, asked.against) for group in found.groups],
        small="、".join(
            f"{group.mechanism.called} {group.stores} 家" for group in found.groups if group.is_small
        ),
        few=FEW,
        unlike=found.unlike,
        silent=asked.silent,
        prorated=asked.prorated,
        compared=difference is not None,
        since=asked.since,
        store=asked.store,
        alone=asked.stores == 1,
        other=asked.other,
        say=asked.say,
    )
    return card, shown


def _row(group: Group, against: str) -> str:
    """周更新 6 家:比上一季 +28.0%,5 家在涨"""
    said = f"{group.mechanism.called} {group.stores} 家"
    if group.change is None:
        return f"{said}:没有能比的数"
    return f"{said}:比{against} {_signed(group.change)},{group.risen} 家在涨"


def _picture(asked: Asked, found: Contrast) -> File:
    sides = [
        Side(
            f"{group.mechanism.called} · {group.stores} 家",
            group.change or Decimal(0),
            _signed(group.change or Decimal(0)),
            note=f"{group.risen} 家在涨" + (" · 家数少,可能是碰巧" if group.is_small else ""),
        )
        for group in found.groups
    ]
    title = f"机制对比 · {asked.measure}"
    about = f"{asked.span}比{asked.against}涨了多少"
    return pictured(title, about, [beside(sides)])


def _signed(part: Decimal) -> str:
    return f"{'+' if part > 0 else ''}{_tenths(part)}%"


def _points(part: Decimal) -> str:
    return f"{_tenths(abs(part))} 个百分点"


def _tenths(part: Decimal) -> Decimal:
    return half_up(part * 100, TENTH)


def mechanisms_card(
    period: str, coming: str, held: Mapping[str, Mechanism], wanted: Mapping[str, Mechanism]
) -> Card:
    """Which store is which now, and from the coming period on; a choice for each that may be switched."""
    names = sorted(held)
    moving = [name for name in names if wanted[name] is not held[name]]
    return question(
        "mechanisms",
        _choices(sorted(names, key=lambda name: (name in moving, name)), wanted),
        period=period,
        coming=coming,
        groups=[
            (
                way.called,
                [name for name in names if held[name] is way][:SHOWN],
                sum(one is way for one in held.values()),
            )
            for way in Mechanism
        ],
        moving=[f"{name} {held[name].called} → {wanted[name].called}" for name in moving[:SHOWN]],
        first=names[0] if names else "",
    )


def _choices(names: Sequence[str], wanted: Mapping[str, Mechanism]) -> list[Choice]:
    found = []
    for name in names[:4]:
        other = Mechanism.MONTHLY if wanted[name] is Mechanism.WEEKLY else Mechanism.WEEKLY
        found.append(Choice(f"{name}改{other.called}", f"设置 机制 {name} {other.called}"))
    return found
