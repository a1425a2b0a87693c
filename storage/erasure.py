"""Erasing somebody who has left: the name and the words go, the numbers stay without a person.

Three ways, so that nothing is forgotten: rows that are only about the person go; words that the person wrote are
emptied; and the name is looked for in every column of text that there is, in whatever others wrote or were shown.
The edit trail is not touched: destroying the key closes it (`storage.person_keys`).
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import quote_plus

from tortoise import fields
from tortoise.models import Model

from storage import person_keys, tables
from storage.session import Session, day_or_none, moment_or_none

GONE = "已离职员工"
"""The name of whoever has been erased."""
AT_ONCE = 50
"""People that are looked for together: the text is read once for all of them."""

ROWS_GO: Mapping[str, str] = {
    "accounts": "employee_id",
    "binding_requests": "employee_id",
    "absences": "employee_id",
    "shifts": "employee_id",
    "skills": "employee_id",
    "wishes": "employee_id",
    "follows": "employee_id",
    "letters": "employee_id",
    "file_reads": "person_id",
    "objective_viewers": "employee_id",
    "co_editors": "employee_id",
    "seen_drafts": "employee_id",
    "directory_members": "employee_id",
    "draft_edits": "author_id",
    "board_links": "employee_id",
    "board_sessions": "employee_id",
    "week_aims": "employee_id",
    "tables_in": "employee_id",
}
"""What is about nobody else."""
WORDS_GO: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("check_ins", "author_id", ("note",)),
    ("change_requests", "applicant_id", ("words", "reason", "interview")),
    ("change_requests", "decided_by_id", ("decision",)),
    ("help_requests", "asker_id", ("words", "next_step")),
    ("help_requests", "asked_id", ("answer",)),
    ("reactions", "author_id", ("words",)),
    ("reviews", "employee_id", ("words",)),
    ("day_actions", "owner_id", ("words",)),
    ("day_actions", "by_id", ("words",)),
    ("pleas", "employee_id", ("words",)),
    ("pleas", "answered_by_id", ("answer",)),
)
"""What the person wrote in rows that others need: table, author, columns."""
STAYS = frozenset(
    {
        ("objectives", "owner_id"),
        ("alignments", "asked_by_id"),
        ("alignments", "decided_by_id"),
        ("approvals", "approver_id"),
        ("approvals", "stands_in_for_id"),
        ("binding_requests", "decided_by_id"),
        ("absences", "deputy_id"),
        ("skills", "said_by_id"),
        ("reviews", "team_id"),
        ("file_reads", "reader_id"),
        ("employees", "manager_id"),
        ("template_uses", "employee_id"),
        ("template_uses", "by_id"),
        ("metric_series", "employee_id"),
        ("closed_days", "said_by_id"),
        ("settings_changes", "by_id"),
    }
)
"""Where somebody stands by a row id and nothing more: that it was one and the same person stays known."""
UNTOUCHED = frozenset({"trail", "trail_head", "person_keys", "employees"})
"""The trail names nobody, and the employees are renamed one by one: two may have the same name."""


@dataclass(frozen=True, slots=True)
class Leaver:
    id: int
    number: str
    name: str
    active: bool
    left_on: date | None
    erased_at: datetime | None


async def find(session: Session, number: str) -> Leaver | None:
    """Somebody by the employee number, whether still here or not."""
    row = await session.one(
        "SELECT id, number, name, active, left_on, erased_at FROM employees WHERE lower(number) = ?",
        number.lower(),
    )
    if row is None:
        return None
    return Leaver(row[0], row[1], row[2], bool(row[3]), day_or_none(row[4]), moment_or_none(row[5]))


async def due(session: Session, left_by: date) -> list[int]:
    """Who had left by that day and has not been erased yet, the longest gone first."""
    rows = await session.all(
        "SELECT id FROM employees WHERE active = ? AND erased_at IS NULL AND left_on <= ? ORDER BY left_on, id LIMIT ?",
        False,
        left_by,
        AT_ONCE,
    )
    return [row[0] for row in rows]


async def erase(session: Session, employee_ids: Sequence[int], at: datetime) -> None:
    """Erase these people for good; there is no way back."""
    marks = ", ".join("?" * len(employee_ids))
    rows = await session.all(
        f"SELECT id, name FROM employees WHERE id IN ({marks}) AND erased_at IS NULL", *employee_ids
    )
    for employee_id, name in rows:
        await _erase_own(session, employee_id, name)
        alias = await person_keys.destroy(session, employee_id)
        await session.run(
            "UPDATE employees SET name = ?, number = ?, position = '', grade = '', employment = '', mobile = '', home = '',"
            " last_platform = '', joined_on = NULL, left_on = NULL, noticed_at = NULL, active = ?, erased_at = ? WHERE id = ?",
            GONE,
            alias,
            False,
            at,
            employee_id,
        )
    if names := {row[1] for row in rows}:
        await _erase_names(session, names)


async def _erase_own(session: Session, employee_id: int, name: str) -> None:
    await session.run(
        "UPDATE key_results SET value_source = ? WHERE value_source = ? AND EXISTS (SELECT 1 FROM check_ins c"
        " WHERE c.key_result_id = key_results.id AND c.author_id = ? AND c.on_at = key_results.value_at)",
        GONE,
        name,
        employee_id,
    )
    await session.run(
        "UPDATE check_ins SET source = ? WHERE author_id = ? AND source = ?", GONE, employee_id, name
    )
    await session.run(
        "UPDATE key_results SET score_note = '' WHERE objective_id IN (SELECT id FROM objectives WHERE owner_id = ?)",
        employee_id,
    )
    await session.run(
        "UPDATE review_lines SET words = '' WHERE review_id IN (SELECT id FROM reviews WHERE employee_id = ?)",
        employee_id,
    )
    await _erase_drafts(session, employee_id)
    # Answers that went to an account before it was known whose it is.
    await session.run(
        "DELETE FROM letters WHERE EXISTS (SELECT 1 FROM accounts a WHERE a.employee_id = ?"
        " AND a.platform = letters.platform AND a.user_key = letters.user_key)",
        employee_id,
    )
    await session.run(
        "UPDATE directory_members SET manager_key = NULL WHERE manager_key IN"
        " (SELECT user_key FROM directory_members WHERE employee_id = ?)",
        employee_id,
    )
    for table, author, columns in WORDS_GO:
        empty = ", ".join(f"{column} = ''" for column in columns)
        await session.run(f"UPDATE {table} SET {empty} WHERE {author} = ?", employee_id)
    for table, whose in ROWS_GO.items():
        await session.run(f"DELETE FROM {table} WHERE {whose} = ?", employee_id)


async def _erase_drafts(session: Session, employee_id: int) -> None:
    """What was never in force is nobody's goal: it is deleted, and its words with it."""
    drafts = "SELECT id FROM objectives WHERE owner_id = ? AND state IN ('draft', 'deleted')"
    await session.run(
        f"UPDATE key_results SET title = ?, state = 'deleted' WHERE objective_id IN ({drafts})",
        "",
        employee_id,
    )
    await session.run(
        "UPDATE objectives SET title = '', exception = '', state = 'deleted' WHERE owner_id = ? AND state IN ('draft', 'deleted')",
        employee_id,
    )


