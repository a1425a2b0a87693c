"""复盘: the monthly review, filled in already as far as numbers go; its owner says causes and what is to come."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from cards.notices import notice
from cards.review import Member, Reviewed, cause_card, decision_card, report_card, review_card, reviewed
from cards.todo import Duty
from chat.answers import Answer, Letter, Urgency
from chat.card import Card
from handlers import goals, on_record
from handlers.asking import Asking, Misunderstood, shown
from handlers.colleagues import colleague
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.moments import say_date, say_day
from okr.people import Person
from okr.refusals import NotForYou, NotYours
from okr.reminding import Reminder
from okr.review import (
    Cause,
    Decision,
    Review,
    ReviewDays,
    ReviewLine,
    ReviewMove,
    ReviewState,
    review_days,
)
from storage import cycles, objectives, people, reviews

EARLY = timedelta(days=7)
"""So long before it is sent out it can be opened by who wants to be done with it."""
_REPORT = re.compile(r"^(?:的)?报告\s*(?P<month>\d{4}-\d{2})?$")
_SUBMIT = re.compile(r"^(?:提交|交了?|填好了?)$")
_WHY = re.compile(r"(?:^|\s)(?:原因|因为|卡在)[ :,]*")
_ALIASES = {
    Cause.RESOURCES: ("资源", "人手", "缺人", "预算", "货源"),
    Cause.DEPENDS: ("依赖", "等别人", "配合"),
    Cause.UNCLEAR: ("目标不清", "目标"),
    Cause.PRIORITY: ("优先级", "被别的事挤掉", "没空", "太忙"),
    Cause.OUTSIDE: ("外部", "市场", "天气"),
    Cause.METHOD: ("办法", "方法"),
}


async def review(asking: Asking) -> Answer:
    """复盘 · 复盘 O12 · 复盘 KR34 原因 资源 继续 … · 复盘 提交 · 复盘 报告 · 复盘 @李四"""
    if _SUBMIT.match(asking.rest):
        return await submit(asking)
    if found := _REPORT.match(asking.rest):
        return await _report(asking, found["month"] or f"{asking.now:%Y-%m}")
    ref, rest = take_ref(asking.rest, "KR")
    if ref is not None and ref.kind == "KR":
        return await _key_result(asking, ref.number, rest)
    if ref is not None and ref.kind == "O":
        return await _own(asking, (await goals.objective_by_number(asking, ref.number)).id)
    if asking.rest:
        return await _of_somebody(asking)
    return await _own(asking)


async def _own(asking: Asking, objective_id: int | None = None) -> Answer:
    mine = await _mine(asking)
    rows = await _rows(asking, mine, objective_id)
    if objective_id is not None and not rows:
        objective = await goals.objective_by_number(asking, objective_id)
        owner = await goals.owner_of(asking, objective)
        if owner.id != asking.asker.id:
            raise NotYours(objective.ref, owner.name)
    return shown(review_card(mine, rows, asking.today), in_place=asking.pressed, restricted=True)


async def _mine(asking: Asking, *, lock: bool = False) -> Review:
    """The asker's review of this month, opened now where it is near. Raises Misunderstood where there is none yet."""
    month = f"{asking.now:%Y-%m}"
    found = await reviews.of(asking.session, asking.asker.id, month, lock=lock)
    if found is not None:
        return found
    days = _days(asking)
    if asking.today < days.opening - EARLY:
        opening = say_day(days.opening, asking.today)
        raise Misunderstood(notice("review_not_yet", month=f"{asking.today.month}月", opening=opening))
    cycle = await cycles.running(asking.session, asking.today)
    own = await objectives.of_owner(asking.session, asking.asker.id, cycle.id)
    if not any(objective.counting for objective in own):
        raise Misunderstood(notice("review_nothing"))
    await reviews.open_for(asking.session, asking.asker, own, days.closing, asking.now, asking.policy)
    opened = await reviews.of(asking.session, asking.asker.id, month, lock=lock)
    assert opened is not None
    return opened


