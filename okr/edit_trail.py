"""Lines of the edit trail: how a changed field is called, and what of a line is covered with the goal's amounts."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from okr.masking import names_figures

FIELDS = {
    "title": "标题", "target": "目标值", "start": "起始值", "unit": "单位", "basis": "口径", "deadline": "截止", "due": "截止",
    "weight": "权重", "owner": "负责人", "cycle": "周期", "parent": "对齐", "commitment": "类型", "origin": "来源",
    "stages": "阶段", "kpi": "日常指标",
}  # fmt: skip
"""How a changed field is called; what stands for the whole goal (create, add, cancel) is said by the action."""
NO_AMOUNTS = frozenset(
    {
        "title",
        "unit",
        "basis",
        "deadline",
        "due",
        "weight",
        "owner",
        "cycle",
        "parent",
        "commitment",
        "origin",
    }
)
"""Fields whose old and new name no amount."""
PLATFORMS = {"dingtalk": "钉钉", "wecom": "企业微信"}


class TrailLine(Protocol):
    """A line as it is kept; words that cannot be opened any more are None."""

    @property
    def at(self) -> datetime: ...
    @property
    def action(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def approver(self) -> str: ...
    @property
    def platform(self) -> str: ...
    @property
    def kr_id(self) -> int | None: ...
    @property
    def request_id(self) -> int | None: ...
    @property
    def field(self) -> str: ...
    @property
    def old(self) -> str | None: ...
    @property
    def new(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def decision(self) -> str | None: ...


def hides(line: TrailLine) -> bool:
    """Whether old and new are covered where the amounts of its key result are."""
    return line.field not in NO_AMOUNTS and bool(line.old or line.new)


def hides_words(words: str | None) -> bool:
    """The same of a reason or a decision."""
    return bool(words) and names_figures(words or "")
