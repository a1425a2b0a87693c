"""okrbot sync directory, as it is typed, against a DingTalk of another thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sheets.writing import write_table
from tests.bot.command_line import Typed


@pytest.fixture
def dingtalk(tmp_path: Path) -> Iterator[FakeDingTalk]:
    """Beside the command, which has a loop of its own; `bot.yaml` points to it."""
    fake = FakeDingTalk(WoundClock(), qps=None)
    fake.add_department(7, "西湖店")
    fake.add_user("chen", "陈总", number="E1", leads=(1,))
    fake.add_user("wang", "王店", department=7, number="E2", leads=(7,))
    for number in range(3, 13):
        fake.add_user(f"u{number}", f"同事{number}", department=7, number=f"E{number}")
    loop, started, ending = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        await fake.start()
        started.set()
        await ending.wait()
        await fake.stop()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    started.wait()
    (tmp_path / "bot.yaml").write_text(
        f"""
company: {{admins: [E1]}}
dingtalk:
  enabled: true
  client_id: {fake.client_id}
  client_secret: {fake.client_secret}
  api_base: {fake.base_url}
  oapi_base: {fake.base_url}
""",
        encoding="utf-8",
    )
    yield fake
    loop.call_soon_threadsafe(ending.set)
    thread.join()
    loop.close()


def test_the_company_comes_from_the_directory(typed: Typed, dingtalk: FakeDingTalk) -> None:
    first = typed("sync", "directory")
    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines() == [
        "同步完成:新增 12 人,更新 0 人,没变 0 人,离职 0 人,换部门或上级 12 人,没敢认 0 人",
        "  钉钉调用 17 次",
    ]
    again = typed("sync", "directory", "--config", "bot.yaml")
    assert again.out.startswith("同步完成:新增 0 人,更新 0 人,没变 12 人,离职 0 人,换部门或上级 0 人")
    del dingtalk.world.people["u3"]
    assert ",离职 1 人," in typed("sync", "directory").out


def test_a_crowd_leaves_only_when_it_is_said(typed: Typed, dingtalk: FakeDingTalk) -> None:
    typed("sync", "directory")
    for number in range(3, 8):
        del dingtalk.world.people[f"u{number}"]
    refused = typed("sync", "directory")

    assert refused.code == 1
    assert ",离职 0 人," in refused.out
    assert "钉钉的通讯录里一下子少了 5 人(同事3、同事4" in refused.err
    assert "--allow-many-leavers" in refused.err
    assert "钉钉通讯录里一下子少了 5 人" in typed("outbox", "list").out
    said = typed("sync", "directory", "--allow-many-leavers")
    assert (said.code, ",离职 5 人," in said.out) == (0, True)


def test_what_is_doubtful_is_named(typed: Typed, dingtalk: FakeDingTalk, tmp_path: Path) -> None:
    write_table(tmp_path / "staff.csv", ("工号", "姓名"), [("A1", "钱七")])
    typed("import", "staff", "staff.csv")
    dingtalk.add_user("qian", "钱七", department=7)
    said = typed("sync", "directory").out

    assert "没敢认 1 人\n  没敢认 qian 钱七:有同名的人还没有这个平台的账号,又没有工号可对\n" in said


def test_without_permission_nothing_is_done(typed: Typed, dingtalk: FakeDingTalk) -> None:
    dingtalk.contacts.permissions.clear()
    said = typed("sync", "directory")

    assert said.code == 1
    assert said.err == "okrbot: 钉钉的通讯录没有读完整,什么都没动(60011)\n"


def test_without_a_platform_there_is_no_directory(typed: Typed) -> None:
    said = typed("sync", "directory")
    assert (said.code, said.out) == (1, "")
    assert "没有可以同步的通讯录" in said.err


@pytest.mark.usefixtures("dingtalk")
def test_the_nightly_job_is_in_the_timetable(typed: Typed) -> None:
    typed("db", "upgrade")
    assert "sync_directory\t上次 -\t下次 " in typed("jobs", "list").out
    at = ("--at", "2026-11-25T02:40")
    said = typed("jobs", "run", "sync_directory", *at).out
    assert said.splitlines()[-1] == "sync_directory: nothing was pulled by hand yet"
    typed("sync", "directory")
    later = ("--at", "2026-11-26T02:40")
    said = typed("jobs", "run", "sync_directory", *later).out.splitlines()[-1]
    assert said.startswith(
        "sync_directory: new 0, changed 0, moved 0, same 12, left 0, doubtful 0, refused 0"
    )
    assert "这个时刻已经运行过了" in typed("jobs", "run", "sync_directory", *later).out


def test_check_says_what_may_be_seen_and_what_it_costs(typed: Typed, dingtalk: FakeDingTalk) -> None:
    typed("sync", "directory")
    checked = typed("check", "--online")
    assert "正常  钉钉通讯录读得到(从「总部」起),手机号看不到或没有填" in checked.out
    assert "钉钉通讯录:平时每晚约 5 次、周日 17 次,连同变动一个月约 207 次,不算调用量" in checked.out
    dingtalk.contacts.permissions.discard("qyapi_get_department_list")
    assert (
        "注意  钉钉通讯录读不到(60011):要用 okrbot sync directory 就得开 qyapi_get_department_list"
        in typed("check", "--online").out
    )


def test_where_contacts_count_they_are_counted(typed: Typed, dingtalk: FakeDingTalk, tmp_path: Path) -> None:
    del dingtalk
    text = (tmp_path / "bot.yaml").read_text(encoding="utf-8")
    (tmp_path / "bot.yaml").write_text(text + "directory: {contacts_count: true}\n", encoding="utf-8")
    typed("sync", "directory")
    checked = typed("check").out

    assert "一个月约 207 次,算进调用量" in checked
    assert "、通讯录 207)" in checked
