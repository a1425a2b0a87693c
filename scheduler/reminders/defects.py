"""What is missing in goals that are in force, a part of 目标未制定/未对齐提醒: once a week, with a tap for each.

Their owner hears what; who leads him whose goals and how many; personnel the sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from cards.alignment_gap import Gap, gaps_card, gaps_team_card, gaps_total_card
from chat.card import Card
from okr.alignment import skips_level
from okr.levels import level_of
from okr.masking import opened
from okr.objectives import Objective
from okr.origin import origins_of
from okr.people import Person
from okr.reminding import Reminder
from okr.writing import Code, check_objective
from scheduler.reminder import Glance, Nudge
from scheduler.reminders.subjects import each_of
from storage import candidates, cycles, objectives, people

KEY = Reminder.ALIGNMENT_GAP
MONDAY = 0
TOLD = (
    Code.NO_KEY_RESULTS,
    Code.TARGET_MISSING,
    Code.BASELINE_MISSING,
    Code.SHARES_ABOVE_ONE,
    Code.NO_DIRECTION_PARENT,
)
"""Of what a draft is checked for, that which is a gap later, too; the most pressing first."""
SKIPS = "skips_level"
TOGETHER = 200
OWN, TEAM, TOTAL = "gaps", "gapsT", "gapsH"
"""How the subjects begin: one's own (`gaps12`), of whom one leads, of the company."""


async def look(glance: Glance) -> list[Nudge]:
    """On Mondays of everybody."""
    if glance.only and not glance.only.startswith(OWN):
        return []
    if not glance.only and glance.today.weekday() != MONDAY:
        return []
    found = await _gaps(glance, await _whose(glance))
    nudges = [_own(glance, owner, gaps, share) for owner, gaps, share in found]
    lacking = [(owner, gaps) for owner, gaps, _ in found if gaps and glance.rule(KEY, owner).on]
    nudges += await _above(glance, lacking)
    return [one for one in nudges if one is not None and glance.only in ("", one.subject)]


async def _whose(glance: Glance) -> list[int] | None:
    """Whose goals are looked at; None is everybody's."""
    if glance.only.startswith(TEAM):
        led = await people.reporting_to(glance.session, int(glance.only.removeprefix(TEAM)))
        return [one.id for one in led]
    if not glance.only or glance.only.startswith(TOTAL):
        return None
    return [int(glance.only.removeprefix(OWN))]


async def _gaps(glance: Glance, whose: Sequence[int] | None) -> list[tuple[Person, list[Gap], float | None]]:
    """By owner what is missing, and the part of his key results that comes from above."""
    cycle = await cycles.running(glance.session, glance.today)
    found: dict[int, list[Gap]] = {}
    parts: dict[int, list[float]] = {}
    known: dict[int, Person] = {}
    owners = await candidates.with_gaps(glance.session, cycle.id) if whose is None else list(whose)
    for begin in range(0, len(owners), TOGETHER):
        unscored = candidates.unscored(glance.session, cycle.id, owners[begin : begin + TOGETHER])
        async for chunk in each_of(glance.session, unscored):
            known |= await people.by_ids(
                glance.session, sorted({one.owner_id for one in chunk} - known.keys())
            )
            levels = await _levels(glance, chunk, known)
            for objective in map(opened, chunk):
                gaps = _of_objective(objective, known[objective.owner_id], levels)
                found.setdefault(objective.owner_id, []).extend(gaps)
                split = origins_of([objective])
                if split is not None:
                    parts.setdefault(objective.owner_id, []).append(float(split.top_down))
    shares = {owner: sum(some) / len(some) for owner, some in parts.items()}
    return [(known[owner], gaps, shares.get(owner)) for owner, gaps in found.items()]


