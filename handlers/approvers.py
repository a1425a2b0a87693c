"""Who is asked about a change, and as whom somebody decides: superiors, heads, admins, and those who stand in for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.asking import Asking
from okr.approvals import ApprovalRule, Approver, approvers
from okr.people import Person
from okr.requests import Part
from storage import absences, people


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is to decide, and for whom."""

    person: Person
    stands_in_for: Person | None = None


async def asked_by(asking: Asking, rule: ApprovalRule, applicant: Person) -> list[Asked]:
    """Whom a rule asks about a change of this applicant's, each once; nobody about his own. Empty: nobody has to."""
    named = await _named(asking, rule, applicant)
    allowed = approvers(rule, applicant.id, (person.id for person in named))
    asked = [
        await substituted(asking, person, not_=(applicant.id,)) for person in named if person.id in allowed
    ]
    return list({one.person.id: one for one in asked}.values())


async def _named(asking: Asking, rule: ApprovalRule, applicant: Person) -> Sequence[Person]:
    match rule.who:
        case Approver.ADMINS:
            return await people.by_numbers(asking.session, sorted(asking.policy.admins))
        case Approver.HEAD:
            return await people.heads_of(asking.session, applicant)
        case Approver.MANAGER:
            line = await people.line_above(asking.session, applicant)
            found = await people.by_ids(asking.session, line)
            above = next((found[id_] for id_ in line if id_ in found and found[id_].active), None)
            return [] if above is None else [above]


async def substituted(asking: Asking, person: Person, *, not_: Iterable[int] = ()) -> Asked:
    """The deputy, where the person is away today and the deputy is there and none of `not_`."""
    absence = (await absences.on(asking.session, [person.id], asking.today)).get(person.id)
    if absence is None or absence.deputy_id is None or absence.deputy_id in not_:
        return Asked(person)
    deputy = await people.by_id(asking.session, absence.deputy_id)
    if deputy is None or not deputy.active or await absences.on(asking.session, [deputy.id], asking.today):
        return Asked(person)
    return Asked(deputy, person)


async def acts_for(asking: Asking) -> list[int]:
    """The ids under which the asker may decide today: his own, and those whom he stands in for."""
    return [
        asking.asker.id,
        *await absences.replaced_by(asking.session, asking.asker.id, asking.today),
    ]


async def part_of_asker(asking: Asking, parts: Sequence[Part]) -> Part | None:
    """The part in which the asker speaks: his own, the one a deputy has for him, or one of somebody he stands in for."""
    mine = asking.asker.id
    own = [part for part in parts if part.approver_id == mine] + [
        part for part in parts if part.stands_in_for == mine
    ]
    ids = await acts_for(asking)
    deputised = [part for part in parts if part.approver_id in ids]
    found = [*own, *deputised]
    return next((part for part in found if part.state == "waiting"), found[0] if found else None)
