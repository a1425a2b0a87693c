"""The rankings of a cycle as rows of a table: the upper half of each, and nobody who comes last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from okr.ranking import Place
from sheets.spelling import Cell, Percent

RANKING_HEADER = ("排名", "和谁比", "按什么", "名次", "名字", "工号", "数值", "单位", "一共")


class Standing(Protocol):
    """As in `storage.ranking_export`."""

    @property
    def kind(self) -> str: ...
    @property
    def among(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def percent(self) -> bool: ...
    @property
    def names(self) -> Mapping[str, tuple[str, str]]: ...
    @property
    def places(self) -> Sequence[Place]: ...


def ranking_rows(standings: Sequence[Standing]) -> list[list[Cell]]:
    """A row for each place of the upper halves."""
    return [
        [
            one.kind,
            one.among,
            one.measure,
            place.place,
            *one.names[place.key],
            Percent(place.value) if one.percent else place.value,
            one.unit,
            len(one.places),
        ]
        for one in standings
        for place in one.places[: (len(one.places) + 1) // 2]
    ]
