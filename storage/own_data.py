"""Everything that is kept about one person, table by table, in words that the person understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage import person_keys, trail
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet: its title, its columns, and the statement that fills it; every `?` is the person's row id.

    `tables`: what it tells of, so that a test can say that nothing is left out.
    """

    title: str
    tables: tuple[str, ...]
    header: tuple[str, ...]
    sql: str


PARTS: tuple[Part, ...] = (
    Part(
        "我",
        ("employees",),
        (
            "工号", "姓名", "部门", "岗位", "职级", "上级", "区域", "门店", "门店类型", "用工类型", "手机号", "入职日期", "离职日期",
            "常用平台", "上次用的平台", "告知时间",
        ),
        "SELECT e.number, e.name, e.department, e.position, e.grade, m.name, e.region, e.store, e.store_type, e.employment,"
        " CASE WHEN length(e.mobile) > 7 THEN substr(e.mobile, 1, 3) || '…' || substr(e.mobile, length(e.mobile) - 3)"
        " ELSE '' END, e.joined_on, e.left_on, e.home, e.last_platform, e.noticed_at FROM employees e"
        " LEFT JOIN employees m ON m.id = e.manager_id WHERE e.id = ?",
    ),
    Part(
        "账号",
        ("accounts", "binding_requests", "directory_members"),
        ("平台", "账号", "来源", "时间"),
        "SELECT platform, user_id, source, bound_at FROM accounts WHERE employee_id = ?"
        " UNION ALL SELECT platform, user_id, state, asked_at FROM binding_requests WHERE employee_id = ?"
        " UNION ALL SELECT platform, user_id, '通讯录', seen_at FROM directory_members WHERE employee_id = ?",
    ),
    Part(
        "看板登录",
        ("board_sessions", "board_links"),
        ("怎么进的", "平台", "账号", "时间", "管到什么时候"),
        "SELECT way, platform, user_key, created_at, expires_at FROM board_sessions WHERE employee_id = ?"
        " UNION ALL SELECT '链接', platform, user_key, created_at, expires_at FROM board_links WHERE employee_id = ?",
    ),
    Part(
        "发来的表格",
        ("tables_in",),
        ("编号", "种类", "文件名", "读到的内容", "写了什么", "发的时间", "处理的时间", "到什么时候删"),
        "SELECT id, kind, name, content, outcome, sent_at, settled_at, expires_at FROM tables_in WHERE employee_id = ?",
    ),
    Part(
        "目标",
        ("objectives",),
        ("编号", "周期", "标题", "状态", "谁可见", "评分", "标成例外的原因", "写的时间", "生效时间"),
        "SELECT o.id, c.name, o.title, o.state, o.visibility, o.score, o.exception, o.created_at, o.active_at FROM objectives o"
        " JOIN cycles c ON c.id = o.cycle_id WHERE o.owner_id = ? ORDER BY o.id",
    ),
    Part(
        "关键结果",
        ("key_results",),
        ("编号", "目标", "标题", "起始", "目标值", "单位", "现在", "谁报的", "什么时候", "信心", "权重", "截止", "评分", "评分说明"),
        "SELECT k.id, k.objective_id, k.title, k.start_value, k.target_value, k.unit, k.value, k.value_source, k.value_at,"
        " k.confidence, k.weight, k.due, k.score, k.score_note FROM key_results k JOIN objectives o ON o.id = k.objective_id"
        " WHERE o.owner_id = ? ORDER BY k.id",
    ),
    Part(
        "报数",
        ("check_ins",),
        ("KR", "值", "信心", "说明", "说的是什么时候", "什么时候报的", "谁报的", "平台"),
        "SELECT i.key_result_id, i.value, i.confidence, i.note, i.on_at, i.recorded_at, i.source, i.platform FROM check_ins i"
        " JOIN key_results k ON k.id = i.key_result_id JOIN objectives o ON o.id = k.objective_id"
        " WHERE o.owner_id = ? OR i.author_id = ? ORDER BY i.id",
    ),
    Part(
        "申请和建议",
        ("change_requests",),
        ("编号", "种类", "目标", "KR", "改什么", "原来", "想改成", "原话", "原因", "面谈", "状态", "提的时间", "决定时间", "决定的话"),
        "SELECT id, kind, objective_id, kr_id, field, old, new, words, reason, interview, state, asked_at, decided_at, decision"
        " FROM change_requests WHERE applicant_id = ? OR decided_by_id = ? ORDER BY id",
    ),
    Part(
        "审批",
        ("approvals",),
        ("申请", "我的意见", "问我的时间", "我定的时间"),
        "SELECT request_id, state, asked_at, decided_at FROM approvals WHERE approver_id = ? OR stands_in_for_id = ? ORDER BY id",
    ),
    Part(
        "一起写",
        ("co_editors", "draft_edits", "seen_drafts", "objective_viewers"),
        ("目标", "是什么"),
        "SELECT objective_id, '一起写' FROM co_editors WHERE employee_id = ?"
        " UNION ALL SELECT objective_id, '改过草稿' FROM draft_edits WHERE author_id = ?"
        " UNION ALL SELECT objective_id, '看过草稿' FROM seen_drafts WHERE employee_id = ?"
        " UNION ALL SELECT objective_id, '指定给我看' FROM objective_viewers WHERE employee_id = ?",
    ),
    Part(
        "对齐",
        ("alignments",),
        ("支撑的KR", "状态", "提的时间", "定的时间"),
        "SELECT parent_kr_id, state, asked_at, decided_at FROM alignments WHERE asked_by_id = ? OR decided_by_id = ? ORDER BY id",
    ),
    Part(
        "今日动作",
        ("day_actions",),
        ("编号", "KR", "哪天", "做什么", "几点前", "状态", "写的时间", "做完的时间"),
        "SELECT id, kr_id, day, words, until, state, made_at, settled_at FROM day_actions WHERE owner_id = ? OR by_id = ?"
        " ORDER BY id",
    ),
    Part(
        "协作",
        ("help_requests",),
        ("编号", "KR", "原话", "截止", "状态", "提的时间", "回的时间", "回的话", "下一步"),
        "SELECT id, kr_id, words, due, state, asked_at, answered_at, answer, next_step FROM help_requests"
        " WHERE asker_id = ? OR asked_id = ? ORDER BY id",
    ),
    Part(
        "评论点赞订阅",
        ("reactions", "follows"),
        ("种类", "关于", "内容", "时间"),
        "SELECT kind, coalesce(kr_id, objective_id), words, at FROM reactions WHERE author_id = ?"
        " UNION ALL SELECT '订阅', 0, target, since FROM follows WHERE employee_id = ?",
    ),
    Part(
        "复盘",
        ("reviews",),
        ("月份", "状态", "内容", "发起", "提交"),
        "SELECT month, state, words, opened_at, submitted_at FROM reviews WHERE employee_id = ? ORDER BY id",
    ),
    Part(
        "每周重点",
        ("week_aims",),
        ("周", "KR", "内容", "时间"),
        "SELECT week, kr_id, words, set_at FROM week_aims WHERE employee_id = ? ORDER BY week",
    ),
    Part(
        "请假和排班",
        ("absences", "shifts"),
        ("种类", "开始", "结束"),
        "SELECT '请假', CAST(first_day AS TEXT), CAST(last_day AS TEXT) FROM absences WHERE employee_id = ?"
        " UNION ALL SELECT '排班', CAST(starts_at AS TEXT), CAST(ends_at AS TEXT) FROM shifts WHERE employee_id = ?",
    ),
    Part(
        "标签和提醒设置",
        ("skills", "wishes", "template_uses"),
        ("种类", "内容", "关于", "时间"),
        "SELECT '擅长', word, '', said_at FROM skills WHERE employee_id = ?"
        " UNION ALL SELECT '提醒', reminder, subject, said_at FROM wishes WHERE employee_id = ?"
        " UNION ALL SELECT '目标模板', template, '', at FROM template_uses WHERE employee_id = ?",
    ),
    Part(
        "发给我的消息",
        ("letters",),
        ("时间", "状态", "平台", "提醒", "内容"),
        "SELECT created_at, state, platform, reminder, card FROM letters WHERE employee_id = ? ORDER BY id",
    ),
    Part(
        "更正和申诉",
        ("pleas",),
        ("编号", "种类", "目标", "原话", "状态", "答复", "提的时间", "答复时间"),
        "SELECT id, kind, objective_id, words, state, answer, asked_at, answered_at FROM pleas"
        " WHERE employee_id = ? OR answered_by_id = ? ORDER BY id",
    ),
    Part(
        "谁看过我",
        ("file_reads",),
        ("时间", "谁", "看了什么"),
        "SELECT r.at, coalesce(e.name, '管理服务器的人'), r.what FROM file_reads r LEFT JOIN employees e ON e.id = r.reader_id"
        " WHERE r.person_id = ? ORDER BY r.id",
    ),
)  # fmt: skip


