"""Looking: 我的目标, 查看, 历史, 为什么."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from cards import goal as goal_cards
from cards.history import Line, history_card, value_of_day_card
from cards.my_objectives import Shelf, my_objectives
from cards.notices import notice
from cards.sayings import COVERED, kr_name
from cards.unit import unit_card
from chat.answers import Answer
from handlers import belonging, blocked, contribution, day_targets, goals, reacting, requests_seen, rostering
from handlers.asking import Asking, Misunderstood, shown
from handlers.colleagues import meant_person, mentioned
from handlers.data_scales import scales_of, stale
from handlers.drafts import draft_shown
from handlers.reading.dates import take_date
from handlers.reading.ids import take_ref
from handlers.route import Route
from handlers.sight import looked_at, sight
from handlers.ways import way_of
from okr import masking
from okr.moments import day_of
from okr.objectives import KeyResult, Objective, State, Status
from okr.people import Person
from okr.permissions import Right
from okr.refusals import NoSuchGoal
from okr.status import judge_objective
from storage import check_ins, cycles, directions, fed, objectives, people

_PAGE = re.compile(r"第\s*(\d{1,3})\s*页")
HISTORY_LINES = 8
UNIT_MEMBERS = 200
SEVERITY = (Status.AT_RISK, Status.DUE, Status.BEHIND, Status.STALE)


async def my_goals(asking: Asking) -> Answer:
    """我的目标 · 我的目标 第2页"""
    page = _PAGE.search(asking.rest)
    return await _shelf(
        asking, asking.asker, int(page[1]) if page else 1, "我的目标", in_place=page is not None
    )


async def _shelf(asking: Asking, owner: Person, page: int, say: str, *, in_place: bool = False) -> Answer:
    own = owner.id == asking.asker.id
    cycle = await cycles.running(asking.session, asking.today)
    everything = await objectives.of_owner(
        asking.session,
        owner.id,
        cycle.id,
        (State.ACTIVE, State.DRAFT, State.PENDING) if own else (State.ACTIVE,),
    )
    named = {one.direction for one in everything if one.direction is not None}
    annual = await directions.of_owner(asking.session, owner.id, asking.today)
    others = await objectives.by_ids(asking.session, named - {one.id for one in annual}) if named else []
    annual = [*annual, *(one for one in others if one.state is State.ACTIVE)]
    seen = await sight(asking, [*everything, *annual])
    private = own and any(one.state is State.ACTIVE and not seen.shows(one) for one in everything)
    if seen.in_group and not private:
        everything = [one for one in everything if one.state is State.ACTIVE]  # drafts are nobody's business
    everything = [one for one in everything if private or seen.shows(one)]
    everything = [seen.fit(one) for one in everything]
    if not own:
        await looked_at(asking, seen, everything, "目标和进度")
    shelf = Shelf(
        owner=owner.name,
        own=own,
        objectives=[objective for objective in everything if objective.state is State.ACTIVE],
        drafts=[one for state in (State.DRAFT, State.PENDING) for one in everything if one.state is state],
        now=asking.now,
        say=say,
        directions=[seen.fit(one) for one in annual if seen.shows(one)],
        stale=await stale(asking, everything),
    )
    return shown(my_objectives(shelf, asking.policy, page), in_place=in_place, restricted=private)


async def view(asking: Asking) -> Answer:
    """查看 O12 · KR34 · @李四 · 华东区"""
    ref, rest = take_ref(asking.rest or asking.about, "KR")
    if ref is not None and ref.kind == "KR":
        return await _view_key_result(asking, ref.number)
    if ref is not None and ref.kind == "O":
        return await _view_objective(asking, ref.number)
    if ref is not None and ref.kind == "R":
        return await requests_seen.view(asking, ref.number)
    if asking.rest.startswith("排班"):
        return await rostering.show(asking.rested(asking.rest.removeprefix("排班").strip()))
    if ref is not None and ref.kind == "X":
        return await blocked.view(asking, ref.number)
    if not asking.rest and not mentioned(asking):
        return await my_goals(asking)
    if (person := await meant_person(asking, asking.rest, "查看", "看哪一个")) is not None:
        page = _PAGE.search(rest)
        return await _shelf(
            asking, person, int(page[1]) if page else 1, f"查看 {person.number}", in_place=page is not None
        )
    return await _view_words(asking, asking.rest)


async def _view_key_result(asking: Asking, number: int) -> Answer:
    objective, kr = await goals.key_result(asking, number)
    if objective.state is State.DRAFT:
        return await _draft(asking, objective)
    owner = await goals.owner_of(asking, objective)
    can_report = await goals.may(asking, Right.REPORT, objective)
    return shown(
        goal_cards.key_result_card(
            objective,
            kr,
            owner,
            can_report=can_report,
            pending=await requests_seen.pending_on(asking, objective, kr.id),
            together=await reacting.together_on(asking, objective, kr.id),
            today_wants=await day_targets.line_of(asking, objective, kr, owner),
            own=objective.owner_id == asking.asker.id,
            now=asking.now,
            policy=asking.policy,
            stale=await stale(asking, [objective]),
        )
    )


async def _view_objective(asking: Asking, number: int) -> Answer:
    objective = await goals.objective_by_number(asking, number)
    if objective.state is State.DRAFT:
        return await _draft(asking, objective)
    owner = await goals.owner_of(asking, objective)
    own = await goals.may(asking, Right.REPORT, objective)
    pending = await requests_seen.pending_on(asking, objective, None)
    return shown(
        goal_cards.objective_card(
            objective,
            owner,
            own=own,
            association=contribution.points(await contribution.links(asking, objective)),
            pending=pending,
            together=await reacting.together_on(asking, objective, None),
            praised=objective.owner_id != asking.asker.id and objective.state is State.ACTIVE,
            now=asking.now,
            policy=asking.policy,
        )
    )


async def _draft(asking: Asking, objective: Objective) -> Answer:
    return replace(await draft_shown(asking, objective.id), in_place=False)


async def _view_words(asking: Asking, words: str) -> Answer:
    """A unit by its name, or one of the asker's key results by words of its title."""
    members = await people.in_unit(asking.session, words.strip(), UNIT_MEMBERS)
    if members:
        cycle = await cycles.running(asking.session, asking.today)
        owners = {person.id: person for person in members}
        found = await objectives.of_owners(asking.session, list(owners), cycle.id)
        seen = await sight(asking, found)
        found = [objective for objective in found if seen.shows(objective)]
        return shown(unit_card(words.strip(), found, owners, asking.today, asking.policy))
    fits = await goals.own_by_words(asking, words, goals.OWN)
    if len(fits) == 1:
        return await _view_key_result(asking, fits[0][1].id)
    if fits:
        raise Misunderstood(goals.which_card(fits, "查看"))
    raise NoSuchGoal(words)


