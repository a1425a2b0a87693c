"""What is kept about me and who has read it; corrections and appeals, which a human answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from cards.notices import Choice, notice, question
from cards.scores import say_score
from cards.todo import Duty
from chat.answers import Answer, Letter, Urgency
from chat.files import XLSX, File
from handlers import goals
from handlers.asking import Asking, shown
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.moments import say_moment
from okr.objectives import Objective
from okr.people import Person
from okr.refusals import AlreadyDecided, NoSuchRequest, NotForYou
from sheets.writing import workbook
from storage import objectives, own_data, people, pleas, scores
from storage.pleas import Plea, PleaKind, PleaState

PATIENCE = timedelta(days=3)
"""So long an answer may take before it is late."""
SHOWN = 20
"""Characters of a plea among what one owes."""
LONGEST = 500
_ANSWER = re.compile(
    r"^(?P<number>\d{1,9})\s*(?P<how>采纳|不采纳|已更正|不更正)?\s*(?P<words>.*)$", re.DOTALL
)
_YES = frozenset({"采纳", "已更正"})
NAMES = {PleaKind.CORRECTION: "更正", PleaKind.APPEAL: "申诉"}


async def my_data(asking: Asking) -> Answer:
    """我的数据: a file with all of it, and who has read it. Alone, wherever it was asked."""
    told = await own_data.gathered(asking.session, asking.asker.id)
    sheets = [
        (title, header, [[_cell(value, asking) for value in row] for row in rows])
        for title, header, rows in told
    ]
    file = File(f"我的数据 {asking.asker.name} {asking.today:%Y-%m-%d}.xlsx", XLSX, workbook(sheets))
    readers = next(rows for title, _, rows in sheets if title == "谁看过我")
    card = notice(
        "my_data",
        rows=[
            f"{title} {len(rows)} 条" for title, _, rows in sheets if rows and title not in ("我", "谁看过我")
        ],
        readers=[f"{row[0]} {row[1]} {row[2]}" for row in reversed(readers)][:3],
        read=len(readers),
        years=f"{asking.policy.leaver_days / 365:.2g}" if asking.policy.leaver_days else "",
    )
    return Answer(card=card, restricted=True, files=(file,))


def _cell(value: Any, asking: Asking) -> Any:
    """As it is read in a sheet: moments in company time, a kept card by its first line."""
    if isinstance(value, str) and value.startswith('{"face"'):
        return json.loads(value)["face"]["title"]
    if isinstance(value, str) and re.match(r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d", value):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return (
            f"{value.astimezone(asking.policy.zone):%Y-%m-%d %H:%M}"
            if value.tzinfo
            else f"{value:%Y-%m-%d %H:%M}"
        )
    return value


# --- asking a human ---


async def correct(asking: Asking) -> Answer:
    """更正 我的入职日期是2023-04-01: to personnel, or the administrators where there is none."""
    words = asking.rest.strip()[:LONGEST]
    if not words:
        return shown(question("correct_what", [], awaits="更正"), restricted=True)
    return await _ask(asking, PleaKind.CORRECTION, None, words)


async def appeal(asking: Asking) -> Answer:
    """申诉 O12 评分没算上停业的两周: to the superior's superior, or personnel, with the score and its reasons."""
    ref, rest = take_ref(asking.rest or asking.about, "O")
    objective: Objective | None = None
    if ref is not None and ref.kind == "O":
        objective = await goals.objective_by_number(asking, ref.number)
    elif ref is not None and ref.kind == "KR":
        objective = (await goals.key_result(asking, ref.number))[0]
    if objective is not None and objective.owner_id != asking.asker.id:
        raise NotForYou(f"申诉 {objective.ref} ", (await goals.owner_of(asking, objective)).name)
    words = (rest if ref is not None and asking.rest else asking.rest).strip()[:LONGEST]
    if not words:
        return shown(
            question("appeal_what", [], awaits=f"申诉 {ref}" if ref else "申诉", ref=str(ref or "")),
            restricted=True,
        )
    return await _ask(asking, PleaKind.APPEAL, objective, words)


