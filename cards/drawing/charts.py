"""From a template to a picture: SVG by Jinja2, lettered for the one font that is always there.

What people typed is escaped by the template engine. The PNG for a chat is made where it leaves, by `cards.drawing.png`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, Template
from markupsafe import escape

from cards.drawing.paint import PAPER, Paint
from chat.files import SVG, File

FONT = "Noto Sans CJK SC"
"""Its family name in the package that brings it."""
CHARTS = PackageLoader("cards", "templates/charts")
_COLOUR = re.compile(r"\{\{ paint\.(\w+) \}\}")


class _Painted(Environment):
    """Colours go into a template before it is translated: a drawing names them by the dozen, and they never change."""

    def __init__(self, paint: Paint, **options: Any) -> None:
        super().__init__(**options)
        self._paint = paint
        self.globals["paint"] = paint

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        colours = self._paint
        painted = _COLOUR.sub(lambda found: str(escape(colours[found[1]])), source)
        return super().preprocess(painted, name, filename)


def environment(loader: BaseLoader, paint: Paint) -> Environment:
    """Templates whose drawings are in these colours."""
    return _Painted(
        paint,
        loader=loader,
        auto_reload=False,  # nobody looks at the disk for each part of each drawing
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def _on_paper() -> Environment:
    return environment(CHARTS, PAPER)


@lru_cache(maxsize=32)
def _template(name: str) -> Template:
    return _on_paper().get_template(f"{name}.svg.j2")


def draw(chart: str, /, **values: Any) -> str:
    """The SVG of a chart, from `templates/charts/<chart>.svg.j2`, for a picture."""
    return _template(chart).render(font=FONT, **values)


def picture(name: str, svg: str) -> File:
    """The SVG as a file that a card can show; `name` without an ending, in words."""
    return File(name, SVG, svg.encode())
