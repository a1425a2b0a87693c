"""Who may see and do what with whose goals: one table (docs/rules/permissions.md)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from okr.objectives import Objective, State, Visibility
from okr.people import Person, is_at_or_below
from okr.policy import Policy


class Role(StrEnum):
    """What somebody is to a goal. One person may be several of these at once."""

    OWNER = "本人"
    DEPUTY = "代理人"
    """Stands in for the owner today."""
    CO_WRITER = "一起写的人"
    MANAGER = "直属上级"
    ACTING = "上级的代理人"
    """Stands in for the direct superior today."""
    LINE = "再上级"
    """Further up the owner's line."""
    UNIT_HEAD = "部门负责人"
    """Leads a unit that the owner belongs to, whoever the line leads to."""
    APPROVER = "审批人"
    """Is asked to decide about this goal now."""
    BELOW = "下级"
    MATE = "同店同部门"
    """Of the same store; outside the stores, of the very same department."""
    DEPARTMENT = "本部门"
    """Of the owner's department or of one below it."""
    NAMED = "指定的人"
    """Reads, and nothing else."""
    HEADQUARTERS = "总部"
    """Of no store and no region."""
    HR = "HR"
    ADMIN = "OKR管理员"
    COLLEAGUE = "同事"
    OUTSIDER = "离职的人"
    """Whoever was never an employee does not come this far."""


class Right(StrEnum):
    SEE = "看公开的目标"
    SEE_DEPARTMENT = "看本部门可见的"
    SEE_LINE = "看上下级可见的"
    SEE_NAMED = "看指定人可见的"
    SEE_DRAFT = "看草稿"
    SEE_PENDING = "看待审批的"
    SEE_AMOUNTS = "看金额"
    SEE_TRAIL = "看修改记录"
    REPORT = "报进度"
    EDIT_DRAFT = "改草稿"
    SUBMIT = "提交草稿"
    """Hand a draft in, delete it, and say who writes it too."""
    SET_VISIBILITY = "定谁可见"
    CHANGE = "申请修改"
    """Ask for a change of what is in force."""
    SCORE = "评分"
    CONFIRM_SCORE = "确认评分"
    CLOSE_CYCLE = "关闭周期"
    ASSIGN_TO_ALL = "派发给全公司"
    ROSTER_ANYBODY = "排任何人的班"
    BRING_STAFF = "导入人员表"
    BRING_ANY_FIGURES = "导入任何门店的数"


_EVERYBODY = frozenset(Role) - {Role.OUTSIDER}
_ABOVE = frozenset({Role.MANAGER, Role.ACTING, Role.LINE, Role.UNIT_HEAD, Role.APPROVER})
_CONCERNED = frozenset({Role.OWNER, Role.DEPUTY, Role.CO_WRITER}) | _ABOVE
_OFFICERS = frozenset({Role.HR, Role.ADMIN})

RIGHTS: Mapping[Right, frozenset[Role]] = {
    Right.SEE: _EVERYBODY,
    Right.SEE_DEPARTMENT: _CONCERNED | _OFFICERS | {Role.MATE, Role.DEPARTMENT},
    Right.SEE_LINE: _CONCERNED | _OFFICERS | {Role.BELOW},
    Right.SEE_NAMED: _CONCERNED | _OFFICERS | {Role.NAMED},
    Right.SEE_DRAFT: frozenset({Role.OWNER, Role.CO_WRITER}),
    Right.SEE_PENDING: _ABOVE | {Role.OWNER, Role.CO_WRITER, Role.ADMIN},
    Right.SEE_AMOUNTS: _CONCERNED | _OFFICERS | {Role.MATE, Role.HEADQUARTERS},
    Right.SEE_TRAIL: _EVERYBODY,
    Right.REPORT: frozenset({Role.OWNER, Role.DEPUTY, Role.MANAGER}),
    Right.EDIT_DRAFT: frozenset({Role.OWNER, Role.CO_WRITER}),
    Right.SUBMIT: frozenset({Role.OWNER}),
    Right.SET_VISIBILITY: frozenset({Role.OWNER, Role.MANAGER, Role.ADMIN}),
    Right.CHANGE: frozenset({Role.OWNER, Role.MANAGER}),
    Right.SCORE: frozenset({Role.OWNER, Role.MANAGER}),
    Right.CONFIRM_SCORE: frozenset({Role.MANAGER}),
    Right.CLOSE_CYCLE: _OFFICERS,
    Right.ASSIGN_TO_ALL: _OFFICERS,
    Right.ROSTER_ANYBODY: _OFFICERS,
    Right.BRING_STAFF: _OFFICERS,
    Right.BRING_ANY_FIGURES: _OFFICERS,
}

_BY_STATE = {
    State.DRAFT: Right.SEE_DRAFT,
    State.DELETED: Right.SEE_DRAFT,
    State.PENDING: Right.SEE_PENDING,
}
_BY_VISIBILITY = {
    Visibility.PUBLIC: Right.SEE,
    Visibility.DEPARTMENT: Right.SEE_DEPARTMENT,
    Visibility.LINE: Right.SEE_LINE,
    Visibility.NAMED: Right.SEE_NAMED,
}


