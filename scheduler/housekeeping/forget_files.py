"""Pictures and files are kept as long as an answer may be shown and looked at again, and no longer; so is who was at the board."""

from __future__ import annotations

from datetime import datetime

from okr.policy import Policy
from scheduler.jobs import Job
from storage import board_sessions, files, tables_in
from storage.session import Session


async def run(session: Session, due: datetime, policy: Policy) -> str:
    del policy
    entries = await board_sessions.forget_before(session, due)
    tables = await tables_in.forget_before(session, due)
    forgotten = await files.forget_before(session, due)
    return f"forgot {forgotten} files, {tables} tables, {entries} entries of the board"


JOB = Job("forget_files", "50 3 * * *", "清理过期的图片、文件、发来的表格和网页登录", run)
