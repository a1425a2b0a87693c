"""设置 in chat: what may be changed, what it would do, what is refused, how it is kept and taken back, and who may."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from bot.company import CompanySettings
from bot.dispatch import Dispatch
from config.reminders import ProgressWarning, Reminders
from config.settings import Company, Settings
from handlers.routing import Routing
from okr.objectives import Kind, Measure, Reading
from okr.reminding import Reminder
from storage import objectives
from storage.objectives import Draft
from tests.handlers.desk import CHEN, LI, LIN, ZHOU, Desk
from tests.storage.company import person

FILE = Settings(company=Company(admins=(CHEN, LIN)))


@dataclass
class Running:
    """The desk with the company's settings, as the running bot has them."""

    desk: Desk
    company: CompanySettings

    async def says(self, number: str, text: str) -> str:
        answer = await self.desk.says(number, text)
        if self.company.stale:
            await self.company.refresh()
            self.desk.policy = self.company.policy
        return answer

    def number(self, name: str, reminder: Reminder = Reminder.PROGRESS_WARNING) -> object:
        return self.company.policy.reminders[reminder][name]


@pytest.fixture
def running(office: Desk) -> Running:
    return opened(office, FILE)


def opened(office: Desk, settings: Settings) -> Running:
    company = CompanySettings(settings, office.database)
    office.policy = company.policy
    office.dispatch = Dispatch(
        office.database, Routing(), lambda: company.policy, "here", lambda: office.now, company
    )
    return Running(office, company)


async def test_a_threshold_is_asked_back_kept_and_in_force_at_once(running: Running) -> None:
    asked = await running.says(CHEN, "设置 进度预警 偏慢 15")
    assert asked.startswith("目标进度预警 偏慢:10 → 15,改吗?")
    assert "按新规则,今天该发的和现在一样" in asked
    assert running.number("behind_points") == 10

    assert (await running.says(CHEN, "1")).startswith("✅ 目标进度预警 偏慢:10 → 15")

    assert running.number("behind_points") == 15
    assert "偏慢 15(慢多少个百分点算偏慢)" in await running.says(CHEN, "设置 进度预警")


async def test_before_it_is_kept_one_sees_what_it_would_do_today(running: Running) -> None:
    await running.desk.new_goal(
        Draft("开店", Measure(Kind.NUMBER, "家", start=Decimal(0), target=Decimal(100)))
    )
    await running.desk.does(
        lambda session: objectives.set_value(session, 1, Reading(Decimal(45), running.desk.now, "李四"))
    )

    asked = await running.says(CHEN, "设置 进度预警 偏慢 15")

    assert "按新规则,今天会少发 1 条" in asked
    assert "少 李四:🟡 KR1" in asked


@pytest.mark.parametrize(
    ("said", "key", "step"),
    [
        ("设置 进度预警 关", "reminders.progress_warning.enabled", "开 → 关"),
        ("设置 目标进度预警 告急30", "reminders.progress_warning.at_risk_points", "25 → 30"),
        ("设置 达成预测 承诺型 90%", "reminders.forecast_miss.committed", "95% → 90%"),
        ("设置 变更审批 再提醒 12、36", "reminders.approval_pending.remind_hours", "24、48 → 12、36"),
        ("设置 周报时间 周五 16:00", "schedule.weekly_report.office", "周五 17:00 → 周五 16:00"),
        ("设置 周报 门店时间 周二 11:00", "schedule.weekly_report.store", "周一 10:30 → 周二 11:00"),
        ("设置 进展更新 时间 9:30", "schedule.checkin_due", "周一 09:00 → 9:30"),
        ("设置 月度复盘 几号 20", "reminders.monthly_review.day", "25 → 20"),
        ("设置 每天上限 5", "reminders.ceiling.day", "3 → 5"),
        ("设置 办公室时间 9:30-19:00", "reminders.send_window.office", "09:00-20:00 → 09:30-19:00"),
        ("设置 忙时 11:00-13:00", "reminders.send_window.peaks", "11:30-13:30、17:30-20:00 → 11:00-13:00"),
        ("设置 排名最少 6", "ranking.least", "4 → 6"),
        ("设置 西湖店 进度预警 偏慢 12", "reminders.progress_warning.behind_points", "跟公司的一样 → 12"),
        ("设置 进度预警 偏慢 12 西湖店", "reminders.progress_warning.behind_points", "跟公司的一样 → 12"),
        ("设置 进度预警 @李四 关", "reminders.progress_warning.enabled", "跟公司的一样 → 关"),
        (
            "设置 华东区 进度预警 时间 周四 9:00",
            "reminders.progress_warning.schedule",
            "跟公司的一样 → 周四 9:00",
        ),
    ],
)
async def test_what_can_be_changed(running: Running, said: str, key: str, step: str) -> None:
    asked = await running.says(CHEN, said)
    assert step in asked.splitlines()[0], asked

    assert (await running.says(CHEN, "1")).startswith("✅"), asked
    assert running.company._amendments[0].key == key


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("设置 进度预警 偏慢 一点点", "改不了:写的是 一点点,要写整数"),
        ("设置 进度预警 偏慢 30", "改不了:写的是 30,不能大于「告急」(at_risk_points),现在是 25"),
        ("设置 达成预测 承诺型 950", "改不了:写的是 950.0,不能大于 1"),
        ("设置 月度复盘 几号 31", "改不了:写的是 31,不能大于 28"),
        ("设置 周报时间 下午", "改不了:写的是 下午,像 17:30"),
        ("设置 办公室时间 20:00-9:00", "改不了:写的是 20:00-09:00,结束要晚于开始"),
        ("设置 进度预警 偏慢 10", "本来就是 10,不用改"),
        ("设置 进度预警 偏慢", "进度预警 偏慢现在是 10,要改成什么?"),
        ("设置 进度预警 颜色 红", "进度预警里没有「颜色 红」这一项"),
        ("设置 变更审批 关", "变更审批提醒关不掉"),
        ("设置 西湖店 每天上限 5", "说的是哪一种提醒?"),
        ("设置 天气 5", "说的是哪一种提醒?"),
        ("设置 西湖店 月度复盘 时间 9:00", "改不了:这个提醒不按时间看一遍"),
        ("设置 进度预警 @王五 关", "没找到「王五」"),
        ("设置 恢复 99", "还没有在聊天里改过设置"),
        ("设置 记录", "还没有在聊天里改过设置"),
    ],
)
async def test_what_is_refused_says_what_is_allowed(running: Running, said: str, answer: str) -> None:
    assert answer in await running.says(CHEN, said)
    assert running.company.settings == FILE


