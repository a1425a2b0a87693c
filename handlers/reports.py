"""What a report says: a number, a change, 完成, 不变; with a day and a note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.reading.dates import take_date
from handlers.reading.numbers import Quantity, read_number
from okr.objectives import Measure

DONE = ("完成了", "完成", "做完了", "做完", "上线了", "上线", "达成")
SAME = ("跟昨天一样", "和昨天一样", "跟上次一样", "和上次一样", "没变化", "没变", "不变", "一样")


@dataclass(frozen=True, slots=True)
class Report:
    """Exactly one of `quantity`, `done`, `same`, `rung` is given; `step` names what of a list is done."""

    quantity: Quantity | None = None
    done: bool = False
    same: bool = False
    step: str = ""
    rung: str = ""
    day: date | None = None
    note: str = ""

    @property
    def empty(self) -> bool:
        return not (self.quantity or self.done or self.same or self.rung)


def read_report(text: str, today: date, measure: Measure | None = None) -> Report:
    """Read what follows the id of a key result: `昨天 980 周末下雨`, `+20`, `完成`, `不变`, `完成 选址`."""
    day, rest = take_date(text, today, "past")
    word, _, note = rest.partition(" ")
    word = word.strip(",，。;")
    note = note.strip()
    for done in DONE:
        if word == done:
            return Report(done=True, step=note, note=note, day=day)
    for same in SAME:
        if word == same:
            return Report(same=True, note=note, day=day)
    if measure is not None and measure.rungs and word in (*measure.rungs, "保底", "目标", "挑战"):
        return Report(rung=word, note=note, day=day)
    quantity = read_number(word)
    if quantity is None and note:
        # `1050 人`, `12.5 万`, `1050块`: the unit may stand apart.
        second, _, more = note.partition(" ")
        together = read_number(f"{word} {second}")
        if together is not None:
            return Report(quantity=together, note=more.strip(), day=day)
    if quantity is not None and note:
        second, _, more = note.partition(" ")
        together = read_number(f"{word} {second}")
        if together is not None and (together.unit or together.value != quantity.value):
            return Report(quantity=together, note=more.strip(), day=day)
    return Report(quantity=quantity, note=note if quantity else rest, day=day)
