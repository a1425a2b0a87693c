"""What of the configuration is the company's own decision, as a value that handlers and jobs may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta

from config.funnels import funnels
from config.holidays import office_calendar
from config.reminders import KEYS, Per, Reminders, Rule
from config.rules import approvals, factors, mechanisms, weights
from config.schedule import SLOTS, read_when, schedule_of
from config.settings import Metric, Settings, usual_metrics
from config.templates import templates
from okr.mechanism import Mechanism, Mechanisms
from okr.org_chart import DirectoryRule
from okr.policy import MetricSpec, Policy
from okr.quota import Quota
from okr.reminding import Ceiling, Exceptional, Reminder, ReminderRule
from okr.schemes import Criteria
from okr.windows import Hours, SendWindow


def policy_of(settings: Settings) -> Policy:
    metrics = _metrics(settings.metrics)
    return Policy(
        company=settings.company.name,
        zone=settings.company.zone,
        admins=frozenset(settings.company.admins),
        hr=frozenset(settings.company.hr),
        data_stewards=frozenset(settings.company.data_stewards),
        leaver_days=settings.company.leaver_retention_days,
        close_after=settings.cycles.close_after,
        help_days=settings.reminders.collab_blocked.expire_days,
        calendar=office_calendar(settings.calendar),
        window=_window(settings.reminders),
        ceiling=Ceiling(settings.reminders.ceiling.day, settings.reminders.ceiling.week),
        opening_card=settings.reminders.opening_card,
        reminders={Reminder(key): _rule(key, getattr(settings.reminders, key)) for key in KEYS},
        quota=_quota(settings),
        schedule=schedule_of(settings.schedule),
        approvals=approvals(settings.rules),
        factors=factors(settings.rules),
        weights=weights(settings.rules),
        mechanisms=Mechanisms(
            {name: Mechanism(one) for name, one in settings.mechanisms.items()}, mechanisms(settings.rules)
        ),
        top_down_share=settings.origin.top_down,
        origin_tolerance=settings.origin.tolerance,
        templates=templates(settings.templates, metrics),
        metrics=metrics,
        directory=DirectoryRule(
            nightly=settings.directory.nightly,
            order=settings.directory.order,
            most_leavers=float(settings.directory.most_leavers),
            rosters=settings.directory.rosters,
            contacts_count=settings.directory.contacts_count,
        ),
        ranking_least=settings.ranking.least,
        expected=_expected(settings),
        pulled=frozenset(source.name for source in settings.sources),
        ranking_weekly=settings.ranking.weekly if settings.ranking.weekly in metrics else "",
        funnels=funnels(settings.funnels, metrics),
        links_pictures=bool(settings.server.public_url),
    )


def _expected(settings: Settings) -> dict[str, timedelta]:
    hours = {token.name: token.expect_hours for token in settings.ingest.tokens}
    hours |= {source.name: source.expect_hours for source in settings.sources}
    return {name: timedelta(hours=one) for name, one in hours.items()}


def _quota(settings: Settings) -> Quota | None:
    ding = settings.dingtalk
    if not ding.enabled:
        return None
    return Quota(ding.monthly_api_calls, ding.monthly_pushes, float(ding.reserved_for_others))


def _metrics(said: Mapping[str, Metric]) -> dict[str, MetricSpec]:
    """Those of the file, and the sides of ratios that it names without describing them: they add up."""
    usual = usual_metrics()
    sides = {side for metric in said.values() for side in (metric.numerator, metric.denominator) if side}
    implied = {side: usual.get(side, Metric(name=side)) for side in sorted(sides) if side not in said}
    return {
        key: MetricSpec(key, metric.name, metric.kind, metric.unit, metric.numerator, metric.denominator)
        for key, metric in {**said, **implied}.items()
    }


def _window(reminders: Reminders) -> SendWindow:
    said = reminders.send_window
    if said == "always":
        return SendWindow(always=True)
    return SendWindow(
        office=_hours(said.office),
        store=None if said.store == "shift" else _hours(said.store),
        peaks=tuple(_hours(text) for text in said.peaks),
    )


def _hours(text: str) -> Hours:
    """`09:00-20:00`; 24:00 is the last minute of a day."""
    start, end = text.split("-")
    return time.fromisoformat(start), time(23, 59) if end == "24:00" else time.fromisoformat(end)


def _rule(key: str, rule: Rule) -> ReminderRule:
    return ReminderRule(
        on=rule.enabled,
        numbers={
            name: getattr(rule, name) for name in type(rule).model_fields if name not in ("enabled", "per")
        },
        exceptions=tuple(_exceptional(key, rule, per) for per in rule.per),
        meanings={name: field.description or name for name, field in type(rule).model_fields.items()},
    )


def _exceptional(key: str, rule: Rule, per: Per) -> Exceptional:
    read = type(rule).model_validate(per.numbers)
    return Exceptional(
        criteria=Criteria(unit=_one(per.unit), store_type=_one(per.store_type), grade=_one(per.grade)),
        people=frozenset(per.people),
        on=per.enabled,
        numbers={name: getattr(read, name) for name in per.numbers},
        times={slot: read_when(per.schedule) for slot in SLOTS.get(key, ("",))} if per.schedule else {},
    )


def _one(name: str) -> frozenset[str]:
    return frozenset({name}) if name else frozenset()
