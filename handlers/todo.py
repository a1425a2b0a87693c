"""我的待办: what one owes, overdue first."""

from __future__ import annotations

from cards.sayings import kr_name
from cards.todo import Duty, todo_card
from chat.answers import Answer
from handlers import day_actions, goals, helping, privacy, requests_seen, reviewing, scores_due, suggested
from handlers.approvers import acts_for
from handlers.asking import Asking, shown
from handlers.route import Route
from okr.moments import say_date
from okr.objectives import State, Status
from okr.status import judge
from storage import alignment_duties, bindings, people


async def todo(asking: Asking) -> Answer:
    """我的待办"""
    return shown(todo_card(await owed(asking)), in_place=asking.pressed, restricted=True)


async def owed(asking: Asking) -> list[Duty]:
    """Updates that are due, drafts to submit, requests to decide, scores, new accounts to confirm."""
    duties = [
        Duty(
            f"草稿 {objective.ref}「{objective.title}」还没提交",
            f"看 {objective.ref}",
            f"查看 {objective.ref}",
        )
        for objective in await goals.running(asking, (State.DRAFT,))
    ]
    duties += await day_actions.duties(asking)
    duties += await updates(asking)
    duties += await requests_seen.duties(asking)
    duties += await scores_due.duties(asking)
    duties += await reviewing.duties(asking)
    duties += await suggested.duties(asking)
    duties += await helping.duties(asking)
    duties += await _alignments(asking)
    duties += await _bindings(asking)
    duties += await privacy.duties(asking)
    return duties


async def updates(asking: Asking) -> list[Duty]:
    """Key results in force of which a report is due."""
    duties: list[Duty] = []
    for objective in await goals.running(asking):
        for kr in objective.counting:
            status = judge(kr, objective.cycle, asking.today, asking.policy).status
            if status is Status.STALE and kr.reading is not None:
                last = say_date(kr.reading.at.astimezone(asking.policy.zone).date(), asking.today)
                duties.append(
                    Duty(
                        f"{kr.ref} {kr_name(kr)} 上次报是{last}",
                        f"报 {kr.ref}",
                        f"更新 {kr.ref}",
                        overdue=True,
                    )
                )
            elif status is Status.DUE:
                duties.append(
                    Duty(
                        f"{kr.ref} {kr_name(kr)} 到期了,报个最后的数",
                        f"报 {kr.ref}",
                        f"更新 {kr.ref}",
                        overdue=True,
                    )
                )
            elif kr.reading is None and not kr.metric:
                duties.append(Duty(f"{kr.ref} {kr_name(kr)} 还没报过", f"报 {kr.ref}", f"更新 {kr.ref}"))
    return duties


async def _alignments(asking: Asking) -> list[Duty]:
    """Goals of others that would support the asker's, and own ones whose goal above has changed."""
    duties: list[Duty] = []
    for owed in await alignment_duties.to_confirm(asking.session, asking.asker.id):
        ref, until = owed.child.ref, owed.confirm_by
        duties.append(
            Duty(
                f"KR{owed.parent} {owed.parent_title} 变了,{ref} 还支撑它吗"
                + (f"({say_date(until, asking.today)}前)" if until else ""),
                f"{ref} 仍然对齐",
                f"仍然对齐 {ref} KR{owed.parent}",
                overdue=until is not None and until < asking.today,
            )
        )
    duties += [
        Duty(
            f"{owed.child.ref}「{owed.title}」想支撑{'你的 ' if owner == asking.asker.id else ' '}KR{owed.parent},等你点头",
            f"同意 {owed.child.ref}",
            f"同意对齐 {owed.child.ref} KR{owed.parent}",
        )
        for owner in await acts_for(asking)
        for owed in await alignment_duties.asked_of(asking.session, owner)
    ]
    return duties


async def _bindings(asking: Asking) -> list[Duty]:
    """Accounts that wait for the asker to say whose they are."""
    me = asking.asker
    waiting = await bindings.waiting(asking.session, asking.now)
    duties: list[Duty] = []
    for request in waiting:
        person = await people.by_id(asking.session, request.employee_id)
        if (
            person is not None
            and (person.manager_id == me.id or me.number in asking.policy.admins)
            and person.id != me.id
        ):
            duties.append(
                Duty(
                    f"{person.name}({person.number})的账号等你确认",
                    f"确认 {person.name}",
                    f"确认绑定 {person.number}",
                )
            )
    return duties


ROUTES = (
    Route(
        words=("我的待办", "待办"),
        handle=todo,
        topic="看",
        does="我欠着什么,急的在前",
        examples=("我的待办",),
    ),
)
