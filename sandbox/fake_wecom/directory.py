"""Who comes with an OAuth code.

Source: developer.work.weixin.qq.com 96442.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.fake_wecom.world import World, answered


class Directory:
    def __init__(self, world: World) -> None:
        self._world = world
        self._codes: dict[str, str] = {}

    def issue_code(self, user_id: str) -> str:
        """What the in-app browser brings back; good for one use. An empty id is somebody from outside."""
        code = self._world.new_id("oauth-")
        self._codes[code] = user_id
        return code

    def who(self, query: Mapping[str, str]) -> dict[str, Any]:
        """auth/getuserinfo"""
        user_id = self._codes.pop(query.get("code", ""), None)
        if user_id is None:
            return answered(40029)
        return answered(userid=user_id) if user_id else answered(openid="o-1", external_userid="wm-1")