async def test_it_is_on_record_and_can_be_taken_back_step_by_step(running: Running) -> None:
    for value in (15, 20):
        await running.says(CHEN, f"设置 进度预警 偏慢 {value}")
        await running.says(CHEN, "1")

    listed = await running.says(LIN, "设置 记录")
    assert "2 今天 12:00 陈总:目标进度预警 偏慢 15 → 20" in listed
    assert "1 今天 12:00 陈总:目标进度预警 偏慢 10 → 15" in listed
    assert (await running.says(LIN, "设置 恢复 2")).startswith("目标进度预警 偏慢:20 → 15,改吗?")
    await running.says(LIN, "1")
    assert running.number("behind_points") == 15
    assert "照配置文件" in await running.says(LIN, "设置 恢复 1")
    await running.says(LIN, "1")

    assert running.number("behind_points") == 10
    assert running.company.settings == FILE
    assert "4 今天 12:00 林晓" in await running.says(CHEN, "设置 记录")


async def test_only_admins_may_and_the_others_of_them_hear_of_it(running: Running) -> None:
    for who in (LI, ZHOU):
        assert "管理员" in await running.says(who, "设置 进度预警 偏慢 15")
        assert "管理员" in await running.says(who, "确认 设置 进度预警 偏慢 15")
    assert running.company.settings == FILE

    await running.says(CHEN, "设置 进度预警 偏慢 15")
    await running.says(CHEN, "1")

    [(_, told)] = await running.desk.letters_to(LIN)
    assert told.startswith("⚙️ 陈总改了公司的设置:目标进度预警 偏慢")
    assert await running.desk.letters_to(CHEN) == []


async def test_another_replica_follows_and_a_changed_file_stays_under_it(running: Running) -> None:
    other = CompanySettings(FILE, running.desk.database)
    await running.says(CHEN, "设置 进度预警 偏慢 15")
    await running.says(CHEN, "1")

    assert await other.refresh()
    assert other.policy.reminders[Reminder.PROGRESS_WARNING]["behind_points"] == 15
    assert not await other.refresh()

    other.settle(Settings(reminders=Reminders(progress_warning=ProgressWarning(at_risk_points=40))))
    assert other.policy.reminders[Reminder.PROGRESS_WARNING].numbers["at_risk_points"] == 40
    assert other.policy.reminders[Reminder.PROGRESS_WARNING]["behind_points"] == 15


async def test_what_makes_no_sense_over_a_changed_file_is_left_out(running: Running) -> None:
    await running.says(CHEN, "设置 进度预警 偏慢 20")
    await running.says(CHEN, "1")

    strict = Settings(
        reminders=Reminders(progress_warning=ProgressWarning(behind_points=5, at_risk_points=12))
    )
    running.company.settle(strict)

    assert running.company.settings == strict


async def test_a_unit_and_a_person_have_their_own(running: Running) -> None:
    for said in (
        "设置 西湖店 进度预警 偏慢 12",
        "设置 进度预警 @李四 偏慢 18",
        "设置 西湖店 进度预警 告急 40",
    ):
        await running.says(CHEN, said)
        await running.says(CHEN, "1")
    rule = running.company.policy.reminders[Reminder.PROGRESS_WARNING]

    async def of(number: str) -> tuple[object, object]:
        who = await running.desk.does(lambda session: person(session, number))
        return rule.of(who)["behind_points"], rule.of(who)["at_risk_points"]

    assert await of("E0101") == (12, 40)
    assert await of(LI) == (18, 25)
    assert await of(ZHOU) == (10, 25)


async def test_settings_are_for_one_pair_of_eyes(running: Running) -> None:
    assert "改一条发:设置 目标进度预警 偏慢 15" in await running.says(CHEN, "设置")
