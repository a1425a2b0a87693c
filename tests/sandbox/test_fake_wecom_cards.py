"""The refusals of a template_card, one by one."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.fake_wecom.cards import APP, ROBOT, WEBHOOK, refusal

BUTTON = {"text": "好", "style": 1, "key": "a"}
BUTTONS = {
    "card_type": "button_interaction",
    "task_id": "t1",
    "main_title": {"title": "x"},
    "button_list": [BUTTON],
}
NOTICE = {
    "card_type": "text_notice",
    "main_title": {"title": "x"},
    "card_action": {"type": 1, "url": "http://x"},
}
NEWS = {**NOTICE, "card_type": "news_notice", "card_image": {"url": "http://x"}}
OPTION = {"id": "1", "text": "一"}
VOTE = {
    "card_type": "vote_interaction",
    "task_id": "t1",
    "main_title": {"title": "x"},
    "checkbox": {"question_key": "q", "mode": 0, "option_list": [OPTION]},
    "submit_button": {"text": "交", "key": "s"},
}
SELECT = {"question_key": "q", "title": "x", "option_list": [OPTION]}
SEVERAL = {
    "card_type": "multiple_interaction",
    "task_id": "t1",
    "main_title": {"title": "x"},
    "select_list": [SELECT],
    "submit_button": {"text": "交", "key": "s"},
}


def buttons(*changes: dict[str, Any]) -> dict[str, Any]:
    return {**BUTTONS, "button_list": [{**BUTTON, **change} for change in changes]}


def fact(**change: object) -> dict[str, Any]:
    return {**BUTTONS, "horizontal_content_list": [{"keyname": "名", "value": "值", **change}]}


@pytest.mark.parametrize("dialect", [APP, ROBOT])
@pytest.mark.parametrize("card", [BUTTONS, NOTICE, NEWS, VOTE, SEVERAL])
def test_the_five_kinds_are_taken(card: dict[str, Any], dialect: Any) -> None:
    assert refusal(card, dialect) == 0


@pytest.mark.parametrize(
    ("code", "card"),
    [
        (40058, "no card"),
        (40058, {**BUTTONS, "colour": "red"}),
        (40058, {**BUTTONS, "emphasis_content": {"title": "1"}}),
        (40058, {**BUTTONS, "sub_title_text": "x" * 161}),
        (40058, {**BUTTONS, "main_title": {"title": "x", "desc": "x" * 45}}),
        (42014, {**BUTTONS, "task_id": "a/b"}),
        (42014, {**BUTTONS, "task_id": "x" * 129}),
        (42014, {key: value for key, value in BUTTONS.items() if key != "task_id"}),
        (42017, buttons(*({"key": str(n)} for n in range(7)))),
        (42017, buttons()),
        (42018, buttons({}, {})),
        (42020, buttons({"text": ""})),
        (42027, fact(keyname="六个字的名字")),
        (42028, fact(type=1)),
        (42029, fact(type=2)),
        (42050, fact(type=3)),
        (40058, fact(value="x" * 31)),
        (42030, {**NOTICE, "card_action": {"type": 2}}),
        (42028, {**NOTICE, "card_action": {"type": 1}}),
        (42031, {**NOTICE, "card_type": "hologram"}),
        (42033, {**NOTICE, "main_title": {}}),
        (42033, {**BUTTONS, "main_title": {"title": "x" * 37}}),
        (42035, {**BUTTONS, "horizontal_content_list": [{"keyname": "k", "value": "v"}] * 7}),
        (42036, {**NEWS, "vertical_content_list": [{"title": "x"}] * 5}),
        (42037, {**VOTE, "checkbox": {**VOTE["checkbox"], "option_list": []}}),  # type: ignore[dict-item] # a table
        (42038, buttons({"text": "x" * 11})),
        (42039, buttons({"key": ""})),
        (42039, buttons({"key": "字" * 342})),
        (42040, {**SEVERAL, "select_list": [{**SELECT, "option_list": [OPTION, OPTION]}]}),
        (42041, {**SEVERAL, "select_list": [{**SELECT, "option_list": [{"id": "1", "text": "x" * 17}]}]}),
        (42042, {**BUTTONS, "jump_list": [{"type": 1, "title": "x", "url": "http://x"}] * 4}),
        (42043, {**SEVERAL, "select_list": [SELECT, SELECT]}),
        (42044, {**NEWS, "card_image": {}}),
        (42045, {key: value for key, value in NOTICE.items() if key != "card_action"}),
        (42046, {**VOTE, "submit_button": {"text": "交"}}),
        (42047, {**SEVERAL, "select_list": []}),
        (42049, {**VOTE, "submit_button": {"text": "x" * 11, "key": "s"}}),
        (42051, {**BUTTONS, "action_menu": {"action_list": [{"text": "x", "key": "a"}] * 2}}),
        (42014, {**NOTICE, "action_menu": {"action_list": [{"text": "x", "key": "a"}]}}),
    ],
)
def test_each_refusal_of_the_app(code: int, card: Any) -> None:
    assert refusal(card, APP) == code


@pytest.mark.parametrize(
    ("code", "card"),
    [
        (42033, {**BUTTONS, "main_title": {"title": "x" * 27}}),
        (42033, {**BUTTONS, "main_title": {}}),
        (40058, {**BUTTONS, "sub_title_text": "x" * 113}),
        (40058, fact(value="x" * 27)),
        (40058, fact(type=2, media_id="m")),
        (40058, buttons({"type": 1, "url": "http://x"})),
        (42041, {**SEVERAL, "select_list": [{**SELECT, "option_list": [{"id": "1", "text": "x" * 11}]}]}),
    ],
)
def test_the_robot_takes_less_than_the_app(code: int, card: dict[str, Any]) -> None:
    assert refusal(card, ROBOT) == code


@pytest.mark.parametrize(("card", "code"), [(NOTICE, 0), (NEWS, 0), (BUTTONS, 42031)])
def test_a_webhook_shows_only_notices(card: dict[str, Any], code: int) -> None:
    assert refusal(card, WEBHOOK) == code


def test_an_update_may_leave_the_task_id_out() -> None:
    card = {key: value for key, value in BUTTONS.items() if key != "task_id"}

    assert refusal(card, APP, update=True) == 0
