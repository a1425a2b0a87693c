"""可见: who may see a goal beside its owner and his line."""

from __future__ import annotations

import re
from dataclasses import replace

from cards.notices import Choice, notice, question
from chat.answers import Answer
from chat.events import Account
from handlers import goals, on_record
from handlers.asking import Asking, Misunderstood
from handlers.colleagues import colleague, mentioned
from handlers.examples import examples_for
from handlers.reading.ids import take_ref
from handlers.reading.people import find_people
from handlers.route import Route
from handlers.sight import in_group
from okr.objectives import Objective, Visibility
from okr.permissions import Right
from okr.refusals import NoSuchGoal, NotYourGoal, PrivateIntoPublic
from storage import people, visibility

WORDS = {
    "公司": Visibility.PUBLIC,
    "全公司": Visibility.PUBLIC,
    "公开": Visibility.PUBLIC,
    "所有人": Visibility.PUBLIC,
    "大家": Visibility.PUBLIC,
    "本部门": Visibility.DEPARTMENT,
    "部门": Visibility.DEPARTMENT,
    "上下级": Visibility.LINE,
    "上级": Visibility.LINE,
    "指定人": Visibility.NAMED,
}
"""How each is said."""
CALLED = {
    Visibility.PUBLIC: "全公司",
    Visibility.DEPARTMENT: "本部门",
    Visibility.LINE: "上下级",
    Visibility.NAMED: "指定的人",
}
MOST = 20
"""People that one goal is named for: more is a department."""
_FILLERS = re.compile(r"^(?:给|对|让|只给|只让|仅)?\s*")


async def see(asking: Asking) -> Answer:
    """可见 O12 · 可见 O12 公司 · 可见 O12 本部门 · 可见 O12 上下级 · 可见 O12 @张三 @李四"""
    ref, rest = take_ref(asking.rest or asking.about, "O")
    if ref is None or ref.kind not in ("O", "KR"):
        raise NoSuchGoal((asking.rest or "要改可见范围的目标")[:20])
    if ref.kind == "KR":
        objective = (await goals.key_result(asking, ref.number))[0]
    else:
        objective = await goals.objective_by_number(asking, ref.number)
    rest = _FILLERS.sub("", rest).strip()
    rest = rest.removesuffix("可见").removesuffix("可以看").strip()
    if not rest and not mentioned(asking):
        return await _asked(asking, objective)
    if not await goals.may(asking, Right.SET_VISIBILITY, objective):
        await on_record.attempted(asking, "改可见范围", objective)
        owner = await goals.owner_of(asking, objective)
        raise NotYourGoal(objective.ref, owner.name, "")
    wanted = WORDS.get(rest)
    if wanted is Visibility.NAMED:
        return await _whom(asking, objective)
    if wanted is not None:
        return await _set(asking, objective, wanted, {})
    return await _set(asking, objective, Visibility.NAMED, await _named(asking, objective, rest))


async def _asked(asking: Asking, objective: Objective) -> Answer:
    """How it is now, and what it may be."""
    now = await visibility.viewers(asking.session, objective.id)
    named = await people.by_ids(asking.session, now)
    may = await goals.may(asking, Right.SET_VISIBILITY, objective)
    choices = [
        Choice(CALLED[one], f"可见 {objective.ref} {_said(one)}")
        for one in Visibility
        if may and one is not objective.visibility
    ]
    return Answer(
        question(
            "visibility",
            choices,
            about=objective.ref,
            ref=objective.ref,
            title=objective.title,
            now=CALLED[objective.visibility],
            level=str(objective.visibility),
            named="、".join(person.name for person in named.values()),
            may=may,
            eg=await examples_for(asking),
        ),
        in_place=asking.pressed,
    )


def _said(one: Visibility) -> str:
    return next(word for word, meant in WORDS.items() if meant is one)


async def _whom(asking: Asking, objective: Objective) -> Answer:
    card = question(
        "visible_to",
        [],
        about=objective.ref,
        awaits=f"可见 {objective.ref}",
        ref=objective.ref,
        title=objective.title,
        eg=await examples_for(asking),
    )
    return Answer(card, restricted=True)


async def _named(asking: Asking, objective: Objective, words: str) -> dict[int, str]:
    """Ids and names of everybody who is named. Raises NoSuchPerson; asks where two have the name."""
    say = f"可见 {objective.ref}"
    accounts = mentioned(asking)
    if len(accounts) > 1:
        found = [await _of_account(asking, account) for account in accounts]
        return {one: name for one, name in found if one}
    written = [words[begin:end] for begin, end, _ in find_people(words)] or words.replace("、", " ").split()
    named: dict[int, str] = {}
    for one in written[:MOST] or [words]:
        before = " ".join(f"{number}" for number in named)
        try:
            person = await colleague(asking, one, say)
        except Misunderstood as puzzled:
            raise (
                puzzled
                if len(written) == 1 or before == ""
                else Misunderstood(
                    notice(
                        "name_by_number",
                        about=objective.ref,
                        name=one.strip(" @"),
                        ref=objective.ref,
                        eg=await examples_for(asking),
                    )
                )
            ) from None
        named[person.id] = person.name
    return named


async def _of_account(asking: Asking, account: Account) -> tuple[int, str]:
    known = await people.by_account(asking.session, account)
    return (0, "") if known is None else (known.person.id, known.person.name)


async def _set(asking: Asking, objective: Objective, wanted: Visibility, named: dict[int, str]) -> Answer:
    """Raises PrivateIntoPublic where what only some may see would show through the number of a public goal."""
    restricted = wanted is not Visibility.PUBLIC
    through = await visibility.shows_through(asking.session, objective.id, restricted=restricted)
    if through is not None:
        raise PrivateIntoPublic(*through)
    await visibility.set_for(asking.session, objective.id, wanted, list(named))
    card = notice(
        "visibility_set",
        about=objective.ref,
        ref=objective.ref,
        title=objective.title,
        now=CALLED[wanted],
        level=str(wanted),
        named="、".join(named.values()),
    )
    await on_record.put(asking, "改可见范围", objective, old=CALLED[objective.visibility], new=CALLED[wanted])
    return Answer(card, in_place=asking.pressed, restricted=restricted)


async def discreet(asking: Asking, answer: Answer) -> Answer:
    """In a group an answer about a goal that not everybody may see goes to the private chat."""
    if answer.card is None or answer.restricted or not in_group(asking):
        return answer
    ref, _ = take_ref(answer.card.about) if answer.card.about else (None, "")
    if ref is None or await visibility.is_for_everybody(asking.session, ref.kind, ref.number):
        return answer
    return replace(answer, restricted=True, in_place=False)


ROUTES = (
    Route(
        words=("可见", "谁可见", "谁能看"),
        handle=see,
        topic="定目标",
        does="目标给谁看:全公司、本部门、上下级,或者指定的人",
        examples=("可见 {o} 上下级", "可见 {o} @{other} @{mate}", "可见 {o} 公司"),
    ),
)
