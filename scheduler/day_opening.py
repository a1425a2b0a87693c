"""As somebody's day begins: what he left undone is offered once more, and who wants it gets a card with his own progress.

Written before anybody opens; the postman keeps each until its receiver's window is open, and looks again then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial

from cards.day_actions import Line
from cards.day_opening import Standing, left_card, opening_card
from cards.day_targets import day_line
from chat.answers import Letter, Mark, Urgency
from chat.card import Card
from okr import masking
from okr.objectives import Status
from okr.people import Person
from okr.policy import Policy
from okr.status import judge_objective
from scheduler.jobs import Job
from storage import cycles, day_actions, day_curves, letters, objectives, openings, people, units
from storage.database import Database
from storage.day_actions import DayAction
from storage.fed import Scales
from storage.openings import CARD, KEY, LEFT
from storage.session import Session

DAY = timedelta(days=1)
MOST = 8
"""Actions that a letter is about."""
LAGS = (Status.AT_RISK, Status.BEHIND)


async def work(database: Database, due: datetime, policy: Policy) -> str:
    local = due.astimezone(policy.zone)
    said = await database.survey(openings.wishes)
    left = await database.survey(partial(day_actions.left, today=local.date()))
    wanted, unwanted = ({one for one, wants in said.items() if wants is yes} for yes in (True, False))
    if policy.opening_card:
        wanted |= await database.survey(_owners)
    written = 0
    for one in sorted({*left, *wanted} - unwanted):
        # Beside the writers: a card takes a while, and people chat meanwhile.
        letter = await database.survey(
            partial(
                _letter,
                employee_id=one,
                wants=one in wanted,
                left=left.get(one, []),
                now=local,
                policy=policy,
            )
        )
        if letter is not None:
            written += await database.transact(partial(letters.post, letter=letter, now=local)) is not None
    return f"{written} letters"


async def _owners(session: Session) -> set[int]:
    rows = await session.all(
        "SELECT DISTINCT owner_id FROM objectives o JOIN employees e ON e.id = o.owner_id"
        " WHERE o.state = 'active' AND e.active = ?",
        True,
    )
    return {row[0] for row in rows}


async def _letter(
    session: Session,
    employee_id: int,
    left: Sequence[DayAction],
    now: datetime,
    policy: Policy,
    *,
    wants: bool,
) -> Letter | None:
    person = await people.by_id(session, employee_id)
    if person is None or not person.active:
        return None
    known = await openings.offered(session, person.id, now)
    fresh = [one for one in left if one.id not in known][:MOST]
    subject = " ".join(one.ref for one in fresh)
    card = await _card(session, person, fresh, now, policy) if wants else None
    variant = CARD if card is not None else LEFT
    if card is None:
        if not fresh:
            return None
        card = left_card(_lines(fresh), now.date())
    mark = Mark(KEY, subject, variant, facts=_facts(fresh, variant))
    # A card is of its day; what was left waits for the next shift, be that after days off.
    until = datetime.combine(now.date(), time(), now.tzinfo) + (
        DAY if variant == CARD else day_actions.CARRIED
    )
    once = f"{KEY}:{person.id}:{now:%Y-%m-%d}"
    return Letter(person.id, card, once, Urgency.REPORT, expires_at=until, mark=mark)


async def again(session: Session, mark: Mark, person: Person, now: datetime, policy: Policy) -> Card | None:
    """What the letter has to say as it leaves; None where it has lost its point."""
    numbers = set(openings.numbers_of(mark.subject))
    left = [
        one
        for one in await day_actions.of(session, person.id, now.date())
        if one.id in numbers and not one.done and one.day < now.date()
    ]
    if mark.variant == CARD:
        return await _card(session, person, left, now, policy)
    return left_card(_lines(left), now.date()) if left else None


async def _card(
    session: Session, person: Person, left: Sequence[DayAction], now: datetime, policy: Policy
) -> Card | None:
    """None for who has no goals in force."""
    cycle = await cycles.running(session, now.date())
    found: list[Standing] = []
    scales: Scales | None = None
    for objective in map(masking.opened, await objectives.of_owner(session, person.id, cycle.id)):
        verdicts = judge_objective(objective, now.date(), policy).verdicts
        for kr in objective.counting:
            today = ""
            if kr.metric:
                scales = scales or Scales(
                    policy.metrics, await units.known(session), policy.zone, now, policy.calendar
                )
                target = await day_curves.target_of(session, objective, kr, person, scales, now.date())
                today = day_line(kr, *target) if target else ""
            found.append(Standing(kr, verdicts[kr.id], today))
    if not found:
        return None
    found.sort(key=lambda one: -int(one.verdict.gap_points or 0))
    lagging = sum(one.verdict.status in LAGS for one in found)
    return opening_card(found, _lines(left), now.date(), lagging=lagging)


def _lines(left: Sequence[DayAction]) -> list[Line]:
    return [
        Line(one.ref, one.words, one.until, one.day, done=False, about=f"KR{one.kr_id}" if one.kr_id else "")
        for one in left
    ]


def _facts(left: Sequence[DayAction], variant: str) -> tuple[str, ...]:
    facts = (f"前几天没做完的 {len(left)} 件,上班时问一次",) if left else ()
    return (*facts, "开工卡是开着的,上班时发一张") if variant == CARD else facts


JOB = Job(KEY, "0 5 * * *", "上班时:没做完的动作再问一次,开了开工卡的发一张进度", work=work)