async def history(asking: Asking) -> Answer:
    """历史 KR34 · 历史 KR34 11月5日"""
    (objective, kr), rest = await goals.meant(asking, "历史")
    day, _ = take_date(rest, asking.today, "past")
    if day is not None:
        end = _end_of(day, asking)
        found = await check_ins.latest_value(asking.session, kr.id, until=end)
        line = _line(asking, objective, kr, found) if found is not None else None
        return shown(value_of_day_card(kr, day, line, asking.now, asking.policy))
    entries = await check_ins.of(asking.session, kr.id, HISTORY_LINES)
    total = await check_ins.count(asking.session, kr.id)
    lines = [_line(asking, objective, kr, entry) for entry in entries]
    can_report = await goals.may(asking, Right.REPORT, objective)
    card, files = history_card(
        kr,
        lines,
        total,
        asking.now,
        asking.policy,
        can_report=can_report,
        way=await way_of(asking, objective, kr),
    )
    return Answer(card=card, files=files)


def _end_of(day: date, asking: Asking) -> datetime:
    """The last moment of a day in company time."""
    return datetime.combine(day + timedelta(days=1), time(), asking.policy.zone) - timedelta(microseconds=1)


def _line(asking: Asking, objective: Objective, kr: KeyResult, entry: check_ins.CheckIn) -> Line:
    """What was said about a covered number may name it: then it is not said either."""
    hidden = kr.measure.sealed and masking.names_figures(entry.note)
    return Line(
        value=entry.value,
        confidence=entry.confidence,
        note=COVERED if hidden else entry.note,
        on_at=entry.on_at,
        recorded_at=entry.recorded_at,
        source=entry.source,
        taken_back=entry.taken_back,
        after_end=day_of(entry.recorded_at, asking.policy.zone) > objective.cycle.end,
        by_data=entry.author_id is None,
    )


