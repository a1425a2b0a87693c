"""建议: what somebody thinks of a colleague's goal, to its owner. To one's own goal it is a change."""

from __future__ import annotations

import re
from datetime import timedelta

from cards import actions
from cards.notices import Choice, notice, question
from cards.suggestion import Idea, suggestion_card
from chat.answers import Answer, Letter, Urgency
from handlers import changing, goals
from handlers.asking import Asking, Misunderstood, shown
from handlers.fields import NAMES, Change, read_sentence, say_now
from handlers.goals import Goal
from handlers.ideas import ask_what, idea_of, wanted_of
from handlers.reading.ids import find_refs, take_ref
from handlers.reading.numbers import find_numbers
from handlers.route import Route
from okr import masking
from okr.objectives import KeyResult, Kind, Objective, State
from okr.refusals import NotInForce
from storage import letters, objectives, suggestions

LONGEST = 200
_TOO = re.compile(r"(?:目标|指标|定得?)值?.{0,3}?(?:太|偏|有点|定得?)?.{0,2}?(?P<how>[高低])(?:了|啦)?")
_INTO = re.compile(
    r"(?:降|调|改|提|减|加|涨)(?:低|高)?(?:到|成|为)\s*(?P<new>.{1,16}?)\s*"
    r"(?:行不行|行不|行吗|行么|可以吗|可不可以|可以不|好不好|好吗|怎么样|如何|成不|中不)"
)
_COMPLAINT = re.compile(r"^[^,,。;]{0,12}?目标值?.{0,3}(?:太|偏|有点)[高低]")
"""目标太高 begins what is said, perhaps after the name of a goal: in the middle of a note it is none."""


async def suggest(asking: Asking) -> Answer:
    """建议 KR34 目标值 1080 理由 停车场封闭 · 建议 KR34 多做试吃"""
    ref, rest = take_ref(asking.rest or asking.about, "KR")
    if ref is not None and ref.kind == "O":
        objective, kr = await goals.objective_by_number(asking, ref.number), None
    else:
        (objective, kr), rest = await goals.meant(asking, "建议", goals.IN_FORCE)
    whole = kr.ref if kr else objective.ref
    said = read_sentence(rest)
    if objective.owner_id == asking.asker.id and said.fields and objective.state is State.ACTIVE:
        return await changing.change(asking, objective, kr, said)
    if objective.owner_id == asking.asker.id or objective.state is State.DRAFT:
        return shown(notice("suggest_directly", about=whole, ref=whole), restricted=True)
    _require_in_force(objective, kr)
    if not said.fields and not said.unread:
        return shown(ask_what(objective, kr))
    return await _tell(asking, objective, kr, rest)


def _require_in_force(objective: Objective, kr: KeyResult | None) -> None:
    state = objective.state if objective.state is not State.ACTIVE or kr is None else kr.state
    if state is not State.ACTIVE:
        raise NotInForce(kr.ref if kr else objective.ref, str(state))


async def _tell(asking: Asking, objective: Objective, kr: KeyResult | None, rest: str) -> Answer:
    """To the owner, as the goal really is: what the suggester may not see of it does not keep him from suggesting."""
    said = read_sentence(rest)
    wanted, _ = wanted_of(asking, objective, kr, said)
    whole = await objectives.by_id(asking.session, objective.id)
    assert whole is not None
    whole = masking.opened(whole)
    real = next((one for one in whole.key_results if kr is not None and one.id == kr.id), None)
    words = " ".join(f"{NAMES[field]} {new}" for field, new in said.fields) or said.unread
    number = await suggestions.make(
        asking.session,
        objective_id=objective.id,
        kr_id=kr.id if kr else None,
        old={NAMES[field]: say_now(Change(whole, real, field, "")) for field, _ in said.fields},
        words=words[:LONGEST],
        reason=said.reason[:LONGEST],
        version=objective.version,
        suggester_id=asking.asker.id,
        platform=str(asking.event.sender.platform),
        at=asking.now,
    )
    owner = await goals.owner_of(asking, objective)
    seen = Idea("", objective, kr, None, wanted, words[:LONGEST], said.reason, asking.asker.name, owner.name)
    told: tuple[Letter, ...] = ()
    if number is not None:
        suggestion = await suggestions.by_id(asking.session, number)
        assert suggestion is not None
        card = suggestion_card(await idea_of(asking, suggestion), decides=True)
        told = (Letter(owner.id, card, once_of(number), Urgency.COLLABORATION),)
    answer = notice(
        "suggested",
        about=seen.ref,
        id=f"R{number}" if number is not None else "",
        ref=seen.ref,
        line=seen.line,
        owner=owner.name,
        new=number is not None,
    )
    return Answer(card=answer, letters=told, in_place=asking.pressed, restricted=True)