async def _ask(asking: Asking, kind: PleaKind, objective: Objective | None, words: str) -> Answer:
    receivers = await _receivers(asking, kind, asking.asker)
    if not receivers:
        return shown(notice("plea_to_nobody", what=NAMES[kind]), restricted=True)
    number = await pleas.make(
        asking.session, kind, asking.asker.id, objective.id if objective else None, words, asking.now
    )
    plea = await pleas.by_id(asking.session, number)
    assert plea is not None
    facts = await _facts(asking, objective)
    letters = tuple(_letter(plea, asking.asker, person, facts, objective) for person in receivers)
    names = "、".join(person.name for person in receivers)
    card = notice("plea_sent", what=NAMES[kind], number=number, words=words, to=names)
    return Answer(card=card, restricted=True, letters=letters)


def _letter(plea: Plea, by: Person, to: Person, facts: Sequence[str], objective: Objective | None) -> Letter:
    yes, no = ("已更正", "不更正") if plea.kind is PleaKind.CORRECTION else ("采纳", "不采纳")
    card = question(
        "plea",
        [Choice(yes, f"答复 {plea.id} {yes}"), Choice(no, f"答复 {plea.id} {no}")],
        what=NAMES[plea.kind],
        by=by.name,
        unit=by.unit,
        number=plea.id,
        words=plea.words,
        ref=objective.ref if objective else "",
        title=objective.title if objective else "",
        facts=facts,
        yes=yes,
        no=no,
    )
    return Letter(to.id, card, f"plea:{plea.id}:{to.id}", Urgency.DECISION)


async def _facts(asking: Asking, objective: Objective | None) -> list[str]:
    """The score and its reasons, line by line."""
    if objective is None:
        return []
    given = await scores.of(asking.session, [objective.id])
    lines = [
        f"{objective.ref} 评分 {say_score(objective.score)}"
        if objective.score is not None
        else f"{objective.ref} 还没有确认的评分"
    ]
    for kr in objective.counting:
        mark = given.get(kr.id)
        why = "、".join(part for part in (str(mark.cause or ""), mark.reason) if part) if mark else ""
        said = say_score(mark.score) if mark else "没评"
        lines.append(f"{kr.ref} {kr.title} {said}{f'({why})' if why else ''}")
    return lines[:6]


async def _receivers(asking: Asking, kind: PleaKind, person: Person) -> list[Person]:
    """Never who asks, and of an appeal never who has given the score: above the superior, else personnel, else the administrators."""
    if kind is PleaKind.APPEAL:
        line = await people.line_above(asking.session, person)
        known = await people.by_ids(asking.session, line[1:])
        above = next((known[one] for one in line[1:] if one in known and known[one].active), None)
        if above is not None:
            return [above]
    without = {person.id, person.manager_id} if kind is PleaKind.APPEAL else {person.id}
    for numbers in (asking.policy.hr, asking.policy.admins):
        found = [
            one for one in await people.by_numbers(asking.session, sorted(numbers)) if one.id not in without
        ]
        if found:
            return found
    return []


# --- answering ---


