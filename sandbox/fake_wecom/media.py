"""What the bot has uploaded: by the app's media/upload, in chunks over the robot's socket, or inside a robot's reply.

Sources: developer.work.weixin.qq.com 96484 (app), 101463 (robot), 101031 (reply), 90313 (codes).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.fake_wecom.world import Quota, World
from sandbox.uploads import Upload, picture_type

LIVES = timedelta(days=3)
KINDS = frozenset({"image", "voice", "video", "file"})
_MEGABYTES = {"image": 10, "voice": 2, "video": 10, "file": 20}
_PICTURES = frozenset({"image/png", "image/jpeg"})
_SESSION = timedelta(minutes=30)
_CHUNK = 512 * 1024
_MOST_CHUNKS = 100
_LONGEST_NAME = 256
_MOST_PICTURES = 10


@dataclass(slots=True)
class _Session:
    """An upload in chunks that is under way."""

    told: Mapping[str, Any]
    begun: datetime
    chunks: dict[int, bytes] = field(default_factory=dict)


class Media:
    """`whose` is app or robot: what was uploaded by the one is unknown to the other."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._uploads: dict[str, tuple[str, Upload]] = {}
        self._sessions: dict[str, _Session] = {}
        self._quota = Quota(30, 1000)

    def upload(self, media_id: str) -> Upload | None:
        return self._uploads.get(media_id, ("", None))[1]

    def refusal(self, whose: str, kind: str, content: Mapping[str, Any]) -> int:
        """Why a message may not refer to this upload: not there, another's, of another kind, or too long ago."""
        owner, upload = self._uploads.get(str(content.get("media_id")), ("", None))
        if upload is None or owner != whose or upload.kind != kind:
            return 40007
        return 0 if self._world.clock.now() - upload.at < LIVES else 40007

    def take(self, whose: str, kind: str, name: str, content: bytes) -> tuple[int, Upload | None]:
        """A whole file; an error code, or 0 and the upload."""
        if kind not in KINDS:
            return 40005, None
        if not content or not name:
            return 41005, None
        if not 5 < len(content) <= _MEGABYTES[kind] * 1024 * 1024:
            return 40006, None
        if (kind == "image" and picture_type(content) not in _PICTURES) or (
            kind == "voice" and not content.startswith(b"#!AMR")
        ):
            return 40004, None
        upload = Upload(self._world.new_id("media-"), kind, name, content, self._world.clock.now())
        self._uploads[upload.id] = (whose, upload)
        return 0, upload

    # --- over the robot's socket ------------------------------------------------------------------

    def begin(self, told: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """`aibot_upload_media_init`"""
        if self._world.faults.quotas and not self._quota.take("robot", self._world.clock.now()):
            return 45009, {}
        name, size, chunks = told.get("filename"), told.get("total_size"), told.get("total_chunks")
        if told.get("type") not in KINDS:
            return 40005, {}
        if not isinstance(name, str) or not 0 < len(name.encode()) <= _LONGEST_NAME:
            return 40058, {}
        if (
            not isinstance(size, int)
            or size < 5
            or not isinstance(chunks, int)
            or not 1 <= chunks <= _MOST_CHUNKS
        ):
            return 40058, {}
        upload_id = self._world.new_id("upload-")
        self._sessions[upload_id] = _Session(told, self._world.clock.now())
        return 0, {"upload_id": upload_id}

    def chunk(self, told: Mapping[str, Any]) -> int:
        """`aibot_upload_media_chunk`: in any order, and a repeat changes nothing. Counted from 0."""
        session, index = self._session(told), told.get("chunk_index")
        if session is None or not isinstance(index, int) or not 0 <= index < session.told["total_chunks"]:
            return 40058
        content = _decoded(told.get("base64_data"))
        if not content or len(content) > _CHUNK:
            return 40058
        session.chunks.setdefault(index, content)
        return 0

    def finish(self, told: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """`aibot_upload_media_finish`"""
        session = self._session(told)
        if session is None or len(session.chunks) != session.told["total_chunks"]:
            return 40058, {}
        content = b"".join(chunk for _, chunk in sorted(session.chunks.items()))
        if len(content) != session.told["total_size"]:
            return 40006, {}
        if session.told.get("md5", _md5(content)) != _md5(content):
            return 40058, {}
        code, upload = self.take("robot", session.told["type"], session.told["filename"], content)
        if upload is None:
            return code, {}
        del self._sessions[told["upload_id"]]
        created = str(int(upload.at.timestamp()))
        return 0, {"type": upload.kind, "media_id": upload.id, "created_at": created}

    def _session(self, told: Mapping[str, Any]) -> _Session | None:
        session = self._sessions.get(str(told.get("upload_id")))
        if session is None or self._world.clock.now() - session.begun > _SESSION:
            return None
        return session

    # --- inside a robot's reply -------------------------------------------------------------------

    def items(self, stream: Mapping[str, Any]) -> tuple[int, list[str]]:
        """The pictures of a stream's `msg_item`: an error code, or 0 and the ids under which they are kept."""
        items = stream.get("msg_item", [])
        if not isinstance(items, list) or len(items) > _MOST_PICTURES or (items and not stream.get("finish")):
            return 40058, []
        kept = []
        for item in items:
            image = (
                item.get("image") if isinstance(item, Mapping) and item.get("msgtype") == "image" else None
            )
            content = _decoded(image.get("base64")) if isinstance(image, Mapping) else b""
            if not isinstance(image, Mapping) or not content or image.get("md5") != _md5(content):
                return 40058, []
            code, upload = self.take("reply", "image", "picture", content)
            if upload is None:
                return code, []
            kept.append(upload.id)
        return 0, kept


def _decoded(text: object) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except binascii.Error:
        return b""


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
