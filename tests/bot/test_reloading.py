"""A bot.yaml that is changed while the bot runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import reloading
from sandbox.clock import WoundClock
from sandbox.stage import Stage, staged
from tests.conversations.phones import Phone
from tests.engines import MONDAY
from tests.quiet import QUIET_JOBS

CONFIG = "company: {{name: 鲜橙连锁, admins: {admins}}}\n"


@dataclass
class Watched:
    stage: Stage
    path: Path

    def save(self, text: str) -> None:
        """As an editor does: a new file in the place of the old one."""
        new = self.path.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.path)


async def until(check: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not check():
            await asyncio.sleep(0.01)


@pytest.fixture
async def watched(
    sqlite_company_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Watched]:
    monkeypatch.setattr(reloading, "LOOK", 0.02)
    path = tmp_path / "bot.yaml"
    path.write_text(CONFIG.format(admins="[E0001]"), encoding="utf-8")
    async with staged(sqlite_company_url, WoundClock(MONDAY), furnished=False, jobs=QUIET_JOBS) as stage:
        watching = asyncio.create_task(reloading.reload_on_change(stage.application, path))
        await asyncio.sleep(0.05)
        yield Watched(stage, path)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def test_a_change_holds_from_now_on(watched: Watched) -> None:
    watched.save(CONFIG.format(admins="[E0001, E0002]"))
    await until(lambda: watched.stage.application.policy().admins == {"E0001", "E0002"})


async def test_a_mistake_changes_nothing_and_the_admins_are_told(watched: Watched) -> None:
    with capture_logs() as logs:
        watched.save("company: {nmae: x, admins: [E0002]}\n")
        admin = Phone(watched.stage, "dingtalk", "陈总")
        await until(lambda: any("nmae" in b.title + b.text for b in admin.transcript.of(admin.chat)))

    assert "settings_refused" in [entry["event"] for entry in logs]
    assert watched.stage.application.policy().admins == {"E0001"}


async def test_put_right_it_holds(watched: Watched) -> None:
    with capture_logs() as logs:
        watched.save("company: [\n")
        await until(lambda: any(entry["event"] == "settings_refused" for entry in logs))
        watched.save(CONFIG.format(admins="[E0003]"))
        await until(lambda: watched.stage.application.policy().admins == {"E0003"})


async def test_without_a_file_there_is_nothing_to_watch(sqlite_company_url: str, tmp_path: Path) -> None:
    async with staged(sqlite_company_url, WoundClock(MONDAY), furnished=False, jobs=QUIET_JOBS) as stage:
        await reloading.reload_on_change(stage.application, tmp_path / "none.yaml")
