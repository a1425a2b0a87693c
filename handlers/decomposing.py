"""分解: a key result is broken down among those below, previewed first, in force with one tap."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from cards.division import Plan, Portion, divided_card, division_card, handed_down_card
from cards.sayings import say_goal
from chat.answers import Answer, Letter, Urgency
from handlers import data_scales, goals, on_record
from handlers.asking import Asking, Misunderstood, shown
from handlers.dividing import heads, how_to_divide, named_receivers, receivers, split_evenly, weights_of
from handlers.goals import Goal
from handlers.reading.ids import take_ref
from handlers.route import Role, Route
from okr import masking
from okr.apportion import allocate, step_of
from okr.decomposition import Piece, divide, filled_up
from okr.objectives import KeyResult, Kind, Objective, Origin, RollUp, State
from okr.people import Person, unit_of
from okr.refusals import NoSuchGoal, NotInForce, TargetMissing
from okr.rollup import natural_mode
from okr.schemes import most_specific
from storage import alignments, check_ins, objectives, roll_ups
from storage.check_ins import Entry
from storage.objectives import Draft

_VERSION = re.compile(r"\s+v(\d+)$", re.IGNORECASE)
ONE = Decimal(1)
LONGEST_TITLE = 60


async def decompose(asking: Asking) -> Answer:
    """分解 KR7 按门店 · 分解 KR7 @张三 40% @李四 60% · 分解 KR7 按去年同期占比"""
    ref, words = take_ref(asking.rest or asking.about, "KR")
    if ref is None or ref.kind != "KR":
        raise NoSuchGoal((asking.rest or "要分解的 KR")[:20])
    objective, kr = await goals.key_result(asking, ref.number, lock=True)
    await goals.require_reporter(asking, objective, kr.ref)
    if objective.state is not State.ACTIVE or kr.state is not State.ACTIVE:
        raise NotInForce(kr.ref, str(objective.state if objective.state is not State.ACTIVE else kr.state))
    version = _VERSION.search(words)
    words = words[: version.start()] if version else words
    if not words:
        return shown(await how_to_divide(asking, kr, say_goal(kr.measure)))
    plan = await _plan(asking, (objective, kr), words)
    seen = int(version[1]) if version else None
    if asking.confirmed and seen == objective.version and plan.portions:
        return await _write(asking, (objective, kr), plan)
    if not plan.portions:
        raise Misunderstood(await how_to_divide(asking, kr, f"已经分给 {'、'.join(plan.had)}"))
    confirm = f"确认 分解 {kr.ref} {plan.words} v{objective.version}"
    return shown(division_card(plan, confirm, again=asking.confirmed), in_place=asking.confirmed)


async def _plan(asking: Asking, goal: Goal, words: str) -> Plan:
    """Who gets what. Raises Misunderstood, NobodyBelow, NotInYourLine, OutOfRange, TargetMissing."""
    objective, kr = goal
    owner = await goals.owner_of(asking, objective)
    shares: Sequence[Decimal | None]
    if (named := await named_receivers(asking, owner, kr, words)) is not None:
        everybody, shares = named
        words = _as_numbers(everybody, shares)
        said = [share for share in shares if share is not None]
        how = "按写的占比" if said else split_evenly(asking, everybody, "点名的")[1]
    else:
        everybody, shares, how = await receivers(asking, owner, goal, words)
    had = await _have_theirs(asking, kr)
    fresh = [person.id not in had for person in everybody]
    whole = filled_up(shares, weights_of(asking, everybody))
    factors = [_factor(asking, person) for person in everybody]
    pieces = [Piece(share, factor) for share, factor in zip(whole, factors, strict=True)]
    division = divide(kr.measure, pieces, title=kr.title, ref=kr.ref)
    reached = _reached(kr, division.mode, whole)
    portions = [
        Portion(person, share, measure, factor, part)
        for person, share, measure, factor, part, new in zip(
            everybody, whole, division.measures, factors, reached, fresh, strict=True
        )
        if new
    ]
    return Plan(
        kr=kr,
        portions=portions,
        mode=division.mode,
        coverage=division.coverage,
        uncovered=division.uncovered,
        how=how,
        words=words,
        had=[person.name for person, new in zip(everybody, fresh, strict=True) if not new],
        waits=division.mode is RollUp.AVERAGE and kr.reading is not None and kr.roll_up is RollUp.MANUAL,
    )


async def hand_down_targets(
    asking: Asking, goal: Goal, wanted: Mapping[int, tuple[Person, Decimal]]
) -> tuple[Plan, Answer]:
    """Break a key result down into targets that are known, by the receivers' ids; what was made and who hears of it.

    Raises TargetMissing where there is nothing to divide.
    """
    _, kr = goal
    if kr.measure.kind is not Kind.NUMBER or not kr.measure.target:
        raise TargetMissing(kr.ref)
    mode = natural_mode(kr.measure, kr.title)
    targets = [target for _, target in wanted.values()]
    shares = [target / kr.measure.target if mode is RollUp.SUM else ONE / len(targets) for target in targets]
    division = divide(kr.measure, [Piece(share, ONE) for share in shares], title=kr.title, ref=kr.ref)
    measures = [
        replace(measure, target=target) for measure, target in zip(division.measures, targets, strict=True)
    ]
    reached = _reached(kr, mode, shares)
    plan = Plan(
        kr=kr,
        portions=[
            Portion(person, share, measure, ONE, part)
            for (person, _), share, measure, part in zip(
                wanted.values(), shares, measures, reached, strict=True
            )
        ],
        mode=mode,
        coverage=division.coverage,
        uncovered=division.uncovered,
        how="按表格里的目标",
        waits=mode is RollUp.AVERAGE and kr.reading is not None and kr.roll_up is RollUp.MANUAL,
    )
    return plan, await _write(asking, goal, plan)


async def parts_of(asking: Asking, kr: KeyResult) -> Mapping[int, int]:
    """Who has a part of this key result already: the owner's id and his key result's."""
    return await _have_theirs(asking, kr)


def store_heads(below: Sequence[Person]) -> dict[str, Person]:
    """Who leads each store of these people, by the store's name."""
    return {person.store: person for person in heads(below, lambda person: person.store)}


