from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.written import findings_of, settings_of

APP = "agent_id: 1, secret: s, token: t"
KEY = "encoding_aes_key: " + "k" * 43


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("dingtalk: {enabled: true}", ["dingtalk.client_id", "dingtalk.client_secret"]),
        ("dingtalk: {enabled: true, client_id: a}", ["dingtalk.client_secret"]),
        ("wecom: {enabled: true}", ["wecom.corp_id", "wecom"]),
        ("wecom: {enabled: true, corp_id: w}", ["wecom"]),
        (
            "wecom: {enabled: true, corp_id: w, app: {}}",
            [f"wecom.app.{key}" for key in ("agent_id", "secret", "token", "encoding_aes_key")],
        ),
        (f"wecom: {{enabled: true, corp_id: w, app: {{{APP}}}}}", ["wecom.app.encoding_aes_key"]),
        (
            f"wecom: {{enabled: true, corp_id: w, app: {{{APP}, {KEY}k}}}}",
            ["wecom.app.encoding_aes_key"],
        ),
        (
            f"wecom: {{enabled: true, corp_id: w, app: {{{APP}, {KEY[:-1]}=}}}}",
            ["wecom.app.encoding_aes_key"],
        ),
        ("wecom: {enabled: true, corp_id: w, robot: {}}", ["wecom.robot.bot_id", "wecom.robot.secret"]),
        (
            "wecom: {enabled: true, corp_id: w, robot: {mode: callback, bot_id: b, secret: s}}",
            ["wecom.robot.token", "wecom.robot.encoding_aes_key"],
        ),
        ("ingest: {tokens: [{name: pos}]}", ["ingest.tokens[0].token"]),
        (
            "reminders: {progress_warning: {behind_points: 30}, kr_stalled: {days: 22}}",
            ["reminders.progress_warning.behind_points", "reminders.kr_stalled.days"],
        ),
        (
            'reminders: {monthly_review: {per: [{unit: 西湖店, schedule: "9:00"}]}}',
            ["reminders.monthly_review.per[0].schedule"],
        ),
        (
            'reminders: {kr_stalled: {per: [{unit: 西湖店, schedule: "25:00"}]}}',
            ["reminders.kr_stalled.per[0].schedule"],
        ),
        (
            "reminders: {kr_stalled: {per: [{numbers: {days: 9}}]}}",
            ["reminders.kr_stalled.per[0]"],
        ),
        (
            "reminders: {kr_stalled: {per: [{unit: 西湖店, numbers: {day: 9, days: x}}]}}",
            ["reminders.kr_stalled.per[0].numbers.day", "reminders.kr_stalled.per[0].numbers.days"],
        ),
        ("ingest: {tokens: [{name: a, token: x}, {name: b, token: x}]}", ["ingest.tokens[1].token"]),
        ("ingest: {tokens: [{name: a, token: x}, {name: a, token: y}]}", ["ingest.tokens[1].name"]),
        (
            "metrics: {conversion: {name: 转化率, kind: ratio, numerator: orders}}",
            ["metrics.conversion.denominator"],
        ),
        ("calendar: {holidays: [2027-01-01], workdays: [2027-01-01, 2027-01-02]}", ["calendar"]),
    ],
)
def test_what_is_lacking_is_named(tmp_path: Path, text: str, keys: list[str]) -> None:
    assert [finding.key for finding in findings_of(tmp_path, text)] == keys


@pytest.mark.parametrize(
    "text",
    [
        "dingtalk: {enabled: true, client_id: a, client_secret: s}",
        f"wecom: {{enabled: true, corp_id: w, app: {{{APP}, {KEY}}}}}",
        "wecom: {enabled: true, corp_id: w, robot: {bot_id: b, secret: s}}",
        f"wecom: {{enabled: true, corp_id: w, robot: {{mode: callback, token: t, {KEY}}}}}",
        "wecom: {enabled: false, robot: {mode: callback}, app: {agent_id: 1}}",
        "metrics: {conversion: {name: 转化率, kind: ratio, numerator: a, denominator: b}}",
    ],
)
def test_what_is_complete_is_taken(tmp_path: Path, text: str) -> None:
    settings_of(tmp_path, text)


def test_a_key_of_the_wrong_length_is_not_shown(tmp_path: Path) -> None:
    text = f"wecom: {{enabled: true, corp_id: w, app: {{{APP}, encoding_aes_key: hushhush}}}}"

    (finding,) = findings_of(tmp_path, text)

    assert finding.found == "这个值不行(8 位)"
