from __future__ import annotations

import base64
import os

import pytest

from sandbox.cast import CAST
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_wecom import FakeWeCom
from sandbox.office import (
    DINGTALK,
    VISITOR,
    WECOM,
    MakeBelieveOffice,
    Office,
    Utterance,
    account,
    sample_groups,
)
from tests.sandbox.paper_office import MONDAY, PaperOffice, card

LI = next(person for person in CAST if person.name == "李四")


@pytest.mark.parametrize(
    ("platform", "members"),
    [
        (DINGTALK, ("dt-zhou", "dt-wang", "dt-li", "dt-zhang")),
        (WECOM, ("WxZhou", "WxZhao", "WxWu")),
    ],
)
def test_each_platform_has_the_group_of_one_store(platform: str, members: tuple[str, ...]) -> None:
    [group] = [group for group in sample_groups() if group.platform == platform]

    assert (group.members, group.group) == (members, True)


def test_the_outsider_is_in_no_group(paper: PaperOffice) -> None:
    assert [chat.group for chat in paper.office.chats(VISITOR)] == [False, False, False]


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ({"text": "**四成** 的客流\n第二行"}, "李四 · 钉钉:四成 的客流"),
        ({"title": "# 头", "text": "身"}, "李四 · 钉钉:头"),
        ({"kind": "image"}, "李四 · 钉钉:[图片]"),
        ({"text": "长" * 100}, "李四 · 钉钉:" + "长" * 40),
    ],
)
def test_notes_the_first_words_of_what_was_said(paper: PaperOffice, drawn: dict[str, str], text: str) -> None:
    paper.dingtalk.put("app:dt-li", **drawn)

    assert paper.office.activity.lines[-1].text == text


def test_notes_what_was_heard_said_and_redrawn(paper: PaperOffice) -> None:
    paper.dingtalk.put("cidXiHuDian==", "dt-li", text="看看")
    shown = paper.dingtalk.put("cidXiHuDian==", **card("同意"))
    paper.dingtalk.transcript.change(shown.id, buttons=())

    lines = paper.office.activity.lines
    assert [line.deed for line in lines] == ["heard", "said", "redrew"]
    assert {line.text.split(" · ")[0] for line in lines} == {"西湖店工作群"}


async def test_real_make_believe_platforms_fit_in() -> None:
    """No bot is running: what people say stands in their chats all the same."""
    clock = WoundClock(MONDAY)
    dingtalk = FakeDingTalk(clock)
    aes_key = base64.b64encode(os.urandom(32)).decode().rstrip("=")
    wecom = FakeWeCom(clock, corp_id="ww1", agent_id=1, secret="s", token="t", aes_key=aes_key)
    dingtalk.add_user(LI.dingtalk_id, LI.name)
    wecom.add_user(LI.wecom_id, LI.name)
    await dingtalk.start()
    await wecom.start()
    office: Office = MakeBelieveOffice(dingtalk, wecom, clock)

    try:
        for chat in office.chats(LI):
            if not chat.group and chat.via != "app":
                shown = await office.say(LI, chat, Utterance("帮助", kind="text"))
                assert shown in office.transcripts[chat.platform].of(chat.id)
                assert shown.author == account(LI, chat.platform)
    finally:
        await dingtalk.stop()
        await wecom.stop()
