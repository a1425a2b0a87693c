"""What of the configuration is the company's own decision, as a value that handlers and jobs may see."""

from __future__ import annotations

from config.holidays import office_calendar
from config.settings import Settings
from okr.policy import MetricSpec, Policy


def policy_of(settings: Settings) -> Policy:
    return Policy(
        company=settings.company.name,
        zone=settings.company.zone,
        admins=frozenset(settings.company.admins),
        hr=frozenset(settings.company.hr),
        calendar=office_calendar(settings.calendar),
        metrics={
            key: MetricSpec(key, metric.name, metric.kind, metric.unit)
            for key, metric in settings.metrics.items()
        },
    )
