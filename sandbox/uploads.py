"""Files on a make-believe platform: what the bot has given it, as the phones show them, and what people send the bot."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from datetime import datetime

_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}
"""How a picture begins: platforms look into the file and not at its name."""


@dataclass(frozen=True, slots=True)
class Upload:
    """`kind` as it was uploaded: image, voice, video or file."""

    id: str
    kind: str
    name: str
    content: bytes
    at: datetime

    @property
    def media_type(self) -> str:
        return picture_type(self.content) or mimetypes.guess_type(self.name)[0] or "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody has sent the bot, and when."""

    name: str
    content: bytes
    at: datetime


def picture_type(content: bytes) -> str:
    """The media type of a picture; empty for what is none."""
    return next((kind for signature, kind in _SIGNATURES.items() if content.startswith(signature)), "")
