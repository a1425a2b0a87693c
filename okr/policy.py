"""What a company may decide for itself, as a value: handlers and jobs never see the configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from okr.approvals import ApprovalRule
from okr.decomposition import SplitWeight, TargetFactor
from okr.funnels import FunnelSpec
from okr.mechanism import Mechanisms
from okr.org_chart import DirectoryRule
from okr.origin import TOLERANCE, TOP_DOWN_SHARE
from okr.quota import Quota
from okr.reminding import Ceiling, Reminder, ReminderRule
from okr.schedule import Schedule, When
from okr.templates import GoalTemplate
from okr.windows import SendWindow
from okr.workdays import OfficeCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """A counted figure: `kind` is cumulative, snapshot or ratio."""

    key: str
    name: str
    kind: str
    unit: str
    numerator: str = ""
    denominator: str = ""
    """The two metrics that a ratio is made of."""

    @property
    def is_percent(self) -> bool:
        return self.kind == "ratio" and self.unit in ("", "%")

    @property
    def shown_unit(self) -> str:
        return "%" if self.is_percent else self.unit


@dataclass(frozen=True, slots=True)
class Policy:
    company: str = "我的公司"
    zone: tzinfo = SHANGHAI
    admins: frozenset[str] = frozenset()
    """Employee numbers."""
    hr: frozenset[str] = frozenset()
    data_stewards: frozenset[str] = frozenset()
    """Who looks after the business data; without any the admins do."""
    behind_points: int = 10
    """So many points behind the expected progress is 偏慢."""
    at_risk_points: int = 25
    """So many is 告急."""
    silent_share: float = 0.1
    """No verdict in the first part of a cycle."""
    rhythm_days: int = 14
    """Without an update for so long a key result is 待更新."""
    undo_hours: int = 24
    leaver_days: int = 730
    """So long after leaving somebody is erased; 0 is never by itself."""
    close_after: int = 10
    """So many working days after its end a cycle that nobody closed is closed; 0 for never."""
    help_days: int = 5
    """So many working days a request for help without a day waits for an answer; 0 for ever."""
    calendar: OfficeCalendar = field(default_factory=OfficeCalendar)
    """Which days the office works."""
    factors: tuple[TargetFactor, ...] = ()
    """What targets are multiplied with for some when a goal is broken down."""
    weights: tuple[SplitWeight, ...] = ()
    """How many parts of a goal that is broken down some carry where no share is said; else one."""
    mechanisms: Mechanisms = field(default_factory=lambda: Mechanisms({}))
    """How units set their goals, from the next period on; what holds in a period is kept by storage."""
    top_down_share: Decimal = TOP_DOWN_SHARE
    """The part of the key results, by weight, that is to come from above (70/30)."""
    origin_tolerance: Decimal = TOLERANCE
    """So far from it is still called so."""
    window: SendWindow = field(default_factory=SendWindow)
    """When people may be written to unasked."""
    ceiling: Ceiling = field(default_factory=Ceiling)
    opening_card: bool = False
    """Whether everybody with goals gets a card with his own progress as his day begins, unless he has said no."""
    reminders: Mapping[Reminder, ReminderRule] = field(default_factory=dict)
    """All sixteen, as the company wants them."""
    schedule: Schedule = field(default_factory=dict)
    """When jobs run, where it is not their usual time."""
    quota: Quota | None = None
    """What DingTalk gives a month; None where it is not used."""
    choice_minutes: int = 10
    """How long a number answers the newest numbered message."""
    approvals: tuple[ApprovalRule, ...] = ()
    """For whom which changes need whose yes; for whom none of them is, `DEFAULT_RULE` holds."""
    templates: tuple[GoalTemplate, ...] = ()
    """Goals that are known but for what only the person knows, in the order they are offered."""
    metrics: Mapping[str, MetricSpec] = field(default_factory=dict)
    directory: DirectoryRule = field(default_factory=DirectoryRule)
    """How its people come from the platforms."""
    expected: Mapping[str, timedelta] = field(default_factory=dict)
    """How often each source of business data should bring something new."""
    pulled: frozenset[str] = frozenset()
    """The sources that are fetched, and can be asked again."""
    ranking_least: int = 4
    """A ranking of fewer is none."""
    board: str = ""
    """Where people reach the board, `https://okr.example.com`; empty where they cannot."""
    ranking_weekly: str = ""
    """The metric by which the weekly report ranks who sells; empty for none."""
    funnels: tuple[FunnelSpec, ...] = ()
    """The first that has any figures of somebody is his."""
    links_pictures: bool = False
    """Whether our own server has an address from which chats fetch pictures, so that they cost no call."""

    def own_times(self, job: str) -> Sequence[Mapping[str, When]]:
        """The times of a reminder that differ for some; of any other job there are none."""
        rule = next((rule for reminder, rule in self.reminders.items() if reminder == job), None)
        return rule.own_times if rule is not None else ()

    def timed_for(self, reminder: Reminder, times: Mapping[str, When]) -> Policy:
        """The same, where the reminder's times are these."""
        said = {**self.schedule.get(reminder, {}), **times}
        return replace(self, schedule={**self.schedule, str(reminder): said})