def _days(asking: Asking) -> ReviewDays:
    rule = asking.policy.reminders.get(Reminder.MONTHLY_REVIEW)
    numbers = rule.of(asking.asker).numbers if rule is not None else {}
    day, again = int(numbers.get("day", 25)), int(numbers.get("remind_days", 2))
    return review_days(asking.today, day, again, asking.policy.calendar)


async def _rows(asking: Asking, found: Review, objective_id: int | None = None) -> list[Reviewed]:
    """The lines with their key results; those of one objective where one is named."""
    about = [
        objective
        for objective in await reviews.goals_of(asking.session, found)
        if objective_id in (None, objective.id)
    ]
    return reviewed(found, about, asking.policy)


async def _key_result(asking: Asking, number: int, words: str) -> Answer:
    objective, kr = await goals.key_result(asking, number)
    if objective.owner_id != asking.asker.id:
        raise NotYours(kr.ref, (await goals.owner_of(asking, objective)).name)
    mine = await _mine(asking, lock=True)
    line = next((one for one in mine.lines if one.kr_id == kr.id), None)
    if line is None:
        return await _own(asking)
    if mine.state is ReviewState.ARCHIVED:
        raise Misunderstood(notice("review_closed", title=mine.ref, ref=kr.ref))
    said = _said(line, words)
    if said == line and words:
        raise Misunderstood(await _next_question(asking, mine, line))
    if said != line:
        await reviews.say(asking.session, mine, said)
        mine = await reviews.put_in_state(asking.session, mine, mine.after(ReviewMove.FILL), asking.now)
        await on_record.put(
            asking,
            mine.ref,
            objective,
            kr.id,
            new=" ".join(str(part) for part in (said.cause, said.decision) if part),
            reason=said.words,
        )
    points = asking.policy.behind_points
    lines = tuple(said if one.kr_id == said.kr_id else one for one in mine.lines)
    mine = replace(mine, lines=lines)
    if not said.is_done(points) or not words:
        return shown(await _next_question(asking, mine, said), in_place=asking.pressed, restricted=True)
    return shown(
        review_card(mine, await _rows(asking, mine), asking.today), in_place=asking.pressed, restricted=True
    )


async def _next_question(asking: Asking, mine: Review, line: ReviewLine) -> Card:
    """A cause where one is owed and missing, else what is to become of it."""
    row = next(row for row in await _rows(asking, mine) if row.kr.id == line.kr_id)
    if row.lags and line.cause is None:
        return cause_card(row)
    return decision_card(row)


def _said(line: ReviewLine, words: str) -> ReviewLine:
    """The line with what the words say: `原因 资源 继续 周末加一个人`, in whatever order."""
    text = f" {words.strip()} "
    why = _WHY.search(text)
    cause, text = _cause_in(
        text[: why.start()] + " " + text[why.end() :] if why else text, asked=why is not None
    )
    decision = None
    for one in Decision:
        if re.search(rf"(?:^|[\s,]){one}(?=\s|$|,)", text):
            decision, text = one, re.sub(rf"(?:^|[\s,]){one}(?=\s|$|,),?", " ", text, count=1)
            break
    rest = " ".join(text.split()).strip(" ,;。")
    return replace(
        line, cause=cause or line.cause, decision=decision or line.decision, words=rest or line.words
    )


def _cause_in(text: str, *, asked: bool) -> tuple[Cause | None, str]:
    """A cause by its name, or by a word for it where 原因 stands before."""
    for cause in Cause:
        for name in (str(cause), *(_ALIASES[cause] if asked else ())):
            found = re.search(rf"(?:^|\s){name}(?:不够|上|问题)?(?=\s|$|,)", text)
            if found:
                return cause, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


