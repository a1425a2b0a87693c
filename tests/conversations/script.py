"""Conversations as people read them in docs/conversations, and as they are played over the wire.

## a scene
李四 › 更新 KR8 1070            somebody types (`王店 ›` and so on for others of the cast)
李四 🎤 可二八 一千零五十        … or speaks
王店 📎 日数.csv⏎日期,门店,销售额⏎…   … or sends a file: its name, and what is in it
李四 › [我的目标]               … or presses a button of the last card (types its number where there is none)
‹ KR8 … 1,070 人              the answer contains this; `…` stands for anything
‹ (不回话)                    nothing is said
王店 📬                        a letter reaches somebody, on whichever platform he is written to
王店 📬 [同意]                  … and he presses a button of it
⏰ 11分钟后                     the clock is wound
⏰ 11月27日 17:00               … to a moment, and what falls due until then is done
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parents[2] / "docs" / "conversations"
SILENCE = "(不回话)"
YEAR = 2026
_SAYS = re.compile(r"^(?P<who>\S+) (?P<how>[›🎤📷📎📬]) ?(?P<what>.*)$")
_WIND = re.compile(r"^⏰ (?P<n>\d+)(?P<unit>分钟|小时|天)后$")
_AT = re.compile(r"^⏰ (?P<month>\d+)月(?P<day>\d+)日 (?P<hour>\d+):(?P<minute>\d+)$")
_SECONDS = {"分钟": 60, "小时": 3600, "天": 86400}


@dataclass
class Line:
    """One thing said (or `wind` seconds that pass, or a moment that comes) and what is expected of the answer."""

    who: str = ""
    how: str = "›"
    what: str = ""
    wind: int = 0
    at: datetime | None = None
    expected: list[str] = field(default_factory=list)


@dataclass
class Scene:
    name: str
    lines: list[Line]

    @property
    def is_timed(self) -> bool:
        """Whether it waits for what the bot does unasked."""
        return any(line.at is not None for line in self.lines)


def scenes_of(path: Path) -> list[Scene]:
    """The scenes of one document; what is no dialogue is prose."""
    scenes: list[Scene] = []
    for text in path.read_text(encoding="utf-8").splitlines():
        if text.startswith("## "):
            scenes.append(Scene(text[3:].strip(), []))
        elif not scenes:
            continue
        elif text.startswith("  ‹ "):
            scenes[-1].lines[-1].expected.append(text[4:])
        elif match := _WIND.match(text):
            scenes[-1].lines.append(Line(wind=int(match["n"]) * _SECONDS[match["unit"]]))
        elif match := _AT.match(text):
            month, day, hour, minute = map(int, match.groups())
            moment = datetime(YEAR, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
            scenes[-1].lines.append(Line(at=moment))
        elif match := _SAYS.match(text):
            scenes[-1].lines.append(Line(match["who"], match["how"], match["what"].replace("⏎", "\n")))
    return scenes


def plain(text: str) -> str:
    """Without what differs between platforms: marks, spaces, widths of brackets."""
    return re.sub(r"[\s*#>`\\]+", "", text).replace("(", "(").replace(")", ")")


def says(answer: str, expected: str) -> bool:
    """Whether the answer contains the expected words; `…` matches anything."""
    parts = [re.escape(plain(part)) for part in expected.split("…")]
    return re.search(".*".join(parts), plain(answer), re.DOTALL) is not None