def once_of(number: int) -> str:
    """The uniqueness of the owner's card."""
    return f"suggestion:{number}"


# --- in a sentence ---


async def sentence(asking: Asking) -> Answer | None:
    """目标太高,降到1080行不: asked back, then a suggestion, or a change where it is one's own goal."""
    into = _INTO.search(asking.text)
    complaint = _COMPLAINT.match(asking.text)
    if into is None and complaint is None:
        return None
    numbers = find_numbers(into["new"]) if into is not None else []
    if into is not None and len(numbers) != 1:
        return None
    too = _TOO.search(asking.text)
    reason = (
        f"目标太{too['how']}"
        if too is not None and too.start() < (into.start() if into else len(asking.text))
        else ""
    )
    goal = await _goal(asking, into["new"].strip() if into is not None else "", reason)
    if goal is None:
        return None
    objective, kr = goal
    own = objective.owner_id == asking.asker.id
    verb, why = ("修改", "原因") if own else ("建议", "理由")
    if into is None:
        card = question(
            "suggest_what",
            [],
            about=kr.ref,
            awaits=f"{verb} {kr.ref} 目标值",
            ref=kr.ref,
            name=kr.title,
            field=NAMES["target"],
            now=say_now(Change(objective, kr, "target", "")),
        )
        return shown(card, restricted=True)
    new = into["new"].strip()
    say = " ".join(
        part for part in (verb, kr.ref, "目标值", new, f"{why} {reason}" if reason else "") if part
    )
    return shown(
        question(
            "confirm_idea",
            [Choice("是的", say), Choice("不是", actions.NEVER_MIND)],
            about=kr.ref,
            ref=kr.ref,
            name=kr.title,
            owner="" if own else (await goals.owner_of(asking, objective)).name,
            now=say_now(Change(objective, kr, "target", "")),
            new=new,
            reason=reason,
        ),
        restricted=True,
    )


async def _goal(asking: Asking, new: str, reason: str) -> Goal | None:
    """The key result that is spoken of: named, quoted, just shown, or the only one of the asker's with a target."""
    named = [ref for _, _, ref in find_refs(asking.text) if ref.kind == "KR"]
    if named:
        return await goals.key_result(asking, named[0].number)
    about, _ = take_ref(asking.about)
    if about is None:
        last = await letters.last_shown(asking.session, asking.event, numbered=False)
        recent = timedelta(minutes=asking.policy.choice_minutes)
        if last is not None and asking.now - last.at <= recent:
            about, _ = take_ref(last.card.about)
    if about is not None and about.kind == "KR":
        return await goals.key_result(asking, about.number)
    fits = [
        (objective, kr)
        for objective in await goals.running(asking)
        for kr in objective.counting
        if kr.measure.kind in (Kind.NUMBER, Kind.MAINTAIN)
    ]
    if len(fits) < 2:
        return fits[0] if fits else None
    what = f"目标值 {new}{f' 原因 {reason}' if reason else ''}" if new else "目标值"
    choices = [Choice(f"{kr.ref} {kr.title}"[:20], f"修改 {kr.ref} {what}") for _, kr in fits[:6]]
    asked = f"哪一个的目标改成 {new}?" if new else "哪一个的目标?"
    raise Misunderstood(question("which", choices, what=asked))


ROUTES = (
    Route(
        words=("建议",),
        handle=suggest,
        topic="一起做",
        does="对同事的目标有想法,告诉负责人",
        examples=("建议 {kr} 目标值 1080 理由 停车场封闭",),
    ),
)
