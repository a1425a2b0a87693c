"""What is said of goals, days and weeks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from tests.figures import by_hand
from tests.figures.by_hand import DAY, GOAL, MONDAY, NOVEMBER, OTHERS, PERSON, Q4, STORE, WEEK, YESTERDAY
from tests.figures.company import (
    HEAD,
    REGIONS,
    STORES,
    TODAY,
    Company,
    Raw,
    chief_of,
    head_of,
    of_person,
    of_store,
    region_of,
    sellers_of,
)
from tests.figures.said import assert_is, assert_says, number_after


async def set_goals(company: Company) -> None:
    for number, text in (
        (head_of(STORE), GOAL),
        (PERSON, "新建目标 我的销售\nKR 我的销售额 本季累计 从 0 到 60000 元 数据 sales 本人"),
    ):
        await company.says(number, text)
    for number, target in OTHERS.items():
        await company.says(number, f"新建目标 销售\nKR 销售额 本季累计 从 0 到 {target} 元 数据 sales")
    owners = (head_of(STORE), PERSON, *OTHERS)
    for objective, number in enumerate(owners, 1):
        await company.says(number, f"提交 O{objective}")
    deciders = (chief_of("东区"), head_of(STORE), chief_of("东区"), chief_of("东区"), HEAD)
    for request, number in enumerate(deciders, 1):
        assert "批了" in await company.says(number, f"同意 R{request}")


async def key_results(company: Company) -> None:
    values = by_hand.values(company)
    rows = {
        row["KR编号"]: row
        for number in (head_of(STORE), PERSON)
        for row in await company.exports(number, "导出 我的目标")
    }
    mine = await company.says(head_of(STORE), "我的目标")
    for ref, value in values.items():
        assert value is not None
        owner = PERSON if ref == "KR7" else head_of(STORE)
        seen = await company.says(owner, f"查看 {ref}")
        assert_says(seen, re.search(rf"^{ref} \S+", seen)[0], value)  # type: ignore[index]
        assert_is(rows[ref]["当前值"], value)
        if ref in ("KR1", "KR2"):
            assert_says(mine, re.search(rf"{ref} \S+", mine)[0], value)  # type: ignore[index]
        assert_says(await company.says(owner, f"为什么 {ref}"), "= ", by_hand.progress(ref, value) * 100)
        history = await company.says(owner, f"历史 {ref}")
        assert_says(history, "现在", value)
    orders = company.days("orders", Q4, YESTERDAY, of_store(STORE))
    why = await company.says(head_of(STORE), "为什么 KR3")
    assert f":{int(sum(orders.values())):,} ÷ {len(orders)} = " in why
    why = await company.says(head_of(STORE), "为什么 KR6")
    sides = [company.total(one, Q4, TODAY, of_store(STORE)) for one in ("orders", "visitors")]
    assert f":{int(sides[0] or 0):,} ÷ {int(sides[1] or 0):,} × 100% = " in why


async def attained(company: Company) -> None:
    """What the month has brought of sums is the sum of its points, whenever the goal came into force."""
    for number, ref, belongs in (
        (head_of(STORE), "KR1", of_store(STORE)),
        (PERSON, "KR7", of_person(PERSON)),
    ):
        told = await company.says(number, f"达成率 {ref}")
        assert_says(told, "这个月做了", company.total("sales", NOVEMBER, TODAY, belongs))


async def day_targets(company: Company, before: Sequence[Raw]) -> None:
    """A sum's curve was made when its goal came into force, of what was known then; a mean's is of today."""
    end, here = date(2026, 12, 31), of_store(STORE)
    left = {
        "KR1": (300_000 - (company.total("sales", Q4, YESTERDAY, here) or 0), end, before),
        "KR2": (
            60_000 - (company.total("sales", NOVEMBER, YESTERDAY, here) or 0),
            date(2026, 11, 30),
            before,
        ),
    }
    held = list(company.raw.values())
    orders = company.days("orders", Q4, YESTERDAY, here)
    open_ = [
        day
        for day, weight in by_hand.weights(company, held, "orders", TODAY).items()
        if day >= TODAY and weight
    ]
    left["KR3"] = (40 * (len(orders) + len(open_)) - sum(orders.values(), Fraction(0)), end, held)
    visitors = company.days("visitors", date(2026, 10, 5), YESTERDAY, here)
    weeks = {day - DAY * day.weekday() for day in visitors if day < MONDAY}
    left["KR4"] = (
        400 * (len(weeks) + 5) - sum(visitors.values(), Fraction(0)),
        date(2026, 12, 27),
        held,
    )
    for ref, (missing, last, known) in left.items():
        metric = {"KR3": "orders", "KR4": "visitors"}.get(ref, "sales")
        weights = by_hand.weights(company, known, metric, TODAY)
        whole = sum((weight for day, weight in weights.items() if TODAY <= day <= last), Fraction(0))
        wanted = max(Fraction(0), missing) * weights[TODAY] / whole
        told = await company.says(head_of(STORE), f"日目标 {ref}")
        said, half = number_after(told, "今天要")
        assert abs(said - wanted) <= half + 1, (ref, float(wanted), told)  # whole people and orders
        if missing > 0:
            label = "一共还要" if ref in ("KR3", "KR4") else "还差"
            assert_says(told, label, Fraction(missing))
        brought = company.total(metric, TODAY, TODAY, here)
        if brought is not None:
            assert_says(told, "已到", brought)
        same = [
            value
            for day, value in company.days(metric, TODAY - DAY * 28, YESTERDAY, here).items()
            if day.weekday() == TODAY.weekday()
        ]
        if len(same) >= 2 and "平常的周三" in told:
            assert_says(told, "平常的周三", sum(same, Fraction(0)) / len(same))
    for text in ("今日动作", "日报"):
        told = await company.says(head_of(STORE), text)
        assert re.search(r"今天要 [\d,.]+", told), told


async def weekly(company: Company) -> None:
    first, last = by_hand.told_week(company)
    heads = {head_of(store): of_store(store) for store in STORES[:3]}
    compared = 0
    for number, belongs in ((PERSON, of_person(PERSON)), *heads.items()):
        told = await company.says(number, "周报")
        now, then = (
            company.total("sales", begin, end, belongs)
            for begin, end in ((first, last), (first - WEEK, last - WEEK))
        )
        line = next((line for line in told.splitlines() if line.startswith("销售额")), "")
        if now is not None:
            assert_says(line, "销售额", now)
        if now is not None and then is not None and then > 0:
            grown = (now / then - 1) * 100
            assert_says(line.replace("和上周一样", "比上周 0%"), "比上周", grown)
            compared += 1
        else:
            assert "比上周" not in line, line
    assert compared
    told = await company.says(PERSON, "周报")
    drawn = " ".join(re.findall(r">([^<>]+)</text>", await company.picture(PERSON, "周报")))
    assert re.search(r"\d+%", drawn)
    value = by_hand.values(company)["KR7"]
    assert_says(told, "我的销售额(本季累计)", value)
    assert f"{float(by_hand.progress('KR7', value)) * 100:.0f}%" in drawn
    own = {
        one: value
        for store in REGIONS[region_of(STORE)]
        for one in (*sellers_of(store), head_of(store))
        if (value := company.total("sales", first, last, of_person(one))) is not None
    }
    if PERSON in own:
        place = len({value for value in own.values() if value > own[PERSON]}) + 1
        found = re.search(r"第 (\d+) / (\d+)", told)
        assert found, told
        assert (int(found[1]), int(found[2])) == (place, len(own)), told
        if place > 1:
            up = min(value for value in own.values() if value > own[PERSON])
            assert_says(told, f"离第 {place - 1} 差", up - own[PERSON])
