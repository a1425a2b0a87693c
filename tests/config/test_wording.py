from __future__ import annotations

from pathlib import Path

import pytest

from config.reminders import KEYS as REMINDERS
from tests.config.written import finding_of, findings_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("server: {port: abc}", "server.port:写的是 abc;要写整数"),
        ("server: {port: true}", "server.port:写的是 true;要写数字"),
        ("server: {port: 80.5}", "server.port:写的是 80.5;要写整数"),
        ("server: {port: -1}", "server.port:写的是 -1;不能小于 0"),
        ("server: {port: [80]}", "server.port:写的是列表;要写整数"),
        ("server: {host: ''}", "server.host:是空的;不能是空的"),
        ("server: {public_url: okr.com}", "server.public_url:写的是 okr.com;要写 http:// 或 https:// 开头的地址,或者空着"),
        ("server: 8080", "server:写的是一个值;要写成「键: 值」"),
        ("company: {admins: E0001}", 'company.admins:写的是一个值;要写成列表,比如 ["E0001"]'),
        ("company: {admins: [0012]}", "company.admins[0]:写的是 0012;要写文字,数字和日期要加引号"),
        ("company: {timezone: Beijing}", "company.timezone:写的是 Beijing;要写时区的名字,比如 Asia/Shanghai"),
        ("dingtalk: {enabled: maybe}", "dingtalk.enabled:写的是 maybe;要写 true 或 false"),
        ("dingtalk: {reserved_for_others: 20}", "dingtalk.reserved_for_others:写的是 20;不能大于 1"),
        ("dingtalk: {api_base: dingtalk}", "dingtalk.api_base:写的是 dingtalk;要写 http:// 或 https:// 开头的地址"),
        ("wecom: {robot: {mode: web}}", "wecom.robot.mode:写的是 web;只能是 websocket、callback"),
        ("calendar: {holidays: [元旦]}", "calendar.holidays[0]:写的是 元旦;要写日期,比如 2027-01-01"),
        ("metrics: {sales: {unit: 元}}", "metrics.sales.name:没有写;这一项必须写"),
        ("schedule: {weekly_report: 5}", 'schedule.weekly_report:写的是 5;要写文字,比如 "17:00",或写「键: 值」'),
        ("reminders: {send_window: never}", "reminders.send_window:写的是 never;只能是 always,或写「键: 值」"),
        ("reminders: {send_window: 9}", "reminders.send_window:写的是一个值;只能是 always,或写「键: 值」"),
        ("reminders: {send_window: {office: 9-20}}", "reminders.send_window.office:写的是 9-20;要像 09:00-20:00 这样"),
        (
            "reminders: {send_window: {office: '20:00-09:00'}}",
            "reminders.send_window.office:写的是 20:00-09:00;结束要晚于开始,要像 09:00-20:00 这样",
        ),
        (
            "reminders: {send_window: {store: open}}",
            "reminders.send_window.store:写的是 open;可以写 shift(上班时发);写时间的话,要像 09:00-20:00 这样",
        ),
        ("reminders: {achievement: false}", "reminders.achievement:写的是一个值;要写成「键: 值」"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_said_in_words(tmp_path: Path, text: str, said: str) -> None:
    assert str(finding_of(tmp_path, text)) == f"bot.yaml 第 1 行 {said}"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("sever: {}", "server"),
        ("dingtalk: {clientId: a}", "client_id"),
        ("dingtalk: {client_secert_file: a}", "client_secret_file"),
        ("wecom: {app: {agentid: 1}}", "agent_id"),
        ("metrics: {sales: {name: 销售额, units: 元}}", "unit"),
        ("ingest: {tokens: [{nmae: pos}]}", "name"),
        ("reminders: {kr_stale: {}}", "kr_stalled"),
        ("reminders: {send_window: {offices: x}}", "office"),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest(tmp_path: Path, text: str, near: str) -> None:
    unknown = [finding for finding in findings_of(tmp_path, text) if finding.found == "没有这个键"]

    assert len(unknown) == 1
    assert unknown[0].allowed.startswith(f"是不是 {near}?可以写 ")


def test_an_unknown_reminder_is_answered_with_all_of_them(tmp_path: Path) -> None:
    allowed = finding_of(tmp_path, "reminders: {xyz: {}}").allowed

    assert len(REMINDERS) == 16
    assert all(key in allowed for key in REMINDERS)
    assert "是不是" not in allowed


@pytest.mark.parametrize(
    "text",
    [
        "storage: {url: 'mysql://okr:hush@db/okr'}",
        "dingtalk: {client_secret: [hush]}",
        "dingtalk: {client_secert: hush}",
        "dingtalk: hush",
        "wecom: {app: hush}",
        "wecom: {robot: {encoding_aes_key: {a: hush}}}",
        "ingest: {tokens: [hush]}",
        "ingest: {tokens: [{name: pos, token: 5}], token: hush}",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(tmp_path: Path, text: str) -> None:
    for finding in findings_of(tmp_path, text):
        assert "hush" not in str(finding)


def test_a_secret_of_digits_is_told_to_be_quoted_without_being_shown(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, "dingtalk: {client_secret: 123456}")

    assert str(finding) == "bot.yaml 第 1 行 dingtalk.client_secret:这个值不行;要写文字,数字和日期要加引号"


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    assert len(finding_of(tmp_path, f"server: {{port: {'x' * 500}}}").found) < 80
