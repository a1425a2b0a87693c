"""Which cycle is meant, and whether goals may be written for it."""

from __future__ import annotations

from handlers.asking import Asking
from handlers.reading.periods import Direction, read_period
from okr.cycle import Period, is_at_hand
from okr.objectives import Cycle, CycleState
from okr.refusals import CycleClosed, NoSuchCycle
from storage import cycles


async def to_write(asking: Asking, words: str) -> Cycle:
    """The cycle that these words name, for a goal to be written; made where it is at hand.

    Raises NoSuchCycle for one that is over or far ahead, CycleClosed for one whose scores are locked.
    """
    period = read_period(words, asking.today)
    if period is None:
        raise NoSuchCycle(words)
    return await opened(asking, period)


async def opened(asking: Asking, period: Period) -> Cycle:
    """The cycle of this period, for a goal to be written. Raises as `to_write` does."""
    found = await cycles.by_name(asking.session, period.name)
    if found is not None and found.state is CycleState.CLOSED:
        raise CycleClosed(found.name)
    if found is not None:
        return found
    if not is_at_hand(period, asking.today):
        raise NoSuchCycle(period.name)
    return await cycles.opened(asking.session, period, asking.today)


async def known(asking: Asking, words: str, direction: Direction = "past", *, lock: bool = False) -> Cycle:
    """A cycle that has been opened, by its name. Raises NoSuchCycle.

    `lock`: the running cycle is opened before, as the calendar's job does it, so that neither waits for the other.
    """
    await cycles.running(asking.session, asking.today)
    period = read_period(words, asking.today, direction)
    cycle = await cycles.by_name(asking.session, period.name, lock=lock) if period is not None else None
    if cycle is None:
        raise NoSuchCycle(words)
    return cycle
