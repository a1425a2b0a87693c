"""What is counted and timed, for Prometheus; and logs that machines can read and that hold no secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram

from chat.events import Event, PlatformName

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)


class Telemetry:
    """The figures of one running bot; each has a registry of its own, so that tests do not add up."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._events = Counter(
            "okrbot_events_total", "Events heard", ["platform", "kind"], registry=self.registry
        )
        self._seconds = Histogram(
            "okrbot_event_seconds",
            "From hearing an event to its commit",
            ["platform"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._known: dict[tuple[PlatformName, type[Event]], tuple[Counter, Histogram]] = {}

    @contextmanager
    def heard(self, event: Event) -> Iterator[None]:
        """Count an event and time what is done about it."""
        start = perf_counter()
        try:
            yield
        finally:
            counted, timed = self._figures(event.sender.platform, type(event))
            counted.inc()
            timed.observe(perf_counter() - start)

    def _figures(self, platform: PlatformName, kind: type[Event]) -> tuple[Counter, Histogram]:
        """Looked up once: the library does it under a lock and with checks."""
        known = self._known.get((platform, kind))
        if known is None:
            counted = self._events.labels(str(platform), kind.__name__.lower())
            known = self._known[platform, kind] = (counted, self._seconds.labels(str(platform)))
        return known


def log_as_json(level: int = logging.INFO) -> None:
    """Structured logs on standard error, one JSON object a line, for a machine; plain lines on a terminal."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
