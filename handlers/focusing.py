"""下周重点: what one sets oneself for the week after the one that the report tells of."""

from __future__ import annotations

from cards.notices import Choice, notice, question
from cards.sayings import kr_name, lamp
from cards.weekly import next_called
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, shown
from handlers.meaning import LONGEST_NOTE
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.masking import opened
from okr.refusals import NotYours
from okr.weekly import Aim, week_to_report
from storage import aims, cycles, objectives, weekly

CHOICES = 3


async def focus(asking: Asking) -> Answer:
    """下周重点 · 下周重点 KR35 晚市打折提前半小时 · 下周重点 把报价都跟一遍"""
    reported = week_to_report(asking.today)
    called = next_called(reported, asking.today)
    ref, words = take_ref(asking.rest.removeprefix("先办").strip())
    words = words.strip(" ,:")[:LONGEST_NOTE]
    if ref is None and not words:
        return await _ask(asking, called)
    kr = None
    if ref is not None and ref.kind == "KR":
        objective, kr = await goals.key_result(asking, ref.number)
        if objective.owner_id != asking.asker.id:
            raise NotYours(kr.ref, (await goals.owner_of(asking, objective)).name)
    elif ref is not None:
        words = asking.rest.strip()[:LONGEST_NOTE]
    await aims.keep(
        asking.session,
        asking.asker.id,
        reported.after.name,
        Aim(kr.id if kr else None, words),
        asking.now,
    )
    card = notice(
        "aim_kept",
        about=kr.ref if kr else "",
        called=called,
        ref=kr.ref if kr else "",
        name=kr_name(kr) if kr else "",
        words=words,
    )
    return shown(card, in_place=True, restricted=True)


async def _ask(asking: Asking, called: str) -> Answer:
    """With what lags most as choices; anything else is written."""
    cycle = await cycles.running(asking.session, asking.today)
    own = [opened(one) for one in await objectives.of_owner(asking.session, asking.asker.id, cycle.id)]
    week = week_to_report(asking.today)
    found = await weekly.of_person(asking.session, own, asking.asker, week, asking.now, asking.policy)
    ordered = sorted(found.lines, key=lambda line: (-line.weight * line.verdict.gap_points, line.kr.id))
    choices = [Choice(f"先办 {line.kr.ref}", f"下周重点 {line.kr.ref}") for line in ordered[:CHOICES]]
    example = ordered[0].kr.ref if ordered else ""
    return shown(
        question(
            "next_focus",
            choices,
            awaits="下周重点",
            called=called,
            aim=_said(found.next_aim),
            lines=[
                f"{lamp(line.verdict.status)} {line.kr.ref} {kr_name(line.kr)}" for line in ordered[:CHOICES]
            ],
            example=example,
        ),
        restricted=True,
    )


def _said(aim: Aim | None) -> str:
    if aim is None:
        return ""
    return " ".join(part for part in (f"KR{aim.kr_id}" if aim.kr_id else "", aim.words) if part)


ROUTES = (
    Route(
        words=("下周重点", "设定下周重点", "定下周重点", "这周重点", "本周重点", "定这周重点"),
        handle=focus,
        topic="报进度",
        does="给自己定下周先办的一件事,周报里会说办得怎样",
        examples=("下周重点 {kr}", "下周重点 {kr} 晚市打折提前半小时"),
    ),
)