async def why(asking: Asking) -> Answer:
    """为什么 KR34; without an id the one that needs it most."""
    if not asking.rest and not asking.about:
        return await why_red(asking)
    (objective, kr), _ = await goals.meant(asking, "为什么")
    if objective.state is State.DRAFT:
        return await _draft(asking, objective)
    return shown(
        goal_cards.why_card(
            objective,
            kr,
            chain=await _chain(asking, objective, kr),
            direction=await belonging.name_of(asking, objective),
            data=await _data(asking, objective, kr),
            own=objective.owner_id == asking.asker.id,
            can_report=await goals.may(asking, Right.REPORT, objective),
            now=asking.now,
            policy=asking.policy,
            stale=await stale(asking, [objective]),
        )
    )


async def _data(asking: Asking, objective: Objective, kr: KeyResult) -> str:
    """The data behind a number, in words; empty where somebody reports it."""
    if not fed.is_fed(kr, asking.policy.metrics):
        return ""
    owner = await goals.owner_of(asking, objective)
    counted = await fed.figure_of(asking.session, objective, kr, owner, await scales_of(asking))
    if counted is None:
        return ""
    return goal_cards.say_figure(kr, counted.figure, asking.policy.metrics[kr.metric], asking.today)


async def why_red(asking: Asking) -> Answer:
    """这个咋又红了: why the worst of the asker's key results stands as it does."""
    worst: tuple[int, float, goals.Goal] | None = None
    for objective in await goals.running(asking):
        verdict = judge_objective(objective, asking.today, asking.policy)
        for kr in objective.counting:
            judged = verdict.verdicts[kr.id]
            if judged.status not in SEVERITY:
                continue
            rank = (SEVERITY.index(judged.status), -float(judged.gap_points), (objective, kr))
            if worst is None or rank[:2] < worst[:2]:
                worst = rank
    if worst is None:
        return shown(notice("nothing_red"))
    return await why(asking.saying("").about_goal(worst[2][1].ref))


async def _chain(asking: Asking, objective: Objective, kr: KeyResult) -> list[goal_cards.Rung]:
    """The way up: each key result that is supported, whose it is, and how much of it this one makes up."""
    return [
        goal_cards.Rung(
            one.ref,
            (kr_name(one.kr) if one.kr else f"「{one.objective.title}」") if one.seen else "",
            one.owner.name,
            one.share,
            company=one.owner.manager_id is None,
        )
        for one in await contribution.above(asking, objective, kr)
    ]


ROUTES = (
    Route(
        words=("我的目标", "我的进度", "OKR", "我的OKR"),
        handle=my_goals,
        topic="看",
        does="我这个季度的目标和进度",
        examples=("我的目标",),
    ),
    Route(
        words=("查看", "看"),
        handle=view,
        topic="看",
        does="看一个目标、一个人或一个部门",
        examples=("查看 {o}", "查看 {kr}", "查看 @{mate}", "查看 {unit}"),
    ),
    Route(
        words=("历史",),
        handle=history,
        topic="看",
        does="谁什么时候报过多少,某一天是多少",
        examples=("历史 {kr}", "历史 {kr} 11月5日"),
    ),
    Route(
        words=("为什么",),
        handle=why,
        topic="看",
        does="这个数和灯是怎么算的,支撑了谁",
        examples=("为什么 {kr}",),
    ),
)
