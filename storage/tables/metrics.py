"""Business data: where it comes from, single points, and the days that follow from them.

Amounts are whole millionths, so that both engines add them up exactly.
"""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class MetricSource(Model):
    """Something that delivers data, and how it is doing."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(64, unique=True)
    heard_at = fields.DatetimeField(null=True)
    """When it last brought anything that was taken."""
    newest_at = fields.DatetimeField(null=True)
    """The newest moment that its points speak of."""
    tried_at = fields.DatetimeField(null=True)
    """When it was last asked, where it is asked."""
    reached_at = fields.DatetimeField(null=True)
    """The newest moment that its points spoke of when it was last read to the end."""
    failures = fields.IntField(db_default=0)
    """Syncs in a row that failed."""
    error = fields.CharField(32, db_default="")
    """The class of the last failure; empty when the last sync went well."""
    unmapped = fields.IntField(db_default=0)
    """Records of the last delivery that could not be placed."""
    unmapped_example = fields.CharField(200, db_default="")
    ignored_until = fields.DatetimeField(null=True)
    """Until when nobody wants to hear of its trouble."""
    asked_at = fields.DatetimeField(null=True)
    """Since when somebody waits for it to be fetched once more."""
    asked_by = fields.IntField(null=True)

    class Meta:
        table = "metric_sources"


class PulledFile(Model):
    """A file of a watched folder that has been taken in: known by its content."""

    id = fields.BigIntField(primary_key=True)
    source_id = fields.IntField()
    digest = fields.CharField(64)
    name = fields.CharField(255)
    at = fields.DatetimeField()

    class Meta:
        table = "pulled_files"
        unique_together = (("source_id", "digest"),)


class MetricSeries(Model):
    """One figure over time: a metric of a unit, of one person, or of a person in a unit."""

    id = fields.IntField(primary_key=True)
    metric = fields.CharField(64)
    unit = fields.CharField(255, db_default="")
    """A unit's name, or its path where two have the name; empty for a person's figures wherever he is."""
    employee_id = fields.IntField(db_default=0)
    """0 for a unit's figures."""

    class Meta:
        table = "metric_series"
        unique_together = (("metric", "unit", "employee_id"),)
        indexes = (Index(fields=("metric", "employee_id")),)


class ClosedDay(Model):
    """A day on which a unit does not open."""

    id = fields.IntField(primary_key=True)
    unit = fields.CharField(255)
    """As in `MetricSeries`."""
    day = fields.DateField()
    said_by_id = fields.IntField()
    said_at = fields.DatetimeField()

    class Meta:
        table = "closed_days"
        unique_together = (("unit", "day"),)


class UnitMechanism(Model):
    """How a unit set its goals in the period that began on a day: what is said later holds for the next one."""

    id = fields.IntField(primary_key=True)
    unit = fields.CharField(255)
    """As in `MetricSeries`."""
    since = fields.DateField()
    mechanism = fields.CharField(16)

    class Meta:
        table = "unit_mechanisms"
        unique_together = (("since", "unit"),)


class MetricPoint(Model):
    """One delivered number. A correction takes its place."""

    key = fields.CharField(160, primary_key=True)
    """The source's id and the point's own: `3:pos-88231`."""
    series_id = fields.IntField()
    at = fields.DatetimeField()
    value = fields.BigIntField()

    class Meta:
        table = "metric_points"
        indexes = (Index(fields=("series_id", "at")),)


class MetricDay(Model):
    """A day of a series in company time, kept in step with its points: late ones and corrections too."""

    id = fields.BigIntField(primary_key=True)
    series_id = fields.IntField()
    day = fields.DateField()
    total = fields.BigIntField()
    points = fields.IntField()
    last_value = fields.BigIntField()
    last_at = fields.DatetimeField()
    source_id = fields.IntField()
    """Who spoke last."""

    class Meta:
        table = "metric_days"
        unique_together = (("series_id", "day"),)
