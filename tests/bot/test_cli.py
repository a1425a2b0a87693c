"""The command line as people type it: what it prints, where, and with which exit code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import click
import pytest
import yaml

from bot.cli import okrbot
from cards.notices import notice
from chat.answers import Letter, Urgency
from config.reminders import KEYS
from okr.objectives import Reading, RollUp
from okr.people import Person
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_dingtalk.world import CallFault
from sandbox.sample_company import furnish
from sheets.writing import write_table
from storage import alignments, letters, objectives, people, roll_ups
from storage.database import Database
from storage.session import Session
from tests.bot.command_line import ROOT, Said, Typed, started
from tests.engines import in_a_loop_of_its_own
from tests.storage.company import NOON, VISITORS, employ, goal

HEADINGS = ("工号", "姓名", "岗位", "上级工号", "钉钉userid")
BOSS, CLERK = ("E1", "甲", "店长", "", "dt-1"), ("E2", "乙", "店员", "E1", "")


def _commands(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*above, name)
        if isinstance(command, click.Group):
            yield from _commands(command, *above, name)


@pytest.mark.parametrize("words", [(), *_commands(okrbot)], ids=" ".join)
def test_every_command_says_what_it_does(typed: Typed, words: tuple[str, ...]) -> None:
    said = typed(*words, "--help")

    assert (said.code, said.err) == (0, "")
    assert "Usage:" in said.out
    described = said.out.splitlines()[2].strip()
    assert any("一" <= char <= "鿿" for char in described), said.out


# --- configuration ---


def test_a_bad_configuration_is_named_by_file_line_and_key(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("company:\n  nmae: x\nserver:\n  port: abc\n", encoding="utf-8")
    said = started(tmp_path, "check", "--config", "bad.yaml")

    assert (said.code, said.out) == (1, "")
    first, second = said.err.splitlines()
    assert first.startswith("okrbot: bad.yaml 第 2 行 company.nmae:")
    assert second.startswith("okrbot: bad.yaml 第 4 行 server.port:")


@pytest.mark.parametrize(
    ("text", "expected"), [(":\n  - [", "第 1 行"), ("- a\n", "bot.yaml"), ("company: 1\n", "company")]
)
def test_what_is_no_configuration_at_all(typed: Typed, tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "bot.yaml").write_text(text, encoding="utf-8")
    said = typed("check")

    assert said.code == 1
    assert expected in said.err
    assert "Traceback" not in said.err


def test_a_configuration_that_is_not_there(typed: Typed) -> None:
    assert typed("check", "--config", "other.yaml") == Said(1, "", "okrbot: 没有配置文件 other.yaml\n")


def test_the_schema_is_for_editors(typed: Typed) -> None:
    said = typed("config", "schema")
    assert said.code == 0
    assert "company" in json.loads(said.out)["properties"]


# --- the database ---


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check",), 1),
        (("db", "history"), 0),
        (("outbox", "list"), 1),
        (("outbox", "retry", "--all"), 1),
        (("jobs", "list"), 1),
        (("jobs", "run", "open_cycle"), 1),
    ],
)
def test_looking_before_there_is_a_database_leaves_none_behind(
    typed: Typed, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    said = typed(*words)

    assert said.code == code
    assert "okrbot db upgrade" in said.out + said.err or "未做" in said.out
    assert list(tmp_path.iterdir()) == []


def test_the_database_is_upgraded_once_and_then_all_is_well(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "bot.yaml").write_text("company: {admins: [E1]}\n", encoding="utf-8")
    first, second = typed("db", "upgrade"), typed("db", "upgrade")
    assert first.out.startswith("已升级 0001_initial")
    assert second.out == "已经是最新的\n"
    assert "0001_initial  已做" in typed("db", "history").out

    checked = typed("check", "--config", "bot.yaml")
    assert (checked.code, checked.err) == (0, "")
    assert "正常  数据库连得上,已经是最新的" in checked.out
    assert "注意  company.admins 里这些工号不在人员表:E1" in checked.out


def test_a_number_that_its_children_do_not_make_is_an_error(typed: Typed, tmp_path: Path) -> None:
    typed("db", "upgrade")
    sound = typed("check")

    parent = in_a_loop_of_its_own(_gone_astray(f"sqlite://{tmp_path / 'data' / 'okrbot.db'}"))
    found = typed("check")

    assert (sound.code, "正常  汇总的数和下级对得上" in sound.out) == (0, True)
    assert (found.code, f"错误  1 个汇总的数和下级对不上:KR{parent} 是 1000,该是 1041" in found.out) == (
        1,
        True,
    )


async def _gone_astray(url: str) -> int:
    """A child whose value was changed behind the back of its parent, and the parent's id."""

    async def work(session: Session) -> int:
        await employ(session)
        _, parent = await goal(session, replace(VISITORS, roll_up=RollUp.SUM))
        _, child = await goal(session)
        await alignments.align(session, alignments.key_result(child), parent, at=NOON)
        await roll_ups.recount(session, parent, NOON)
        await objectives.set_value(session, child, Reading(Decimal(1041), NOON, "李四"))
        return parent

    async with Database(url) as database:
        return await database.transact(work)


