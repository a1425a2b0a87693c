"""A draft with what is missing or doubtful on it, each with the taps that settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cards.sayings import kr_name, say_goal, say_split
from cards.templating import render
from chat.card import Card
from okr.objectives import Commitment, KeyResult, Objective, Origin, State
from okr.origin import TOP_DOWN_SHARE
from okr.refusals import SharesAboveOne
from okr.weights import kr_weights, percentages
from okr.writing import Code, Finding, Fix

SHOWN = 3
"""Doubts on one card; settling one brings up the next."""
_AT_LAST = {Code.NO_DIRECTION_PARENT: 1, Code.DIRECTION_MISSING: 2, Code.NOT_SEVENTY_THIRTY: 3}
"""What concerns the whole comes after what is doubtful in a line."""


def draft_card(
    objective: Objective,
    findings: Sequence[Finding],
    *,
    news: str = "",
    unread: str = "",
    others: str = "",
    owner: str = "",
    note: str = "",
    direction: str = "",
    lessons: str = "",
    top_down: Decimal = TOP_DOWN_SHARE,
) -> Card:
    """The draft as it stands. `news`: what has just been changed; `unread`: words that nothing was made of;
    `others`: what those who write it too have changed since it was last shown; `owner`: whose it is, for whoever
    only writes it too and cannot hand it in; `note`: what became of the wish to support something; `direction`: the
    annual one it belongs to; `lessons`: what was learnt where it was carried over from; `top_down`: the part of key
    results that the company wants to come from above.
    """
    findings = sorted(findings, key=lambda finding: (not finding.blocks, _AT_LAST.get(finding.code, 0)))
    key_results = {kr.id: kr for kr in objective.key_results if kr.state is not State.DELETED}
    shares = _shares(objective)
    blocked = any(finding.blocks for finding in findings)
    return render(
        "draft",
        live=True,
        about=objective.ref,
        ref=objective.ref,
        title=objective.title,
        news=news,
        unread=unread,
        others=others,
        owner=owner,
        note=note,
        direction=direction,
        lessons=lessons,
        cycle=objective.cycle.name,
        parent=f"KR{objective.parent_kr}" if objective.parent_kr else "",
        key_results=[
            {
                "ref": kr.ref,
                "name": kr_name(kr),
                "goal": say_goal(kr.measure),
                "share": shares.get(kr.id, ""),
                "meant": _meant(kr),
            }
            for kr in key_results.values()
        ],
        findings=[
            {**_finding(finding, key_results, objective), "wanted": say_split(top_down)}
            for finding in findings[:SHOWN]
        ],
        more=max(0, len(findings) - SHOWN),
        blocked=blocked,
    )


def _meant(kr: KeyResult) -> str:
    """What is not as usual: a stretch, handed down from above."""
    said = [
        *([str(kr.commitment)] if kr.commitment is Commitment.STRETCH else []),
        *([str(kr.origin)] if kr.origin is Origin.TOP_DOWN else []),
    ]
    return " · ".join(said)


def _shares(objective: Objective) -> dict[int, str]:
    try:
        weights = kr_weights(objective)
    except SharesAboveOne:
        return {kr.id: f"{kr.share:.0%}" if kr.share is not None else "" for kr in objective.counting}
    return {
        kr_id: f"{share}%" for kr_id, share in zip(weights, percentages(list(weights.values())), strict=True)
    }


def _finding(finding: Finding, key_results: Mapping[int, KeyResult], objective: Objective) -> dict[str, Any]:
    kr = key_results.get(finding.kr_id or 0)
    ref = kr.ref if kr else objective.ref
    return {
        "code": str(finding.code),
        "blocks": finding.blocks,
        "ref": ref,
        "title": kr.title if kr else objective.title,
        "basis": str(kr.measure.basis) if kr else "",
        "fixes": [_tap(fix, ref) for fix in finding.fixes[:2]],
    }


def _tap(fix: Fix, ref: str) -> dict[str, str]:
    """A fix as a button: its label and the command it says."""
    label, say = {
        "set_unit": (f"单位是{fix.argument}", f"修改 {ref} 单位 {fix.argument}"),
        "set_basis": (f"是{fix.argument}", f"修改 {ref} 口径 {fix.argument}"),
        "set_start": ("填起点", f"修改 {ref} 起始值 {fix.argument}".strip()),
        "set_target": ("改目标值", f"修改 {ref} 目标值"),
        "set_points": ("个百分点", f"修改 {ref} 按 个点"),
        "set_relative": ("百分比", f"修改 {ref} 按 百分比"),
        "set_scale": ("是百分数", f"修改 {ref} 按 百分数"),
        "keep": ("没写错", f"修改 {ref} 没写错"),
        "set_due": ("截到周期末", f"修改 {ref} 截止 {fix.argument}"),
        "set_title": ("改标题", f"修改 {ref} 标题"),
        "add_key_result": ("加一个KR", f"加KR {ref}"),
        "even_weights": ("平均分", f"修改 {ref} 权重 平均"),
        "set_parent": ("写支撑谁", f"对齐 {ref}"),
        "set_direction": ("选年度方向", f"方向 {ref}"),
        "set_exception": ("标成例外", f"方向 {ref} 例外"),
        "set_origin": ("是上级分的", f"修改 {ref} 来源 自上而下"),
        "delete": ("删掉它", f"删除 {ref}"),
    }[fix.code]
    return {"label": f"{ref} {label}", "say": say}
