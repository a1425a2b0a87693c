"""Rules for some people: what they may say, what they become, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.policy import policy_of
from okr.approvals import ApprovalRule, Approver, ChangeField, Need, rule_for
from okr.people import Person
from okr.schemes import Criteria
from tests.config.written import finding_of, settings_of

LI = Person(4, "E0102", "李四", "总部/华东区/西湖店", grade="P3", region="华东", store="西湖店")


def test_approval_for_some(tmp_path: Path) -> None:
    policy = policy_of(
        settings_of(
            tmp_path,
            """
            rules:
              - when: {region: 华东, grade: [店长, 区域经理]}
                approval: {fields: [目标值, 取消, 新建], who: head, need: all, self_approval: true, interview_for_decrease: true}
            """,
        )
    )

    assert policy.approvals == (
        ApprovalRule(
            Criteria(region=frozenset({"华东"}), grade=frozenset({"店长", "区域经理"})),
            frozenset({ChangeField.TARGET, ChangeField.CANCEL, ChangeField.CREATE}),
            Approver.HEAD,
            Need.ALL,
            self_approval=True,
            interview_for_decrease=True,
        ),
    )


def test_who_is_in_no_rule_needs_his_superior_for_everything(tmp_path: Path) -> None:
    policy = policy_of(settings_of(tmp_path, "rules: [{when: {region: 华南}, approval: {fields: []}}]"))

    assert rule_for(policy.approvals, LI) == ApprovalRule()


def test_the_narrower_rule_holds(tmp_path: Path) -> None:
    policy = policy_of(
        settings_of(
            tmp_path,
            """
            rules:
              - approval: {fields: []}
              - when: {store: 西湖店}
                approval: {fields: [目标值]}
            """,
        )
    )

    assert rule_for(policy.approvals, LI).fields == {ChangeField.TARGET}


@pytest.mark.parametrize(
    ("text", "key", "found", "allowed"),
    [
        (
            "rules: [{approval: {fields: [工资]}}]",
            "rules[0].approval.fields[0]",
            "写的是 工资",
            "只能是 新建、加KR",
        ),
        ("rules: [{approval: {who: 老板}}]", "rules[0].approval.who", "写的是 老板", "manager、head、admins"),
        ("rules: [{when: {area: 华东}}]", "rules[0].when.area", "没有这个键", "region"),
        (
            "rules: [{when: {region: 华东}, approval: {}}, {}, {when: {grade: 店长}, approval: {}}]",
            "rules[2].when",
            "和第 1 条写得一样细",
            "写细一点",
        ),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, key: str, found: str, allowed: str) -> None:
    finding = finding_of(tmp_path, text)

    assert finding.key == key
    assert found in finding.found
    assert allowed in finding.allowed
