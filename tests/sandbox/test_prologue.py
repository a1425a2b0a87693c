"""The visitor of the demo finds a company that has lived: a goal broken down, changes that wait, a map."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox import prologue
from sandbox.clock import WoundClock
from sandbox.office import DINGTALK, WECOM, MakeBelieveOffice
from sandbox.stage import staged
from sandbox.transcript import Bubble
from tests.quiet import QUIET_JOBS

VISIT = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def read(office: MakeBelieveOffice, number: str, platform: str) -> list[Bubble]:
    """What stands in somebody's private chats with the bot."""
    person = next(member for member in office.cast if member.number == number)
    chats = [chat for chat in office.chats(person) if chat.platform == platform and not chat.group]
    return [bubble for chat in chats for bubble in office.transcripts[platform].of(chat.id)]


def presses(bubbles: list[Bubble]) -> list[tuple[str, str]]:
    return [(bubble.title, button.label) for bubble in bubbles for button in bubble.buttons]


async def test_the_chats_show_a_breakdown_two_requests_and_a_map(sqlite_url: str) -> None:
    async with staged(sqlite_url, WoundClock(prologue.curtain_time(VISIT)), jobs=QUIET_JOBS) as stage:
        await prologue.play(stage.office)
        await stage.office.wind_to(VISIT)
        head, other = read(stage.office, "E0101", DINGTALK), read(stage.office, "E0201", WECOM)
        asks = read(stage.office, "E0102", DINGTALK)
        assert ("📝 李四想改 KR8 的目标值(R2)", "同意") in presses(head)
        assert ("📝 吴越想改 KR15 的目标值(R3)", "同意") in presses(other)
        assert any("KR20 西湖店销售额" in bubble.title for bubble in head)
        assert any("KR21 滨江店销售额" in bubble.title for bubble in other)
        assert any("目标地图" in bubble.title for bubble in asks)
        assert all(bubble.at.date() == prologue.curtain_time(VISIT).date() for bubble in [*head, *other])


def test_it_begins_on_the_day_before() -> None:
    begins = prologue.curtain_time(VISIT).astimezone(VISIT.tzinfo)
    assert (begins.date().isoformat(), f"{begins:%H:%M}") == ("2026-11-23", "10:10")


def test_the_clock_stops_on_its_way_to_the_visit() -> None:
    stops = [moment.astimezone(VISIT.tzinfo).isoformat()[:16] for moment in prologue.stops(VISIT)]
    assert stops == ["2026-11-24T10:40"]
