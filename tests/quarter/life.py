"""What the people do on a day: report, ask for changes, decide, take leave. The same in every run of one seed."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from storage.database import Database
from tests.quarter.company import Company, Worker

Say = Callable[[Worker, str], Awaitable[None]]
ASKS, DECIDES, LEAVES, DOUBTS = 0.004, 0.5, 0.002, 0.02
"""The chances of a person on a day: to ask for a change, to decide what waits, to take leave, to lose confidence."""


class Life:
    """`first` and `last` are the days of the quarter. `brief`: who reports says all his numbers in one message."""

    def __init__(
        self,
        company: Company,
        database: Database,
        say: Say,
        seed: int,
        first: date,
        last: date,
        *,
        brief: bool = False,
    ) -> None:
        self._brief = brief
        self._company = company
        self._database = database
        self._say = say
        self._seed = seed
        self._first = first
        self._span = (last - first).days

    async def day(self, today: date) -> None:
        """One thing after another, so that every run gives the same numbers to the same things."""
        chance = random.Random(f"{self._seed} {today}")
        for worker in self._company.workers:
            await self._report(worker, today, chance)
            if chance.random() < ASKS:
                kr_id, _, target = self._company.goals[worker.number][0]
                await self._say(worker, f"修改 KR{kr_id} 目标值 {target + 20} 原因 周边开了新小区")
            if chance.random() < LEAVES:
                back = today + timedelta(days=3)
                await self._say(worker, f"请假 {today.month}月{today.day}日-{back.month}月{back.day}日")
        await self._decide(chance)

    async def _report(self, worker: Worker, today: date, chance: random.Random) -> None:
        """On their weekday, in the weeks of their rhythm, what their pace has made of it."""
        passed = (today - self._first).days
        if not worker.rhythm or today.weekday() != int(worker.number[1:]) % 5:
            return
        if passed // 7 % worker.rhythm:
            return
        part = min(Decimal(1), worker.pace * Decimal(passed) / self._span)
        said = []
        for kr_id, start, target in self._company.goals[worker.number]:
            value = (start + (target - start) * part).quantize(Decimal("0.1"), ROUND_HALF_UP)
            said.append(f"KR{kr_id} ={value}" if value < 0 else f"KR{kr_id} {value}")
        for words in (" ".join(said),) if self._brief else said:
            await self._say(worker, f"更新 {words}")
        if chance.random() < DOUBTS:
            await self._say(worker, f"信心 KR{self._company.goals[worker.number][1][0]} 3 供应商未定")

    async def _decide(self, chance: random.Random) -> None:
        rows = await self._database.read(
            lambda session: session.all(
                "SELECT a.request_id, e.number FROM approvals a JOIN employees e ON e.id = a.approver_id"
                " JOIN change_requests r ON r.id = a.request_id"
                " WHERE r.state = 'waiting' AND a.state = 'waiting' ORDER BY a.request_id"
            )
        )
        for number, approver in rows:
            if chance.random() < DECIDES:
                await self._say(self._company.of(approver), f"同意 R{number}")
