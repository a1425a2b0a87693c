"""One of every card that a reminder writes unasked, from goals as they are in a company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cards import settings
from cards.achievement import cheer_card, helped_card, record_card
from cards.alignment_gap import (
    Gap,
    gaps_card,
    gaps_team_card,
    gaps_total_card,
    missing_card,
    total_card,
    unset_card,
)
from cards.alignment_gap import team_card as unset_team
from cards.brief import brief_card
from cards.checkin_overdue import Late, own_card
from cards.checkin_overdue import team_card as overdue_team
from cards.confidence_drop import differs_card, dropped_card
from cards.deadline_due import Standing, closing_card, deadline_card, team_card
from cards.forecast_miss import miss_card
from cards.in_groups import (
    behind_card,
    best_day_card,
    praise_card,
    reported_card,
    review_begun_card,
    week_card,
)
from cards.kr_stalled import slowing_card, stalled_card
from cards.notices import notice
from cards.upstream_changed import Supporting, asked_again_card, unanswered_card
from chat.card import Card
from config.policy import policy_of
from config.settings import Settings
from okr.amendments import Amendment
from okr.forecast import forecast
from okr.lessons import Lessons, Missed
from okr.objectives import RollUp
from okr.policy import Policy
from okr.reminding import ALWAYS, SPEAKING, Reminder
from okr.status import judge, judge_objective
from okr.weekly import KrWeek, PersonWeek, TeamWeek, Week
from tests.cards.faces import LI, every_kind
from tests.okr.goals import TODAY, objective

END = date(2026, 12, 31)


def cards() -> Iterator[tuple[str, Card]]:
    yield from _forecasts()
    yield from _standing_still()
    yield from _cheers()
    yield from _gaps()
    yield from _late()
    yield from _doubts()
    yield from _ends()
    yield from _upstream()
    yield from _kinds()
    for template in ("weekly_report_brief", "checkin_due_brief", "digest_brief"):
        for board in ("", "https://okr.example.com"):
            yield f"{template}, {board}", brief_card(template, board)
    yield from _groups()
    yield from _settings()


def _settings() -> Iterator[tuple[str, Card]]:
    policy = policy_of(Settings())
    yield "settings, all", settings.overview_card(policy)
    yield from ((f"setting, {one}", settings.one_card(one, policy)) for one in SPEAKING)
    amendment = Amendment("reminders.progress_warning.behind_points", 15, "unit:西湖店")
    what = settings.say_place(amendment, policy)
    for some in ((), ("李四:🟡 KR34 客流量慢了一点:进度 40%,按时间该到 59%",) * 9):
        yield (
            f"setting asked, {len(some)}",
            settings.asked_card(what, 10, amendment, some, some[:2], "设置 进度预警 偏慢 15 西湖店"),
        )
    yield "setting kept", settings.kept_card(7, what, None, amendment)
    moment = datetime(2026, 11, 23, 4, tzinfo=UTC)
    kept = settings.Kept(7, moment, "陈总", what, 10, amendment)
    yield "settings changed", settings.changes_card([kept] * 8, moment, UTC)
    yield "settings never changed", settings.changes_card([], moment, UTC)
    yield (
        "setting changed",
        notice("setting_changed", number=7, by="陈总", what=what, step="10 → 15", since=""),
    )
    yield "setting refused", notice("setting_refused", what=what, why="写的是 一点点,要写整数")
    yield "setting same", notice("setting_same", what=what, value="10")
    yield "setting value", notice("setting_value", name="目标进度预警", field="偏慢", old="10")
    for fields in (["偏慢", "告急"], []):
        yield (
            f"setting unclear, {len(fields)}",
            notice("setting_unclear", name="目标进度预警", fields=fields, said="颜色"),
        )
    yield "setting for all", notice("setting_for_all", field="每天上限")


def _groups() -> Iterator[tuple[str, Card]]:
    week = Week(date(2026, 11, 23))
    goal = objective(*every_kind())
    verdicts = judge_objective(goal, TODAY, Policy())
    lines = tuple(
        KrWeek(kr, verdicts.verdicts[kr.id], verdicts.weights[kr.id], Decimal(1)) for kr in goal.counting
    )
    team = TeamWeek(week, (("李四", PersonWeek(week, lines)),) * 3)
    half = Decimal("0.5")
    for lagging, at_risk in ((1, 1), (3, 1), (3, 3)):
        yield (
            f"group behind, {lagging}, {at_risk}",
            behind_card("西湖店", lagging, at_risk, half, half),
        )
    yield "group reported", reported_card("西湖店", 9, 11)
    yield "group week", week_card("西湖店", team, None, TODAY)
    yield "group review", review_begun_card("西湖店", "2026-11", 12, END, TODAY)
    for kr in every_kind():
        yield f"group week, best {kr.ref}", week_card("西湖店", team, ("李四", lines[0]), TODAY)
        yield f"group praise, {kr.ref}", praise_card("西湖店", kr, "李四", ["赵店", "吴越"])
        yield f"group record, {kr.ref}", best_day_card("西湖店", kr, "李四")
    for store in (True, False):
        for clock in ("14:00", ""):
            yield (
                f"reminder time, {store}, {clock}",
                notice("reminder_time", name="进展更新提醒", time=clock, store=store),
            )
    yield from ((f"praise in groups, {on}", notice("group_praise", on=on)) for on in (True, False))


def _forecasts() -> Iterator[tuple[str, Card]]:
    goal = objective(*every_kind())
    kr = goal.key_results[0]
    for name, step in (("slow", 2), ("stands", 0), ("falls", -2)):
        points = [(TODAY - timedelta(days=7 * n), Decimal(1070 - step * n)) for n in range(4, -1, -1)]
        ahead = forecast(kr, points, goal.cycle, TODAY)
        assert ahead is not None
        yield f"forecast, {name}", miss_card(kr, ahead, end=END, today=TODAY, limit=Decimal("0.95"))


def _standing_still() -> Iterator[tuple[str, Card]]:
    since = TODAY - timedelta(days=15)
    for kr in every_kind():
        values = [Decimal(0), kr.value or Decimal(1), kr.value or Decimal(1)]
        for owner in (None, LI):
            for one in (kr, replace(kr, roll_up=RollUp.AVERAGE)):
                card = stalled_card(one, values, since=since, today=TODAY, limit=14, owner=owner)
                yield f"stalled, {kr.ref}, {owner is None}, {one.roll_up}", card
    steps = (Decimal(10), Decimal(5), Decimal("0.31"))
    yield "slowing", slowing_card(every_kind()[0], steps, days=38)


def _cheers() -> Iterator[tuple[str, Card]]:
    for kr in every_kind():
        for step in (25, 50, 100):
            yield f"cheer, {kr.ref}, {step}", cheer_card(kr, step, helpers=["赵店", "吴越", "张三", "王店"])
            yield f"cheer in groups, {kr.ref}", cheer_card(kr, 100, helpers=["赵店"], in_groups=True)
            yield f"helped, {kr.ref}, {step}", helped_card(kr, step, LI)
        yield f"cheer without help, {kr.ref}", cheer_card(kr, 50, helpers=[])
    values = [Decimal(1050), Decimal(1070)]
    yield "record", record_card(every_kind()[0], values)


def _ends() -> Iterator[tuple[str, Card]]:
    for kr in every_kind():
        for days, step in ((0, ""), (1, "装修"), (7, "")):
            day = TODAY + timedelta(days=days)
            yield f"deadline, {kr.ref}, {days}", deadline_card(kr, day, step=step, today=TODAY)
    goal = objective(*every_kind())
    suggested = {kr.id: Decimal("0.6") for kr in goal.key_results}
    for name, missing in (("all", goal.key_results), ("none", ())):
        standing = Standing(LI, (goal,), missing, suggested)
        for today in (END - timedelta(days=14), END, END + timedelta(days=5)):
            if missing or today < END:
                yield f"cycle ends, {name}, {today}", closing_card(standing, goal.cycle, today)
            for count in (1, 9):
                yield f"team, {name}, {today}, {count}", team_card([standing] * count, goal.cycle, END)
    both = [Standing(LI, (goal,), goal.key_results, suggested), Standing(LI, (goal,), (), suggested)]
    yield "team, some", team_card(both, goal.cycle, END + timedelta(days=5))


def _upstream() -> Iterator[tuple[str, Card]]:
    case = Supporting("O12", "提升门店季度业绩", "李四", "KR34", "KR7", "西湖店销售额", "王店")
    for until in ("", "11月20日"):
        yield f"upstream, {until}", asked_again_card(case, until=until)
    for count in (1, 9):
        yield f"upstream unanswered, {count}", unanswered_card([case] * count, days=3)


def _kinds() -> Iterator[tuple[str, Card]]:
    rules = policy_of(Settings()).reminders
    items = [
        {
            "number": number,
            "key": str(one),
            "name": one.called,
            "speaks": one in SPEAKING,
            "always": one in ALWAYS,
            "on": number % 2 == 0,
            "numbers": rules[one].numbers,
            "time": "14:00" if number == 5 else "",
        }
        for number, one in enumerate(Reminder, 1)
    ]
    yield "the sixteen", notice("reminder_kinds", items=items)
    yield from ((f"one of the sixteen, {one['key']}", notice("reminder_kind", one=one)) for one in items)
    yield "settings", notice("reminder_settings", lines=items, silenced=["KR34"], praise=True, opening=True)


def _doubts() -> Iterator[tuple[str, Card]]:
    goal = objective(*(replace(kr, confidence=3) for kr in every_kind()))
    for kr in goal.key_results:
        verdict = judge(kr, goal.cycle, TODAY, Policy())
        for owner in (None, LI):
            for days in (0, 7):
                card = dropped_card(
                    kr,
                    verdict,
                    before=6,
                    note="供应商没定",
                    limit="信心到 3",
                    days=days,
                    falling=True,
                    owner=owner,
                )
                yield f"unsure, {kr.ref}, {owner is None}, {days}", card
        for behind in (True, False):
            yield (
                f"differs, {kr.ref}, {behind}",
                differs_card(kr, verdict, "", limit="进度正常,信心到 4", behind=behind),
            )


def _late() -> Iterator[tuple[str, Card]]:
    for count in (1, 7):
        for left in (2, 0):
            late = Late(LI, every_kind()[:count], 3 - left, "王店")
            yield f"overdue, {count}, {left}", own_card(late, left=left, limit=1)
        yield f"overdue team, {count}", overdue_team([late] * count, limit=3)
    yield "overdue, nobody above", own_card(Late(LI, every_kind()[:1], 1, ""), left=2, limit=1)


def _gaps() -> Iterator[tuple[str, Card]]:
    cycle = objective().cycle
    for left in (7, 0, -3):
        yield f"unset, {left}", unset_card(cycle, left)
    learnt = Lessons(
        "2026Q4", 5, ("生鲜区客流量", "会员日"), (Missed("损耗率", "人手不够", "缺理货" * 9),) * 3
    )
    yield "unset, with what was learnt", unset_card(cycle, 7, learnt)
    for count in (1, 20):
        yield f"unset team, {count}", unset_team(cycle, ["李四"] * count)
        yield f"unset total, {count}", total_card(cycle, [(f"部门{n}", 3) for n in range(count)])
        for reminded in (None, 3):
            units = [(f"部门{n}", ["李四"] * 9) for n in range(count)]
            yield f"missing, {count}, {reminded}", missing_card(cycle, "全公司", units, reminded)
    yield "missing nobody", missing_card(cycle, "全公司", [], None)
    for count in (1, 20):
        yield f"gaps team, {count}", gaps_team_card([("李四", 2)] * count)
        yield f"gaps total, {count}", gaps_total_card([(f"部门{n}", 3) for n in range(count)], 9)
    codes = (
        "skips_level",
        "no_key_results",
        "target_missing",
        "baseline_missing",
        "shares_above_one",
        "no_direction_parent",
    )
    gaps = [Gap(code, "O12", "O12" if "kr" not in code else "KR34") for code in codes]
    for count in (1, 5):
        for top_down in (None, 20):
            yield f"gaps, {count}, {top_down}", gaps_card(gaps[-count:], top_down=top_down)
