"""Single cells of a table of goals: read strictly, and written so that they read the same again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from okr.objectives import Basis, Commitment, Kind, Milestone, Origin
from sheets import staff_cells
from sheets.staff_cells import WrongCell

KINDS: Mapping[Kind, str] = {
    Kind.NUMBER: "数值",
    Kind.MAINTAIN: "保持",
    Kind.BOOLEAN: "是否",
    Kind.MILESTONE: "里程碑",
    Kind.ORDINAL: "等级",
    Kind.BASELINE: "摸底",
}
_KINDS = {**{word: kind for kind, word in KINDS.items()}, "数字": Kind.NUMBER, "完成": Kind.BOOLEAN}
_AMOUNT = re.compile(r"(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+))(?P<scale>[万亿]?)(?P<percent>%?)")
_SCALES = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_YES = {
    "是": True,
    "y": True,
    "true": True,
    "1": True,
    "否": False,
    "n": False,
    "false": False,
    "0": False,
    "": False,
}
_DONE = {"完成": Decimal(1), "没完成": Decimal(0), "未完成": Decimal(0)}
_NOTE = re.compile(r"\((?P<note>[^()]*)\)$")
_STAGE = re.compile(r"(?P<day>\S+)\s+(?P<share>\S+)")
_WEIGHT_NOTE, _DUE_NOTE, _DONE_NOTE = "权重", "截止", "完成"
LARGEST = Decimal(10) ** 14
"""More digits than this before the point are no figure of a company."""


def amount(text: str) -> Decimal | None:
    """`1,050.5`, `8%` as 8, `3.5亿`; empty is None."""
    plain = _narrow(text).replace(",", "").replace(" ", "")
    if not plain:
        return None
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        raise WrongCell(f"「{text[:20]}」不是数字")
    try:
        value = Decimal(match["number"]) * _SCALES[match["scale"]]
    except InvalidOperation:
        raise WrongCell(f"「{text[:20]}」不是数字") from None
    if abs(value) >= LARGEST:
        raise WrongCell(f"「{text[:20]}」太大了")
    return value


def value(text: str) -> Decimal | None:
    """A value that was reported: a number, or 完成 and 没完成."""
    word = _narrow(text).strip()
    return _DONE[word] if word in _DONE else amount(text)


def is_percent(text: str) -> bool:
    return _narrow(text).rstrip().endswith("%")


def kind(text: str) -> Kind | None:
    """None where nothing is said."""
    if not text:
        return None
    if text not in _KINDS:
        raise WrongCell(f"只能写 {'、'.join(KINDS.values())},这里是「{text[:20]}」")
    return _KINDS[text]


def basis(text: str) -> Basis | None:
    if not text:
        return None
    try:
        return Basis(text)
    except ValueError:
        raise WrongCell(f"只能写 {'、'.join(Basis)},这里是「{text[:20]}」") from None


def commitment(text: str) -> Commitment:
    try:
        return Commitment(text) if text else Commitment.COMMITTED
    except ValueError:
        raise WrongCell(f"只能写 承诺 或 挑战,这里是「{text[:20]}」") from None


def origin(text: str) -> Origin:
    try:
        return Origin(text) if text else Origin.BOTTOM_UP
    except ValueError:
        raise WrongCell(f"只能写 自上而下 或 自下而上,这里是「{text[:20]}」") from None


def yes(text: str) -> bool:
    try:
        return _YES[_narrow(text).strip().casefold()]
    except KeyError:
        raise WrongCell(f"只能写 是 或 否,这里是「{text[:20]}」") from None


def weight(text: str) -> tuple[Decimal, Decimal | None]:
    """The relative weight, and the share of 1 where it was written as a percent; 1 where nothing is."""
    number = amount(text)
    if number is None:
        return Decimal(1), None
    if not is_percent(text):
        if not 0 < number <= 1000:
            raise WrongCell("权重要大于 0")
        return number, None
    if not 0 < number <= 100:
        raise WrongCell("权重要在 0% 到 100% 之间")
    return Decimal(1), number / 100


def weight_text(relative: Decimal, share: Decimal | None) -> str:
    return f"{relative:f}" if share is None else f"{(share * 100).normalize():f}%"


def confidence(text: str) -> int | None:
    number = amount(text)
    if number is None:
        return None
    if number != number.to_integral_value() or not 0 <= number <= 10:
        raise WrongCell("信心是 0 到 10 的整数")
    return int(number)


def rungs(text: str) -> tuple[str, str, str] | None:
    """保底/目标/挑战"""
    parts = [part.strip() for part in text.replace("／", "/").split("/")] if text else []
    if not parts:
        return None
    if len(parts) != 3 or not all(parts):
        raise WrongCell("要写三档,用 / 隔开,比如 及格/良好/优秀")
    return parts[0], parts[1], parts[2]


def rungs_text(texts: Sequence[str] | None) -> str:
    return "/".join(texts or ())


def steps(text: str) -> tuple[Milestone, ...]:
    """`定方案(完成);装修(权重 2)(截止 2026-12-20)`"""
    plain = unicodedata.normalize("NFKC", text)
    return tuple(_step(part.strip()) for part in re.split("[;\n]", plain) if part.strip())


def _step(text: str) -> Milestone:
    title, weighs, due, done = text, Decimal(1), None, False
    while match := _NOTE.search(title):
        note = match["note"].strip()
        if note == _DONE_NOTE:
            done = True
        elif note.startswith(_WEIGHT_NOTE):
            weighs = amount(note.removeprefix(_WEIGHT_NOTE)) or Decimal(1)
        elif note.startswith(_DUE_NOTE):
            due = staff_cells.day(note.removeprefix(_DUE_NOTE).strip())
        else:
            break
        title = title[: match.start()].strip()
    if not title or weighs <= 0:
        raise WrongCell(f"步骤「{text[:20]}」没有名字,或者权重不对")
    return Milestone(title, weighs, due, done)


def steps_text(milestones: Sequence[Milestone]) -> str:
    return ";".join(
        milestone.title
        + (f"(权重 {milestone.weight:f})" if milestone.weight != 1 else "")
        + (f"(截止 {milestone.due})" if milestone.due else "")
        + ("(完成)" if milestone.done else "")
        for milestone in milestones
    )


def stages(text: str) -> tuple[tuple[date, Decimal], ...]:
    """`2026-10-31 20%;2026-11-30 70%`"""
    found: list[tuple[date, Decimal]] = []
    for part in re.split("[;\n]", unicodedata.normalize("NFKC", text)):
        if not part.strip():
            continue
        match = _STAGE.fullmatch(part.strip())
        day = staff_cells.day(match["day"]) if match else None
        share = amount(match["share"]) if match else None
        if day is None or share is None or not 0 <= share <= 100:
            raise WrongCell("阶段写成 2026-10-31 20%;2026-11-30 70%")
        found.append((day, share / 100))
    shares = [share for _, share in sorted(found)]
    if shares != sorted(shares):
        raise WrongCell("后面的阶段不能比前面的低")
    return tuple(sorted(found))


def stages_text(targets: Sequence[tuple[date, Decimal]]) -> str:
    return ";".join(f"{day} {(share * 100).normalize():f}%" for day, share in targets)


def metric(text: str) -> tuple[str, bool]:
    """`sales`, or `sales 本人`."""
    word, _, own = text.partition(" ")
    return word, own.strip() == "本人"


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
