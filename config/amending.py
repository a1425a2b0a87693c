"""The settings of the file with what the admins have changed over them, judged by the same schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from config.completeness import problems
from config.errors import BadSettings, Finding
from config.reminders import SendWindow
from config.schedule import SLOTS
from config.settings import Settings
from config.source import KeyPath, Source
from config.wording import explain
from okr.amendments import MECHANISM, PERSON, UNIT, Amendment

SECTIONS = ("reminders", "schedule", "cycles", "ranking", MECHANISM)
_OWN = ("enabled", "schedule")
"""What differs for some and is no threshold."""


def amended(settings: Settings, amendments: Sequence[Amendment]) -> Settings:
    """Raises BadSettings, with findings that name the key."""
    if not amendments:
        return settings
    values: dict[str, Any] = {
        name: getattr(settings, name) for name in Settings.model_fields if name not in SECTIONS
    }
    dumped = settings.model_dump()
    values |= {name: dumped[name] for name in SECTIONS}
    source = Source("设置")
    for one in amendments:
        source.texts[_put(values, one)] = _text(one.value)
    try:
        new = Settings.model_validate(values)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            explain(error, source)
        raise BadSettings(source.findings) from None
    known = {(path, found) for path, found, _ in problems(settings)}
    for path, found, allowed in problems(new):
        if (path, found) not in known:
            source.find(path, found, allowed)
    if source.findings:
        raise BadSettings(source.findings)
    return new


def standing(
    settings: Settings, amendments: Sequence[Amendment]
) -> tuple[Settings, list[tuple[Amendment, Finding]]]:
    """All that still makes sense, and what does not any more since the file has changed."""
    good: list[Amendment] = []
    refused: list[tuple[Amendment, Finding]] = []
    new = settings
    for one in amendments:
        try:
            new = amended(settings, [*good, one])
        except BadSettings as bad:
            refused.append((one, bad.findings[0]))
        else:
            good.append(one)
    return new, refused


def value_of(settings: Settings, key: str, whom: str = "") -> Any:
    """What stands there, as JSON would hold it; None where nothing is said."""
    dumped = settings.model_dump(mode="json")
    if key == MECHANISM:
        return dumped[MECHANISM].get(whom.removeprefix(UNIT))
    if whom:
        _, reminder, field = key.split(".")
        entry = next((one for one in dumped["reminders"][reminder]["per"] if _is_for(one, whom)), None)
        if entry is None:
            return None
        return entry[field] if field in _OWN else entry["numbers"].get(field)
    value: Any = dumped
    parts = key.split(".")
    if parts[0] == "schedule":
        said = _slots(parts[1], dumped["schedule"].get(parts[1]))
        return said.get(parts[2] if len(parts) > 2 else "")  # the name of a slot
    for part in parts:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _put(values: dict[str, Any], one: Amendment) -> KeyPath:
    parts = one.key.split(".")
    if one.key == MECHANISM:
        unit = one.whom.removeprefix(UNIT)
        values[MECHANISM][unit] = one.value
        return MECHANISM, unit
    if one.whom:
        return _put_for_some(values["reminders"][parts[1]], parts[1], parts[2], one)
    if parts[0] == "schedule":
        slot = parts[2] if len(parts) > 2 else ""
        said = _slots(parts[1], values["schedule"].get(parts[1])) | {slot: one.value}
        values["schedule"][parts[1]] = said if slot else one.value
        return "schedule", parts[1]
    section: Any = values
    for part in parts[:-1]:
        if section[part] == "always":
            section[part] = SendWindow().model_dump()
        section = section[part]
    section[parts[-1]] = one.value
    return tuple(parts)


def _put_for_some(rule: dict[str, Any], reminder: str, field: str, one: Amendment) -> KeyPath:
    per = [dict(entry) for entry in rule["per"]]
    index = next((n for n, entry in enumerate(per) if _is_for(entry, one.whom)), len(per))
    if index == len(per):
        unit = one.whom.removeprefix(UNIT) if one.whom.startswith(UNIT) else ""
        people = (one.whom.removeprefix(PERSON),) if one.whom.startswith(PERSON) else ()
        per.append({"unit": unit, "people": people, "numbers": {}})
    entry = per[index]
    if field in _OWN:
        entry[field] = one.value
        path: KeyPath = ("reminders", reminder, "per", index, field)
    else:
        entry["numbers"] = {**entry["numbers"], field: one.value}
        path = ("reminders", reminder, "per", index, "numbers", field)
    rule["per"] = per
    return path


def _is_for(entry: dict[str, Any], whom: str) -> bool:
    """Whether an exception is for exactly these."""
    if entry.get("store_type") or entry.get("grade"):
        return False
    if whom.startswith(UNIT):
        return not entry.get("people") and entry.get("unit") == whom.removeprefix(UNIT)
    return tuple(entry.get("people", ())) == (whom.removeprefix(PERSON),)


def _slots(job: str, said: Any) -> dict[str, Any]:
    """What is said of a job's times, by slot; the slot of a job that has only one is empty."""
    names = SLOTS.get(job, ("",))
    if said is None:
        return {}
    if isinstance(said, str):
        return {names[0]: said}
    first = {names[0]: f"{said.get('days', '')} {said['at']}".strip()} if "at" in said else {}
    return first | {name: said[name] for name in names if name in said}


def _text(value: Any) -> str:
    return "、".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
