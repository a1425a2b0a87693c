"""Pictures and files are kept as long as an answer may be shown and looked at again, and no longer."""

from __future__ import annotations

from datetime import datetime

from okr.policy import Policy
from scheduler.jobs import Job
from storage import files
from storage.session import Session


async def run(session: Session, due: datetime, policy: Policy) -> str:
    del policy
    return f"forgot {await files.forget_before(session, due)} files"


JOB = Job("forget_files", "50 3 * * *", "清理过期的图片和文件", run)
