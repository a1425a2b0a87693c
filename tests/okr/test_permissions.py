"""The table of rights, written out once more by hand: a change of the code has to be meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from okr.objectives import State, Visibility
from okr.people import Person
from okr.permissions import (
    RIGHTS,
    Right,
    Role,
    Ties,
    grants,
    may_assign_to_all,
    may_close_cycle,
    may_confirm_score,
    may_report,
    may_roster_anybody,
    may_score,
    may_see,
    may_see_amounts,
    right_to_see,
    roles_of,
)
from okr.policy import Policy
from tests.okr.goals import objective
from tests.okr.worked import rows

COLUMNS = [
    Role.OWNER, Role.DEPUTY, Role.CO_WRITER, Role.MANAGER, Role.ACTING, Role.LINE, Role.UNIT_HEAD, Role.APPROVER, Role.BELOW,
    Role.MATE, Role.DEPARTMENT, Role.NAMED, Role.HEADQUARTERS, Role.HR, Role.ADMIN, Role.COLLEAGUE, Role.OUTSIDER,
]  # fmt: skip
#                       own dep cow mgr act lin hea app bel mat dpt nam hq  hr  adm col out
TABLE = {
    Right.SEE:              "x   x   x   x   x   x   x   x   x   x   x   x   x   x   x   x   -",
    Right.SEE_DEPARTMENT:   "x   x   x   x   x   x   x   x   -   x   x   -   -   x   x   -   -",
    Right.SEE_LINE:         "x   x   x   x   x   x   x   x   x   -   -   -   -   x   x   -   -",
    Right.SEE_NAMED:        "x   x   x   x   x   x   x   x   -   -   -   x   -   x   x   -   -",
    Right.SEE_DRAFT:        "x   -   x   -   -   -   -   -   -   -   -   -   -   -   -   -   -",
    Right.SEE_PENDING:      "x   -   x   x   x   x   x   x   -   -   -   -   -   -   x   -   -",
    Right.SEE_AMOUNTS:      "x   x   x   x   x   x   x   x   -   x   -   -   x   x   x   -   -",
    Right.SEE_TRAIL:        "x   x   x   x   x   x   x   x   x   x   x   x   x   x   x   x   -",
    Right.REPORT:           "x   x   -   x   -   -   -   -   -   -   -   -   -   -   -   -   -",
    Right.EDIT_DRAFT:       "x   -   x   -   -   -   -   -   -   -   -   -   -   -   -   -   -",
    Right.SUBMIT:           "x   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -",
    Right.SET_VISIBILITY:   "x   -   -   x   -   -   -   -   -   -   -   -   -   -   x   -   -",
    Right.CHANGE:           "x   -   -   x   -   -   -   -   -   -   -   -   -   -   -   -   -",
    Right.SCORE:            "x   -   -   x   -   -   -   -   -   -   -   -   -   -   -   -   -",
    Right.CONFIRM_SCORE:    "-   -   -   x   -   -   -   -   -   -   -   -   -   -   -   -   -",
    Right.CLOSE_CYCLE:      "-   -   -   -   -   -   -   -   -   -   -   -   -   x   x   -   -",
    Right.ASSIGN_TO_ALL:    "-   -   -   -   -   -   -   -   -   -   -   -   -   x   x   -   -",
    Right.ROSTER_ANYBODY:   "-   -   -   -   -   -   -   -   -   -   -   -   -   x   x   -   -",
    Right.BRING_STAFF:      "-   -   -   -   -   -   -   -   -   -   -   -   -   x   x   -   -",
    Right.BRING_ANY_FIGURES: "-  -   -   -   -   -   -   -   -   -   -   -   -   x   x   -   -",
}  # fmt: skip
CELLS = [
    (right, role, mark == "x")
    for right, line in TABLE.items()
    for role, mark in zip(COLUMNS, line.split(), strict=True)
]


@pytest.mark.parametrize(("right", "role", "granted"), CELLS)
def test_each_cell(right: Right, role: Role, granted: bool) -> None:
    assert grants(right, {role}) is granted


def test_the_table_is_whole() -> None:
    assert set(TABLE) == set(Right) == set(RIGHTS)
    assert set(COLUMNS) == set(Role)


def test_the_page_for_people_is_the_same_table() -> None:
    page = {
        (line["权限"], role): mark == "✓"
        for line in rows("permissions", "权限表")
        for role, mark in line.items()
        if role != "权限"
    }
    assert page == {(str(right), str(role)): granted for right, role, granted in CELLS}


# --- who is what to whose goal ---

WEST, RIVER = "总部/华东区/西湖店", "总部/华东区/滨江店"
CHEN = Person(1, "E0001", "陈总", "总部")
LIN = Person(2, "E0002", "林晓", "总部/人力资源部", manager_id=1)
ZHOU = Person(3, "E0003", "周敏", "总部/华东区", manager_id=1, region="华东")
WANG = Person(4, "E0101", "王店", WEST, manager_id=3, region="华东", store="西湖店")
LI = Person(5, "E0102", "李四", WEST, manager_id=4, region="华东", store="西湖店")
ZHANG = Person(6, "E0103", "张三", WEST, manager_id=4, region="华东", store="西湖店")
ZHAO = Person(7, "E0201", "赵店", RIVER, manager_id=3, region="华东", store="滨江店")
EVERYBODY = (CHEN, LIN, ZHOU, WANG, LI, ZHANG, ZHAO)
POLICY = Policy(admins=frozenset({"E0001"}), hr=frozenset({"E0002"}))
LINES = {1: (), 2: (1,), 3: (1,), 4: (3, 1), 5: (4, 3, 1), 6: (4, 3, 1), 7: (3, 1)}
DEPARTMENTS = {person.id: person.department for person in EVERYBODY}


def ties(asker: Person, owner: Person) -> Ties:
    """What storage would find."""
    return Ties(
        above=asker.id in LINES[owner.id],
        below=owner.id in LINES[asker.id],
        superior_department=DEPARTMENTS.get(asker.manager_id or 0),
        stores=True,
    )


def roles(asker: Person, owner: Person) -> frozenset[Role]:
    return roles_of(asker, owner, POLICY, ties(asker, owner))


@pytest.mark.parametrize(
    ("asker", "owner", "expected"),
    [
        (LI, LI, {Role.OWNER, Role.MATE, Role.DEPARTMENT}),
        (WANG, LI, {Role.MANAGER, Role.LINE, Role.UNIT_HEAD, Role.MATE, Role.DEPARTMENT}),
        (ZHOU, LI, {Role.LINE, Role.UNIT_HEAD}),
        (CHEN, LI, {Role.LINE, Role.HEADQUARTERS, Role.ADMIN}),
        (LIN, LI, {Role.HEADQUARTERS, Role.HR}),
        (ZHANG, LI, {Role.MATE, Role.DEPARTMENT}),
        (ZHAO, LI, set()),
        (LI, WANG, {Role.BELOW, Role.MATE, Role.DEPARTMENT}),
        (LI, ZHOU, {Role.BELOW, Role.DEPARTMENT}),
        (ZHAO, ZHOU, {Role.BELOW, Role.DEPARTMENT}),
        (WANG, CHEN, {Role.BELOW, Role.DEPARTMENT}),
        (LIN, CHEN, {Role.BELOW, Role.DEPARTMENT, Role.HEADQUARTERS, Role.HR}),
    ],
)
def test_what_somebody_is(asker: Person, owner: Person, expected: set[Role]) -> None:
    assert roles(asker, owner) == expected | {Role.COLLEAGUE}


def test_who_has_left_is_nothing_else_even_to_what_was_his() -> None:
    gone = replace(LI, active=False)
    assert roles_of(gone, gone, POLICY, Ties(writes=True, named=True)) == {Role.OUTSIDER}
    assert not may_report(gone, gone)


def test_without_any_store_in_the_staff_nobody_is_of_the_headquarters() -> None:
    assert Role.HEADQUARTERS not in roles_of(LIN, LI, Policy(), Ties(stores=False))


def test_nobody_is_of_an_unknown_department() -> None:
    nowhere, other = Person(8, "E8", "甲"), Person(9, "E9", "乙")
    assert roles_of(nowhere, other, Policy(), Ties(stores=True)) == {Role.COLLEAGUE}


@pytest.mark.parametrize(
    ("owner", "who"),
    [
        (LI, [CHEN, LIN, ZHOU, WANG, LI, ZHANG]),
        (WANG, [CHEN, LIN, ZHOU, WANG, LI, ZHANG]),
        (ZHAO, [CHEN, LIN, ZHOU, ZHAO]),
        (ZHOU, [CHEN, LIN, ZHOU]),
        (CHEN, [CHEN, LIN]),
    ],
)
def test_whose_amounts_who_sees(owner: Person, who: list[Person]) -> None:
    assert [one for one in EVERYBODY if may_see_amounts(roles(one, owner), objective())] == who


@pytest.mark.parametrize(
    ("state", "visibility", "who"),
    [
        (State.DRAFT, Visibility.PUBLIC, [LI]),
        (State.DELETED, Visibility.PUBLIC, [LI]),
        (State.PENDING, Visibility.PUBLIC, [CHEN, ZHOU, WANG, LI]),
        (State.ACTIVE, Visibility.PUBLIC, list(EVERYBODY)),
        (State.CLOSED, Visibility.PUBLIC, list(EVERYBODY)),
        (State.ACTIVE, Visibility.DEPARTMENT, [CHEN, LIN, ZHOU, WANG, LI, ZHANG]),
        (State.ACTIVE, Visibility.LINE, [CHEN, LIN, ZHOU, WANG, LI]),
        (State.ACTIVE, Visibility.NAMED, [CHEN, LIN, ZHOU, WANG, LI]),
        (State.DRAFT, Visibility.NAMED, [LI]),
    ],
)
def test_who_sees_a_goal(state: State, visibility: Visibility, who: list[Person]) -> None:
    goal = replace(objective(state=state), visibility=visibility)
    assert [one for one in EVERYBODY if may_see(roles(one, LI), goal)] == who


def test_whom_it_is_named_for_sees_it_and_no_amount() -> None:
    named = roles_of(ZHAO, LI, POLICY, Ties(named=True))
    goal = replace(objective(), visibility=Visibility.NAMED)
    assert right_to_see(goal) is Right.SEE_NAMED
    assert may_see(named, goal)
    assert not may_see_amounts(named, goal)


def test_the_owner_and_the_manager_report() -> None:
    assert [one for one in EVERYBODY if may_report(one, LI)] == [WANG, LI]


def test_scores_are_suggested_by_the_owner_and_confirmed_by_the_superior() -> None:
    assert [one for one in EVERYBODY if may_score(one, LI)] == [WANG, LI]
    assert [one for one in EVERYBODY if may_confirm_score(one, LI)] == [WANG]


def test_who_has_no_superior_confirms_himself() -> None:
    assert [one for one in EVERYBODY if may_confirm_score(one, CHEN)] == [CHEN]


def test_personnel_and_administrators_close_cycles() -> None:
    assert [one for one in EVERYBODY if may_close_cycle(one, POLICY)] == [CHEN, LIN]
    assert [one for one in EVERYBODY if may_assign_to_all(one, POLICY)] == [CHEN, LIN]
    assert [one for one in EVERYBODY if may_roster_anybody(one, POLICY)] == [CHEN, LIN]
    assert not may_close_cycle(replace(CHEN, active=False), POLICY)
