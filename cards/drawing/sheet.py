"""One sheet of a picture: a title, and blocks below one another, each a chart from `templates/charts/blocks/<kind>.svg.j2`.

Chats get it as PNG; a board shows the same blocks in its own colours (`inline.py`). Measures are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.drawing.charts import draw, picture
from cards.drawing.lettering import cut
from chat.files import File

WIDTH = 340.0
"""A chat's bubble on a phone is a little narrower than its screen."""
MARGIN = 16.0
INNER = WIDTH - 2 * MARGIN
TITLE, BODY, SMALL = 17.0, 14.0, 12.5
"""Sizes of letters. None is smaller than SMALL: a bubble may show the sheet at three quarters of its size."""
HEAD, FOOT = 58.0, 12.0
LINE = 18.0
"""From one line of SMALL or BODY to the next."""


@dataclass(frozen=True, slots=True)
class Block:
    """A chart of a sheet: `shown` is where everything stands, from the block's own upper edge."""

    kind: str
    height: float
    shown: object

    @property
    def template(self) -> str:
        return f"blocks/{self.kind}.svg.j2"


def stacked(blocks: Sequence[Block], top: float = 0) -> tuple[list[dict[str, object]], float]:
    """The blocks below one another from `top` on, for a template, and where the last one ends."""
    placed: list[dict[str, object]] = []
    for one in blocks:
        placed.append({"template": one.template, "top": top, "shown": one.shown})
        top += one.height
    return placed, top


def pictured(title: str, about: str, blocks: Sequence[Block]) -> File:
    """The sheet as a file that a card can show, called by its title."""
    return picture(title.replace(" · ", " "), sheet(title, about, blocks))


def sheet(title: str, about: str, blocks: Sequence[Block]) -> str:
    """The SVG. `about` is the line under the title: when, of whom, what a mark means."""
    placed, bottom = stacked(blocks, HEAD)
    return draw(
        "sheet",
        width=WIDTH,
        height=bottom + FOOT,
        margin=MARGIN,
        title=cut(title, TITLE, INNER),
        about=cut(about, SMALL, INNER),
        blocks=placed,
    )
