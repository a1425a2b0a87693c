"""Pictures and files on their way: kept with the answer that has them, shown in it or sent after it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

SVG = "image/svg+xml"
PNG = "image/png"
CSV = "text/csv"
TABLE = "application/vnd.okrbot.table+json"
"""A packed table (`sheets.packing`); it becomes an XLSX or CSV, by how its name ends, when it leaves."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 20 * 1024 * 1024
"""The largest file that each platform takes."""
MOST_RECEIVED = 5 * 1024 * 1024
"""Of a file that somebody sends us: more rows than a table of so many bytes has are no matter of a chat."""
TABLES = (".xlsx", ".csv", ".xls", ".xlsm", ".txt", ".tsv", ".et", ".ods", ".xlsb")
"""How the names of files end that are looked into; of some of them only to say what to save them as."""


def may_be_table(name: str) -> bool:
    """Whether a file of this name is worth fetching; a name that is not told yet may be any."""
    return not name or name.lower().endswith(TABLES)


@dataclass(frozen=True)
class File:
    """`name` as people see it: a file's with its ending, a picture's without one.

    A picture is an SVG, which becomes a PNG when it leaves; a table may be a packed one.
    `ref` tells equal files as one: what is kept, uploaded and
    drawn once is so for all of them.
    """

    name: str
    media_type: str
    content: bytes

    @cached_property
    def ref(self) -> str:
        told = hashlib.sha256(f"{self.name}\0{self.media_type}\0".encode())
        told.update(self.content)
        return "f" + told.hexdigest()[:31]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A kept file as a platform gets it: `name` with its ending, a picture as PNG.

    `address` is where it can be fetched for a while without signing in; empty where our server has no address that can
    be reached from outside.
    """

    ref: str
    name: str
    media_type: str
    content: bytes
    address: str = ""


class Files(Protocol):
    """What a gateway is given to send pictures and files with.

    A channel is whom a file was uploaded to, and what for: an upload is of use there for a while, so that trying
    again, or showing the same to the next person, costs no second one.
    """

    async def outgoing(self, ref: str) -> Outgoing | None:
        """The file, or None where it is kept no longer or cannot be drawn: then there are words."""

    async def uploaded(self, ref: str, channel: str) -> str:
        """The platform's id of an earlier upload that is still of use; empty where there is none."""

    async def keep_upload(self, ref: str, channel: str, media_id: str, seconds: float) -> None:
        """Remember an upload for as long as the platform keeps it."""

    async def forget_upload(self, ref: str, channel: str) -> None:
        """The platform knows it no longer."""
