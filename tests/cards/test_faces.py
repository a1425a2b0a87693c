"""Every card as it is shown: within a phone's screen, within the platforms' limits, in plain Chinese."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import cards
from cards.notices import refusal
from chat.card import Card, Face, plain_text
from chat.events import PlatformName
from okr import board_refusals, help_refusals, refusals
from okr.collaboration import HelpState, allowed_moves
from okr.lifecycle import CYCLE_MOVES, CycleMove
from okr.refusals import Refusal
from tests.cards import (
    daily_faces,
    faces,
    figure_faces,
    further_faces,
    helping_faces,
    people_faces,
    reminder_faces,
    review_faces,
    table_faces,
)
from tests.cards.sample import EG

TEMPLATES = Path(cards.__file__).with_name("templates")
HOUSE = TEMPLATES.parent.parent
PAGES = (
    daily_faces,
    faces,
    figure_faces,
    further_faces,
    helping_faces,
    people_faces,
    reminder_faces,
    review_faces,
    table_faces,
)
ON_A_PHONE = 12
"""Lines of a card that one sees without scrolling."""
REASONS: list[Refusal] = [
    refusals.SupportsNothing("O12", "KR7"),
    refusals.NotSupported("O12", "closed"),
    refusals.NotInYourLine("赵店", "KR5"),
    refusals.NobodyBelow("KR8", "按人"),
    board_refusals.GoalsNotShown("李四"),
    board_refusals.FiguresNotShown("西湖店", "滨江店"),
    board_refusals.FiguresNotShown("西湖店"),
    refusals.NoSuchGoal("KR99"),
    refusals.NoSuchPerson("小王"),
    refusals.NoSuchCycle("2026Q5"),
    refusals.NoSuchRequest("申请"),
    refusals.NotYours("KR34", "王店"),
    refusals.NotYours("KR34"),
    refusals.NotForYou("改配置", "管理员"),
    refusals.NotYourGoal("KR34", "李四", "目标值 1200"),
    refusals.NotYourGoal("KR34", "李四"),
    refusals.NotAsked("R8", ("王店", "周敏")),
    refusals.NotAsked("R8"),
    refusals.OwnRequest("R8", ("王店",)),
    *(help_refusals.CannotUrge("李四", why) for why in ("own", "nothing")),
    help_refusals.NotAskedToHelp("X3", "接受", "李四"),
    *(help_refusals.CannotBeAsked("KR34", "李四", why) for why in ("own", "again", "hidden")),
    *(
        help_refusals.HelpRequestOver("X3", str(state), "接受", tuple(map(str, allowed_moves(state))))
        for state in HelpState
    ),
    refusals.InterviewNeeded("KR34", "修改 KR34 目标值 1050 面谈 11月20日 原因 停车场封了"),
    refusals.NotInForce("KR34", "pending"),
    refusals.NotYoursToScore("KR34", "上级王店"),
    refusals.NotYoursToScore("O12", "上级王店", confirming=True),
    refusals.FedByData("KR34", "收银系统", Decimal(1050), "人"),
    refusals.StartEqualsTarget(Decimal(1000), "KR34"),
    refusals.StartEqualsTarget(Decimal(1000)),
    refusals.TargetMissing("KR34"),
    refusals.SharesAboveOne(Decimal("1.2"), "O12"),
    refusals.NeedsKeyResult("O12"),
    refusals.Loop("O12", "KR34"),
    refusals.SelfAlignment("O12"),
    refusals.PeriodsDoNotOverlap("O12", "KR7", "2026Q4", "2026Q3"),
    refusals.PeriodsDoNotOverlap("O12", "KR7"),
    refusals.ParentSharesAboveOne("O12", Decimal("1.2")),
    refusals.PrivateIntoPublic("O12", "KR7"),
    refusals.CannotBeSummed("KR7"),
    refusals.NotInYourLine("赵店", "KR7"),
    refusals.NobodyBelow("KR7", "门店"),
    refusals.RollsUp("KR7"),
    refusals.SupportsNothing("O12"),
    refusals.StageOutside("KR34", date(2027, 1, 5), date(2026, 10, 1), date(2026, 12, 31)),
    refusals.StagesFall("KR34", date(2026, 10, 31)),
    refusals.DraftHasErrors("O12", ("target_missing",)),
    refusals.KindFixed("KR34", "number"),
    *(refusals.NotANumberGoal("KR34", kind) for kind in ("milestone", "ordinal", "boolean")),
    refusals.NotADoneGoal("KR34"),
    refusals.OutOfRange(Decimal(11), Decimal(0), Decimal(10), "信心"),
    refusals.OutOfRange(Decimal(-1)),
    refusals.NothingToTakeBack("KR34"),
    refusals.TooLateToTakeBack("KR34", datetime(2026, 11, 20, tzinfo=UTC), 24),
    refusals.IllegalMove("draft", "close", ("submit",), "O12"),
    refusals.IllegalMove("draft", "close", ("submit",)),
    *(
        refusals.IllegalCycleMove(
            str(state), str(move), tuple(str(one) for one in CYCLE_MOVES[state]), "2026Q4"
        )
        for state in CYCLE_MOVES
        for move in (CycleMove.CLOSE, CycleMove.REOPEN)
        if move not in CYCLE_MOVES[state]
    ),
    refusals.NotInForce("KR34", "draft"),
    refusals.NotInForce("KR34", "closed"),
    refusals.CycleClosed("2026Q3"),
    refusals.AlreadyDecided("申请", "王店"),
    refusals.ReasonNeeded("驳回", "驳回 O12 目标太低"),
    refusals.ReasonNeeded("驳回"),
]


def shown(face: Face) -> list[str]:
    """The lines of a face, buttons apart."""
    body = [
        face.title,
        face.subtitle,
        *(face.emphasis or ()),
        *face.lines,
        *(fact.name for fact in face.facts),
    ]
    return [line for line in [*body, face.hint, face.why] if line]


@cache
def cards_of(page: ModuleType) -> list[tuple[str, Card]]:
    """What the page draws, each with a name; drawn once."""
    return list(page.cards())


def too_much_for_wecom(face: Face) -> list[str]:
    return [
        *(f"name of a fact: {fact.name}" for fact in face.facts if len(fact.name) > 5),
        *(f"label: {button.label}" for button in face.buttons if len(button.label) > 10),
        *(["facts"] if len(face.facts) > 6 else []),
        *(["buttons"] if len(face.buttons) > 6 else []),
    ]


def unreadable(face: Face) -> list[str]:
    """What is wrong with it where nothing can be pressed."""
    text = plain_text(face, numbered=True)
    return [
        *([] if face.title and face.title in text else ["no title"]),
        *(f"{mark} in it" for mark in ("**", "None") if mark in text),
        *(f"button: {button.label}" for button in face.buttons if button.label not in text or not button.say),
    ]


on_every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__.rpartition(".")[2])


@on_every_page
def test_cards_fit_a_phone(page: ModuleType) -> None:
    lines = [(name, len(shown(card.face))) for name, card in cards_of(page)]

    assert lines
    assert [(name, count) for name, count in lines if count > ON_A_PHONE] == []


@on_every_page
def test_cards_fit_wecom(page: ModuleType) -> None:
    found = [(name, too_much_for_wecom(card.on(PlatformName.WECOM))) for name, card in cards_of(page)]

    assert [(name, wrong) for name, wrong in found if wrong] == []


@on_every_page
def test_cards_can_be_read_and_answered_without_buttons(page: ModuleType) -> None:
    found = [
        (name, str(platform), unreadable(card.on(platform)))
        for name, card in cards_of(page)
        for platform in PlatformName
    ]

    assert [one for one in found if one[-1]] == []


def test_every_reason_has_its_sentence() -> None:
    faces_of = {reason: refusal(reason.code, mine="KR34", eg=EG, **reason.facts).face for reason in REASONS}

    assert [reason for reason, face in faces_of.items() if not face.title or len(shown(face)) > 5] == []


def test_no_reason_is_forgotten() -> None:
    assert {type(reason) for reason in REASONS} == set(Refusal.__subclasses__())


def test_no_sentence_is_left_without_its_reason() -> None:
    codes = {reason.code for reason in REASONS}

    assert {path.name.removesuffix(".md.j2") for path in (TEMPLATES / "refusals").glob("*.j2")} == codes


@pytest.mark.parametrize("folder", ["notices", "questions"])
def test_every_sentence_is_said_somewhere(folder: str) -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for package in ("handlers", "cards", "bot", "scheduler")
        for path in (HOUSE / package).rglob("*.py")
    )
    names = [
        path.name.removesuffix(".md.j2").removesuffix(".wecom") for path in (TEMPLATES / folder).glob("*.j2")
    ]

    assert [name for name in names if f'"{name}"' not in code] == []


def english_in(path: Path) -> set[str]:
    words = re.sub(r"\{[{%#].*?[}%#]\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    if {".svg", ".html"} & set(path.suffixes):
        words = re.sub(r"<!?\w[^<>]*>|</\w+>", " ", words)
    return set(re.findall(r"[A-Za-z]{2,}", re.sub(r"bot\.yaml|okrbot check", "", words)))


def test_sentences_are_chinese() -> None:
    allowed = {"OKR", "KR", "Excel", "WPS", "MB", "xlsx", "csv", "CSV"}
    found = [(path.stem, english_in(path) - allowed) for path in TEMPLATES.rglob("*.j2")]

    assert len(found) > 300
    assert [(name, words) for name, words in found if words] == []


def test_a_card_of_many_key_results_says_how_many_are_folded() -> None:
    card = dict(cards_of(faces))["objective, 7 KR"]

    assert any("还有" in line for line in card.face.lines)


def test_the_cards_are_all_of_the_cards() -> None:
    """Every card module of the package is drawn above."""
    quiet = {
        "__init__",
        "actions",
        "notices",
        "rates",
        "sayings",
        "templating",
        "experts",
        "figures",
        "lessons",
        "matrix",
        "selling",
        "weekly_picture",
        "way",
    }
    drawn: Any = {name: value for page in PAGES for name, value in page.__dict__.items()}
    modules = {path.stem for path in TEMPLATES.parent.glob("*.py")} - quiet

    assert {
        value.__module__.removeprefix("cards.")
        for value in drawn.values()
        if getattr(value, "__module__", "").startswith("cards.")
    } >= modules