async def answer(asking: Asking) -> Answer:
    """答复 3 采纳 说明 · 答复 3 不采纳 原因. Raises NoSuchRequest, NotForYou, AlreadyDecided."""
    match = _ANSWER.match(asking.rest.strip())
    plea = await pleas.by_id(asking.session, int(match["number"])) if match else None
    if match is None or plea is None:
        raise NoSuchRequest("要答复的更正或申诉")
    await _require_answerer(asking, plea)
    if plea.state is not PleaState.WAITING:
        by = await people.by_id(asking.session, plea.answered_by) if plea.answered_by else None
        raise AlreadyDecided(f"{NAMES[plea.kind]} {plea.id}", by.name if by else "")
    how, words = match["how"] or "", match["words"].strip(" :,。\n")[:LONGEST]
    if not how and not words:
        return await _show(asking, plea)
    yes = how in _YES
    if not how or (not yes and not words):
        awaits = f"答复 {plea.id} {how or ('不更正' if plea.kind is PleaKind.CORRECTION else '不采纳')}"
        return shown(
            question("plea_why", [], awaits=awaits, number=plea.id, what=NAMES[plea.kind]), restricted=True
        )
    state = PleaState.DONE if yes else PleaState.DECLINED
    await pleas.close(asking.session, plea.id, state, asking.asker.id, words, asking.now)
    told = notice(
        "plea_answered",
        what=NAMES[plea.kind],
        correction=plea.kind is PleaKind.CORRECTION,
        yes=yes,
        by=asking.asker.name,
        words=words,
        asked=plea.words,
        when=say_moment(plea.asked_at, asking.now, asking.policy.zone),
    )
    person = await people.by_id(asking.session, plea.employee_id)
    letters = (Letter(plea.employee_id, told, f"plea:{plea.id}:answer", Urgency.DECISION),)
    card = notice(
        "plea_closed", what=NAMES[plea.kind], number=plea.id, how=how, name=person.name if person else ""
    )
    return Answer(card=card, in_place=asking.pressed, restricted=True, letters=letters)


async def duties(asking: Asking) -> list[Duty]:
    """Corrections and appeals that wait for the asker to answer."""
    found: list[Duty] = []
    for plea in await pleas.waiting(asking.session):
        person = await people.by_id(asking.session, plea.employee_id)
        asked = await _receivers(asking, plea.kind, person) if person is not None else []
        if person is None or asking.asker.id not in {one.id for one in asked}:
            continue
        what = NAMES[plea.kind]
        late = asking.today - plea.asked_at.astimezone(asking.policy.zone).date() > PATIENCE
        found.append(
            Duty(
                f"{person.name}的{what}等你答复:{plea.words[:SHOWN]}",
                f"答复{what} {plea.id}",
                f"答复 {plea.id}",
                overdue=late,
            )
        )
    return found


async def _show(asking: Asking, plea: Plea) -> Answer:
    """The question again, for who finds it among what he owes."""
    person = await people.by_id(asking.session, plea.employee_id)
    assert person is not None, "who may answer has been looked for"
    objective = (
        await objectives.by_id(asking.session, plea.objective_id) if plea.objective_id is not None else None
    )
    facts = await _facts(asking, objective)
    return shown(_letter(plea, person, asking.asker, facts, objective).card, restricted=True)


async def _require_answerer(asking: Asking, plea: Plea) -> None:
    person = await people.by_id(asking.session, plea.employee_id)
    asked: Iterable[Person] = await _receivers(asking, plea.kind, person) if person else ()
    names = [one.name for one in asked]
    officer = asking.asker.number in asking.policy.hr | asking.policy.admins
    own = asking.asker.id == plea.employee_id
    judged = plea.kind is PleaKind.APPEAL and person is not None and asking.asker.id == person.manager_id
    if own or ((judged or not officer) and asking.asker.id not in {one.id for one in asked}):
        raise NotForYou(f"答复{NAMES[plea.kind]} {plea.id} ", "、".join(names) or "HR")


ROUTES = (
    Route(
        words=("我的数据",),
        handle=my_data,
        topic="我的权利",
        does="留着我的哪些数据、谁看过,一份文件",
        examples=("我的数据",),
    ),
    Route(
        words=("更正",),
        handle=correct,
        topic="我的权利",
        does="哪条关于我的数据不对,请 HR 改",
        examples=("更正 我的入职日期是 2023-04-01",),
    ),
    Route(
        words=("申诉",),
        handle=appeal,
        topic="我的权利",
        does="对评分有意见,请上级的上级或 HR 来看",
        examples=("申诉 {o} 评分没算上停业的两周",),
    ),
    Route(
        words=("答复",),
        handle=answer,
        topic="我的权利",
        does="答复一个更正或申诉",
        examples=("答复 3 采纳 按停业前的数重评", "答复 3 不采纳 评分依据的是系统数据"),
    ),
)
