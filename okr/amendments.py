"""What the admins have changed in chat, over what the file of the company says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNIT, PERSON = "unit:", "person:"


@dataclass(frozen=True, slots=True)
class Amendment:
    """`key` as in the file, dotted (`reminders.progress_warning.behind_points`); a `value` of None is: as the file says.

    `whom`: `unit:西湖店` or `person:E0102`, empty for the whole company.
    """

    key: str
    value: Any
    whom: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """What a later one takes the place of."""
        return self.key, self.whom


CEILING_DAY, CEILING_WEEK = "reminders.ceiling.day", "reminders.ceiling.week"
OFFICE_HOURS, STORE_HOURS, PEAKS = (
    "reminders.send_window.office",
    "reminders.send_window.store",
    "reminders.send_window.peaks",
)
RANKING_LEAST, CLOSE_AFTER = "ranking.least", "cycles.close_after"
COMPANY: Mapping[str, tuple[str, ...]] = {
    CEILING_DAY: ("每天上限", "每天最多", "上限每天", "每天"),
    CEILING_WEEK: ("每周上限", "每周最多", "上限每周", "每周"),
    OFFICE_HOURS: ("办公室时间", "办公室"),
    STORE_HOURS: ("门店时间", "门店"),
    PEAKS: ("忙时", "门店忙时", "高峰"),
    RANKING_LEAST: ("排名最少", "排名"),
    CLOSE_AFTER: ("自动关闭", "周期关闭"),
}
"""What may be changed that belongs to no reminder, and what it is called, the usual name first."""


MECHANISM = "mechanisms"
"""How a unit sets its goals (`okr.mechanism`): always said of one unit."""


def is_changeable(key: str) -> bool:
    """Thresholds, switches and times: nothing that is a secret, an address or a right."""
    return key in COMPANY or key == MECHANISM or key.startswith(("reminders.", "schedule."))
