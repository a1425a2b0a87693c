"""What bot.yaml may say for some people only: whom a rule is for, and what holds for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from config.section import Section
from okr.approvals import USUAL, ApprovalRule, Approver, ChangeField, Need
from okr.decomposition import SplitWeight, TargetFactor
from okr.mechanism import Mechanism, MechanismRule
from okr.schemes import Criteria, Scheme, ties

FIELDS = {
    "新建": ChangeField.CREATE,
    "加KR": ChangeField.ADD,
    "标题": ChangeField.TITLE,
    "目标值": ChangeField.TARGET,
    "起始值": ChangeField.START,
    "单位": ChangeField.UNIT,
    "口径": ChangeField.BASIS,
    "截止": ChangeField.DEADLINE,
    "权重": ChangeField.WEIGHT,
    "负责人": ChangeField.OWNER,
    "周期": ChangeField.CYCLE,
    "对齐": ChangeField.PARENT,
    "类型": ChangeField.COMMITMENT,
    "来源": ChangeField.ORIGIN,
    "阶段": ChangeField.STAGES,
    "日常指标": ChangeField.KPI,
    "取消": ChangeField.CANCEL,
}
"""What may need a yes, as it is called in the chat."""


def _known(name: str) -> str:
    if name not in FIELDS:
        raise ValueError(f"只能是 {'、'.join(FIELDS)}")
    return name


def _names(value: Any) -> Any:
    """One name may stand without brackets."""
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_names)]


class When(Section):
    """Of each, one name or several; what is not said is everybody."""

    region: Names = ()
    """区域,比如 华东"""
    store: Names = ()
    """门店"""
    store_type: Names = ()
    """门店类型"""
    grade: Names = ()
    """职级"""
    unit: Names = ()
    """部门,含下级"""

    def criteria(self) -> Criteria:
        return Criteria(
            region=frozenset(self.region),
            store=frozenset(self.store),
            store_type=frozenset(self.store_type),
            grade=frozenset(self.grade),
            unit=frozenset(self.unit),
        )


class Approval(Section):
    fields: tuple[Annotated[str, AfterValidator(_known)], ...] = tuple(
        name for name, field in FIELDS.items() if field in USUAL
    )
    """哪些改动要批:新建、加KR、标题、目标值、起始值、单位、口径、截止、权重、负责人、周期、对齐、类型、来源、阶段、日常指标、取消;不写就是除了对齐的全部"""
    who: Literal["manager", "head", "admins"] = "manager"
    """谁批:manager 直属上级,head 部门负责人,admins 管理员"""
    need: Literal["any", "all"] = "any"
    """几个人批的时候:any 一个人同意就行,all 全都同意"""
    self_approval: bool = False
    """可不可以自己批自己的"""
    interview_for_decrease: bool = False
    """目标放低要不要写明在哪次面谈里说好的"""


class Rule(Section):
    """For whom, and what holds for them. Each part is looked for by itself: the most specific rule that has it."""

    when: When = When()
    """管谁;不写就是所有人"""
    approval: Approval | None = None
    """改目标要谁同意"""
    target_factor: Annotated[Decimal, Field(gt=0, le=10)] | None = None
    """分解时目标乘以多少,比如 0.9"""
    weight: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    """分解时没写占比的,按几份分,比如 1.5;不写就是 1 份"""
    mechanism: Literal["weekly", "monthly"] | None = None
    """目标怎么定:weekly 每周更新,monthly 一个月不变;下个季度起算,机制对比按它分组"""


def approvals(rules: tuple[Rule, ...]) -> tuple[ApprovalRule, ...]:
    return tuple(
        ApprovalRule(
            criteria=rule.when.criteria(),
            fields=frozenset(FIELDS[name] for name in rule.approval.fields),
            who=Approver(rule.approval.who),
            need=Need(rule.approval.need),
            self_approval=rule.approval.self_approval,
            interview_for_decrease=rule.approval.interview_for_decrease,
        )
        for rule in rules
        if rule.approval is not None
    )


def factors(rules: tuple[Rule, ...]) -> tuple[TargetFactor, ...]:
    return tuple(
        TargetFactor(rule.when.criteria(), rule.target_factor)
        for rule in rules
        if rule.target_factor is not None
    )


def weights(rules: tuple[Rule, ...]) -> tuple[SplitWeight, ...]:
    return tuple(SplitWeight(rule.when.criteria(), rule.weight) for rule in rules if rule.weight is not None)


def mechanisms(rules: tuple[Rule, ...]) -> tuple[MechanismRule, ...]:
    return tuple(
        MechanismRule(rule.when.criteria(), Mechanism(rule.mechanism))
        for rule in rules
        if rule.mechanism is not None
    )


def problems(rules: tuple[Rule, ...]) -> Iterator[tuple[int, int]]:
    """The places of two rules that could hold for one person with equal right."""
    yield from _tied(approvals(rules), [rule.approval is not None for rule in rules])
    yield from _tied(factors(rules), [rule.target_factor is not None for rule in rules])
    yield from _tied(weights(rules), [rule.weight is not None for rule in rules])
    yield from _tied(mechanisms(rules), [rule.mechanism is not None for rule in rules])


def _tied(made: Sequence[Scheme], has: Sequence[bool]) -> Iterator[tuple[int, int]]:
    places = [place for place, it_has in enumerate(has) if it_has]
    placed = {id(one): place for one, place in zip(made, places, strict=True)}
    for one, other in ties(made):
        yield placed[id(one)], placed[id(other)]