async def _levels(
    glance: Glance, chunk: Sequence[Objective], known: dict[int, Person]
) -> Mapping[int, tuple[int, int]]:
    """By objective that supports another one: at which level it stands, and the one above."""
    parents = {one.id: one.parent_kr for one in chunk if one.parent_kr is not None}
    owners = await objectives.owners_of(glance.session, sorted(set(parents.values())))
    known |= await people.by_ids(glance.session, sorted(set(owners.values()) - known.keys()))
    everybody = [*owners.values(), *(one.owner_id for one in chunk)]
    above = {known[one].manager_id for one in everybody} - {None}
    bosses = await people.by_ids(glance.session, sorted(one for one in above if one is not None))

    def level(who: int) -> int:
        return level_of(known[who], bosses.get(known[who].manager_id or 0))

    return {
        one.id: (level(one.owner_id), level(owners[one.parent_kr]))
        for one in chunk
        if one.parent_kr is not None and one.parent_kr in owners
    }


def _of_objective(objective: Objective, owner: Person, levels: Mapping[int, tuple[int, int]]) -> list[Gap]:
    findings = check_objective(objective, top=owner.manager_id is None)
    gaps = [
        Gap(str(one.code), objective.ref, f"KR{one.kr_id}" if one.kr_id else objective.ref)
        for code in TOLD
        for one in findings
        if one.code is code
    ]
    if objective.id in levels and skips_level(*levels[objective.id]):
        gaps.append(Gap(SKIPS, objective.ref, objective.ref))
    return gaps


def _own(glance: Glance, owner: Person, gaps: list[Gap], share: float | None) -> Nudge | None:
    rule = glance.rule(KEY, owner)
    if not rule.on or not owner.active or not gaps or not _is_the_week(glance, owner):
        return None
    away = share is not None and abs(share - float(glance.policy.top_down_share)) > float(
        glance.policy.origin_tolerance
    )
    card = gaps_card(gaps, top_down=round((share or 0) * 100) if away else None)
    why = (f"缺 {len(gaps)} 处", f"门槛:每 {rule['weeks_between']} 周说一次")
    return _nudge(glance, owner, f"{OWN}{owner.id}", OWN, card, why)


async def _above(glance: Glance, lacking: Sequence[tuple[Person, list[Gap]]]) -> list[Nudge]:
    teams: dict[int, list[tuple[str, int]]] = {}
    for owner, gaps in lacking:
        if owner.manager_id is not None and owner.active:
            teams.setdefault(owner.manager_id, []).append((owner.name, len(gaps)))
    nudges: list[Nudge] = []
    for one in (await people.by_ids(glance.session, sorted(teams))).values():
        if one.active and glance.rule(KEY, one).on and _is_the_week(glance, one):
            why = (f"{len(teams[one.id])} 个人的目标还缺东西",)
            nudges.append(
                _nudge(glance, one, f"{TEAM}{one.id}", "gaps_team", gaps_team_card(teams[one.id]), why)
            )
    if lacking and (not glance.only or glance.only.startswith(TOTAL)):
        units = Counter(owner.unit or "没有部门" for owner, _ in lacking).most_common()
        count = sum(len(gaps) for _, gaps in lacking)
        for one in await people.by_numbers(glance.session, sorted(glance.policy.hr or glance.policy.admins)):
            if glance.rule(KEY, one).on and _is_the_week(glance, one):
                card = gaps_total_card(units, count)
                nudges.append(
                    _nudge(glance, one, f"{TOTAL}{one.id}", "gaps_total", card, (f"全公司缺 {count} 处",))
                )
    return nudges


def _is_the_week(glance: Glance, person: Person) -> bool:
    weeks = max(1, int(glance.rule(KEY, person)["weeks_between"]))
    return glance.today.isocalendar().week % weeks == 0


def _nudge(glance: Glance, to: Person, subject: str, variant: str, card: Card, why: tuple[str, ...]) -> Nudge:
    year, week, _ = glance.today.isocalendar()
    return Nudge(to.id, subject, card, variant=variant, period=f"{year}-W{week:02}", facts=why)
