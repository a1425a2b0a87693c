"""Access tokens: one until its end, however often it is asked for.

Source: developer.work.weixin.qq.com 91039.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sandbox.fake_wecom.world import World

VALID = timedelta(seconds=7200)


class Tokens:
    def __init__(self, world: World, corp_id: str, secret: str) -> None:
        self._world = world
        self._corp_id = corp_id
        self._secret = secret
        self._token = ""
        self._until: datetime | None = None
        self._spent: set[str] = set()

    def issue(self, corp_id: str, secret: str) -> tuple[int, str]:
        """An error code and the token."""
        if corp_id != self._corp_id:
            return 40013, ""
        if secret != self._secret:
            return 40001, ""
        if self.refusal(self._token):
            self._token = secrets.token_urlsafe(32)
            self._until = self._world.clock.now() + VALID
        return 0, self._token

    def refusal(self, token: str) -> int:
        """0 for the valid one, 42001 for one that has ended, 40014 for one that never was."""
        if token in self._spent or (token and token == self._token and self._ended()):
            return 42001
        return 0 if token and token == self._token else 40014

    def expire(self) -> None:
        """End the token early, as the platform may."""
        self._spent.add(self._token)
        self._token = ""

    def forget(self) -> None:
        """As `expire`, but the old token counts as never issued."""
        self._token = ""

    def _ended(self) -> bool:
        return self._until is not None and self._world.clock.now() >= self._until