# --- the name, wherever it stands ---


@cache
def text_columns() -> Mapping[str, tuple[str, Mapping[str, int | None]]]:
    """Every table that keeps text: its key, and the columns with how much they hold, None for any length."""
    found: dict[str, tuple[str, Mapping[str, int | None]]] = {}
    for model in models():
        described = model.describe(serializable=False)
        columns = {
            column["db_column"]: column["constraints"].get("max_length")
            for column in described["data_fields"]
            if issubclass(column["field_type"], fields.CharField | fields.TextField) and not column["unique"]
        }
        if columns and described["table"] not in UNTOUCHED:
            found[described["table"]] = (described["pk_field"]["db_column"], columns)
    return found


def models() -> Iterator[type[Model]]:
    for room in tables.ROOMS:
        for _, thing in inspect.getmembers(import_module(room), inspect.isclass):
            if issubclass(thing, Model) and thing.__module__ == room:
                yield thing


async def _erase_names(session: Session, names: set[str]) -> None:
    """Names that a colleague has too stay where others wrote them: nobody can tell whom they meant."""
    others = {
        row[0]
        for row in await session.all(
            "SELECT DISTINCT name FROM employees WHERE erased_at IS NULL AND name <> ''"
        )
    }
    if not (wanted := {name for name in names - others if name and name != GONE}):
        return
    forms = {form: into for name in wanted for form, into in _forms(name)}
    longer = {other for other in others for name in wanted if name in other}
    longer |= {form for other in longer for form, _ in _forms(other)}
    pattern = re.compile("|".join(map(re.escape, sorted({*forms, *longer}, key=len, reverse=True))))

    def without(text: str) -> str:
        return pattern.sub(lambda match: forms.get(match[0], match[0]), text)

    for table, (key, columns) in text_columns().items():
        whole = " || ' ' || ".join(f"coalesce(\"{column}\", '')" for column in columns)
        like = " OR ".join([f"({whole}) LIKE ? ESCAPE '\\'"] * len(forms))
        listed = ", ".join(f'"{column}"' for column in columns)
        rows = await session.all(f"SELECT {key}, {listed} FROM {table} WHERE {like}", *map(_anywhere, forms))
        for row in rows:
            changed = _changed(dict(zip(columns, tuple(row)[1:], strict=True)), columns, without)
            if changed:
                sets = ", ".join(f'"{column}" = ?' for column in changed)
                await session.run(f"UPDATE {table} SET {sets} WHERE {key} = ?", *changed.values(), row[0])


def _forms(name: str) -> Iterator[tuple[str, str]]:
    """A name as it may stand in text, and what takes its place: as it is, in a button's action, escaped in JSON."""
    yield name, GONE
    yield quote_plus(name), quote_plus(GONE)
    yield json.dumps(name)[1:-1], json.dumps(GONE)[1:-1]


def _anywhere(form: str) -> str:
    escaped = form.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _changed(values: Mapping[str, Any], limits: Mapping[str, int | None], without: Any) -> dict[str, str]:
    changed = {column: without(text) for column, text in values.items() if text}
    return {
        column: text if limits[column] is None else text[: limits[column]]
        for column, text in changed.items()
        if text != values[column]
    }
