from __future__ import annotations

from pathlib import Path

import pytest

from config.source import dotted
from tests.config.written import finding_of, findings_of, settings_of


@pytest.mark.parametrize(
    ("written", "environ", "host"),
    [
        ("${HOST}", {"HOST": "0.0.0.0"}, "0.0.0.0"),
        ("${HOST:-localhost}", {}, "localhost"),
        ("${HOST:-localhost}", {"HOST": ""}, "localhost"),
        ("${HOST:-localhost}", {"HOST": "db"}, "db"),
        ("a${A}b${B:-2}", {"A": "1"}, "a1b2"),
        ("${HOST}", {"HOST": "${OTHER}"}, "${OTHER}"),
        ("${HOST}", {"HOST": "12345"}, "12345"),
        ("$HOST", {}, "$HOST"),
    ],
)
def test_variables_are_filled(tmp_path: Path, written: str, environ: dict[str, str], host: str) -> None:
    assert settings_of(tmp_path, f"server: {{host: '{written}'}}", environ).server.host == host


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_variable_may_be_a_number_or_a_switch(tmp_path: Path, quote: str) -> None:
    settings = settings_of(
        tmp_path,
        f"""\
        server:
          port: {quote}${{PORT}}{quote}
        dingtalk:
          enabled: {quote}${{ON:-false}}{quote}
          reserved_for_others: {quote}${{SHARE:-0.5}}{quote}
        """,
        {"PORT": "9000"},
    )

    assert settings.server.port == 9000
    assert settings.dingtalk.enabled is False
    assert settings.dingtalk.reserved_for_others == 0.5


def test_a_missing_variable_is_named(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, 'company: {name: "${FIRM} ${CITY} ${FIRM}"}')

    assert (finding.line, finding.key, finding.found) == (1, "company.name", "环境变量 FIRM、CITY 没有设置")


def test_a_missing_variable_is_told_once_although_its_value_is_wrong_too(tmp_path: Path) -> None:
    assert finding_of(tmp_path, 'server: {port: "${PORT}"}').found == "环境变量 PORT 没有设置"


def test_a_platform_that_is_off_needs_no_variables(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        """\
        dingtalk: {client_id: "${NOBODY}", client_secret_file: /nowhere}
        wecom: {enabled: false, app: {secret: "${NOBODY}"}}
        """,
    )

    assert settings.dingtalk.client_id == ""


@pytest.mark.parametrize("written", ["${HOST", "${}", "${a-b}", "${HOST-x}"])
def test_a_variable_that_is_misspelled_is_not_taken_as_a_text(tmp_path: Path, written: str) -> None:
    assert finding_of(tmp_path, f"server: {{host: '{written}'}}").found == "${ 没有写对"


def test_a_bad_value_from_the_environment_is_not_shown(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, 'server: {port: "${PORT}"}', {"PORT": "hush"})

    assert finding.found == "写的是 ${PORT}(环境变量里的值)"


def test_a_key_twice_is_refused(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, "server:\n  port: 1\n  host: a\n  port: 2\n")

    assert (finding.line, finding.key) == (2, "server.port")
    assert "第 4 行" in finding.found


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ("sources: [{a: 2027-13-45}]", "sources[0].a", "写的是 2027-13-45"),
        ("server: {host: !!python/name:os.system x}", "server.host", "用了 ! 开头的标签"),
        ("sources: [{? [a, b] : c}]", "sources[0]", "有一个键不是文字"),
        ("rules: &all [{again: *all}]", "rules", "内容太多或套得太深"),
        (f"rules: [{{a: {'[' * 30}{']' * 30}}}]", "rules", "内容太多或套得太深"),
    ],
)
def test_what_no_settings_are_made_of(tmp_path: Path, text: str, key: str, found: str) -> None:
    finding = findings_of(tmp_path, text)[0]

    assert (finding.line, finding.key, finding.found) == (1, key, found)


def test_aliases_that_multiply_are_stopped(tmp_path: Path) -> None:
    layers = ["rules:", "- a: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"- a: &l{n + 1} [{', '.join([f'*l{n}'] * 10)}]" for n in range(9)]

    assert findings_of(tmp_path, "\n".join(layers))[0].found == "内容太多或套得太深"


def test_a_time_of_day_stays_a_time_of_day(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "schedule: {weekly_report: 17:30}").schedule == {"weekly_report": "17:30"}


def test_a_key_path_reads_like_code() -> None:
    assert dotted(("ingest", "tokens", 0, "name")) == "ingest.tokens[0].name"