@dataclass(frozen=True, slots=True)
class Ties:
    """What somebody is to a goal and its owner beyond what the two persons tell; storage finds it out.

    `above`: he is somewhere in the owner's line; `below`: the owner is in his. `superior_department`: his own
    superior's, None where he has none. `stores`: whether the company says who is of which store; only then who is
    of none is of the headquarters.
    """

    above: bool = False
    below: bool = False
    deputy: bool = False
    acting: bool = False
    writes: bool = False
    decides: bool = False
    named: bool = False
    superior_department: str | None = None
    stores: bool = False


NO_TIES = Ties()


def roles_of(asker: Person, owner: Person, policy: Policy, ties: Ties = NO_TIES) -> frozenset[Role]:
    """Everything that somebody is to a goal of this owner's."""
    if not asker.active:
        return frozenset({Role.OUTSIDER})
    mate = asker.store == owner.store if owner.store else _same(asker.department, owner.department)
    holds = {
        Role.OWNER: asker.id == owner.id,
        Role.DEPUTY: ties.deputy,
        Role.CO_WRITER: ties.writes,
        Role.MANAGER: owner.manager_id == asker.id,
        Role.ACTING: ties.acting,
        Role.LINE: ties.above,
        Role.UNIT_HEAD: _heads(asker, owner, ties),
        Role.APPROVER: ties.decides,
        Role.BELOW: ties.below,
        Role.MATE: mate,
        Role.DEPARTMENT: is_at_or_below(asker.department, owner.department),
        Role.NAMED: ties.named,
        Role.HEADQUARTERS: ties.stores and bool(asker.department) and not asker.store and not asker.region,
        Role.HR: asker.number in policy.hr,
        Role.ADMIN: asker.number in policy.admins,
        Role.COLLEAGUE: True,
    }
    return frozenset(role for role, held in holds.items() if held)


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _heads(asker: Person, owner: Person, ties: Ties) -> bool:
    """Whether the owner is of the asker's unit, and the asker's own superior is outside it."""
    if ties.superior_department is None or asker.id == owner.id:
        return False
    return is_at_or_below(owner.department, asker.department) and not is_at_or_below(
        ties.superior_department, asker.department
    )


def grants(right: Right, roles: Collection[Role]) -> bool:
    return not RIGHTS[right].isdisjoint(roles)


def right_to_see(objective: Objective) -> Right:
    """Which right it takes to see this goal at all."""
    return _BY_STATE.get(objective.state) or _BY_VISIBILITY[objective.visibility]


def may_see(roles: Collection[Role], objective: Objective) -> bool:
    """An approver has to see what waits for him; a draft is nobody's business yet."""
    return grants(right_to_see(objective), roles)


def may_see_amounts(roles: Collection[Role], objective: Objective) -> bool:
    """Money and a store's figures; nobody sees those of a goal that he does not see."""
    return may_see(roles, objective) and grants(Right.SEE_AMOUNTS, roles)


def may(right: Right, asker: Person, owner: Person) -> bool:
    """Of the rights that need no more than the two persons."""
    return grants(right, roles_of(asker, owner, _NOBODY))


_NOBODY = Policy()


def may_report(asker: Person, owner: Person) -> bool:
    return may(Right.REPORT, asker, owner)


def may_change(asker: Person, owner: Person) -> bool:
    return may(Right.CHANGE, asker, owner)


def may_score(asker: Person, owner: Person) -> bool:
    """The owner suggests a score, his superior may change it."""
    return may(Right.SCORE, asker, owner)


def may_confirm_score(asker: Person, owner: Person) -> bool:
    """The superior; nobody confirms his own, but for who has no superior."""
    top = owner.manager_id is None and asker.active and asker.id == owner.id
    return top or may(Right.CONFIRM_SCORE, asker, owner)


def may_roster_anybody(asker: Person, policy: Policy) -> bool:
    """Who leads a store sets its roster (`handlers.rostering`); personnel and the administrators set anybody's."""
    return grants(Right.ROSTER_ANYBODY, roles_of(asker, asker, policy))


def may_close_cycle(asker: Person, policy: Policy) -> bool:
    """Closing and reopening is for those of personnel and the administrators, whoever's goals they are."""
    return grants(Right.CLOSE_CYCLE, roles_of(asker, asker, policy))


def may_assign_to_all(asker: Person, policy: Policy) -> bool:
    """Goals are handed out to the whole company by personnel and the administrators, to one's own line by who leads it."""
    return grants(Right.ASSIGN_TO_ALL, roles_of(asker, asker, policy))


def may_bring_staff(asker: Person, policy: Policy) -> bool:
    return grants(Right.BRING_STAFF, roles_of(asker, asker, policy))


def may_bring_figures(asker: Person, leads: str, unit: str, policy: Policy) -> bool:
    """Whether somebody may hand in the figures of a unit: who leads it or what is above it, and who looks after the data.

    `leads`: the path of the unit that the asker leads, empty for none.
    """
    if asker.number in policy.data_stewards or grants(
        Right.BRING_ANY_FIGURES, roles_of(asker, asker, policy)
    ):
        return True
    return bool(leads) and is_at_or_below(unit, leads)


def may_see_figures(asker: Person, home: str, unit: str, policy: Policy) -> bool:
    """A unit's turnover and other figures: its own people, its line, headquarters, and who looks after the system.

    `home`: the path of the asker's unit; `unit`: that of the other. A region's figures are not its cashiers'.
    """
    if asker.number in policy.hr or asker.number in policy.admins:
        return True
    if asker.department and not asker.store and not asker.region:
        return True
    return home == unit or (not asker.store and is_at_or_below(unit, asker.department))
