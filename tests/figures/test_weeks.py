"""周报: to each, to who leads and to groups, in words and as it is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from math import floor, log10
from xml.etree.ElementTree import Element

from chat.card import Card, plain_text
from chat.events import PlatformName
from storage import follows
from storage.follows import Follower
from tests.figures import by_hand, drawn, weeks
from tests.figures.by_hand import MONDAY, WEEK
from tests.figures.company import PART_TIME, Company, head_of, name_of
from tests.figures.goals import AIMS, GOALS, manager_of, on_card, place_of, refs_of, region_of_person
from tests.figures.points import REGIONS, STORES, TODAY, of_person, of_store, sellers_of
from tests.figures.said import assert_is, assert_says, number_after
from tests.scheduler.reminders.stage import Office

DUE = "2026-11-25 17:00"
SHOWN = 3
"""Bars of a picture."""


def _need(number: str) -> list[str]:
    """What lags first."""
    shares = by_hand.shares_of(number)
    return sorted(refs_of(number), key=lambda ref: (not weeks.lags(ref), -shares[ref], int(ref[2:])))


async def test_the_goals_of_a_week(company: Company) -> None:
    headed = 0
    for number in GOALS:
        refs, told = refs_of(number), await company.says(number, "周报")
        lagging = sum(map(weeks.lags, refs))
        assert f"{len(refs)} 个 KR,{f'{lagging} 个偏慢' if lagging else '都在正轨'}" in told
        for ref in _need(number)[:SHOWN]:
            line = next((line for line in told.splitlines() if f" {on_card(ref)} " in line), "")
            if not line:
                assert f"…还有 {len(refs) - told.count(' KR')} 个" in told or "还有" in told, (ref, told)
                continue
            _assert_line(ref, line)
            headed += "季末约" in line
        if best := max((ref for ref in refs if weeks.gained(ref) > 0), key=weeks.gained, default=None):
            assert f"高光:{best} " in told, told
            if (moved := weeks.change(best)) is not None:
                assert_says(told, f"高光:{best} {AIMS[best].name}", moved)
        else:
            assert "高光" not in told
        if wanted := weeks.focus(number):
            assert f"下周先办:{wanted} " in told
            if "每周要" in told:
                aim, value = AIMS[wanted], by_hand.value(wanted)
                last = by_hand.way_of(wanted)[1] if by_hand.is_sum(wanted) else by_hand.QUARTER_END
                assert value is not None
                assert_says(told, "每周要", (aim.target - value) / (last - TODAY).days * 7)
    assert headed > 8


def _assert_line(ref: str, line: str) -> None:
    aim, value, moved = AIMS[ref], by_hand.value(ref), weeks.change(ref)
    if value is None:
        assert "还没报过" in line
    else:
        assert_says(line, on_card(ref), value)
    if moved is None:
        assert "(" not in line.partition(on_card(ref))[2], line
    elif not moved:
        assert "(这周没动)" in line
    else:
        assert_says(line, "(比上周", moved)
    far = Fraction(0) if value is None else (value - aim.start) / (aim.target - aim.start)
    assert f" {by_hand.percent(max(far, Fraction(0)))}%" in line
    if far >= 1:
        assert "该到" not in line
        return
    assert_says(line, "该到", by_hand.expected(ref) * 100)
    behind = by_hand.behind(ref)
    assert (f"{'慢' if behind > 0 else '快'} {abs(behind)} 个百分点" if behind else "正好") in line, line
    if value is not None:
        assert_says(line, "季末约", weeks.heading(ref))


async def test_the_figure_of_a_week_and_the_place_it_takes(company: Company) -> None:
    first, last = by_hand.told_week()
    compared = placed = 0
    for number in GOALS:
        if number[0] == "C":
            continue
        told = await company.says(number, "周报")
        belongs = of_person(number) if number[0] == "S" else of_store(place_of(number))
        now, then = (
            company.total("sales", begin, end, belongs)
            for begin, end in ((first, last), (first - WEEK, last - WEEK))
        )
        line = next((line for line in told.splitlines() if line.startswith("销售额")), "")
        if now is not None:
            assert_says(line, "销售额", now)
        if now is not None and then is not None and then > 0:
            assert_says(line.replace("和上周一样", "比上周 0%"), "比上周", (now / then - 1) * 100)
            compared += 1
        else:
            assert "比上周" not in line, line
        if number[0] == "S":
            placed += _assert_place(company, number, told)
    assert compared >= 4
    assert placed >= 3


def _assert_place(company: Company, number: str, told: str) -> bool:
    """Among those who sell in stores of the type and the region."""
    first, last = by_hand.told_week()
    region = REGIONS[region_of_person(number)]
    peers = [one for store in region for one in (*sellers_of(store), head_of(store)) if one != PART_TIME]
    known = {
        one: value
        for one in peers
        if (value := company.total("sales", first, last, of_person(one))) is not None
    }
    if number not in known or len(known) < company.policy.ranking_least:
        assert "排名第" not in told
        return False
    better = {value for value in known.values() if value > known[number]}
    assert f"排名第 {len(better) + 1} / {len(known)}" in told
    if better:
        assert_says(told, f"离第 {len(better)} 差", min(better) - known[number])
    return True


async def test_which_step_costs_most_and_what_is_still_needed(company: Company) -> None:
    """Of sellers their own way in, of heads that of their store; as if the step had gone as a week ago."""
    stuck, needed = set(), 0
    for number in GOALS:
        told = await company.says(number, "周报")
        one = weeks.through(company, number)
        if one is None:
            assert "卡在" not in told
            continue
        called, weak = one.spec.called, weeks.weakest(one)
        if weak is None:
            assert "卡在" not in told
            assert_says(told, called[0], one.now[0])
            assert_says(told, f",{called[-1]}", one.now[-1])
        else:
            step, more = weak
            [line] = [line for line in told.splitlines() if line.startswith("卡在")]
            assert line.startswith(f"卡在{called[step]}:")
            assert_says(line, f"能多{called[-1]}", more)
            if step:
                shares = weeks.rates(one.now)[step - 1], weeks.rates(one.before)[step - 1]
                assert_says(line, f"{called[step - 1]}", one.now[step - 1])
                assert f"({by_hand.percent(shares[0] or Fraction(0))}%)" in line
                assert f"照上周的 {by_hand.percent(shares[1] or Fraction(0))}%" in line
            else:
                assert_says(line, "上周同期", one.before[0])
            if one.worth is not None and one.now[-1]:
                worth = one.worth / one.now[-1] * more
                said, _ = number_after(line, "约")
                assert (
                    abs(said - worth)
                    <= max(Fraction(1), Fraction(10 ** max(0, floor(log10(abs(worth))) - 1))) / 2
                )
            stuck.add(step)
        more_in = weeks.still_needed(number, one)
        assert ("还需" in told) == (more_in is not None), told
        if more_in is not None:
            assert_is(told.partition("还需")[2], Fraction(more_in))
            needed += 1
    assert len(stuck) >= 2
    assert needed >= 3


async def test_a_week_as_it_is_drawn(company: Company) -> None:
    funnels = trends = 0
    for number in GOALS:
        svg = await company.picture(number, "周报")
        shown = drawn.parts(svg, "bar")
        for ref, bar in zip(_need(number)[:SHOWN], shown, strict=True):
            _assert_bar(ref, bar)
        wanted = weeks.focus(number)
        if wanted is not None and (way := drawn.way(svg)):
            _assert_way(wanted, way, drawn.target_height(svg))
            trends += 1
        one = weeks.through(company, number)
        if one is not None:
            _assert_funnel(one, drawn.parts(svg, "step"))
            funnels += 1
    assert funnels >= 6
    assert trends >= 6


def _assert_bar(ref: str, bar: Element) -> None:
    aim, value = AIMS[ref], by_hand.value(ref)
    name, percent, note, aside = drawn.words(bar)
    assert name.startswith(ref)
    far = Fraction(0) if value is None else (value - aim.start) / (aim.target - aim.start)
    assert percent == f"{by_hand.percent(max(far, Fraction(0)))}%"
    drawn.assert_long(drawn.filled(bar), by_hand.progress_now(ref))
    if value is not None:
        assert_is(note.partition(",比上周")[0], value)
        if moved := weeks.change(ref):
            assert_says(note, "比上周", moved)
    mark, behind = drawn.marked(bar), by_hand.behind(ref)
    if far >= 1:
        assert mark is None
        return
    assert mark is not None
    drawn.assert_long(mark, by_hand.expected(ref))
    assert aside == (f"{'慢' if behind > 0 else '快'} {abs(behind)} 个百分点" if behind else "正好")


def _assert_way(ref: str, way: Sequence[tuple[Fraction, Fraction]], target: Fraction) -> None:
    """Days go to the right as evenly as values go up."""
    known = list(by_hand.story(ref).items())
    assert len(way) == len(known)
    (x0, y0), (day0, value0) = way[0], known[0]
    rise = (target - y0) / (AIMS[ref].target - value0)
    run = (way[-1][0] - x0) / (known[-1][0] - day0).days
    for (x, y), (day, value) in zip(way, known, strict=True):
        assert abs(x - x0 - run * (day - day0).days) <= Fraction(2, 10)
        assert (
            abs(y - y0 - rise * (value - value0))
            <= Fraction(2, 10) + abs((value - value0) / (AIMS[ref].target - value0)) / 10
        )


def _assert_funnel(one: weeks.Through, steps: Sequence[Element]) -> None:
    """A bar a step, and an outline of the week before, all by the same measure."""
    weak = weeks.weakest(one)
    most, lengths = max(*one.now, *one.before), []
    for at, step in enumerate(steps):
        words = drawn.words(step)
        assert one.spec.called[at] in words
        assert_is(words[-1], one.now[at])
        if at:
            for said, counts in ((words, one.now), ([w.removeprefix("上周 ") for w in words], one.before)):
                rate = weeks.rates(counts)[at - 1]
                assert rate is None or f"{by_hand.percent(rate)}%" in said, (words, counts)
        assert ("stuck" in step.get("class", "")) == (weak is not None and weak[0] == at)
        [bar] = [one for one in drawn.rects(step) if one.get("y") == "0"]
        outline = [one for one in drawn.rects(step) if one.get("stroke-dasharray")]
        lengths.append((one.now[at], drawn.number(bar, "width")))
        if outline:
            lengths.append((one.before[at], drawn.number(outline[0], "width")))
        else:
            assert not one.before[at]
    room = max(length for _, length in lengths)
    for count, length in lengths:
        assert abs(length - max(count / most * room, Fraction(3))) <= Fraction(1, 10)


# --- who leads, and groups ---


async def _written(company: Company, *units: str) -> Office:
    bot = company.bot()
    for unit in units:
        group = Follower(None, str(PlatformName.WECOM), f"group-{unit}")
        await company.database.transact(partial(follows.follow, follower=group, target=unit, at=bot.now))
    await bot.run("weekly_report", DUE)
    await bot.wind("2026-11-25 17:10")
    return bot


def _assert_team(text: str, numbers: Sequence[str], monday: date, label: str) -> None:
    refs = [ref for number in numbers for ref in refs_of(number)]
    lagging = sum(map(weeks.lags, refs))
    assert f"{len(numbers)} 人 {len(refs)} 个 KR,{lagging} 个偏慢" in text, text
    assert_says(text, "平均进度", _mean([by_hand.progress_now(ref) for ref in refs]) * 100)
    assert_says(text, "该到", _mean([by_hand.expected(ref) for ref in refs]) * 100)
    assert_says(text, label, _mean([Fraction(weeks.reported(ref, monday)) for ref in refs]) * 100)
    best = max(refs, key=lambda ref: weeks.gained(ref, monday))
    assert re.search(rf"高光:\S+ {best} ", text), (best, text)


def _mean(shares: Sequence[Fraction]) -> Fraction:
    return sum(shares, Fraction(0)) / len(shares)


async def test_who_leads_gets_the_week_of_his_team(company: Company) -> None:
    bot = await _written(company)
    teams: dict[str, list[str]] = {}
    for number in GOALS:
        teams.setdefault(manager_of(number), []).append(number)
    letters = {
        text.partition(",")[0]: (card, text)
        for card, text in zip(bot.arrived, bot.texts(), strict=True)
        if "团队" in text.partition("\n")[0]
    }
    assert len(letters) == len(teams) == 5
    for lead, members in teams.items():
        card, text = letters[name_of(lead)]
        monday = MONDAY if lead[0] in "BC" else MONDAY - WEEK
        assert f"团队{'本周' if monday == MONDAY else '上周'}战报" in text
        _assert_team(text, members, monday, "更新率")
        lagging = sorted(
            (ref for number in members for ref in refs_of(number) if weeks.lags(ref)),
            key=lambda ref: -by_hand.behind(ref),
        )
        said = re.findall(r"(KR\d+) \S+ (\d+)%,慢 (\d+) 个百分点", text)
        assert [int(behind) for _, _, behind in said] == [by_hand.behind(ref) for ref in lagging[:3]]
        for ref, percent, behind in said:
            assert int(percent) == by_hand.percent(by_hand.progress_now(ref))
            assert int(behind) == by_hand.behind(ref)
        await _assert_team_drawn(company, card, members)


async def _assert_team_drawn(company: Company, card: Card, members: Sequence[str]) -> None:
    """A bar for each, who is furthest behind first."""
    bars = drawn.parts(await company.drawn(card), "bar")
    assert {drawn.words(bar)[0] for bar in bars} == set(map(name_of, members))
    lags = []
    for bar in bars:
        name, percent, note, aside = drawn.words(bar)
        refs = refs_of(next(one for one in members if name_of(one) == name))
        done = _mean([by_hand.progress_now(ref) for ref in refs])
        expected = _mean([by_hand.expected(ref) for ref in refs])
        assert percent == f"{by_hand.percent(done)}%"
        drawn.assert_long(drawn.filled(bar), done)
        mark = drawn.marked(bar)
        assert mark is not None
        drawn.assert_long(mark, expected)
        help_ = sum(map(weeks.lags, refs))
        assert note == f"{len(refs)} 个 KR" + (f",{help_} 个要帮一把" if help_ else ",都在正轨")
        points = by_hand.percent(abs(expected - done))
        assert aside == (f"{'慢' if expected > done else '快'} {points} 个百分点" if points else "正好")
        lags.append(expected - done)
    assert lags == sorted(lags, reverse=True)


async def test_a_group_hears_the_week_of_its_unit(company: Company) -> None:
    """A store's group of the week before with the stores; without amounts, and without who lags."""
    units = {STORES[0]: MONDAY - WEEK, "东区": MONDAY, "集团": MONDAY}
    bot = await _written(company, *units)
    heard = {
        parcel.conversation.id: plain_text(parcel.card.face, numbered=False)
        for parcel in bot.boxes[PlatformName.WECOM].arrived
        if parcel.conversation is not None
    }
    for unit, monday in units.items():
        text = heard[f"group-{unit}"]
        members = [number for number in GOALS if unit in (place_of(number), region_of_person(number), "集团")]
        _assert_team(text, members, monday, "更新率")
        done = sum(by_hand.progress_now(ref) >= 1 for number in members for ref in refs_of(number))
        assert (f"已达成 {done} 个" in text) == bool(done)
        assert not re.search(r"\d[\d,.]* ?万?元", text), text
