"""A drawing that lies in a page: the blocks of a chat's picture in the page's own colours, with its words beside it.

The page says the title in letters of its own, so the drawing has none; who cannot see it is told by `title` and `told`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment

from cards.drawing.charts import CHARTS, environment
from cards.drawing.paint import PAGE
from cards.drawing.sheet import MARGIN, WIDTH, Block, stacked


@dataclass(frozen=True, slots=True)
class Drawing:
    """`key`: names it on its page. `told`: what it shows in a sentence. `wide`: CSS pixels, with `margin` at each side.

    `followed`: something in it leads somewhere.
    """

    key: str
    title: str
    told: str
    blocks: Sequence[Block]
    wide: float = WIDTH
    margin: float = MARGIN
    followed: bool = False

    def __html__(self) -> str:
        """What a template of a page shows of it."""
        placed, height = stacked(self.blocks)
        return (
            _on_a_page()
            .get_template("inline.svg.j2")
            .render(
                key=self.key,
                title=self.title,
                told=self.told,
                blocks=placed,
                width=self.wide,
                margin=self.margin,
                height=height,
                role="group" if self.followed else "img",
            )
        )


@lru_cache(maxsize=1)
def _on_a_page() -> Environment:
    return environment(CHARTS, PAGE)