def test_a_database_that_does_not_answer_is_told_from_an_old_one(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "bot.yaml").write_text(
        "storage: {url: 'postgres://nobody@127.0.0.1:1/x'}\n", encoding="utf-8"
    )
    checked = typed("check")

    assert checked.code == 1
    assert "数据库连不上" in checked.out
    assert typed("db", "upgrade").code == 1


def test_run_without_a_platform_says_what_to_do(tmp_path: Path) -> None:
    said = started(tmp_path, "run")

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("okrbot: dingtalk 和 wecom 都没有启用")
    assert list(tmp_path.iterdir()) == []


# --- the staff file ---


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_staff_file_is_checked_taken_in_and_updated(typed: Typed, tmp_path: Path, ending: str) -> None:
    name = f"staff.{ending}"
    write_table(tmp_path / name, HEADINGS, [BOSS, CLERK])
    assert typed("import", "staff", name, "--dry-run").out == "2 行都没问题(只检查,没有写入)\n"
    assert typed("import", "staff", name).out == "导入完成:新增 2 人,更新 0 人,没变 0 人\n"

    write_table(tmp_path / name, HEADINGS, [BOSS, ("E2", "乙", "店长", "E1", "")])
    assert typed("import", "staff", name).out == "导入完成:新增 0 人,更新 1 人,没变 1 人\n"


def test_a_wrong_row_is_named_and_nothing_is_taken_in(typed: Typed, tmp_path: Path) -> None:
    write_table(tmp_path / "staff.csv", HEADINGS, [BOSS, ("E2", "", "", "E9", "")])
    said = typed("import", "staff", "staff.csv")

    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines() == [
        "okrbot: 第 3 行 姓名:没有填",
        "okrbot: 第 3 行 上级工号:E9 既不在文件里,也不在已有人员里",
        "okrbot: 2 处要改,一行都没有导入",
    ]
    write_table(tmp_path / "staff.csv", HEADINGS, [BOSS])
    assert "新增 1 人" in typed("import", "staff", "staff.csv").out


def test_who_is_missing_leaves_only_when_told_so_and_other_columns_stay(typed: Typed, tmp_path: Path) -> None:
    write_table(tmp_path / "staff.csv", HEADINGS, [BOSS, CLERK, ("E3", "丙", "", "E1", "")])
    typed("import", "staff", "staff.csv")
    write_table(tmp_path / "few.csv", ("工号", "姓名"), [("E1", "甲"), ("E2", "乙")])

    assert typed("import", "staff", "few.csv").out == "导入完成:新增 0 人,更新 0 人,没变 2 人\n"
    gone = typed("import", "staff", "few.csv", "--deactivate-missing")
    assert gone.out == "导入完成:新增 0 人,更新 0 人,没变 2 人,标成离职 1 人\n"
    clerk = in_a_loop_of_its_own(_looked_up(tmp_path, "E2"))
    assert (clerk.position, clerk.manager_id) == ("店员", 1)


async def _looked_up(folder: Path, number: str) -> Person:
    async with Database(f"sqlite://{folder / 'data/okrbot.db'}") as database:
        found = await database.read(lambda session: people.by_number(session, number))
    assert found is not None
    return found


# --- messages and jobs ---


async def _dead_letter(folder: Path) -> None:
    async def post(session: Session) -> None:
        await furnish(session, datetime.now(UTC))
        one = await people.by_number(session, "E0102")
        assert one is not None
        letter = Letter(one.id, notice("never_mind"), "once", Urgency.WARNING)
        letter_id = await letters.post(session, letter, datetime.now(UTC))
        assert letter_id is not None
        await letters.close(session, letter_id, "dead", "60121 no such user")

    async with Database(f"sqlite://{folder / 'data/okrbot.db'}") as database:
        await database.transact(post)


