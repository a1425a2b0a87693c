"""What is counted, and how the log looks to a machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.telemetry import Telemetry
from chat.events import PlatformName
from tests.storage.company import message

ROOT = Path(__file__).parents[2]


def test_events_are_counted_by_platform_and_kind_and_timed() -> None:
    telemetry, other = Telemetry(), Telemetry()
    for number, platform in enumerate((PlatformName.DINGTALK, PlatformName.DINGTALK, PlatformName.WECOM)):
        with telemetry.heard(message("帮助", f"e{number}", platform=platform)):
            pass

    def sample(name: str, **labels: str) -> float | None:
        return telemetry.registry.get_sample_value(name, labels)

    assert sample("okrbot_events_total", platform="dingtalk", kind="message") == 2
    assert sample("okrbot_events_total", platform="wecom", kind="message") == 1
    assert sample("okrbot_event_seconds_count", platform="dingtalk") == 2
    assert other.registry.get_sample_value("okrbot_event_seconds_count", {"platform": "dingtalk"}) is None


def test_an_event_that_breaks_is_counted_too() -> None:
    telemetry = Telemetry()
    with pytest.raises(RuntimeError), telemetry.heard(message("帮助", "e1")):
        raise RuntimeError

    labels = {"platform": "dingtalk", "kind": "message"}
    assert telemetry.registry.get_sample_value("okrbot_events_total", labels) == 1


def test_the_log_is_one_json_object_a_line_on_standard_error() -> None:
    program = """
import structlog
from bot.telemetry import log_as_json
log_as_json()
log = structlog.get_logger()
log.debug("unheard")
log.info("ready", port=8080, name="李四")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("broke", incident="ab12")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    ready, broke = map(json.loads, done.stderr.splitlines())

    assert done.stdout == ""
    assert (ready["event"], ready["level"], ready["port"], ready["name"]) == ("ready", "info", 8080, "李四")
    assert ready["timestamp"].endswith("Z")
    assert broke["incident"] == "ab12"
    assert "ZeroDivisionError" in broke["exception"]
