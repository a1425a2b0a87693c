"""What is done at the board is done as in the chat, and costs the chat nothing."""

from __future__ import annotations

from storage.session import Session
from tests.bot.board.visitor import LI, WANG, Visitor, browser
from tests.conversations.phones import Phone

REPORT = "更新 KR8"


async def kept(visitor: Visitor, sql: str) -> list[tuple[object, ...]]:
    async def read(session: Session) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await session.all(sql)]

    return await visitor.stage.database.read(read)


async def test_a_report_is_written_answered_and_taken_back(visitor_anywhere: Visitor) -> None:
    visitor = visitor_anywhere
    sheet = await visitor.comes_in(LI)

    after = await visitor.says(sheet, REPORT, words="1070", note="周末活动")
    back = await visitor.says(after, "撤销 KR8")

    assert after.path.startswith("/board?answer=")
    assert "1,050 → 1,070 人" in after.words
    assert "1,070 人" in after.words
    assert "1,050 人" in back.words
    notes = await kept(visitor, "SELECT note, platform FROM check_ins WHERE platform = 'board' ORDER BY id")
    assert notes[0] == ("周末活动", "board")


async def test_it_costs_no_call_and_no_push(visitor: Visitor) -> None:
    sheet = await visitor.comes_in(LI)
    calls, bubbles = (
        sum(visitor.stage.dingtalk.calls.values()),
        len(visitor.stage.dingtalk.transcript.bubbles),
    )

    await visitor.says(sheet, REPORT, words="1070")
    await visitor.stage.application.postman.round()

    assert sum(visitor.stage.dingtalk.calls.values()) == calls
    assert len(visitor.stage.dingtalk.transcript.bubbles) == bubbles
    rows = await kept(visitor, "SELECT state, form FROM letters WHERE platform = 'board'")
    assert rows == [("sent", "page")]


async def test_the_same_form_sent_twice_is_one_report(visitor: Visitor) -> None:
    sheet = await visitor.comes_in(LI)

    first = await visitor.says(sheet, REPORT, words="+20")
    second = await visitor.says(sheet, REPORT, words="+20")

    assert first.path == second.path
    assert len(await kept(visitor, "SELECT id FROM check_ins WHERE platform = 'board'")) == 1


async def test_what_looks_like_a_slip_is_asked_back(visitor: Visitor) -> None:
    sheet = await visitor.comes_in(LI)

    asked = await visitor.says(sheet, REPORT, words="10500")
    assert "是的,记上" in asked.words
    assert "1,050 人" in asked.words
    done = await visitor.says(asked, "确认 更新 KR8 =10500")

    assert "10,500" in done.words or "1.05 万" in done.words


async def test_what_the_rules_refuse_is_told(visitor: Visitor) -> None:
    sheet = await visitor.comes_in(LI)
    form = sheet.form(REPORT)

    answer = await visitor.post("/board/do", {**form.fields, "words": "1e5x9"})

    assert answer.status == 200
    assert "KR8" in answer.words


async def test_approving_takes_two_taps_and_the_applicant_hears_of_it(visitor: Visitor) -> None:
    await Phone(visitor.stage, "dingtalk", LI).say("修改 KR8 目标值 1200 原因 新店开业")
    sheet = await visitor.comes_in(WANG)
    say = next(one for form in sheet.forms for one in form.says if one.startswith("同意 R"))

    done = await visitor.says(sheet, say)

    assert "批了" in done.words
    assert say not in [one for form in done.forms for one in form.says]


async def test_a_form_of_somebody_else_is_refused(visitor: Visitor) -> None:
    sheet = await visitor.comes_in(LI)
    fields = {**sheet.form(REPORT).fields, "words": "1070"}
    async with browser() as http:
        other = Visitor(visitor.stage, http)
        await other.comes_in(WANG)
        by_another = await other.post("/board/do", fields)

    without = await visitor.post("/board/do", {**fields, "csrf": ""})
    from_elsewhere = await visitor.post("/board/do", fields, headers={"Sec-Fetch-Site": "cross-site"})

    assert [one.status for one in (by_another, without, from_elsewhere)] == [403, 403, 403]
    assert "没有动任何东西" in without.words
    assert await kept(visitor, "SELECT id FROM check_ins WHERE platform = 'board'") == []


async def test_a_form_sends_nobody_elsewhere(visitor: Visitor) -> None:
    sheet = await visitor.comes_in(LI)
    fields = {**sheet.form(REPORT).fields, "words": "1070"}

    for away in ("https://evil.example", "//evil.example", "/board//evil.example", "/boardx", "\\\\evil"):
        answer = await visitor.post("/board/do", {**fields, "back": away}, allow_redirects=False)
        assert answer.headers["Location"].startswith("/board?answer=")


async def test_an_answer_is_shown_to_its_own_reader_only(visitor: Visitor) -> None:
    after = await visitor.says(await visitor.comes_in(LI), REPORT, words="1070")
    async with browser() as http:
        other = Visitor(visitor.stage, http)
        await other.comes_in(WANG)

        seen = await other.get(after.path)

    assert "1,050 → 1,070" not in seen.words


async def test_a_picture_of_an_answer_is_shown_to_its_reader_only(visitor: Visitor) -> None:
    sheet = await visitor.comes_in(LI)
    form = sheet.form(REPORT)
    drawn = await visitor.post("/board/do", {**form.fields, "say": "目标地图"})
    picture = drawn.html.partition('<img src="')[2].partition('"')[0]

    async with visitor.http.get(visitor.base + picture) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "image/png"
        assert (await response.read()).startswith(b"\x89PNG")
    async with browser() as http:
        other = Visitor(visitor.stage, http)
        await other.comes_in(WANG)
        assert (await other.get(picture)).status == 404
        assert (await Visitor(visitor.stage, http).get(picture.replace("/f", "/x"))).status == 404


async def test_what_is_to_be_done_today_is_ticked_and_unticked(visitor: Visitor) -> None:
    await Phone(visitor.stage, "dingtalk", LI).say("今日动作 KR8 陈列调整; 10点前赠饮")
    sheet = await visitor.comes_in(LI)
    say = next(one for form in sheet.forms for one in form.says if one.startswith("完成 A"))

    ticked = await visitor.says(sheet, say)
    undone = await visitor.says(ticked, say.replace("完成", "撤销"))

    assert "今天要做的 0/2" in sheet.words
    assert "今天要做的 1/2" in ticked.words
    assert "今天要做的 0/2" in undone.words
    assert "1,050 人" in ticked.words  # a tick moves no number
    assert await kept(visitor, "SELECT id FROM check_ins WHERE platform = 'board'") == []
