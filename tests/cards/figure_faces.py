"""Cards about figures: a store's day, rankings, and a key result between data and hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import cycle

from cards.attained import attained_card
from cards.compared import Against, compared_card
from cards.data_sources import pulled_card
from cards.data_stale import failing_card, odd_card, silent_card, unmapped_card
from cards.heat_map import Days, heat_card
from cards.notices import Choice, notice, question
from cards.ranking import Board, ranking_card, too_few_card
from cards.store_day import Line, day_card
from chat.card import Card
from config.policy import policy_of
from config.settings import Settings
from okr.attainment import Attained
from okr.metrics import Window
from okr.oddities import Odd, Oddity
from okr.policy import MetricSpec, Policy
from okr.pulling import Trouble
from okr.ranking import ranked
from tests.okr.goals import o12


@dataclass(frozen=True)
class Follower:
    kr_id: int
    title: str


NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def cards() -> Iterator[tuple[str, Card]]:
    yield from _days()
    yield from _rankings()
    yield from _heats()
    yield "nobody's figures", notice("figures_not_yours", unit="滨江店", mine="西湖店")
    for several in ([], ["总部/华东区/收银组", "总部/华南区/收银组"]):
        yield (
            f"which unit, {len(several)}",
            notice("no_such_unit", said="收银组", mine="西湖店", several=several, say="看板"),
        )
    for names in ([], ["销售额", "客流量"]):
        yield f"rank what, {len(names)}", notice("rank_what", said="哈哈", names=names, mine="西湖店")
        yield f"heat of what, {len(names)}", notice("heat_what", said="开心", names=names)
    for another in ("", "西湖店"):
        yield f"empty unit, {bool(another)}", notice("unit_empty", unit="人力资源部", another=another)
    yield "no regions", notice("no_regions", wanted="2026Q3", cycle="2026Q4")
    for names in ([], ["销售额", "客流量"]):
        yield f"compared what, {len(names)}", notice("compared_what", said="开心", names=names)
        yield f"one day, {len(names)}", notice("one_day_only", span="上周", metric=(*names, "")[0])
    yield "sold nowhere", notice("sold_nowhere")
    yield "a day to come", notice("day_to_come", day="明天")
    yield "not your week", notice("week_not_yours", name="陈总", number="E0001")
    yield "only this week", notice("only_this_week", ref="KR8")
    for silent in (True, False):
        card = notice(
            "data_speaks",
            ref="KR34",
            name="销售额",
            value="500 元",
            silent=silent,
            source="POS",
            when="今天 09:02",
        )
        yield f"data speak, {silent}", card
    for steward in (True, False):
        for many in (0, 1, 9):
            following = [Follower(n, "西湖店本季销售额") for n in range(1, many + 1)]
            card = silent_card(
                "POS", following, when="周日", hours=38 + many, limit=timedelta(hours=36), steward=steward
            )
            yield f"silent, {steward}, {many}", card
    for pulled in (True, False):
        yield f"unmapped, {pulled}", unmapped_card("POS", 3, "没有部门或门店「西胡店」", pulled=pulled)
    yield from _sources()
    yield from _compared()
    yield from _attained()
    yield "ignored", notice("source_ignored", source="POS", days=7)
    yield "not fed", notice("not_fed", ref="KR34")
    yield (
        "over data",
        question(
            "over_data",
            [Choice("不改了", "算了")],
            about="KR34",
            awaits="更新 KR34 480 原因",
            ref="KR34",
            name="销售额",
            source="POS",
            old="500 元",
            new="480 元",
            typed="480",
            when="今天 09:02",
        ),
    )


def _compared() -> Iterator[tuple[str, Card]]:
    now, then = Window(date(2026, 11, 1), TODAY), Window(date(2025, 11, 1), date(2025, 11, 23))
    for unit, percent in (("元", False), ("", True)):
        spec = MetricSpec("x", "转化率" if percent else "销售额", "ratio" if percent else "cumulative", unit)
        known = [
            Against("环比", Window(date(2026, 10, 1), date(2026, 10, 23)), Decimal("12.5"), Decimal("9.1")),
            Against("同比", then, Decimal("12.5"), None),
            Against("同店同比", then, Decimal(400), Decimal(440), 38),
        ]
        for against in (known, known[1:2]):
            card = compared_card("华东区", spec, "本月", now, Decimal("12.5"), against, TODAY)
            yield f"compared, {percent}, {len(against)}", card
    yield (
        "compared, nothing",
        compared_card("华东区", spec, "昨天", Window(TODAY, TODAY), None, known[1:2], TODAY),
    )
    yield "no metrics", notice("no_metrics")


def _attained() -> Iterator[tuple[str, Card]]:
    whole = o12("1070")
    for many in (0, 1, 3):
        rows = [
            (whole, kr, Attained(Decimal(share), Decimal("1234.56"), Decimal(-7)))
            for kr, share in zip(whole.key_results[:many], ("0.5", "-0.1", "1.2"), strict=False)
        ]
        for own in (True, False):
            yield (
                f"attained, {many}, {own}",
                attained_card("新品推广", rows, more=many // 3, today=TODAY, own=own),
            )
    none = [(whole, whole.key_results[2], Attained(None))]
    yield "attained, none", attained_card("", none, more=0, today=date(2026, 11, 30), own=True)


def _sources() -> Iterator[tuple[str, Card]]:
    poor = {
        "name": "收银台",
        "when": "今天 09:02",
        "unmapped": 3,
        "trouble": f"连着 3 次没拉到,{Trouble.AUTH.called}",
    }
    well = {"name": "POS", "when": "", "unmapped": 0, "trouble": ""}
    for rows, again in (([], ""), ([well], ""), ([poor, well], "收银台")):
        card = notice("data_sources", rows=rows, more=0, troubled=len(rows) - 1 if again else 0, again=again)
        yield f"sources, {len(rows)}", card
    for names in ([], ["POS"]):
        card = notice("no_such_source", said="收银", names=names, word="重试同步")
        yield f"no such source, {len(names)}", card
    yield "asked", notice("source_asked", source="收银台")
    yield "pushes", notice("source_pushes", source="POS")
    for trouble, unmapped in ((Trouble.WEB_PAGE.called, 0), ("", 3), ("", 0)):
        card = pulled_card("收银台", trouble=trouble, unmapped=unmapped, example="没有工号 8812")
        yield f"pulled, {bool(trouble)}, {unmapped}", card
    for steward in (True, False):
        for many in (1, 9):
            following = [Follower(n, "西湖店本季销售额") for n in range(1, many + 1)]
            for trouble in Trouble:
                card = failing_card(
                    "收银台",
                    following,
                    trouble=trouble.called,
                    fails=3,
                    limit=3,
                    when="昨天 20:00",
                    steward=steward,
                )
                yield f"failing, {trouble}, {steward}, {many}", card
            odd = [
                (one, Oddity(kind, TODAY - timedelta(days=n % 2), Decimal(share)))
                for n, (one, (kind, share)) in enumerate(zip(following, cycle(_ODD), strict=False))
            ]
            card = odd_card(
                "收银台", odd, limit=Decimal("0.5"), today=TODAY, steward=steward, pulled=many == 1
            )
            yield f"odd, {steward}, {many}", card


_ODD = ((Odd.JUMP, "4.13"), (Odd.FALL, "0.18"), (Odd.JUMP, "1.6"), (Odd.JUMP, "0.2"))


def _days() -> Iterator[tuple[str, Card]]:
    week = [(TODAY - timedelta(days=n), None if n == 4 else Decimal(12345 + n)) for n in range(6, -1, -1)]
    names = ("销售额", "客流量", "订单数", "客单价", "转化率", "客户拜访量", "成交客户数")
    units = ("元", "人", "单", "元", "%", "次", "家")
    many = [
        Line(name, unit, Decimal(1234), Decimal(1000), week) for name, unit in zip(names, units, strict=True)
    ]
    for day in (TODAY, TODAY - timedelta(days=1)):
        for lines in ([], many[:1], many, [Line("销售额", "元", None, None, week)]):
            yield (
                f"day, {day}, {len(lines)}, {bool(lines and lines[0].value)}",
                day_card("西湖店", day, lines, NOW, Policy()),
            )


def _heats() -> Iterator[tuple[str, Card]]:
    metrics = policy_of(Settings()).metrics
    days = [TODAY - timedelta(days=n) for n in range(7, 0, -1)]
    values = [None if n == 2 else Decimal(12345 + 900 * n) for n in range(7)]
    for key, many, weeks in (("sales", 3, False), ("conversion", 4, True), ("visitors", 12, False)):
        rows = [Days(f"西湖{n}店", values) for n in range(many)]
        card, files = heat_card(metrics[key], "门店热力图", "上周", days, rows, weeks=weeks, more=many - 3)
        assert len(files) == 1
        yield f"heat, {key}", card
        yield f"heat in words, {key}", card.without_picture()
    yield "no heat", notice("no_heat", metric="销售额", mine="总部")


def _rankings() -> Iterator[tuple[str, Card]]:
    names = {f"{n}": f"同事{n}" for n in range(9)}
    now = {key: Decimal(9 - int(key)) / 10 for key in names}
    before = {key: Decimal(int(key)) / 10 for key in names}
    places = ranked(now, before)
    for mine in ("", "0", "3", "7"):
        for group, alone in ((False, False), (True, False), (False, True)):
            for percent in (True, False):
                board = Board("个人", "销售额", "本月", "元", percent, not group, names, mine, group, alone)
                card = ranking_card(board, places)[0]
                yield f"ranking, {mine}, {group}, {alone}, {percent}", card
                yield f"ranking in words, {mine}, {group}, {alone}, {percent}", card.without_picture()
    yield "too few", too_few_card("门店", "销售额", 1, 4)
