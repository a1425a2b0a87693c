"""Every conversation of docs/conversations, over the real wire of every gateway."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from _pytest.mark import ParameterSet

import storage.database
from sandbox.clock import WoundClock
from sandbox.stage import staged
from scheduler.timetable import JOBS
from tests.conversations.phones import GATEWAYS, Phone, calm, has_account, read, settled
from tests.conversations.script import FOLDER, SILENCE, Scene, says, scenes_of
from tests.engines import MONDAY, REQUIRED
from tests.quiet import QUIET_JOBS

KINDS = {"›": "text", "📬": "text", "🎤": "voice", "📷": "image"}


def _scenes() -> Iterator[ParameterSet]:
    for gateway in GATEWAYS:
        for path in sorted(FOLDER.glob("*.md")):
            for scene in scenes_of(path):
                if not all(has_account(gateway, line.who) for line in scene.lines if line.who):
                    continue
                if any(line.how == "📎" for line in scene.lines) and gateway == "wecom-app":
                    continue  # the app is sent no files
                if any(line.how == "🎤" for line in scene.lines) and gateway == "wecom-app":
                    continue  # the app hears no words in a voice message
                yield pytest.param(scene, gateway, id=f"{path.stem}-{scene.name}-{gateway}")


@pytest.fixture
def played_on(
    request: pytest.FixtureRequest, gateway: str, postgres_answers: bool, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The URL of a database with the company: on PostgreSQL for DingTalk, where there is one, and on SQLite for WeCom.

    A gateway does not know its engine: each scene is seen on every one of them, not on every pair. Two connections: each
    more costs as much as a short scene, and with few of them it shows who would want a second one for the same work.
    """
    monkeypatch.setattr(storage.database, "POOL", 2)
    on_postgres = gateway == "dingtalk" and (postgres_answers or REQUIRED)
    url: str = request.getfixturevalue("postgres_company_url" if on_postgres else "sqlite_company_url")
    return url


@pytest.mark.parametrize(("scene", "gateway"), list(_scenes()))
async def test_conversation(scene: Scene, gateway: str, played_on: str) -> None:
    clock = WoundClock(MONDAY)
    mode = "callback" if gateway == "wecom-robot-url" else "websocket"
    async with staged(
        played_on,
        clock,
        robot_mode=mode,
        furnished=False,
        jobs=JOBS if scene.is_timed else QUIET_JOBS,
    ) as stage:
        letters_on: dict[str, Phone] = {}
        for line in scene.lines:
            if line.at is not None:
                await calm(stage)
                clock.set(line.at)
                await stage.application.wound()
                continue
            if line.wind:
                await settled(stage)  # the clock must not be wound in between
                clock.wind(timedelta(seconds=line.wind))
                await stage.application.wound()
                continue
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
