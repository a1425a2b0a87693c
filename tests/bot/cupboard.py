"""Pictures and files for gateways, out of memory: what would be kept, drawn and signed in the running bot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from chat.files import PNG, File, Outgoing

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
"""The smallest picture there is."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAP = File("目标地图", PNG, DOT)
SHEET = File("我的数据.xlsx", XLSX, b"PK\x03\x04 the sheet of somebody")
NOTES = File("笔记.md", "text/markdown", "没有办公软件能打开".encode())


@dataclass
class Cupboard:
    """`public` is the address of our server; empty: nothing can be linked."""

    public: str = ""
    files: dict[str, File] = field(default_factory=lambda: {file.ref: file for file in (MAP, SHEET, NOTES)})
    uploads: dict[tuple[str, str], str] = field(default_factory=dict)

    async def outgoing(self, ref: str) -> Outgoing | None:
        file = self.files.get(ref)
        if file is None:
            return None
        name = f"{file.name}.png" if file.media_type == PNG else file.name
        address = (
            f"{self.public}/files/{ref}?until=1&sign={hashlib.sha256(ref.encode()).hexdigest()}"
            if self.public
            else ""
        )
        return Outgoing(ref, name, file.media_type, file.content, address)

    async def uploaded(self, ref: str, channel: str) -> str:
        return self.uploads.get((ref, channel), "")

    async def keep_upload(self, ref: str, channel: str, media_id: str, seconds: float) -> None:
        assert seconds > 0
        self.uploads[ref, channel] = media_id

    async def forget_upload(self, ref: str, channel: str) -> None:
        self.uploads.pop((ref, channel), None)
