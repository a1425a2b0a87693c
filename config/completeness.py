"""What a file of the right shape may still lack: credentials of a platform that is switched on, and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from pydantic import BaseModel, ValidationError

from config import funnels, rules, schedule, sources, templates
from config.reminders import KEYS, Reminders, Rule
from config.settings import Ingest, Metric, Settings, WeCom, WeComRobot
from config.source import KeyPath

Problem: TypeAlias = tuple[KeyPath, str, str]
"""A key path, what was found there, what is allowed."""

TIMED = (
    "progress_warning", "forecast_miss", "kr_stalled", "confidence_drop", "checkin_due", "checkin_overdue",
    "weekly_report", "upstream_changed", "alignment_gap", "deadline_due",
)  # fmt: skip
"""Reminders that look at a time of their own, which may be another one for some."""
_IN_ORDER = (
    ("progress_warning", "behind_points", "at_risk_points"),
    ("kr_stalled", "days", "manager_days"),
    ("checkin_overdue", "owner_days", "manager_days"),
    ("collab_blocked", "asked_hours", "managers_hours"),
)
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


def problems(settings: Settings) -> Iterator[Problem]:
    dingtalk = settings.dingtalk
    if dingtalk.enabled:
        if not dingtalk.client_id:
            yield ("dingtalk", "client_id"), "启用了钉钉但没有写", "开放平台应用的 Client ID"
        yield from _secrets(("dingtalk",), dingtalk, "client_secret")
    if settings.wecom.enabled:
        yield from _wecom(settings.wecom)
    yield from _tokens(settings.ingest)
    pushing = [token.name for token in settings.ingest.tokens]
    for place, found, allowed in sources.problems(settings.sources, pushing):
        yield ("sources", *place), found, allowed
    for key, metric in settings.metrics.items():
        yield from _ratio(key, metric, settings)
    yield from _reminders(settings.reminders)
    for one, other in rules.problems(settings.rules):
        found = f"和第 {one + 1} 条写得一样细,又可能管到同一个人"
        yield ("rules", other, "when"), found, "写细一点,或者加一条更细的来定"
    for path, found, allowed in templates.problems(settings.templates, settings.metrics):
        yield ("templates", *path), found, allowed
    yield from funnels.problems(settings)
    for path, found, allowed in schedule.problems(settings.schedule):
        yield ("schedule", *path), found, allowed
    for day in sorted(set(settings.calendar.holidays) & set(settings.calendar.workdays)):
        yield ("calendar",), f"{day} 又放假又上班", "留在 holidays 或 workdays 里的一个"


def _wecom(wecom: WeCom) -> Iterator[Problem]:
    if not wecom.corp_id:
        yield ("wecom", "corp_id"), "启用了企业微信但没有写", "企业 ID,ww 开头"
    if wecom.app is None and wecom.robot is None:
        yield ("wecom",), "启用了企业微信但没有写 app 或 robot", "至少写一个"
    if wecom.app is not None:
        if not wecom.app.agent_id:
            yield ("wecom", "app", "agent_id"), "没有写", "自建应用的 AgentId"
        yield from _secrets(("wecom", "app"), wecom.app, "secret", "token", "encoding_aes_key")
    if wecom.robot is not None:
        yield from _robot(wecom.robot)


def _robot(robot: WeComRobot) -> Iterator[Problem]:
    here = ("wecom", "robot")
    if robot.mode == "callback":
        yield from _secrets(here, robot, "token", "encoding_aes_key")
        return
    if not robot.bot_id:
        yield (*here, "bot_id"), "长连接模式没有写", "智能机器人的 Bot ID"
    yield from _secrets(here, robot, "secret")


def _secrets(path: KeyPath, section: BaseModel, *names: str) -> Iterator[Problem]:
    for name in names:
        value = getattr(section, name).get_secret_value()
        if not value:
            yield (*path, name), "没有写", f"管理后台里的 {name},也可以写 {name}_file"
        elif name == "encoding_aes_key" and not _AES_KEY.fullmatch(value):
            yield (*path, name), f"这个值不行({len(value)} 位)", "43 位英文字母和数字"


def _tokens(ingest: Ingest) -> Iterator[Problem]:
    """A key result shows the token's name as its source, so that neither may be ambiguous."""
    names: set[str] = set()
    secrets: set[str] = set()
    for index, token in enumerate(ingest.tokens):
        here: KeyPath = ("ingest", "tokens", index)
        secret = token.token.get_secret_value()
        if token.name in names:
            yield (*here, "name"), f"{token.name} 写了两遍", "每个来源一个名字"
        if not secret:
            yield (*here, "token"), "没有写", "推数据用的令牌,也可以写 token_file"
        elif secret in secrets:
            yield (*here, "token"), "和另一个来源的令牌一样", "每个来源一个令牌"
        names.add(token.name)
        secrets.add(secret)


def _ratio(key: str, metric: Metric, settings: Settings) -> Iterator[Problem]:
    if metric.kind != "ratio":
        return
    ratios = [one for one, other in settings.metrics.items() if other.kind == "ratio"]
    for name in ("numerator", "denominator"):
        side = getattr(metric, name)
        if not side:
            yield ("metrics", key, name), "比率没有写", "另一个指标的键"
        elif side in ratios:
            yield ("metrics", key, name), f"{side} 自己也是比率", "一个累计或时点的指标"


def _reminders(reminders: Reminders) -> Iterator[Problem]:
    """What differs for some must be a threshold of that reminder, with a value it can have; what is worse comes later."""
    yield from _in_order(reminders)
    for key in KEYS:
        rule = getattr(reminders, key)
        known = [name for name in type(rule).model_fields if name not in ("enabled", "per")]
        for index, per in enumerate(rule.per):
            here: KeyPath = ("reminders", key, "per", index)
            if per.schedule:
                yield from _timed(key, per.schedule, (*here, "schedule"))
            if not (per.unit or per.store_type or per.grade or per.people):
                yield here, "没有写对谁", "unit、store_type、grade 或 people"
            for name, value in per.numbers.items():
                if name not in known:
                    yield (*here, "numbers", name), "这个提醒没有这个门槛", "、".join(known) or "没有门槛"
                elif not _fits(rule, name, value):
                    yield (*here, "numbers", name), f"这个值不行({value})", f"像 {getattr(rule, name)} 这样"


def _in_order(reminders: Reminders) -> Iterator[Problem]:
    for key, first, then in _IN_ORDER:
        rule = getattr(reminders, key)
        one, other = getattr(rule, first), getattr(rule, then)
        if one > other:
            called = (type(rule).model_fields[then].description or "").partition(":")[0]
            allowed = f"不能大于「{called}」({then}),现在是 {other}"
            yield ("reminders", key, first), f"写的是 {one}", allowed


def _timed(key: str, said: str, path: KeyPath) -> Iterator[Problem]:
    if key not in TIMED:
        yield path, "这个提醒不按时间看一遍", f"{'、'.join(TIMED)} 可以"
    elif not schedule.makes_sense(said):
        yield path, f"写的是 {said}", schedule.ALLOWED


def _fits(rule: Rule, name: str, value: object) -> bool:
    try:
        type(rule).model_validate({name: value})
    except ValidationError:
        return False
    return True