def test_letters_given_up_are_listed_and_tried_again(typed: Typed, tmp_path: Path) -> None:
    typed("db", "upgrade")
    assert typed("outbox", "list").out == ""
    in_a_loop_of_its_own(_dead_letter(tmp_path))

    [line] = typed("outbox", "list", "--dead").out.splitlines()
    number, state, receiver, _, reason = line.split("\t")
    assert (state, receiver, reason) == ("dead", "李四@-", "60121 no such user")
    assert typed("outbox", "retry", number).out == "1 条会马上再试\n"
    assert typed("outbox", "list", "--dead").out == ""
    assert "\twaiting\t" in typed("outbox", "list").out
    assert typed("outbox", "retry", "--all").out == "1 条会马上再试\n"


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (("99",), "没有编号为 99"),
        ((), "写一个编号,或者 --all"),
        (("1", "--all"), "写一个编号"),
        (("--all",), "没有等待"),
    ],
)
def test_a_retry_of_nothing_is_a_failure(typed: Typed, words: tuple[str, ...], err: str) -> None:
    typed("db", "upgrade")
    said = typed("outbox", "retry", *words)

    assert (said.code, said.out) == (1, "")
    assert err in said.err


def test_a_job_runs_once_for_each_moment(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "bot.yaml").write_text("company: {admins: [E1]}\n", encoding="utf-8")
    typed("db", "upgrade")
    words = ("jobs", "run", "open_cycle", "--at", "2026-11-23T08:00", "--config", "bot.yaml")
    first = started(tmp_path, *words)  # a process of its own: nothing but the outcome may stand on its output
    second = typed(*words)

    assert (first.code, first.out, first.err) == (0, "open_cycle: running: 2026Q4\n", "")
    assert (second.code, second.out) == (0, "open_cycle: 这个时刻已经运行过了,什么都没做\n")


def test_jobs_are_listed_and_unknown_ones_named(typed: Typed) -> None:
    typed("db", "upgrade")
    listed = typed("jobs", "list").out
    assert all("\t上次 -\t下次 " in line for line in listed.splitlines())
    assert "open_cycle" in listed

    said = typed("jobs", "run", "nothing")
    assert said.code == 1
    assert "没有叫 nothing 的任务,有:open_cycle" in said.err


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (("nothing",), "No such command 'nothing'"),
        (("check", "--nothing"), "--nothing"),
        (("import", "staff", "nothing.csv"), "nothing.csv"),
        (("jobs", "run", "open_cycle", "--at", "monday"), "--at"),
    ],
)
def test_words_that_make_no_command(typed: Typed, words: tuple[str, ...], err: str) -> None:
    said = typed(*words)

    assert (said.code, said.out) == (2, "")
    assert err in said.err
    assert len(said.err.splitlines()) == 1


# --- run, until it is told to stop ---

PEOPLE = ("dt-li", "dt-wang", "dt-zhou", "dt-zhang", "dt-zhao")


async def test_told_to_stop_it_finishes_what_is_under_way(tmp_path: Path) -> None:
    fake = FakeDingTalk(WoundClock())
    for user_id in PEOPLE:
        fake.add_user(user_id, user_id)
    await fake.start()
    settings = {
        "storage": {"url": f"sqlite://{tmp_path / 'okrbot.db'}"},
        "server": {"port": 0},
        "dingtalk": {
            "enabled": True,
            "client_id": fake.client_id,
            "client_secret": fake.client_secret,
            "api_base": fake.base_url,
            "oapi_base": fake.base_url,
        },
        "reminders": {
            key: {"enabled": False} for key in KEYS
        },  # the clock is the real one: some would be due
    }
    (tmp_path / "bot.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    async with Database(settings["storage"]["url"]) as database:  # type: ignore[index]  # written above
        await database.upgrade()
        await database.transact(lambda session: furnish(session, datetime.now(UTC)))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=tmp_path, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(120):
            while not fake.connected:
                await asyncio.sleep(0.02)
        fake.faults.calls.append(CallFault("*sendBySession*", times=len(PEOPLE), slow=0.8))
        await asyncio.gather(*(fake.say(user_id, "我的目标") for user_id in PEOPLE))
        running.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            _, log = await running.communicate()
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
        await fake.stop()

    assert running.returncode == 0, log.decode()
    assert "Traceback" not in log.decode()
    assert [len([b for b in fake.bubbles_for(user_id) if b.author == "bot"]) for user_id in PEOPLE] == [1] * 5
    async with Database(f"sqlite://{tmp_path / 'okrbot.db'}") as database:
        assert await database.read(letters.tally) == {"sent": len(PEOPLE)}
