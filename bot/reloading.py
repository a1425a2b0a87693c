"""A changed bot.yaml takes effect without a restart; an invalid one is refused and the old one stays in force."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import structlog

from bot.application import Application
from cards.notices import notice
from chat.answers import Letter, Urgency
from config.watching import SettingsFile
from storage import letters, people
from storage.session import Session

log = structlog.get_logger(__name__)

LOOK = 2.0
"""Seconds between two looks at the file."""


async def reload_on_change(application: Application, config_file: Path | None) -> None:
    """Watch the file until cancelled."""
    path = config_file or Path("bot.yaml")
    if not path.exists():
        return
    watched = SettingsFile(path, os.environ)
    while True:
        await asyncio.sleep(LOOK)
        outcome = watched.reload()
        if outcome.refused is not None:
            findings = [str(finding) for finding in outcome.refused.findings]
            log.error("settings_refused", findings=findings)
            await _tell_admins(application, findings)
        elif outcome.changed:
            application.settle(watched.current)
            log.info("settings_changed")


async def _tell_admins(application: Application, findings: list[str]) -> None:
    now = application.now()
    card = notice("settings_refused", findings=findings[:3], more=max(0, len(findings) - 3))

    async def tell(session: Session) -> None:
        for admin in await people.by_numbers(session, sorted(application.policy().admins)):
            once = f"settings:{now:%Y%m%d%H%M%S}:{admin.id}"
            await letters.post(session, Letter(admin.id, card, once, Urgency.DECISION), now)

    await application.database.transact(tell)
    application.postman.wake()