def _as_numbers(everybody: Sequence[Person], shares: Sequence[Decimal | None]) -> str:
    """The named ones as a button can carry them: by their numbers."""
    parts = [
        person.number if share is None else f"{person.number} {share * 100:f}%"
        for person, share in zip(everybody, shares, strict=True)
    ]
    return " ".join(parts)


def _reached(kr: KeyResult, mode: RollUp, shares: Sequence[Decimal]) -> Sequence[Decimal | None]:
    """What has been reported above is divided too, to the last cent, so that nobody starts behind and no sum falls."""
    if mode is not RollUp.SUM or kr.roll_up is not RollUp.MANUAL or kr.reading is None:
        return [None] * len(shares)
    total = sum(shares)
    return allocate(kr.reading.value, [share / total for share in shares], step_of(kr.measure))


def _factor(asking: Asking, person: Person) -> Decimal:
    """What the company's rules make of a target for this person."""
    scheme = most_specific(asking.policy.factors, person)
    return ONE if scheme is None else scheme.factor


async def _have_theirs(asking: Asking, kr: KeyResult) -> Mapping[int, int]:
    """Who has a part of this key result already: the owner's id and his key result's."""
    edges = [edge for edge in await alignments.children_of(asking.session, kr.id) if edge.child.is_kr]
    found: dict[int, int] = {}
    for edge in edges:
        below = await objectives.with_key_result(asking.session, edge.child.id)
        if below is not None:
            found[below.owner_id] = edge.child.id
    return found


