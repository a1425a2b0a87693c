"""What bot.yaml may say about the reminders: what is common to all, and the switches and thresholds of each.

Every reminder takes `enabled`, its own thresholds, and `per`: what differs for a unit, a store type, or some people.
The line under a threshold begins with what it is called in chat.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from config.section import Section
from config.values import Count, EmployeeNumber, Hours, SendHours, Share, StoreHours


class Ceiling(Section):
    """How many private letters a person may get unasked; 0 = no ceiling."""

    day: Count = 3
    """一天"""
    week: Count = 10
    """一周"""


class SendWindow(Section):
    office: Hours = "09:00-20:00"
    """办公室的人"""
    store: StoreHours = "shift"
    """门店的人:shift(上班时)或一段时间"""
    peaks: tuple[Hours, ...] = ("11:30-13:30", "17:30-20:00")
    """门店忙的时候,不发"""


class Per(Section):
    """What differs for some: whom it is for, and what differs."""

    unit: str = ""
    """哪个部门(含下级)"""
    store_type: str = ""
    """哪种门店"""
    grade: str = ""
    """哪个职级"""
    people: tuple[EmployeeNumber, ...] = ()
    """哪些人,写工号;写了就只对他们"""
    enabled: bool | None = None
    """开还是关,不写跟公司的一样"""
    numbers: dict[str, Any] = Field(default_factory=dict)
    """不一样的门槛,名字和上面的一样"""
    schedule: str = ""
    """不一样的时间,写法和 schedule 一样,像 "thu 16:00";只有按时间看一遍的提醒可以"""


class Rule(Section):
    """A reminder without thresholds of its own."""

    enabled: bool = True
    """开还是关"""
    per: tuple[Per, ...] = ()
    """对部分人不一样的地方"""


class ProgressWarning(Rule):
    behind_points: Count = 10
    """偏慢:慢多少个百分点算偏慢"""
    at_risk_points: Count = 25
    """告急:慢多少个百分点算告急"""
    silent_share: Share = 0.1
    """开头比例:周期开头这一段不提醒"""
    silent_days: Count = 7
    """开头天数:周期开头至少这么多天不提醒"""


class ForecastMiss(Rule):
    committed: Share = 0.95
    """承诺型:承诺型预计达成低于多少提醒"""
    stretch: Share = 0.6
    """挑战型:挑战型预计达成低于多少提醒"""


class KrStalled(Rule):
    days: Count = 14
    """天数:多少天没变化提醒本人"""
    manager_days: Count = 21
    """告诉上级:多少天没变化也告诉上级"""


class ConfidenceDrop(Rule):
    low: Count = 3
    """低:信心到这么低就问"""
    drop: Count = 2
    """掉:一次掉这么多就问"""
    shaky: Count = 4
    """没底:进度正常、信心却这么低也问"""
    sure: Count = 7
    """有底:进度慢了、信心却这么高也问"""
    manager_days: Count = 7
    """告诉上级:低了这么多天还没好,告诉上级"""


class CheckinDue(Rule):
    fresh_days: Count = 3
    """报过天数:这几天里报过就不提醒"""
    weeks: Count = Field(default=1, ge=1, le=4)
    """几周:每几周一次"""


class CheckinOverdue(Rule):
    owner_days: Count = 1
    """本人:晚几个工作日(或班次)提醒本人"""
    manager_days: Count = 3
    """告诉上级:晚几个工作日(或班次)告诉上级"""


class WeeklyReport(Rule):
    sales_positions: tuple[str, ...] = ("销售", "导购")
    """必发职位:职位里有这些字的,周报必发"""


class MonthlyReview(Rule):
    day: Count = Field(default=25, ge=1, le=28)
    """几号:每月几号发起,不上班就提前到工作日"""
    remind_days: Count = 2
    """再提醒:几个工作日还没交再提醒"""
    gap_ratio: float = Field(default=1.3, gt=1, le=100)
    """缺口:接下来要的速度是近四周的几倍以上,算缺人手、缺时间"""
    store_shifts: Count = 3
    """门店班数:门店的人有几个班的时间填"""


class CollabBlocked(Rule):
    asked_hours: Count = 24
    """被请的人:请人帮忙多久没回,提醒被请的人"""
    managers_hours: Count = 48
    """双方上级:多久没回,告诉双方上级"""
    blocker_hours: tuple[Count, ...] = (20, 24, 48)
    """卡点:卡点多久没有下一步,先后提醒本人、协调人、上级"""
    expire_days: Count = 5
    """超时:请人帮忙没说日子的,几个工作日没人回算超时,0 = 一直等"""


class ApprovalPending(Rule):
    remind_hours: tuple[Count, ...] = (24, 48)
    """再提醒:工作时间过了多久再提醒审批人"""
    escalate_hours: Count = 72
    """转给上一级:工作时间过了多久转给上一级或代理人"""


class UpstreamChanged(Rule):
    confirm_days: Count = 3
    """天数:上级目标变了,几个工作日没确认再提醒"""


class AlignmentGap(Rule):
    days: tuple[int, ...] = (-7, 1, 3, 7)
    """天数:周期开始前后第几天,提醒还没有目标的人"""
    weeks_between: Count = 1
    """几周:目标里缺什么,隔几周说一次"""


class DeadlineDue(Rule):
    days: tuple[Count, ...] = (7, 3, 1, 0)
    """截止:截止前几天"""
    cycle_days: tuple[Count, ...] = (14, 3, 0)
    """周期:周期结束前几天"""
    score_every: Count = Field(default=3, ge=1)
    """评分间隔:到期后没评分,每几个工作日提醒一次"""
    grace_days: Count = 10
    """最多天数:到期后最多提醒几天"""


class DataStale(Rule):
    silence: float = Field(default=1.5, ge=1)
    """几倍:超过该来的间隔的几倍算断了"""
    fails: Count = 3
    """几次:连着几次没拉到"""
    jump: float = Field(default=0.5, gt=0)
    """跳变:一天变化超过几成要看一眼"""


class GrowthDue(Rule):
    days: tuple[int, ...] = (-3, -1, 1)
    """天数:学习到期前后第几天"""


class Achievement(Rule):
    steps: tuple[Count, ...] = (25, 50, 75, 100)
    """步:到百分之几庆祝一次"""


class Reminders(Section):
    """What is common to all reminders; each reminder's own switches and thresholds stand under its key."""

    send_window: SendHours[SendWindow] = SendWindow()
    """什么时候可以主动发:always,或分办公室和门店"""
    ceiling: Ceiling = Ceiling()
    """每人最多收几条主动消息,0 = 不限;多的合成一条"""
    opening_card: bool = False
    """开工卡:上班时给每个有目标的人发一张自己的进度,各人可以自己开关"""
    progress_warning: ProgressWarning = ProgressWarning()
    """目标进度预警"""
    forecast_miss: ForecastMiss = ForecastMiss()
    """达成预测预警"""
    kr_stalled: KrStalled = KrStalled()
    """进展停滞提醒"""
    confidence_drop: ConfidenceDrop = ConfidenceDrop()
    """信心下滑提醒"""
    checkin_due: CheckinDue = CheckinDue()
    """进展更新提醒"""
    checkin_overdue: CheckinOverdue = CheckinOverdue()
    """更新逾期催办"""
    weekly_report: WeeklyReport = WeeklyReport()
    """个人进度周报"""
    monthly_review: MonthlyReview = MonthlyReview()
    """月度复盘发起"""
    collab_blocked: CollabBlocked = CollabBlocked()
    """协作障碍提示"""
    approval_pending: ApprovalPending = ApprovalPending()
    """变更审批提醒"""
    upstream_changed: UpstreamChanged = UpstreamChanged()
    """上级目标变更提醒"""
    alignment_gap: AlignmentGap = AlignmentGap()
    """目标未制定/未对齐提醒"""
    deadline_due: DeadlineDue = DeadlineDue()
    """截止与收官评分提醒"""
    data_stale: DataStale = DataStale()
    """数据断更提醒"""
    growth_due: GrowthDue = GrowthDue()
    """学习与面谈提醒"""
    achievement: Achievement = Achievement()
    """达成喝彩与排名激励"""


COMMON = ("send_window", "ceiling", "opening_card")
KEYS = tuple(key for key in Reminders.model_fields if key not in COMMON)
"""The keys of the sixteen reminders."""
