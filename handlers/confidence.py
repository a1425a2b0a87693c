"""信心 and 说一句: what one thinks of a key result, its value as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cards.notices import Choice, notice, question
from cards.sayings import kr_name, say_value
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, Misunderstood, shown
from handlers.meaning import LONGEST_NOTE, require_running
from handlers.recording import entry_of
from handlers.reports import read_report
from handlers.route import Route
from okr.refusals import OutOfRange
from storage import check_ins, objectives

WORDS = {"稳": 8, "很稳": 9, "有点悬": 5, "悬": 2, "很悬": 1}


async def confidence(asking: Asking) -> Answer:
    """信心 KR34 7 供应商未定 · 把握 KR34 有点悬"""
    (objective, kr), rest = await goals.meant(asking, "信心")
    await require_running(asking, (objective, kr))
    word, _, note = rest.partition(" ")
    level = _confidence(word)
    if level is None:
        if word and any(char.isdigit() for char in word):
            raise Misunderstood(notice("bad_number", about=kr.ref, said=word[:20], ref=kr.ref))
        choices = [
            Choice(f"{said} {number}", f"信心 {kr.ref} {number}")
            for said, number in (("稳", 8), ("有点悬", 5), ("悬", 2))
        ]
        return shown(
            question(
                "confidence",
                choices,
                about=kr.ref,
                awaits=f"信心 {kr.ref}",
                ref=kr.ref,
                name=kr_name(kr),
                now=kr.confidence,
            )
        )
    if not 0 <= level <= 10:
        raise OutOfRange(Decimal(level), Decimal(0), Decimal(10), "信心")
    note = note.strip()[:LONGEST_NOTE]
    await check_ins.record(asking.session, replace(entry_of(asking, kr, asking.now, note), confidence=level))
    await objectives.set_confidence(asking.session, kr.id, level)
    return shown(
        notice(
            "confidence_kept",
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            old=kr.confidence,
            new=level,
            note=note,
        ),
        in_place=True,
    )


def _confidence(word: str) -> int | None:
    word = word.removesuffix("/10").removesuffix("分").strip(",。")
    if word in WORDS:
        return WORDS[word]
    quantity = read_report(word, date.min).quantity
    if quantity is None or quantity.value != quantity.value.to_integral_value() or abs(quantity.value) > 1000:
        return None
    return int(quantity.value)


async def note(asking: Asking) -> Answer:
    """说一句 KR34 …: a word on a key result, its value as it is."""
    (objective, kr), rest = await goals.meant(asking, "说一句")
    await require_running(asking, (objective, kr))
    if not rest:
        return shown(
            question(
                "note",
                [],
                about=kr.ref,
                awaits=f"说一句 {kr.ref}",
                ref=kr.ref,
                name=kr_name(kr),
                old=say_value(kr, kr.value),
            )
        )
    await check_ins.record(asking.session, entry_of(asking, kr, asking.now, rest[:LONGEST_NOTE]))
    return shown(notice("note_kept", about=kr.ref, ref=kr.ref, name=kr_name(kr), note=rest[:LONGEST_NOTE]))


ROUTES = (
    Route(
        words=("信心", "把握"),
        handle=confidence,
        topic="报进度",
        does="到期前能不能做到,0 到 10",
        examples=("信心 {kr} 7 供应商未定", "把握 {kr} 有点悬"),
    ),
    Route(
        words=("说一句",),
        handle=note,
        topic="报进度",
        does="补一句说明,数不变",
        examples=("说一句 {kr} 周末下雨",),
    ),
)
