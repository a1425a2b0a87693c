"""The demo's company has a second region: there is somebody to rank and something to compare with."""

from __future__ import annotations

from datetime import datetime

from okr.policy import SHANGHAI
from sandbox import neighbours, prologue
from sandbox.chain import CHAIN
from sandbox.clock import WoundClock
from sandbox.office import DINGTALK
from sandbox.prologue import Scene
from sandbox.stage import Stage, staged
from tests.quiet import QUIET_JOBS

DEAREST = "番禺店"
VISIT = datetime(2026, 11, 24, 15, 0, tzinfo=SHANGHAI)


async def test_the_visitor_can_rank_compare_and_see_days(sqlite_url: str) -> None:
    async with staged(sqlite_url, WoundClock(VISIT), jobs=QUIET_JOBS, others=CHAIN) as stage:
        await stage.database.transact(lambda session: neighbours.open_up(session, VISIT))

        assert "西湖店排第" in await told(stage, "E0101", "排名 门店 本月")
        assert "今天要" in await told(stage, "E0101", "日目标")
        assert "区域对比:华南走在前面" in await told(stage, "E0001", "区域对比")
        assert "周更新的店比固定月的" in await told(stage, "E0001", "机制对比 销售额 本月")
        assert f"{DEAREST}明显高" in await told(stage, "E0001", "对比 客单价 按 门店 本月")


async def told(stage: Stage, number: str, words: str) -> str:
    """What somebody of the cast is answered in DingTalk."""
    office = stage.office
    await prologue.play(office, [Scene(number, DINGTALK, words)])
    person = next(member for member in office.cast if member.number == number)
    chat = next(chat for chat in office.chats(person) if chat.platform == DINGTALK)
    bubble = office.transcripts[DINGTALK].of(chat.id)[-1]
    return f"{bubble.title}\n{bubble.text}"
