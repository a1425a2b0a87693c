"""What was said to the bot, what the platforms saw acknowledged, and when the bot was killed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Gateway = Literal["dingtalk", "app", "robot"]


@dataclass(frozen=True, slots=True)
class Command:
    """One report. `note` is the only one of its kind; `author` an employee number; `adds` tells a +1 from a value."""

    note: str
    author: str
    gateway: Gateway
    kr_id: int
    adds: bool
    value: int

    @property
    def text(self) -> str:
        return f"更新 KR{self.kr_id} {'+1' if self.adds else self.value} {self.note}"


@dataclass
class Ledger:
    """Filled while the rounds run."""

    told: dict[str, Command] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    """Notes of commands that the platform need not repeat: the bot answers for them."""
    kills: list[datetime] = field(default_factory=list)

    def new_note(self) -> str:
        return f"c{len(self.told):06d}"
