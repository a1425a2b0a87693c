"""Whole files with something wrong in them: named by line and key, and no secret is ever shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.errors import BadSettings
from config.loading import load
from config.settings import Settings

HOUSE = Path(__file__).parent.parent.parent
SECRET = "s3cret-do-not-show"
WECOM = "wecom:\n  enabled: true\n  corp_id: ww1\n"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "bot.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def findings(path: Path, **environ: str) -> list[tuple[int, str]]:
    with pytest.raises(BadSettings) as bad:
        load(path, environ)
    assert all(finding.file == "bot.yaml" and finding.allowed for finding in bad.value.findings)
    assert SECRET not in str(bad.value)
    assert SECRET not in repr(bad.value)
    return [(finding.line, finding.key) for finding in bad.value.findings]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("company:\n  nam: 鲜橙\n", [(2, "company.nam")]),
        ("compny:\n  name: 鲜橙\n", [(1, "compny")]),
        ("company:\n  name: 鲜橙\n  timezone: Mars/Base\n", [(3, "company.timezone")]),
        ("company:\n  admins: E0001\n", [(2, "company.admins")]),
        ("server:\n  port: 99999\n", [(2, "server.port")]),
        ("server:\n  port: 八千\n", [(2, "server.port")]),
        ("server:\n  public_url: example.com\n", [(2, "server.public_url")]),
        ("storage:\n  url: mysql://x\n", [(2, "storage.url")]),
        ("dingtalk:\n  reserved_for_others: 1.5\n", [(2, "dingtalk.reserved_for_others")]),
        ("dingtalk:\n  enabled: maybe\n", [(2, "dingtalk.enabled")]),
        ("reminders:\n  send_window: {office: 9-20}\n", [(2, "reminders.send_window.office")]),
        ("metrics:\n  sales: {name: 销售额, kind: often}\n", [(2, "metrics.sales.kind")]),
        (
            "server:\n  port: x\n\ncompany:\n  nam: 一\n  timezone: 二\n",
            [(2, "server.port"), (5, "company.nam"), (6, "company.timezone")],
        ),
        ("company:\n  name: 一\n  name: 二\n", [(2, "company.name")]),
        ("dingtalk:\n  client_id: ${NOBODY_SET_THIS}\n  enabled: true\n  client_secret: x\n", [(2, "dingtalk.client_id")]),
        ("wecom:\n  enabled: true\n", [(1, "wecom"), (1, "wecom.corp_id")]),
        (f"{WECOM}  robot:\n    mode: phone\n", [(5, "wecom.robot.mode")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_line_and_key(
    write: Write, text: str, wrong: list[tuple[int, str]]
) -> None:
    found = findings(write(text))

    assert set(wrong) <= set(found)
    assert [line for line, _ in found] == sorted(line for line, _ in found)


@pytest.mark.parametrize(
    "text", ["company: [", "a:\n\t- b\n", "- 列表\n", "只是一句话\n", "company: {name: 一\nserver: 2\n"]
)
def test_what_is_no_yaml_mapping_is_told(write: Write, text: str) -> None:
    assert findings(write(text))


def test_what_is_no_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bot.yaml"
    path.write_bytes("company:\n  name: 鲜橙\n".encode("gbk"))

    assert findings(path) == [(2, "")]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert findings(tmp_path / "bot.yaml") == [(0, "")]


@pytest.mark.parametrize("text", ["", "\n", "# 只有注释\n", "\ufeffcompany:\n  name: 我的公司\n"])
def test_what_is_not_written_has_its_default(write: Write, text: str) -> None:
    assert load(write(text), {}).company == Settings().company


def test_a_key_with_a_slip_is_answered_by_the_nearest(write: Write) -> None:
    with pytest.raises(BadSettings, match="timezone"):
        load(write("company:\n  timezon: Asia/Shanghai\n"), {})


@pytest.mark.parametrize(
    ("written", "environ", "name"),
    [
        ("${NAME}", {"NAME": "鲜橙"}, "鲜橙"),
        ("${NAME:-默认}", {}, "默认"),
        ("${NAME:-默认}", {"NAME": "鲜橙"}, "鲜橙"),
        ("甲${NAME}乙", {"NAME": "-"}, "甲-乙"),
        ('"${NAME}"', {"NAME": "123"}, "123"),
    ],
)
def test_the_environment_fills_in(write: Write, written: str, environ: dict[str, str], name: str) -> None:
    assert load(write(f"company:\n  name: {written}\n"), environ).company.name == name


@pytest.mark.parametrize(
    ("written", "port"), [("${PORT}", 9000), ("${PORT:-1}", 9000), ("${NO:-8081}", 8081)]
)
def test_numbers_may_come_from_the_environment(write: Write, written: str, port: int) -> None:
    assert load(write(f"server:\n  port: {written}\n"), {"PORT": "9000"}).server.port == port


def test_a_secret_may_stand_in_a_file_beside(write: Write, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(f"{SECRET}\n", encoding="utf-8")

    settings = load(write("dingtalk:\n  client_secret_file: secret.txt\n"), {})

    assert settings.dingtalk.client_secret.get_secret_value() == SECRET


@pytest.mark.parametrize(
    "text",
    [
        "dingtalk:\n  client_id: x\n  client_secret_file: nowhere.txt\n  enabled: true\n",
        f"dingtalk:\n  client_secret: {SECRET}\n  client_secret_file: secret.txt\n",
    ],
)
def test_a_secret_file_that_is_missing_or_one_too_many(write: Write, tmp_path: Path, text: str) -> None:
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")

    assert any(key.endswith("client_secret_file") for _, key in findings(write(text)))


@pytest.mark.parametrize(
    "text",
    [
        f"dingtalk:\n  client_secret: [{SECRET}]\n",
        f"{WECOM}  app:\n    agent_id: 1\n    secret: {SECRET}\n    token: {SECRET}\n    encoding_aes_key: {SECRET}\n",
        f"dingtalk: {SECRET}\n",
        f"ingest:\n  tokens:\n    - {{name: 1, token: [{SECRET}]}}\n",
        f"storage:\n  url: mysql://user:{SECRET}@host/db\n",
    ],
)
def test_no_finding_shows_a_secret(write: Write, text: str) -> None:
    assert findings(write(text))


def test_settings_do_not_show_their_secrets(write: Write) -> None:
    token = f"{SECRET}-{'0' * 32}"
    text = f"dingtalk:\n  client_secret: {SECRET}\ningest:\n  tokens:\n    - {{name: 收银, token: {token}}}\n"

    settings = load(write(text), {})

    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)
    assert SECRET not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("url", "file"), [("sqlite://data/okrbot.db", "data/okrbot.db"), ("sqlite://okrbot.db", "okrbot.db")]
)
def test_a_relative_path_counts_from_the_file(write: Write, tmp_path: Path, url: str, file: str) -> None:
    settings = load(write(f'storage:\n  url: "{url}"\n'), {})

    assert settings.storage.url == f"sqlite://{tmp_path.resolve() / file}"


def test_the_bot_yaml_of_the_house_is_right_as_it_is() -> None:
    settings = load(HOUSE / "bot.yaml", {})

    assert (settings.dingtalk.enabled, settings.wecom.enabled) == (False, False)
    assert settings.metrics["sales"].unit == "元"
