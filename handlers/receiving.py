"""A table that somebody sends: known by its headings, tried, previewed with its bad lines, written with one tap, once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from cards.notices import Choice, notice, question
from cards.tables_in import SHOWN, Preview, preview_card, settled_card, wrong_lines
from chat.answers import Answer
from chat.events import Message
from chat.files import TABLE, File
from handlers.asking import Asking, Misunderstood, shown
from handlers.intake.figures import Figures
from handlers.intake.goal_table import GoalTable
from handlers.intake.kinds import Kind, Taken, mark_of, without
from handlers.intake.shifts import Shifts
from handlers.intake.staff import Staff
from handlers.intake.targets import Targets
from handlers.route import Route
from okr.refusals import NotForYou
from sheets.errors import BadTable
from sheets.packing import packed
from sheets.table import Row, Table
from storage import tables_in, trail
from storage.tables_in import Kept, State
from storage.trail import Deed
from storage.trial import tried

KINDS: Sequence[Kind] = (Staff(), Shifts(), GoalTable(), Targets(), Figures())
BY_KEY = {kind.key: kind for kind in KINDS}
MOST_ROWS = 2000
"""Lines that are written in one go: more would keep everybody else waiting for too long."""
ONLY_GOOD = "写好的"
UNDO = "撤销表格"
LISTED = 9
"""Headings of an empty table that are told; the file has them all."""
_NUMBER = re.compile(r"^(?:表格)?\s*(?P<number>\d{1,9})\s*(?P<how>\S*)$")


async def received(asking: Asking) -> Answer:
    """What is in the file that was sent, and what would come of writing it."""
    event = asking.event
    attachment = event.attachment if isinstance(event, Message) else None
    name = (attachment.name if attachment else "") or "这个文件"
    if attachment is None or attachment.why is not None:
        why = str(attachment.why) if attachment and attachment.why else "unreachable"
        return shown(notice("file_not_fetched", name=name, why=why), restricted=True)
    table = asking.table
    if table is None or isinstance(table, BadTable):
        return shown(notice("table_unreadable", reason=str(table or f"{name} 读不了")), restricted=True)
    kind = next((one for one in KINDS if one.fits(table.header, asking)), None)
    if kind is None:
        known = [one.name for one in KINDS]
        return shown(
            notice("table_unknown", name=name, headings=list(table.header[:8]), kinds=known), restricted=True
        )
    await kind.require(asking)
    if len(table.rows) > MOST_ROWS:
        return shown(
            notice("table_too_long", name=name, rows=len(table.rows), most=MOST_ROWS), restricted=True
        )
    return await _preview(asking, kind, name, table)


async def form(asking: Asking) -> Answer:
    """模板表格 排班表: an empty table with the right headings and a line that shows how; without a name the kinds."""
    kind = next(
        (one for one in KINDS if asking.rest and (asking.rest in one.name or one.name in asking.rest)), None
    )
    if kind is None:
        choices = [Choice(one.name, f"模板表格 {one.name}") for one in KINDS if await _may(asking, one)]
        return shown(question("which_form", choices), restricted=True)
    await kind.require(asking)
    header, lines = await kind.form(asking)
    file = File(f"{kind.name}.xlsx", TABLE, packed([(kind.name, header, lines)]))
    card = notice("form", kind=kind.name, needed=list(header[:LISTED]), more=max(0, len(header) - LISTED))
    return Answer(card, restricted=True, files=(file,))


async def _may(asking: Asking, kind: Kind) -> bool:
    """Whether the asker may bring such a table."""
    try:
        await kind.require(asking)
    except NotForYou:
        return False
    return True


async def _preview(asking: Asking, kind: Kind, name: str, table: Table) -> Answer:
    try:
        found = await tried(asking.session, lambda: kind.take(asking, table))
    except BadTable as bad:
        return shown(notice("table_unreadable", reason=f"{name}:{bad}"), restricted=True)
    number = 0
    if found.good:
        number = await tables_in.keep(
            asking.session, asking.asker.id, kind.key, name, _packed(table), _mark(found), asking.now
        )
    listed = len(found.bad) > SHOWN
    card = preview_card(Preview(number, kind.name, name, found.good, found.bad, found.says), listed=listed)
    return Answer(card, restricted=True, files=(_wrong(name, found),) if listed else ())


def _wrong(name: str, found: Taken) -> File:
    """Every line that has to be mended, as a table."""
    title = "要改的行"
    return File(
        f"{title} {name.rpartition('.')[0] or name}.xlsx", TABLE, packed([(title, *wrong_lines(found.bad))])
    )


async def write(asking: Asking) -> Answer:
    """写入 3 · 写入 3 写好的: what was shown; where the data have changed meanwhile, it is shown again first."""
    kept, how = await _meant(asking, "写入")
    if kept.state is not State.WAITING:
        return _settled(asking, kept)
    kind = BY_KEY[kept.kind]
    await kind.require(asking)
    table = _unpacked(kept.content)
    found = await tried(asking.session, lambda: kind.take(asking, table))
    changed = _mark(found) != kept.mark
    if changed or not found.good or (found.bad and how != ONLY_GOOD):
        await tables_in.shown_again(asking.session, kept.id, _mark(found))
        preview = Preview(
            kept.id if found.good else 0, kind.name, kept.name, found.good, found.bad, found.says
        )
        return shown(preview_card(preview, changed=changed), in_place=asking.pressed, restricted=True)
    whole = await kind.take(asking, without(table, {one.line for one in found.bad}))
    outcome = whole.after or whole.says
    await tables_in.settle(
        asking.session,
        kept.id,
        State.WRITTEN,
        asking.now,
        outcome=(str(whole.good), *outcome),
        undo=whole.undo,
    )
    await trail.record(asking.session, _deed(asking, kept, kind, f"{whole.good} 行"))
    card = settled_card(
        kept.id, State.WRITTEN, kind.name, kept.name, whole.good, outcome, undo=whole.undo is not None
    )
    return Answer(card, in_place=asking.pressed, restricted=True, letters=whole.letters)


async def drop(asking: Asking) -> Answer:
    """不写入 3"""
    kept, _ = await _meant(asking, "不写入")
    if kept.state is not State.WAITING:
        return _settled(asking, kept)
    await tables_in.settle(asking.session, kept.id, State.DROPPED, asking.now)
    card = settled_card(kept.id, State.DROPPED, BY_KEY[kept.kind].name, kept.name, 0, ())
    return shown(card, in_place=asking.pressed, restricted=True)


async def take_back(asking: Asking) -> Answer:
    """撤销表格 3: within a day, as far as nothing has been changed since."""
    kept, _ = await _meant(asking, UNDO)
    kind = BY_KEY[kept.kind]
    if kept.state is not State.WRITTEN:
        return _settled(asking, kept)
    if kept.undo is None:
        return shown(notice("table_stays", name=kept.name, kind=kind.name), restricted=True)
    done = await kind.undo(asking, kept.undo)
    await tables_in.settle(asking.session, kept.id, State.UNDONE, asking.now, outcome=("0", done))
    await trail.record(asking.session, _deed(asking, kept, kind, f"撤销,{done}"))
    card = settled_card(kept.id, State.UNDONE, kind.name, kept.name, 0, (done,))
    return shown(card, in_place=asking.pressed, restricted=True)


async def _meant(asking: Asking, say: str) -> tuple[Kept, str]:
    """The table that is meant, the only one that waits where none is named. Raises NoSuchRequest, NotForYou."""
    match = _NUMBER.match(asking.rest.strip())
    if match is not None:
        number, how = int(match["number"]), match["how"]
    else:
        undone = say == UNDO
        state = State.WRITTEN if undone else State.WAITING
        waiting = await tables_in.newest(asking.session, asking.asker.id, asking.now, state)
        if len(waiting) != 1:
            raise Misunderstood(notice("which_table", say=say, waiting=waiting, undone=undone))
        number, how = waiting[0], asking.rest.strip()
    kept = await tables_in.by_id(asking.session, number, asking.now)
    if kept is None:
        raise Misunderstood(notice("table_gone", number=number))
    if kept.employee_id != asking.asker.id:
        raise NotForYou(f"{say} {number} ", "发它的人")
    return kept, how


def _settled(asking: Asking, kept: Kept) -> Answer:
    """What has become of it: the second tap finds the outcome of the first."""
    good, said = (int(kept.outcome[0]), kept.outcome[1:]) if kept.outcome else (0, ())
    card = settled_card(
        kept.id,
        kept.state,
        BY_KEY[kept.kind].name,
        kept.name,
        good,
        said,
        undo=kept.undo is not None,
        again=True,
    )
    return shown(card, in_place=asking.pressed, restricted=True)


def _deed(asking: Asking, kept: Kept, kind: Kind, what: str) -> Deed:
    return Deed(
        action="导入表格",
        at=asking.now,
        actor_id=asking.asker.id,
        platform=str(asking.event.sender.platform),
        new=f"{kind.name}《{kept.name}》{what}",
        text=True,
    )


def _mark(found: Taken) -> str:
    return mark_of(found.mark, found.good, [(one.line, one.reason) for one in found.bad])


def _packed(table: Table) -> Any:
    return [
        table.header,
        [[row.line, [row.cells[heading] for heading in table.header]] for row in table.rows],
    ]


def _unpacked(content: Any) -> Table:
    header, rows = content
    return Table(
        tuple(header), tuple(Row(line, dict(zip(header, cells, strict=True))) for line, cells in rows)
    )


ROUTES = (
    Route(
        words=("模板表格", "空表"),
        handle=form,
        topic="表格",
        does="要一张空表来填,填好直接发给我",
        examples=("模板表格", "模板表格 业务数据"),
    ),
    Route(
        words=("写入",),
        handle=write,
        topic="表格",
        does="把发来的表格写进去(发文件以后,机器人先给你看一眼)",
        examples=("写入 3", f"写入 3 {ONLY_GOOD}"),
    ),
    Route(
        words=("不写入",),
        handle=drop,
        topic="表格",
        does="发来的表格不写了",
        examples=("不写入 3",),
    ),
    Route(
        words=("撤销表格", "撤销 表格"),
        handle=take_back,
        topic="表格",
        does="24 小时内撤销写进去的表格",
        examples=("撤销表格 3",),
    ),
)
