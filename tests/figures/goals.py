"""The goals that people of the company have set themselves, and how they came to be in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tests.figures.company import HEAD, NOW, Company, chief_of, head_of, name_of, region_of
from tests.figures.points import (
    METRICS,
    REGIONS,
    STORES,
    TODAY,
    Belongs,
    lots,
    of_person,
    of_store,
    sellers_of,
)

STORE = STORES[0]
WEST = STORES[3]
PERSON, SECOND, THIRD = sellers_of(STORE)
EVENINGS = (date(2026, 11, 6), date(2026, 11, 10), date(2026, 11, 13), date(2026, 11, 20), TODAY)
"""On which the points of the days before come in. On the first the goals come into force."""


@dataclass(frozen=True)
class Aim:
    """A key result: from one number to another, fed by a metric or typed. `own`: by its owner's own figures."""

    name: str
    basis: str
    start: int
    target: int
    unit: str
    metric: str = ""
    own: bool = False
    typed: tuple[tuple[date, int], ...] = ()

    @property
    def words(self) -> str:
        fed = f" 数据 {self.metric}{' 本人' if self.own else ''}" if self.metric else ""
        return f"KR {self.name} {self.basis} 从 {self.start} 到 {self.target} {self.unit}{fed}"


def _sales(target: int) -> Aim:
    return Aim("销售额", "本季累计", 0, target, "元", "sales")


def _calls(target: int, *typed: tuple[date, int]) -> Aim:
    return Aim("回访", "", 0, target, "次", typed=typed)


GOALS: dict[str, tuple[Aim, ...]] = {
    head_of(STORE): (
        _sales(300_000),
        Aim("月销售", "本月累计", 0, 60_000, "元", "sales"),
        Aim("日均单", "日均", 5, 40, "单", "orders"),
        Aim("周均客流", "周均", 10, 400, "人", "visitors"),
        Aim("客单价", "", 10, 200, "元", "basket"),
        Aim("转化率", "", 5, 90, "%", "conversion"),
    ),
    PERSON: (Aim("我的销售额", "本季累计", 0, 60_000, "元", "sales", own=True),),
    SECOND: (
        Aim("我的订单", "本季累计", 0, 700, "单", "orders", own=True),
        _calls(40, (EVENINGS[0], 8), (EVENINGS[3], 20), (TODAY, 31)),
    ),
    THIRD: (Aim("我的月单", "本月累计", 0, 90, "单", "orders", own=True), _calls(20)),
    head_of(STORES[1]): (_sales(400_000),),
    head_of(STORES[2]): (_sales(90_000),),
    chief_of("东区"): (_sales(700_000),),
    chief_of("西区"): (_sales(600_000), _calls(30, (EVENINGS[0], 12))),
    head_of(WEST): (_sales(240_000), Aim("店日均单", "日均", 0, 24, "单", "orders")),
    head_of(STORES[4]): (
        Aim("店周均客流", "周均", 0, 500, "人", "visitors"),
        _calls(10, (EVENINGS[2], 4), (EVENINGS[3], 9)),
    ),
    sellers_of(WEST)[0]: (Aim("我的销售额", "本季累计", 0, 34_000, "元", "sales", own=True), _calls(50)),
    sellers_of(WEST)[1]: (Aim("我的月销售", "本月累计", 0, 9_000, "元", "sales", own=True),),
}
AIMS = {f"KR{n}": aim for n, aim in enumerate((aim for aims in GOALS.values() for aim in aims), 1)}
HELP = {
    "东区": ((head_of(STORES[1]), 2), (head_of(STORES[2]), 5), (chief_of("东区"), 9), (SECOND, 30)),
    "西区": ((head_of(WEST), 3), (head_of(STORES[4]), 4)),
}
"""Who was asked for help, by region, and after how many hours he answered."""


def refs_of(number: str) -> list[str]:
    before = 0
    for owner, aims in GOALS.items():
        if owner == number:
            return [f"KR{n}" for n in range(before + 1, before + len(aims) + 1)]
        before += len(aims)
    return []


def on_card(ref: str) -> str:
    """With what the number is over, where the name does not say it."""
    aim = AIMS[ref]
    return f"{ref} {aim.name}{f'({aim.basis})' if aim.basis in ('本季累计', '本月累计') else ''}"


def owner_of(ref: str) -> str:
    return next(number for number in GOALS if ref in refs_of(number))


def place_of(number: str) -> str:
    """The store somebody works in, else the region."""
    if number[0] == "C":
        return list(REGIONS)[int(number[1:]) - 1]
    return STORES[int(number[1:3] if number[0] == "S" else number[1:]) - 1]


def manager_of(number: str) -> str:
    if number[0] == "C":
        return HEAD
    return chief_of(region_of(place_of(number))) if number[0] == "H" else head_of(place_of(number))


def region_of_person(number: str) -> str:
    place = place_of(number)
    return place if place in REGIONS else region_of(place)


def feeds(ref: str) -> Iterator[Belongs]:
    """Whose figures feed a key result, then those of the places above it, up to the company."""
    owner, aim = owner_of(ref), AIMS[ref]
    place = place_of(owner)
    if aim.own:
        yield of_person(owner)
    if place not in REGIONS:
        yield of_store(place)
    yield of_store(*REGIONS[region_of_person(owner)])
    yield lambda _: True


async def grow(company: Company) -> None:
    """Evening by evening: what is timely, what people say, and in the end the points that come late."""
    timely, late, again = lots()
    since = date.min
    for evening in EVENINGS:
        company.now = datetime.combine(evening, time(9, 10), UTC)
        if evening == EVENINGS[0]:
            await company.found()
        await company.deliver([one for one in timely if since < one[1].day <= evening])
        if evening == EVENINGS[0]:
            await _set_goals(company)
        if evening == TODAY:
            await company.deliver(late)
            await company.deliver(again)
        for ref, aim in AIMS.items():
            for said in (number for day, number in aim.typed if day == evening):
                told = await company.says(owner_of(ref), f"更新 {ref} {said}")
                if "没打错吧" in told:
                    told = await company.says(owner_of(ref), "1")
                assert told.startswith(f"✅ {ref}"), told
        since = evening
    await _help(company)


async def _set_goals(company: Company) -> None:
    await company.says(head_of("南一店"), "停业 11月18日-11月19日")
    await company.says(chief_of("西区"), "停业 西区 11月9日")
    await company.says(chief_of("西区"), "停业 西区 12月1日")
    for at, (number, aims) in enumerate(GOALS.items(), 1):
        await company.says(number, "\n".join(["新建目标 卖得更好", *(aim.words for aim in aims)]))
        await company.says(number, f"提交 O{at}")
        assert "批了" in await company.says(manager_of(number), f"同意 R{at}")


async def _help(company: Company) -> None:
    """Asked for in the morning, and answered hours after."""
    asked = [one for some in HELP.values() for one in some]
    company.now = NOW - timedelta(hours=31)
    for number, _ in asked:
        told = await company.says(PERSON, f"协作 {refs_of(PERSON)[0]} @{name_of(number)} 要排面")
        assert "已请" in told, told
    for at, (number, hours) in enumerate(asked, 1):
        company.now = NOW + timedelta(hours=hours - 31)
        assert "你接了" in (told := await company.says(number, f"接受 X{at}")), told
    company.now = NOW


assert all(aim.metric in ("", *METRICS) for aim in AIMS.values())
