from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.errors import BadSettings
from config.loading import load
from config.settings import Settings
from tests.config.written import finding_of, findings_of, settings_of

EXAMPLE = Path(__file__).parents[2] / "bot.yaml"

AES_KEY = "abcdefghijABCDEFGHIJ0123456789abcdefghijABC"

FULL = """\
company: {name: 鲜橙连锁, timezone: Asia/Shanghai, admins: ["E0001"], hr: [], data_stewards: []}
storage: {url: "postgres://okr:hush@db:5432/okr"}
server: {host: 0.0.0.0, port: 8080, public_url: "https://okr.example.com"}
dingtalk:
  enabled: true
  client_id: ${DINGTALK_CLIENT_ID}
  client_secret: ${DINGTALK_CLIENT_SECRET}
  reserved_for_others: 0.2
wecom:
  enabled: true
  corp_id: ww123
  app: {agent_id: 1000002, secret: app-hush, token: token-hush, encoding_aes_key: KEY}
  robot: {mode: websocket, bot_id: bot, secret: robot-hush, name: OKR助手}
schedule: {weekly_report: "fri 17:30", data_stale: {at: 9:00}}
reminders:
  send_window: {office: "09:00-20:00", store: shift}
  ceiling: {day: 0, week: 0}
  achievement: {enabled: false}
calendar: {holidays: [2027-01-01], workdays: [2027-01-03]}
rules: [{when: {region: 华东}, approval: {fields: [目标值, 取消], need: all}}]
sources:
  - name: 收银台
    schedule: ["*/30 * * * *", "mon-fri 7:05"]
    http: {url: "https://pos.example.com/sales", token: till-hush, headers: {X-Key: head-hush}, records: data.items}
    fields: {id: order_no, unit: shop.code, at: paid_at, values: {sales: 销售额(元)}}
metrics:
  conversion: {name: 转化率, kind: ratio, numerator: orders, denominator: visitors}
ingest: {tokens: [{name: pos, token: pos-hush}]}
""".replace("KEY", AES_KEY)
ENVIRON = {"DINGTALK_CLIENT_ID": "ding1", "DINGTALK_CLIENT_SECRET": "0123456"}


def test_without_a_file_everything_has_a_default() -> None:
    assert load(None, {}) == Settings()


def test_the_example_says_the_defaults() -> None:
    settings = load(EXAMPLE, {})

    beside_it = Settings().storage.model_copy(update={"url": f"sqlite://{EXAMPLE.parent}/data/okrbot.db"})
    assert settings == Settings(storage=beside_it)


def test_the_example_names_every_key() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")

    sections = Settings().model_dump()
    robot = {"mode", "name", "bot_id", "secret", "ws_url"}
    app = {"agent_id", "secret", "token", "encoding_aes_key"}
    for key in {*sections, *sections["company"], *sections["dingtalk"], *sections["wecom"], *app, *robot}:
        assert f"{key}:" in text


def test_the_example_holds_with_its_comments_taken_away(tmp_path: Path) -> None:
    text = (
        EXAMPLE.read_text(encoding="utf-8")
        .replace("  #  ", "    ")
        .replace("enabled: false", "enabled: true")
    )
    names = "DINGTALK_CLIENT_ID DINGTALK_CLIENT_SECRET WECOM_CORP_ID WECOM_APP_SECRET WECOM_APP_TOKEN"
    environ = dict.fromkeys([*names.split(), "WECOM_BOT_ID", "WECOM_BOT_SECRET"], "x")

    settings = settings_of(tmp_path, text, {**environ, "WECOM_APP_AES_KEY": AES_KEY})

    assert settings.wecom.app is not None
    assert settings.wecom.robot is not None
    assert settings.wecom.robot.mode == "websocket"


@pytest.mark.parametrize(
    "text", ["", "# 什么都没有\n", "---\n", "~", "dingtalk:\nwecom:\n  app:\n  corp_id:\nschedule:\n"]
)
def test_what_is_empty_takes_the_defaults(tmp_path: Path, text: str) -> None:
    assert settings_of(tmp_path, text).dingtalk == Settings().dingtalk


def test_a_full_file_is_read(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, FULL, ENVIRON)

    assert settings.company.admins == ("E0001",)
    assert settings.dingtalk.client_secret.get_secret_value() == "0123456"
    assert settings.dingtalk.robot_code == "ding1"
    assert settings.wecom.app is not None
    assert settings.wecom.app.encoding_aes_key.get_secret_value() == AES_KEY
    assert settings.schedule == {"weekly_report": "fri 17:30", "data_stale": {"at": "9:00"}}
    assert not settings.reminders.achievement.enabled
    assert settings.calendar.holidays == (date(2027, 1, 1),)
    assert settings.ingest.tokens[0].token.get_secret_value() == "pos-hush"
    assert settings.storage.url == "postgres://okr:hush@db:5432/okr"


def test_nothing_that_is_printed_shows_a_secret(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, FULL, ENVIRON)

    for secret in ("0123456", "app-hush", "token-hush", "robot-hush", "pos-hush", AES_KEY):
        assert secret not in repr(settings)


def test_a_robot_code_of_its_own_is_kept(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "dingtalk: {client_id: a, robot_code: b}").dingtalk.robot_code == "b"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite://data/okr.db", "data/okr.db"),
        ("sqlite://../okr.db", "../okr.db"),
        ("sqlite:///var/okr.db", "/var/okr.db"),
    ],
)
def test_a_database_counts_from_the_file_s_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, file: str
) -> None:
    monkeypatch.chdir("/")

    settings = settings_of(tmp_path, f'storage: {{url: "{url}"}}')

    assert settings.storage.url == f"sqlite://{(tmp_path / file).resolve()}"


def test_the_relative_path_of_the_file_itself_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot.yaml").write_text("storage: {}")
    monkeypatch.chdir(tmp_path)

    assert load(Path("bot.yaml"), {}).storage.url == f"sqlite://{tmp_path.resolve()}/data/okrbot.db"


def test_send_window_always_lifts_the_hours(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "reminders: {send_window: always}").reminders.send_window == "always"


def test_everything_wrong_is_named_at_once_in_the_file_s_order(tmp_path: Path) -> None:
    findings = findings_of(
        tmp_path,
        """\
        server:
          prot: 80
          port: 99999
        company:
          timezone: Asia/Beijing
          admins: [E0001, E0001, 12]
        """,
    )

    assert [(finding.line, finding.key) for finding in findings] == [
        (2, "server.prot"),
        (3, "server.port"),
        (5, "company.timezone"),
        (6, "company.admins[2]"),
    ]
    assert str(findings[1]) == "bot.yaml 第 3 行 server.port:写的是 99999;不能大于 65535"


def test_a_file_that_is_not_there_is_one_finding(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"^gone\.yaml:没有这个文件"):
        load(tmp_path / "gone.yaml", {})


def test_a_switched_on_platform_is_told_what_it_lacks_once(tmp_path: Path) -> None:
    finding = finding_of(
        tmp_path, "dingtalk: {enabled: true, client_id: a, client_secret: '${SECRET}'}", environ={}
    )

    assert "SECRET" in finding.found
    assert finding.key == "dingtalk.client_secret"
