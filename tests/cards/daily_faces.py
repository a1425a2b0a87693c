"""Cards of a day's work: what it has to bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cards.comparison import Comparison, Lift, comparison_card
from cards.crossed import crossed_card, grouped_card
from cards.dashboard import Dashboard, Lagging, Tally, dashboard_card
from cards.day_actions import (
    Line as ActionLine,
)
from cards.day_actions import (
    Proposal,
    Team,
    assigned_card,
    day_actions_card,
    say_advice,
    say_orders,
)
from cards.day_opening import Standing, left_card, opening_card
from cards.day_targets import Day, day_line, day_target_card, day_targets_card
from cards.goal import key_result_card, why_card
from cards.mechanism import Asked, mechanism_card, mechanisms_card
from cards.notices import notice, question
from cards.regions import regions_card
from cards.spare import Spare
from cards.store_day import Line, day_card
from chat.card import Card
from okr.advice import Advice
from okr.contrast import Part, Store, contrast
from okr.crossing import Crossed, Group, Grouped
from okr.curve import Curve, curve
from okr.day_targets import Mean, day_target, week_of_targets
from okr.masking import covered, opened
from okr.mechanism import Mechanism
from okr.objectives import Basis, KeyResult, Status
from okr.people import Person
from okr.policy import Policy
from okr.regions import Region
from okr.status import judge_objective
from tests.cards.figure_faces import NOW, TODAY
from tests.cards.sample import EG
from tests.okr.goals import Q4, key_result, number, objective

WEEK = (800, 800, 800, 800, 1000, 1400, 1400)
OWNER = Person(4, "E0102", "李四", "总部/华东区/西湖店", store="西湖店")


def cards() -> Iterator[tuple[str, Card]]:
    yield from _day_targets()
    for ref in ("", "KR34"):
        yield f"no day target, {ref}", notice("no_day_target", ref=ref, metric="sales")
    for opened_ in (True, False):
        for moved in ("", "O12、O13"):
            yield (
                f"closed days, {opened_}, {moved}",
                notice(
                    "closed_days",
                    unit="西湖店",
                    days="12月1日到12月3日",
                    said="12月1日-12月3日",
                    opened=opened_,
                    moved=moved,
                ),
            )
    yield from _day_actions()
    yield from _openings()
    yield from _dashboards()
    yield from _comparisons()
    yield from _mechanisms()
    yield "closed when", question("closed_when", [], awaits="停业", word="停业", unit="西湖店")


def _openings() -> Iterator[tuple[str, Card]]:
    whole = objective(key_result(34, number("0", "100"), "31", title="客流量"), _summed(None))
    verdicts = judge_objective(whole, TODAY, Policy()).verdicts
    rows = [Standing(kr, verdicts[kr.id], "今天要 3.2 万元") for kr in whole.key_results]
    left = [
        ActionLine(f"A{n}", "陈列调整", "", TODAY - timedelta(days=1), done=False, about="KR34")
        for n in range(1, 6)
    ]
    for some in (left[:1], left):
        yield f"left, {len(some)}", left_card(some, TODAY)
    for standings, lagging, lines in ((rows, 1, []), (rows * 4, 0, left)):
        yield f"opening, {lagging}", opening_card(standings, lines, TODAY, lagging=lagging)
    for on in (True, False):
        yield f"opening switched, {on}", notice("opening_switched", on=on, store=on)


def _summed(made: Curve | None, title: str = "西湖店销售额") -> KeyResult:
    measure = replace(number("0", "3000000", "元"), basis=Basis.QUARTER, cumulative=True)
    return key_result(34, measure, "684000", title=title, metric="sales", curve=made)


def _day_targets() -> Iterator[tuple[str, Card]]:
    days = [WEEK[(Q4.start + timedelta(days=n)).weekday()] for n in range(92)]
    closed = [0 if n == 53 else weight for n, weight in enumerate(days)]
    curves = (
        curve(Q4.start, days, told_by="西湖店", own=True, days=53, weekdays=WEEK),
        curve(Q4.start, closed, told_by="华东区", days=182, weekdays=WEEK, monthly=True),
        curve(Q4.start, [1000] * 92),
    )
    for place, made in enumerate(curves):
        for done in (Decimal(684000), Decimal(3100000)):
            for fit in (opened, covered):
                kr = fit(objective(_summed(made))).key_results[0]
                week = week_of_targets(kr, made, done, TODAY)
                for brought, usual in ((None, Decimal(16000)), (Decimal("5360.5"), Decimal(40000))):
                    day = Day(kr, day_target(kr, made, done, TODAY), brought, made, week, usual)
                    name = f"{place}, {done}, {kr.measure.sealed}, {brought}"
                    yield f"day target, {name}", day_target_card(day)
                    yield f"day targets, {name}", day_targets_card([day] * 9)
                    whole = objective(kr)
                    yield f"key result of days, {name}", _key_result(kr, day_line(kr, day.target, brought))
                    yield (
                        f"why of days, {name}",
                        why_card(
                            whole,
                            kr,
                            chain=[],
                            direction="",
                            own=True,
                            can_report=True,
                            now=NOW,
                            policy=Policy(),
                        ),
                    )
    for basis in (Basis.DAILY, Basis.WEEKLY):
        kr = _summed(None)
        kr = replace(kr, measure=replace(kr.measure, basis=basis, target=Decimal(30000)))
        mean = Mean(53, 39, Q4.end)
        for done in (Decimal(684000), Decimal(3100000)):
            day = Day(
                kr,
                day_target(kr, curves[0], done, TODAY, mean),
                None,
                curves[0],
                week_of_targets(kr, curves[0], done, TODAY, mean),
            )
            yield f"day target of a mean, {basis}, {done}", day_target_card(day)
    seven = [(date(2026, 11, 17) + timedelta(days=n), Decimal(12345)) for n in range(7)]
    for shown in (TODAY, TODAY - timedelta(days=1)):
        line = Line("销售额", "元", Decimal(41200), Decimal(39000), seven, Decimal("51247.21"))
        yield f"day with what it wants, {shown}", day_card("西湖店", shown, [line] * 6, NOW, Policy())


def _key_result(kr: KeyResult, today_wants: str) -> Card:
    return key_result_card(
        objective(kr), kr, OWNER, can_report=True, today_wants=today_wants, now=NOW, policy=Policy()
    )


def _day_actions() -> Iterator[tuple[str, Card]]:
    yesterday = TODAY - timedelta(days=1)
    lines = [
        ActionLine(
            f"A{n}",
            "把生鲜区的陈列调整成三层" if n % 2 else "赠饮",
            "10:00" if n % 2 else "",
            yesterday if n == 2 else TODAY,
            done=n == 1,
            about="KR34" if n != 3 else "",
            by="王店" if n == 4 else "",
        )
        for n in range(1, 8)
    ]
    orders = say_orders(Decimal(985), "单", "客单价", Decimal("52.1"), "元", Decimal(900), "一")
    proposals = [
        Proposal("KR34", orders),
        *(Proposal("KR35", say_advice(one)) for one in Advice if say_advice(one)),
    ]
    for count in (0, 1, 3, 7):
        for wanted in ("", "今天要 51,247 元,已到 536 元(1%) · KR34"):
            for team in (None, Team((0, 0), (0, 0)), Team((6, 1), (20, 11))):
                for news in ("", "A1 陈列调整 做完了 👍"):
                    few = count < 3
                    yield (
                        f"day actions, {count}, {wanted}, {team}, {news}",
                        day_actions_card(
                            lines[:count],
                            TODAY,
                            wanted=wanted,
                            proposals=proposals if few else (),
                            team=team,
                            news=news,
                        ),
                    )
    yield "day actions left", day_actions_card([lines[1]], TODAY)
    for count in (1, 7):
        yield f"given, {count}", assigned_card("王店", lines[:count], TODAY)
    for count in (0, 3):
        yield f"no such action, {count}", notice("no_such_action", said="A99", count=count)
    assert (
        say_orders(Decimal(985), "单", "客单价", Decimal(52), "元", None, "一")
        == "做够 985 单(客单价按 52 元)"
    )


def _dashboards() -> Iterator[tuple[str, Card]]:
    figures = [
        Tally("销售额", "元", Decimal(536), Decimal(53600), Decimal("51247.21")),
        Tally("客流量", "人", None, None),
        Tally("转化率", "%", Decimal("9.1"), None),
        Tally("订单数", "单", Decimal(65), Decimal(700)),
    ]
    helped = [
        Lagging(f"KR{n}", "会员日上线以后的复购人数", "李四", Status.AT_RISK, Decimal("0.37"))
        for n in range(1, 7)
    ]
    for group in (True, False):
        for count in (0, 4):
            for need in (0, 1, 6):
                for link in ("", "https://okr.example.com/board/unit/西湖店"):
                    board = Dashboard(
                        unit="西湖店",
                        goals=3,
                        done=Decimal("0.5"),
                        expected=Decimal("0.58"),
                        statuses=[Status.ON_TRACK, Status.BEHIND, Status.ACHIEVED],
                        updated=5 if count else 0,
                        due=6 if count else 0,
                        figures=[replace(one, amounts=not group) for one in figures[:count]],
                        place="第 2 / 12 ↑1" if count else "",
                        helped=[] if group else helped[:need],
                        well=["李四", "张三"] if group else [],
                        when="09:30",
                        link=link,
                        daily=not need,
                        another="滨江店" if need else "",
                    )
                    yield f"dashboard, {group}, {count}, {need}, {bool(link)}", dashboard_card(board)


def _mechanisms() -> Iterator[tuple[str, Card]]:
    part = Part(Decimal(128)), Part(Decimal(100))
    for weekly, monthly, admin in ((0, 0, True), (2, 9, False), (9, 9, True)):
        stores = [Store(f"第{n}店", "社区店", Mechanism.WEEKLY, *part) for n in range(weekly)]
        stores += [Store(f"第{n}门店", "社区店", Mechanism.MONTHLY, *part[::-1]) for n in range(monthly)]
        stores.append(Store("商圈店", "商圈店", Mechanism.MONTHLY, *part))
        since = "2027Q1" if admin else ""
        asked = Asked(
            "销售额",
            "本季",
            "上一季",
            "机制对比 销售额 本季",
            3,
            admin,
            since,
            "第0门店" if weekly else "",
            weekly + monthly,
            "客流量",
        )
        yield f"mechanism, {weekly}", mechanism_card(asked, contrast(stores))[0]
        held = {f"第{n}门店": Mechanism.MONTHLY for n in range(weekly + monthly)}
        wanted = held | ({"第0门店": Mechanism.WEEKLY} if held else {})
        yield f"mechanisms, {weekly}", mechanisms_card("2026Q4", "2027Q1", held, wanted)
    for unit in ("", "西湖店"):
        yield f"mechanism unclear, {unit}", notice("mechanism_unclear", unit=unit, said="火星店", eg=EG)


def _of_two() -> Iterator[tuple[str, Card]]:
    """Names and numbers as long as they get, places that are missing or few."""
    names = [f"很长名字的第{n}大区" for n in range(12)]
    for rows, columns in ((1, 2), (3, 2), (12, 9)):
        heads = [f"社区便民旗舰店{n}" for n in range(columns)]
        table = {
            row: [
                None if (n + at) % 5 == 4 else Decimal(1_234_567) * (n + at + 1) / 7 for at in range(columns)
            ]
            for n, row in enumerate(names[:rows])
        }
        few = {(names[0], heads[-1])}
        crossed = Crossed(
            "销售额", "区域,门店类型(店均)", "本月", "元", heads, table, "对比 销售额", "对比 客单价", few
        )
        yield f"crossed, {rows}, {columns}", crossed_card(crossed, SPARE if rows > 2 else None)[0]
    for count, stores in ((1, 2), (2, 6), (7, 9)):
        groups = [
            Group(
                name,
                Decimal(9_876_543) if n % 2 == 0 else None,
                {f"{name}{at}店": Decimal(90 + at + (500 if at == 5 else 0)) for at in range(stores)},
            )
            for n, name in enumerate(names[:count])
        ]
        for mean in (False, True):
            grouped = Grouped("客单价", "区域,门店", "本季", "元", groups, "对比 客单价 按 门店,区域", mean)
            yield f"grouped, {count}, {stores}, {mean}", grouped_card(grouped, SPARE if mean else None)[0]


SPARE = Spare(
    ["区域", "门店类型"],
    ["职级", "周"],
    ["对比 客单价 按 区域,职级 本月", "对比 客单价 按 区域,周"],
)


def _comparisons() -> Iterator[tuple[str, Card]]:
    lift = Lift("滨江店", "A5", "KR34", "陈列调整,把应季水果摆到门口", TODAY, Decimal("18.4"))
    for count in (1, 2, 6, 12):
        values = {f"第{n}门店": Decimal(50 + n) for n in range(count)} | {"萧山店": Decimal(200)}
        weeks: dict[str, list[Decimal | None]] = {
            name: [value, None, value, value] for name, value in values.items()
        }
        changes = {name: Decimal("0.123") for name in values}
        kinds: list[tuple[dict[str, list[Decimal | None]], dict[str, Decimal]]]
        kinds = [({}, {}), ({}, changes), (weeks, {})]
        for place, (week, change) in enumerate(kinds):
            for judged in (True, False):
                one = Comparison(
                    "客单价",
                    "门店",
                    "本月",
                    "元",
                    values,
                    "对比 客单价 按 门店 本月",
                    weeks=week,
                    heads=["11/2周", "11/9周", "11/16周", "本周"] if week else (),
                    changes=change,
                    lifts=[lift] * 3 if place == 1 else (),
                    left_out="同店:上一段没有数的 1 个不比" if change else "",
                    judged=judged,
                )
                yield (
                    f"comparison, {count}, {place}, {judged}",
                    comparison_card(one, TODAY, SPARE if judged else None)[0],
                )
    yield from _of_two()
    regions = [
        Region(f"华东{n}区", 12, Decimal("0.53"), Decimal("0.8") if n else None, n, 5.5 if n else None)
        for n in range(9)
    ]
    for count in (0, 1, 9):
        yield (
            f"regions, {count}",
            regions_card("2026Q4", regions[:count], ["华南", "华北"] if count else [], "2026Q3")[0],
        )
    for by in ("", "门店"):
        for names in ([], ["销售额", "客单价"]):
            yield (
                f"compare what, {by}, {len(names)}",
                notice(
                    "compare_what",
                    count=1,
                    by=by,
                    names=names,
                    cycle="2026Q4",
                    few=len(names),
                    fewest=4,
                    measure=(*names, "")[0],
                    wide=not by,
                    said="" if by else "天气",
                ),
            )
