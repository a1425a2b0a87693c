"""擅长: what somebody is good at, said by himself or by a superior. Who is stuck is told whom to ask."""

from __future__ import annotations

import re

from cards.notices import notice
from chat.answers import Answer, Letter, Urgency
from handlers.addressee import addressee
from handlers.asking import Asking, shown
from handlers.colleagues import mentioned
from handlers.route import Route
from okr.people import Person
from okr.refusals import NotForYou, ReasonNeeded
from storage import people, skills

_BETWEEN = re.compile(r"[\s,、;。/%_\\]+")
LONGEST = 12
"""Characters of a skill: a word, not a story."""


async def good_at(asking: Asking) -> Answer:
    """擅长 陈列 生鲜 · 擅长 @李四 陈列 · 擅长"""
    person, words = await _of_whom(asking, "擅长")
    if not words:
        return await _shown(asking, person)
    await _require_right(asking, person)
    known = await skills.of(asking.session, person.id)
    fresh = [word for word in words if word not in known][: max(0, skills.MOST - len(known))]
    await skills.add(asking.session, person.id, fresh, asking.asker.id, asking.now)
    answer = await _shown(asking, person, changed=True)
    if person.id == asking.asker.id or not fresh:
        return answer
    told = notice("skill_said", by=asking.asker.name, words=fresh)
    letter = Letter(person.id, told, f"skill:{asking.event.event_id}", Urgency.PRAISE)
    return Answer(card=answer.card, letters=(letter,))


async def not_good_at(asking: Asking) -> Answer:
    """不擅长 陈列"""
    person, words = await _of_whom(asking, "不擅长")
    await _require_right(asking, person)
    if not words:
        raise ReasonNeeded("去掉", "不擅长 陈列")
    await skills.remove(asking.session, person.id, words)
    return await _shown(asking, person)


async def _of_whom(asking: Asking, verb: str) -> tuple[Person, list[str]]:
    """A name counts with @ or as a number: a bare word is a skill."""
    rest = asking.rest
    person, words = asking.asker, rest
    if "@" in rest or re.search(r"[A-Za-z]+\d{2,}", rest) or mentioned(asking):
        found, words = await addressee(asking, rest, lambda number, left: f"{verb} {number} {left}".strip())
        person = found or asking.asker
    said = dict.fromkeys(word[:LONGEST] for word in _BETWEEN.split(words) if word)
    return person, list(said)


async def _require_right(asking: Asking, person: Person) -> None:
    if person.id == asking.asker.id or asking.asker.number in asking.policy.hr | asking.policy.admins:
        return
    if asking.asker.id not in await people.superiors(asking.session, person.id):
        raise NotForYou(f"说{person.name}擅长什么", f"{person.name}自己或上级")


async def _shown(asking: Asking, person: Person, *, changed: bool = False) -> Answer:
    own = person.id == asking.asker.id
    return shown(
        notice(
            "skills",
            own=own,
            name=person.name,
            words=await skills.of(asking.session, person.id),
            changed=changed,
            told=changed and not own,
        )
    )


ROUTES = (
    Route(
        words=("擅长", "我的擅长"),
        handle=good_at,
        topic="一起做",
        does="记下自己会什么,别人卡住时好找你;上级可以替下属记",
        examples=("擅长 陈列 生鲜", "擅长 @{mate} 陈列"),
    ),
    Route(
        words=("不擅长",),
        handle=not_good_at,
        topic="一起做",
        does="去掉一个擅长",
        examples=("不擅长 陈列",),
    ),
)
