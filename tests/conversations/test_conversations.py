"""Every conversation of docs/conversations, over the real wire of every gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from sandbox.clock import WoundClock
from sandbox.stage import Stage, staged
from scheduler.timetable import JOBS
from tests.conversations.phones import GATEWAYS, Phone, has_account, read, settled
from tests.conversations.script import FOLDER, SILENCE, Scene, says, scenes_of
from tests.engines import MONDAY
from tests.quiet import QUIET_JOBS

CALM = 2.0
"""Seconds."""
KINDS = {"›": "text", "📬": "text", "🎤": "voice", "📷": "image"}


def _scenes() -> Iterator[ParameterSet]:
    for path in sorted(FOLDER.glob("*.md")):
        for scene in scenes_of(path):
            for gateway in GATEWAYS:
                if not all(has_account(gateway, line.who) for line in scene.lines if line.who):
                    continue
                if any(line.how == "📎" for line in scene.lines) and gateway == "wecom-app":
                    continue  # the app is sent no files
                if any(line.how == "🎤" for line in scene.lines) and gateway == "wecom-app":
                    continue  # the app hears no words in a voice message
                yield pytest.param(scene, gateway, id=f"{path.stem}-{scene.name}-{gateway}")


async def _calm(stage: Stage) -> None:
    """Wait until what is on its way to anybody has come, so that it is not taken for the next answer."""
    try:
        async with asyncio.timeout(CALM):
            await settled(stage)
    except TimeoutError:
        return


ALL = list(_scenes())


@pytest.mark.parametrize(("scene", "gateway"), ALL)
async def test_conversation(scene: Scene, gateway: str, tmp_path: Path) -> None:
    await _play(scene, gateway, f"sqlite://{tmp_path / 'okrbot.db'}")


@pytest.mark.postgres
@pytest.mark.parametrize(("scene", "gateway"), [case for case in ALL if case.values[1] == "dingtalk"])
async def test_conversation_on_postgres(scene: Scene, gateway: str, postgres_company_url: str) -> None:
    await _play(scene, gateway, postgres_company_url)


async def _play(scene: Scene, gateway: str, database_url: str) -> None:
    clock = WoundClock(MONDAY)
    mode = "callback" if gateway == "wecom-robot-url" else "websocket"
    async with staged(
        database_url,
        clock,
        robot_mode=mode,
        furnished=False,
        jobs=JOBS if scene.is_timed else QUIET_JOBS,
    ) as stage:
        letters_on: dict[str, Phone] = {}
        for line in scene.lines:
            if line.at is not None:
                await _calm(stage)
                clock.set(line.at)
                await stage.application.wound()
                continue
            if line.wind:
                await settled(stage)  # the clock must not be wound in between
                clock.wind(timedelta(seconds=line.wind))
                continue
            await _calm(stage)
            phone = Phone(stage, gateway, line.who)
            if line.how == "📬" and not line.what:
                letters_on[line.who] = await phone.received(*line.expected)
                continue
            if line.how == "📬":
                phone = letters_on[line.who]
            if line.expected == [SILENCE]:
                assert await phone.whisper(line.what) is None, line.what
                continue
            if line.how == "📎":
                name, _, content = line.what.partition("\n")
                answer = await phone.send(name, content.encode())
            elif line.what.startswith("[") and line.what.endswith("]"):
                answer = await phone.press(line.what[1:-1])
            else:
                answer = await phone.say(line.what, kind=KINDS[line.how])
            assert answer is not None, f"no answer to {line.what!r}"
            text = read(answer, phone.user_id)
            for expected in line.expected:
                assert says(text, expected), f"{line.what!r} was answered\n{text}\nand not {expected!r}"
