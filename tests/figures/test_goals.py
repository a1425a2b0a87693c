"""What is said of goals: where they stand and why, and what a day has to bring and could."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from math import ceil, floor

from tests.figures import by_hand
from tests.figures.by_hand import DAY, FIRST_MONDAY, LAST_SUNDAY, MONDAY, NOVEMBER, Q4, QUARTER_END, YESTERDAY
from tests.figures.company import Company, head_of, name_of
from tests.figures.goals import (
    AIMS,
    GOALS,
    PERSON,
    SECOND,
    STORE,
    THIRD,
    WEST,
    feeds,
    on_card,
    owner_of,
    refs_of,
)
from tests.figures.points import TODAY, of_store, sellers_of
from tests.figures.said import assert_is, assert_says, number_after

FED = [ref for ref, aim in AIMS.items() if aim.metric]
DAILY = [ref for ref in FED if AIMS[ref].basis]
"""What days add up to, and the means of days and weeks."""


async def test_key_results(company: Company) -> None:
    rows = {row["KR编号"]: row for number in GOALS for row in await company.exports(number, "导出 我的目标")}
    for ref in AIMS:
        owner, value = owner_of(ref), by_hand.value(ref)
        why = await company.says(owner, f"为什么 {ref}")
        assert_says(why, "按时间该到", by_hand.expected(ref) * 100)
        if value is None:
            assert rows[ref]["当前值"] in ("", None)
            assert "还没有人报过数,按 0 算" in why
            continue
        seen = await company.says(owner, f"查看 {ref}")
        assert_says(seen, on_card(ref), value)
        assert_is(rows[ref]["当前值"], value)
        assert_says(why, "= ", by_hand.progress(ref, value) * 100)
        behind = by_hand.behind(ref)
        assert (f"慢 {behind} 个百分点" if behind > 0 else f"快 {-behind} 个百分点") in why or not behind, why
        assert_says(await company.says(owner, f"历史 {ref}"), "现在", value)
    mine = await company.says(head_of(STORE), "我的目标")
    for ref in ("KR1", "KR2"):
        assert_says(mine, on_card(ref), by_hand.value(ref))


async def test_sides_of_means_and_ratios(company: Company) -> None:
    orders = company.days("orders", Q4, YESTERDAY, of_store(STORE))
    why = await company.says(head_of(STORE), "为什么 KR3")
    assert f":{int(sum(orders.values())):,} ÷ {len(orders)} = " in why
    why = await company.says(head_of(STORE), "为什么 KR6")
    sides = [company.total(one, Q4, TODAY, of_store(STORE)) for one in ("orders", "visitors")]
    assert f":{int(sides[0] or 0):,} ÷ {int(sides[1] or 0):,} × 100% = " in why
    for ref in ("KR1", refs_of(PERSON)[0], refs_of(SECOND)[0]):
        """What the month has brought of sums is the sum of its points, whenever the goal came into force."""
        told = await company.says(owner_of(ref), f"达成率 {ref}")
        belongs = next(feeds(ref))
        assert_says(told, "这个月做了", company.total(AIMS[ref].metric, NOVEMBER, TODAY, belongs))


def wanted(company: Company, ref: str) -> tuple[Fraction, date, dict[date, Fraction]]:
    """What was missing this morning, until when, and what each of these days carries."""
    aim, belongs, weights = AIMS[ref], next(feeds(ref)), by_hand.weights(ref)
    if by_hand.is_sum(ref):
        first, last = by_hand.way_of(ref)
        missing = aim.target - (company.total(aim.metric, first, YESTERDAY, belongs) or 0)
    elif aim.basis == "日均":
        first, last = Q4, QUARTER_END
        days = company.days(aim.metric, first, YESTERDAY, belongs)
        open_ = [day for day, weight in weights.items() if day >= TODAY and weight]
        missing = aim.target * (len(days) + len(open_)) - sum(days.values(), Fraction(0))
    else:
        first, last = FIRST_MONDAY, LAST_SUNDAY
        days = company.days(aim.metric, first, YESTERDAY, belongs)
        over = {day - DAY * day.weekday() for day in days if day < MONDAY}
        missing = aim.target * (len(over) + 5) - sum(days.values(), Fraction(0))
    return max(Fraction(0), Fraction(missing)), last, {d: w for d, w in weights.items() if TODAY <= d <= last}


def divided(amount: Fraction, step: Fraction, weights: dict[date, Fraction]) -> dict[date, Fraction]:
    """In whole steps, what is left over to the days with the largest remainders: the sum is exactly the amount."""
    whole = sum(weights.values(), Fraction(0))
    exact = {day: amount / step * weight / whole for day, weight in weights.items()}
    found = {day: floor(one) for day, one in exact.items()}
    rest = int(amount / step) - sum(found.values())
    for day in sorted(exact, key=lambda day: (found[day] - exact[day], day))[:rest]:
        found[day] += 1
    return {day: step * units for day, units in found.items()}


async def test_day_targets(company: Company) -> None:
    far = 0
    for ref in DAILY:
        aim, belongs = AIMS[ref], next(feeds(ref))
        missing, _, weights = wanted(company, ref)
        told = await company.says(owner_of(ref), f"日目标 {ref}")
        brought = company.total(aim.metric, TODAY, TODAY, belongs)
        if not missing:
            assert "已经做够了" in told or "已经够了" in told, told
            continue
        step = Fraction(1, 100) if aim.unit == "元" else Fraction(1)
        amounts = divided(missing, step, weights)
        assert sum(amounts.values()) == missing
        assert_says(told, "今天要", amounts[TODAY])
        assert_says(told, "还差" if by_hand.is_sum(ref) else "一共还要", missing)
        assert f"前的 {sum(map(bool, weights.values()))} 天" in told, told
        if brought is not None:
            assert_says(told, "已到", brought)
            share = by_hand.percent(brought / amounts[TODAY]) if amounts[TODAY] else None
            assert (f"({share}%)" in told) == (share is not None), told
        [coming] = re.findall(r"接下来:(.*)", told)
        days = [TODAY + DAY * n for n in range(1, min(7, len(weights)))]
        for day, part in zip(days, coming.split(" · "), strict=True):
            assert part.startswith("一二三四五六日"[day.weekday()])
            assert_is(part[2:], amounts[day] or None)
        same = usual(company, ref)
        if same is not None and amounts[TODAY] > 2 * same:
            assert_says(told, "这是平常的周三", same)
            assert_says(told, "元的" if aim.unit == "元" else f"{aim.unit}的", amounts[TODAY] / same)
            far += 1
        elif same is not None and amounts[TODAY]:
            assert_says(told, "平常的周三", same)
    assert 0 < far < len(DAILY)


def usual(company: Company, ref: str) -> Fraction | None:
    """What the Wednesdays of the last four weeks have brought; None of fewer than two."""
    metric, belongs = AIMS[ref].metric, next(feeds(ref))
    days = [TODAY - DAY * 7 * n for n in (1, 2, 3, 4)]
    same = [one for day in days if (one := company.total(metric, day, day, belongs)) is not None]
    return sum(same, Fraction(0)) / len(same) if len(same) >= 2 else None


async def test_what_could_be_done_today(company: Company) -> None:
    """So many orders at what one has brought of late; where no day brings it, a tenth more than usual."""
    for ref in ("KR1", refs_of(PERSON)[0], refs_of(head_of(WEST))[0], refs_of(sellers_of(WEST)[0])[0]):
        owner, belongs = owner_of(ref), next(feeds(ref))
        told = await company.says(owner, "今日动作")
        missing, _, weights = wanted(company, ref)
        amount = divided(missing, Fraction(1, 100), weights)[TODAY]
        assert_says(told, "今天要", amount)
        spent = company.total("basket", TODAY - DAY * 28, YESTERDAY, belongs)
        days = [TODAY - DAY * 7 * n for n in (1, 2, 3, 4)]
        same = [one for day in days if (one := company.total("orders", day, day, belongs)) is not None]
        assert spent
        often = sum(same, Fraction(0)) / len(same)
        usually = usual(company, ref)
        far = usually is not None and amount > 2 * usually
        orders = often * 11 / 10 if far and often else amount / spent
        assert number_after(told, "做够")[0] == ceil(orders), told
        assert_says(told, "客单价按", spent)
        assert_says(told, "平常周三", often)


async def test_how_many_actions_are_done(company: Company) -> None:
    """Of a team in numbers: of today, and since Monday."""
    head, sellers = head_of(STORE), (PERSON, SECOND, THIRD)
    for number in sellers:
        await company.says(head, f"今日动作 @{name_of(number)} 擦货架; @{name_of(number)} 换海报")
    for at in (1, 2, 4):
        assert "做完了" in await company.says(sellers[(at - 1) // 2], f"完成 A{at}")
    told = await company.says(head, "今日动作")
    assert "今天 6 件做完 3 件,本周做完 50%" in told, told
    assert "今天 2 件事,做完 2 件" in await company.says(PERSON, "今日动作")