async def submit(asking: Asking) -> Answer:
    """提交复盘: what needs no words goes on as it is; what lags needs a cause first."""
    mine = await _mine(asking, lock=True)
    if mine.state is ReviewState.SUBMITTED:
        return shown(review_card(mine, await _rows(asking, mine), asking.today), restricted=True)
    if mine.state is ReviewState.ARCHIVED:
        ref = (await goals.own_refs(asking))[0]
        raise Misunderstood(notice("review_closed", title=mine.ref, ref=ref))
    points = asking.policy.behind_points
    owed = next((line for line in mine.lines if line.lag(points) and not line.is_done(points)), None)
    if owed is not None:
        raise Misunderstood(await _next_question(asking, mine, owed))
    lines = []
    for line in mine.lines:
        kept = line if line.decision else replace(line, decision=Decision.GO_ON)
        if kept != line:
            await reviews.say(asking.session, mine, kept)
        lines.append(kept)
    mine = replace(mine, lines=tuple(lines))
    filling = replace(mine, state=mine.after(ReviewMove.FILL))
    mine = await reviews.put_in_state(asking.session, filling, filling.after(ReviewMove.SUBMIT), asking.now)
    return Answer(
        card=review_card(mine, await _rows(asking, mine), asking.today),
        in_place=asking.pressed,
        restricted=True,
        letters=await _all_in(asking, mine),
    )


async def _all_in(asking: Asking, mine: Review) -> tuple[Letter, ...]:
    """The report to who leads the team, once the last of it has handed in."""
    team = await reviews.of_team(asking.session, mine.team_id, mine.month)
    if mine.team_id == asking.asker.id or any(one.is_open for one in team):
        return ()
    card = report_card(mine.month, "", await _members(asking, team), by_name=True)
    return (Letter(mine.team_id, card, f"review:{mine.month}:{mine.team_id}:all", Urgency.REPORT),)


async def _members(asking: Asking, team: list[Review]) -> list[Member]:
    known = await people.by_ids(asking.session, [one.employee_id for one in team])
    return [
        Member(
            known[one.employee_id].name, known[one.employee_id].number, one, tuple(await _rows(asking, one))
        )
        for one in team
    ]


async def _report(asking: Asking, month: str) -> Answer:
    """复盘 报告: of who reports to the asker; who leads nobody sees the numbers of his own team."""
    team = [
        one
        for one in await reviews.of_team(asking.session, asking.asker.id, month)
        if one.employee_id != asking.asker.id
    ]
    leads = bool(team)
    if not team:
        own = await reviews.of(asking.session, asking.asker.id, month)
        team = await reviews.of_team(asking.session, own.team_id, month) if own is not None else []
    if not team:
        raise Misunderstood(notice("review_no_report", month=f"{int(month[5:])}月"))
    card = report_card(month, "", await _members(asking, team), by_name=leads)
    return shown(card, in_place=asking.pressed, restricted=True)


async def _of_somebody(asking: Asking) -> Answer:
    """复盘 @李四: for who is above him."""
    person = await colleague(asking, asking.rest, "复盘")
    if person.id == asking.asker.id:
        return await _own(asking)
    await _require_above(asking, person)
    found = await reviews.of(asking.session, person.id, f"{asking.now:%Y-%m}")
    if found is None:
        raise Misunderstood(notice("review_no_report", month=f"{asking.today.month}月"))
    card = review_card(found, await _rows(asking, found), asking.today, owner=person.name)
    return shown(card, in_place=asking.pressed, restricted=True)


async def _require_above(asking: Asking, person: Person) -> None:
    if asking.asker.id not in await people.line_above(asking.session, person):
        raise NotForYou(f"看{person.name}的复盘", "他的上级")


async def duties(asking: Asking) -> list[Duty]:
    """My review of this month, once it has been sent out."""
    mine = await reviews.of(asking.session, asking.asker.id, f"{asking.now:%Y-%m}")
    if mine is None or not mine.is_open:
        return []
    text = f"{mine.ref}还没交,{say_date(mine.due, asking.today)}前"
    return [Duty(text, "填复盘", "复盘", overdue=mine.due < asking.today)]


ROUTES = (
    Route(
        words=("复盘", "月度复盘"),
        handle=review,
        topic="周期",
        does="这个月的复盘:数都填好了,说说原因和接下来怎么办",
        examples=("复盘", "复盘 {kr} 原因 资源 继续 周末加一个人", "复盘 报告"),
    ),
    Route(
        words=("提交复盘",),
        handle=submit,
        topic="周期",
        does="交上这个月的复盘",
        examples=("提交复盘",),
    ),
)
