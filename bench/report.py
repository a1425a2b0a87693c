"""The table: what was measured, what it is held against, and whether the target is met."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import east_asian_width

HEADINGS = ("row", "ours", "theirs", "ratio", "target", "met")


@dataclass(frozen=True, slots=True)
class Result:
    """One line. `ours` and `theirs` are said with their units; `at_least` False: the ratio is not to be over it.

    `target` None: a figure that is only told. `note` stands under the line.
    """

    row: str
    ours: str
    theirs: str
    ratio: float
    target: float | None
    at_least: bool = True
    note: str = ""

    @property
    def met(self) -> str:
        if self.target is None:
            return "-"
        well = self.ratio >= self.target if self.at_least else self.ratio <= self.target
        return "yes" if well else "NO"

    def cells(self) -> tuple[str, ...]:
        sign = ">=" if self.at_least else "<="
        target = "-" if self.target is None else f"{sign} {self.target:g}"
        return self.row, self.ours, self.theirs, f"{self.ratio:.2f}", target, self.met


WIDTHS = (34, 26, 26, 7, 9, 4)


def line(cells: tuple[str, ...]) -> str:
    return " ".join(_padded(cell, width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def show(result: Result) -> None:
    print(line(result.cells()), flush=True)
    if result.note:
        print(f"    {result.note}", flush=True)


def _padded(text: str, width: int) -> str:
    """Chinese characters are two columns wide."""
    taken = sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, width - taken)