async def _write(asking: Asking, goal: Goal, plan: Plan) -> Answer:
    """Make the key results below, in force at once, and let the one above follow from them."""
    objective, kr = goal
    letters: list[Letter] = []
    made: list[Portion] = []
    for portion in plan.portions:
        title = _title(kr, portion.receiver)
        kr_id = await _hand_down(asking, objective, kr, portion, title)
        portion = replace(portion, kr=kr_id)  # noqa: PLW2901  # it has a number now
        made.append(portion)
        if portion.receiver.id != asking.asker.id:
            own = replace(portion, measure=masking.opened_measure(portion.measure))
            card = handed_down_card(plan, own, title, asking.asker)
            letters.append(Letter(portion.receiver.id, card, f"handed-down:{kr_id}", Urgency.COLLABORATION))
    plan = replace(plan, portions=made)
    if not plan.waits and kr.roll_up is RollUp.MANUAL:
        doubts = (await objectives.doubts_of(asking.session, objective.id)).get(kr.id, ())
        await objectives.change_key_result(asking.session, kr, doubts, roll_up=plan.mode)
    await roll_ups.recount(asking.session, kr.id, asking.now)
    parts = "、".join(f"KR{portion.kr}" for portion in made)
    await on_record.put(asking, "分解", objective, kr.id, new=parts)
    return Answer(divided_card(plan), in_place=True, letters=tuple(letters))


async def _hand_down(
    asking: Asking, objective: Objective, kr: KeyResult, portion: Portion, title: str
) -> int:
    """The key result of one receiver, in an objective of his that carries this one; its id.

    A colleague of the same unit is fed by his own figures: the unit's would count once for each of them.
    """
    owner = await goals.owner_of(asking, objective)
    draft = Draft(
        title,
        portion.measure,
        commitment=kr.commitment,
        origin=Origin.TOP_DOWN,
        metric=kr.metric,
        metric_own=kr.metric_own or portion.receiver.department == owner.department,
    )
    number = await objectives.create(
        asking.session,
        portion.receiver.id,
        objective.cycle,
        f"扛起{title}"[:LONGEST_TITLE],
        [draft],
        None,
        asking.now,
    )
    await objectives.activate(asking.session, number, asking.now)
    whole = await objectives.by_id(asking.session, number)
    assert whole is not None
    kr_id = whole.key_results[0].id
    if not await data_scales.settle(asking, number):
        await _count_in(asking, kr, whole.key_results[0], portion)
    weight = portion.share if portion.share > 0 else ONE
    await alignments.align(
        asking.session,
        alignments.key_result(kr_id),
        kr.id,
        at=asking.now,
        by=asking.asker.id,
        weight=weight,
    )
    return kr_id


async def _count_in(asking: Asking, above: KeyResult, kr: KeyResult, portion: Portion) -> None:
    """Write down the part of what had been reported above; the receiver's own first report takes its place."""
    if portion.reached is None or above.reading is None:
        return
    entry = Entry(
        kr.id,
        above.reading.at,
        asking.now,
        asking.asker.id,
        asking.asker.name,
        str(asking.event.sender.platform),
        value=portion.reached,
        note=f"从 {above.ref} 按占比分来",
    )
    await check_ins.record_value(asking.session, kr, entry)


def _title(kr: KeyResult, receiver: Person) -> str:
    """The same in the receiver's own words: 华东区销售额 is 西湖店销售额 for its store."""
    unit = receiver.store or unit_of(receiver.department)
    plain = re.sub(r"^(?:全公司|全国|总部|公司|[\u4e00-\u9fff]{1,4}(?:区域|大区|区|店))的?", "", kr.title)
    named = f"{unit}{plain}" if unit and not plain.startswith(unit) and plain else kr.title
    return named[:LONGEST_TITLE]


ROUTES = (
    Route(
        words=("分解",),
        handle=decompose,
        topic="带团队",
        does="把一个 KR 分给下面的门店和人",
        examples=("分解 {kr} 按门店", "分解 {kr} @{other} 40% @{mate} 60%", "分解 {kr} 按去年同期占比"),
        role=Role.MANAGER,
    ),
)
