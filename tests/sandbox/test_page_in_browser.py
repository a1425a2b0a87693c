"""The page as a visitor uses it, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sandbox.transcript import Pressable
from tests.bot.cupboard import DOT
from tests.sandbox.paper_office import PaperOffice, card

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
expect = playwright.expect
expect.set_options(timeout=30_000)


async def test_choosing_a_person_shows_their_phones(tab: Any, paper: PaperOffice) -> None:
    paper.wecom.put("app:WxWu", text="本周战报")

    await tab.locator("[data-person=E0202]").click()

    await expect(tab.locator(".wecom .log")).to_contain_text("本周战报")
    await expect(tab.locator(".dingtalk .absent")).to_contain_text("吴越没有钉钉账号")
    await expect(tab).to_have_title(re.compile("吴越"))


async def test_what_is_typed_is_answered_in_the_chat(tab: Any) -> None:
    box = tab.locator(".dingtalk textarea")
    await box.fill("更新 KR34 +20")
    await box.press("Enter")

    await expect(tab.locator(".dingtalk .mine .balloon")).to_have_text("更新 KR34 +20")
    await expect(tab.locator(".dingtalk .theirs .balloon")).to_have_text("听到了:更新 KR34 +20")
    await expect(box).to_have_value("")
    await expect(tab.locator("#activity li").first).to_contain_text("听到了:更新 KR34 +20")


async def test_a_suggestion_is_sent_or_begun(tab: Any) -> None:
    await tab.locator(".wecom .chips button", has_text="我的目标").click()
    await tab.locator(".wecom .chips button", has_text="更新 KR").click()

    await expect(tab.locator(".wecom .mine .balloon")).to_have_text("我的目标")
    await expect(tab.locator(".wecom textarea")).to_have_value("更新 KR")
    await expect(tab.locator(".wecom textarea")).to_be_focused()


async def test_a_pressed_card_waits_and_changes_in_its_place(tab: Any, paper: PaperOffice) -> None:
    paper.dingtalk.put("app:dt-li", **card("同意", "驳回"))
    paper.dingtalk.put("app:dt-li", text="在它下面")
    paper.dingtalk.thinking.clear()
    await tab.locator(".dingtalk button[data-label=同意]").click()
    await expect(tab.locator(".dingtalk button[data-label=驳回]")).to_have_attribute("aria-disabled", "true")

    paper.dingtalk.thinking.set()

    await expect(tab.locator(".dingtalk .line").first).to_contain_text("dt-li 按了 同意")
    await expect(tab.locator(".dingtalk .line")).to_have_count(2)
    await expect(tab.locator(".dingtalk .keys button")).to_have_count(0)


async def test_a_press_that_is_missed_may_be_repeated(tab: Any, paper: PaperOffice) -> None:
    paper.dingtalk.deaf = True
    paper.dingtalk.put("app:dt-li", **card("同意"))

    await tab.locator(".dingtalk button[data-label=同意]").click()

    await expect(tab.locator("#toast")).to_contain_text("没有接住")
    await expect(tab.locator(".dingtalk .pressing")).to_have_count(0)


async def test_words_stay_words(tab: Any, paper: PaperOffice) -> None:
    evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>[按](javascript:alert(1))'
    content = {"main_title": {"title": evil, "desc": evil}, "sub_title_text": evil, "replace_text": ""}
    buttons = (Pressable("<b>按</b>", key="k"), Pressable("去", url="javascript:alert(2)"))
    kinds = ("text", "markdown", "action_card", "card", "template_card", "voice")

    for kind in kinds:
        paper.wecom.put("app:WxLi", kind=kind, title=evil, text=evil, content=content, buttons=buttons)

    log = tab.locator(".wecom .log")
    evil_lines = log.locator(".line", has_text="<script>document.title=2</script>")
    await expect(evil_lines).to_have_count(len(kinds))
    assert await log.locator("img, script, a, b").count() == 0
    assert "李四" in await tab.title()


async def test_markdown_is_drawn_as_far_as_the_platforms_draw_it(tab: Any, paper: PaperOffice) -> None:
    text = "# 头\n**粗** 体  \n第二行\n接着\n\n- 一\n- 二\n\n> 引\n\n[网](https://example.com/a) [说](dtmd://dingtalkclient/sendMessage?content=a)"

    paper.dingtalk.put("app:dt-li", kind="markdown", text=text)

    box = tab.locator(".dingtalk .markdown")
    await expect(box.locator(".heading")).to_have_text("头")
    await expect(box.locator("strong")).to_have_text("粗")
    await expect(box.locator("p:not(.heading)").first).to_have_js_property("innerText", "粗 体\n第二行 接着")
    await expect(box.locator("li")).to_have_count(2)
    await expect(box.locator("blockquote")).to_have_text("引")
    await expect(box.locator("a")).to_have_attribute("rel", "noopener noreferrer")
    await expect(box.locator("button.says")).to_have_text("说")


async def test_winding_the_clock_moves_it_for_everything(tab: Any, paper: PaperOffice) -> None:
    await tab.locator("#clock-keys button", has_text="25 号 10:00").click()

    await expect(tab.locator("#clock-time")).to_have_text("10:00")
    await expect(tab.locator("#clock-date")).to_have_text("2026年11月25日 周三")
    await expect(tab.locator(".wecom .status-time")).to_have_text("10:00")
    assert len(paper.wound) == 1


async def test_the_keys_of_the_clock(tab: Any) -> None:
    for label, time, date in (
        ("周五 17:00", "17:00", "2026年11月27日 周五"),
        ("周一 10:30", "10:30", "2026年11月30日 周一"),
        ("+1 天", "10:30", "2026年12月1日 周二"),
        ("+1 小时", "11:30", "2026年12月1日 周二"),
        ("25 号 10:00", "10:00", "2026年12月25日 周五"),
        ("25 号 10:00", "10:00", "2027年1月25日 周一"),
    ):
        await tab.locator("#clock-keys button", has_text=label).click()
        await expect(tab.locator("#clock-date")).to_have_text(date)
        await expect(tab.locator("#clock-time")).to_have_text(time)


async def test_any_moment_can_be_chosen(tab: Any) -> None:
    await tab.locator(".pick summary").click()
    await tab.locator(".pick input").fill("2026-12-31T18:30")
    await tab.locator(".pick form button").click()

    await expect(tab.locator("#clock-date")).to_have_text("2026年12月31日 周四")
    await expect(tab.locator("#clock-time")).to_have_text("18:30")


async def test_a_colleague_is_picked_after_an_at(tab: Any, paper: PaperOffice) -> None:
    await tab.locator(".dingtalk [role=tab]", has_text="西湖店工作群").click()
    box = tab.locator(".dingtalk textarea")
    await box.type("请 @王")
    await expect(tab.locator(".dingtalk .mentions [role=option]")).to_have_text(["王店"])
    await box.press("Enter")
    await box.type("看一下")
    await box.press("Enter")

    await expect(tab.locator(".dingtalk .mine .mention")).to_have_text("@王店")
    assert paper.dingtalk.said[-1]["mentions"] == ("dt-wang",)
    assert paper.dingtalk.said[-1]["at_bot"] is True


async def test_in_a_group_the_bot_may_be_left_out(tab: Any, paper: PaperOffice) -> None:
    await tab.locator(".dingtalk [role=tab]", has_text="西湖店工作群").click()
    await tab.locator(".dingtalk .at-bot").click()
    await tab.locator(".dingtalk textarea").fill("中午吃什么")
    await tab.locator(".dingtalk textarea").press("Enter")

    await expect(tab.locator(".dingtalk .mine .balloon")).to_have_text("中午吃什么")
    assert paper.dingtalk.said[-1]["at_bot"] is False


async def test_a_message_is_quoted(tab: Any, paper: PaperOffice) -> None:
    shown = paper.dingtalk.put("app:dt-li", **card("同意"))
    await tab.locator(".dingtalk .line").hover()
    await tab.locator(".dingtalk .quote-key").click()
    await expect(tab.locator(".dingtalk .quoting")).to_contain_text("李四想改 KR34 的目标")

    await tab.locator(".dingtalk textarea").fill("同意")
    await tab.locator(".dingtalk textarea").press("Enter")

    await expect(tab.locator(".dingtalk .mine .quoted")).to_contain_text("OKR助手")
    assert paper.dingtalk.said[-1]["quotes"] == shown.id


async def test_speech_and_pictures(tab: Any, paper: PaperOffice) -> None:
    await tab.locator(".wecom [aria-pressed]").first.click()
    await tab.locator(".wecom textarea").fill("六点五")
    await tab.locator(".wecom textarea").press("Enter")
    await tab.get_by_label("发一张图片(占位)").last.click()

    await expect(tab.locator(".wecom .photo")).to_be_visible()
    assert [(said["kind"], said["voice"]) for said in paper.wecom.said] == [
        ("voice", "六点五"),
        ("image", ""),
    ]


async def test_others_get_a_count_until_one_looks(tab: Any, paper: PaperOffice) -> None:
    count = tab.locator("[data-person=E0101] .count")
    paper.dingtalk.put("app:dt-wang", text="一")
    paper.dingtalk.put("app:dt-wang", text="二")
    await expect(count).to_have_text("2")

    await tab.locator("[data-person=E0101]").click()

    await expect(count).to_be_hidden()
    await expect(tab.locator(".dingtalk .log")).to_contain_text("二")


async def test_another_chat_of_ones_own_gets_a_dot(tab: Any, paper: PaperOffice) -> None:
    paper.dingtalk.put("cidXiHuDian==", text="群里的")
    group = tab.locator(".dingtalk [role=tab]", has_text="西湖店工作群")
    await expect(group.locator(".dot")).to_be_visible()

    await group.click()

    await expect(tab.locator(".dingtalk .log")).to_contain_text("群里的")
    await expect(tab.locator(".dingtalk .dot")).to_have_count(0)


async def test_an_empty_private_chat_is_entered_once(tab: Any, paper: PaperOffice) -> None:
    await expect(tab.locator(".wecom .log")).to_contain_text("你好,我是 OKR 助手")

    await tab.locator("[data-person=E0101]").click()
    await expect(tab).to_have_title(re.compile("王店"))
    await tab.locator("[data-person=E0102]").click()
    await expect(tab).to_have_title(re.compile("李四"))

    assert paper.wecom.opened.count(("WxLi", "app")) == 1


async def test_the_theme_is_remembered(tab: Any) -> None:
    await tab.locator("#theme").click()
    await tab.reload()

    assert await tab.locator("html").get_attribute("data-theme") == "dark"


async def test_nothing_hangs_out_at_the_side(tab: Any, paper: PaperOffice) -> None:
    paper.dingtalk.put("app:dt-li", text="长" * 300 + "w" * 300)
    paper.wecom.put("app:WxLi", kind="markdown", text="https://" + "x" * 200)

    for width in (390, 820, 1100, 1280, 1920):
        await tab.set_viewport_size({"width": width, "height": 844})
        assert await tab.evaluate("document.documentElement.scrollWidth") <= width
        for log in await tab.locator(".log").all():
            assert await log.evaluate("node => node.scrollWidth - node.clientWidth") <= 0


async def test_nothing_jumps_while_it_loads(tab: Any, page_url: str) -> None:
    await tab.add_init_script(
        "window.jumped = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.jumped += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    await tab.goto(page_url)
    await tab.wait_for_selector(":root.ready")
    await tab.wait_for_timeout(400)

    assert await tab.evaluate("window.jumped") < 0.02


async def test_pictures_stand_in_both_phones_and_open_in_full(tab: Any, paper: PaperOffice) -> None:
    paper.dingtalk.holds("@lAL1", "目标地图.png", DOT)
    paper.wecom.holds("media-1", "目标地图.png", DOT)
    paper.dingtalk.put("app:dt-li", kind="markdown", text="**目标地图**  \n![地图](@lAL1)  \n200 个目标")
    paper.wecom.put("app:WxLi", kind="image", content={"media_id": "media-1"})

    for phone, address in (
        (".dingtalk", "/sandbox/media/dingtalk/%40lAL1"),
        (".wecom", "/sandbox/media/wecom/media-1"),
    ):
        picture = tab.locator(f"{phone} .shown img")
        await expect(picture).to_have_js_property("naturalWidth", 1)
        await expect(tab.locator(f"{phone} .shown")).to_have_attribute("href", address)
    await expect(tab.locator(".dingtalk .markdown")).to_contain_text("200 个目标")
    await expect(tab.locator(".dingtalk .markdown br")).to_have_count(1)


async def test_a_picture_that_is_not_there_says_so(tab: Any, paper: PaperOffice) -> None:
    paper.dingtalk.put("app:dt-li", kind="markdown", text="![地图](https://okr.example.com/files/f1)")

    await expect(tab.locator(".dingtalk .torn")).to_have_text("图片打不开")


async def test_a_file_tells_its_size_and_is_downloaded(tab: Any, paper: PaperOffice) -> None:
    paper.wecom.holds("media-1", "我的数据.xlsx", b"PK" + bytes(5 * 1024), "file")
    paper.wecom.put("app:WxLi", kind="file", content={"media_id": "media-1"})
    file = tab.locator(".wecom a.file")
    await expect(file).to_contain_text("我的数据.xlsx")
    await expect(file).to_contain_text("表格 · 5 KB")

    async with tab.expect_download() as downloading:
        await file.click()

    assert (await downloading.value).suggested_filename == "我的数据.xlsx"