async def gathered(session: Session, person_id: int) -> list[tuple[str, tuple[str, ...], list[list[Any]]]]:
    """Title, columns and rows of every part, and of the trail what the person did, in his own words."""
    told = [
        (
            part.title,
            part.header,
            [list(row) for row in await session.all(part.sql, *[person_id] * part.sql.count("?"))],
        )
        for part in PARTS
    ]
    return [*told, await _trail(session, person_id)]


async def _trail(session: Session, person_id: int) -> tuple[str, tuple[str, ...], list[list[Any]]]:
    key = await person_keys.of(session, person_id)
    rows = await session.all(
        "SELECT DISTINCT coalesce(objective_id, 0) FROM trail WHERE actor = ? OR approver = ?",
        key.alias,
        key.alias,
    )
    lines = []
    for row in rows:
        lines += [
            line
            for line in await trail.of(session, objective_id=row[0], limit=10_000)
            if person_id in (line.actor_id, line.approver_id)
        ]
    header = ("时间", "做了什么", "目标", "KR", "原来", "改成", "原因", "决定", "平台")
    return (
        "修改记录",
        header,
        [
            [
                one.at,
                one.action,
                one.objective_id,
                one.kr_id,
                one.old,
                one.new,
                one.reason,
                one.decision,
                one.platform,
            ]
            for one in sorted(lines, key=lambda line: line.id)
        ],
    )
