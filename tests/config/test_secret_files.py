from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.written import finding_of, settings_of

DINGTALK = "dingtalk: {enabled: true, client_id: a, client_secret_file: hush.txt}"


@pytest.mark.parametrize("content", [b"hush", b"  hush \r\n", b"\xef\xbb\xbfhush\n"])
def test_a_secret_stands_in_a_file_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "hush.txt").write_bytes(content)
    monkeypatch.chdir("/")

    assert settings_of(tmp_path, DINGTALK).dingtalk.client_secret.get_secret_value() == "hush"


def test_every_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "hush.txt"
    file.write_text("k" * 43)

    settings = settings_of(
        tmp_path,
        f"""\
        wecom:
          enabled: true
          corp_id: ww1
          app: {{agent_id: 1, secret_file: {file}, token_file: "${{WHERE}}", encoding_aes_key_file: hush.txt}}
          robot: {{mode: callback, token_file: hush.txt, encoding_aes_key_file: hush.txt}}
        ingest: {{tokens: [{{name: pos, token_file: hush.txt}}]}}
        """,
        {"WHERE": "hush.txt"},
    )

    app, robot = settings.wecom.app, settings.wecom.robot
    assert app is not None
    assert robot is not None
    secrets = [app.secret, app.token, app.encoding_aes_key, robot.token, settings.ingest.tokens[0].token]
    assert {secret.get_secret_value() for secret in secrets} == {"k" * 43}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (None, "文件 hush.txt 没有这个文件"),
        (b" \n", "文件 hush.txt 是空的"),
        (b"\xff\xfe\x00", "文件 hush.txt 不是文本"),
        (b"x" * 70_000, "文件 hush.txt 太大了"),
    ],
)
def test_a_file_without_a_secret_is_named_once(tmp_path: Path, content: bytes | None, found: str) -> None:
    if content is not None:
        (tmp_path / "hush.txt").write_bytes(content)

    finding = finding_of(tmp_path, DINGTALK)

    assert (finding.line, finding.key, finding.found) == (1, "dingtalk.client_secret_file", found)


def test_a_secret_in_both_places_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hush.txt").write_text("hush")

    finding = finding_of(tmp_path, "dingtalk:\n  client_secret: other\n  client_secret_file: hush.txt\n")

    assert str(finding) == (
        "bot.yaml 第 3 行 dingtalk.client_secret_file:client_secret 和 client_secret_file 都写了;留一个"
    )


def test_an_empty_file_key_is_left_out(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "dingtalk:\n  client_secret_file:\n").dingtalk.enabled is False


def test_a_file_key_where_no_secret_belongs_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "hush.txt").write_text("hush")

    finding = finding_of(tmp_path, "server: {token_file: hush.txt}")

    assert finding.found == "没有这个键"
    assert "hush" not in str(finding)
