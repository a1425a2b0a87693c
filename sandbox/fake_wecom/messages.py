"""What the app sends: message/send, message/update_template_card, message/recall, media/upload.

Sources: developer.work.weixin.qq.com 90236, 94888, 94867, 96484.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.fake_wecom.cards import APP, refusal, takes_callbacks
from sandbox.fake_wecom.drawing import cut, drawn_card, drawn_message
from sandbox.fake_wecom.media import KINDS, Media
from sandbox.fake_wecom.world import Person, Quota, World, answered
from sandbox.transcript import Bubble

CODE_VALID = timedelta(hours=72)


def private_id(user_id: str) -> str:
    return f"app:{user_id}"


@dataclass(slots=True)
class _Code:
    task_id: str
    issued: datetime
    used: bool = False


MOST_USERS = 1000


class Messages:
    def __init__(self, world: World, agent_id: int, media: Media) -> None:
        self._world = world
        self._agent_id = agent_id
        self._media = media
        self.callbacks = True
        """Whether the console knows a callback address: without one no card may be pressed."""
        self._codes: dict[str, _Code] = {}
        self._task_ids: set[str] = set()
        self._sent: dict[str, tuple[datetime, tuple[str, ...]]] = {}
        self._seen: dict[str, datetime] = {}
        self._member_quota = Quota(30, 1000)

    # --- sending --------------------------------------------------------------------------------

    def send(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if code := self._message_refusal(body):
            return answered(code)
        wanted = [user for user in str(body.get("touser", "")).split("|") if user]
        if len(wanted) > MOST_USERS:
            return answered(40032)
        if not (wanted or body.get("toparty") or body.get("totag")):
            return answered(82001)
        found, invalid = self._receivers(wanted, str(body.get("toparty", "")))
        if not found:
            return answered(81013, invaliduser="|".join(invalid))
        return self._sent_to(found, invalid, body)

    def _sent_to(self, found: list[Person], invalid: list[str], body: Mapping[str, Any]) -> dict[str, Any]:
        licensed = [person for person in found if person.user_id not in self._world.faults.unlicensed]
        extra: dict[str, Any] = {
            "invaliduser": "|".join(invalid),
            "invalidparty": "",
            "invalidtag": "",
            "unlicenseduser": "|".join(p.user_id.lower() for p in found if p not in licensed),
        }
        message_id = self._world.new_id("msg-")
        if self._is_copy(body):
            return answered(msgid=message_id, **extra)
        card = body.get("template_card")
        if card is not None:
            if card.get("task_id") in self._task_ids:
                return answered(42014)
            if takes_callbacks(card):
                self._task_ids.add(card["task_id"])
                extra["response_code"] = self.new_code(card["task_id"])
        bubbles = tuple(bubble.id for person in licensed if (bubble := self._show(person, body)))
        self._sent[message_id] = (self._world.clock.now(), bubbles)
        return answered(msgid=message_id, **extra)

    def _message_refusal(self, body: Mapping[str, Any]) -> int:
        if body.get("agentid") != self._agent_id:
            return 40056
        kind = body.get("msgtype")
        content = body.get(str(kind))
        if kind not in {"text", "markdown", "textcard", "news", "template_card", *KINDS}:
            return 40008
        if not isinstance(content, Mapping):
            return 40058
        return self._content_refusal(kind, content)

    def _content_refusal(self, kind: str, content: Mapping[str, Any]) -> int:
        if kind in {"text", "markdown"} and not content.get("content"):
            return 44004
        if kind in KINDS:
            return self._media.refusal("app", kind, content)
        if kind == "template_card":
            code = refusal(content, APP)
            return code or (43012 if takes_callbacks(content) and not self.callbacks else 0)
        return 0

    def _receivers(self, wanted: list[str], parties: str) -> tuple[list[Person], list[str]]:
        """Who gets it, and the ids that nobody has, in lower case as the platform tells them."""
        if "@all" in wanted:
            return self._world.people(), []
        found = {person.user_id: person for user in wanted if (person := self._world.person(user))}
        for party in filter(None, parties.split("|")):
            found |= {p.user_id: p for p in self._world.people() if str(p.department) == party}
        return list(found.values()), [user.lower() for user in wanted if self._world.person(user) is None]

    def _is_copy(self, body: Mapping[str, Any]) -> bool:
        """Whether the very same request was made within its interval."""
        if not body.get("enable_duplicate_check"):
            return False
        now, key = self._world.clock.now(), json.dumps(body, sort_keys=True)
        before = self._seen.get(key)
        self._seen[key] = now
        return before is not None and now - before < timedelta(
            seconds=body.get("duplicate_check_interval", 1800)
        )

    def _show(self, person: Person, body: Mapping[str, Any]) -> Bubble | None:
        """None where the member has had too many: the platform drops it and says nothing."""
        if self._world.faults.quotas and not self._member_quota.take(person.user_id, self._world.clock.now()):
            return None
        drawn = drawn_message(body)
        if body["msgtype"] == "markdown":
            drawn["text"] = cut(drawn["text"])
        card_ref = body["template_card"].get("task_id", "") if body["msgtype"] == "template_card" else ""
        return self._world.from_bot(private_id(person.user_id), card_ref=card_ref, **drawn)

    # --- updating -------------------------------------------------------------------------------

    def new_code(self, task_id: str) -> str:
        code = self._world.new_id("rc-")
        self._codes[code] = _Code(task_id, self._world.clock.now())
        return code

    def update(self, body: Mapping[str, Any]) -> dict[str, Any]:
        code = self._codes.get(str(body.get("response_code")))
        if code is None:
            return answered(60140)
        if problem := self._update_refusal(code, body):
            return answered(problem)
        card, button = body.get("template_card"), body.get("button")
        code.used = True
        wanted = [p.user_id for p in self._world.people()] if body.get("atall") else body.get("userids", [])
        for user in wanted:
            if person := self._world.person(user):
                self.redraw(code.task_id, person.user_id, card, (button or {}).get("replace_name", ""))
        return answered(invaliduser=[user.lower() for user in wanted if self._world.person(user) is None])

    def _update_refusal(self, code: _Code, body: Mapping[str, Any]) -> int:
        if body.get("agentid") != self._agent_id:
            return 40056
        if code.used or self._world.clock.now() - code.issued > CODE_VALID:
            return 42022
        card = body.get("template_card")
        if (card is None) == (body.get("button") is None):
            return 40058
        if card is None:
            return 0
        if card.get("task_id", code.task_id) != code.task_id:
            return 42014
        return refusal(card, APP, update=True)

    def redraw(self, task_id: str, user_id: str, card: Mapping[str, Any] | None, label: str = "") -> bool:
        """Change one person's copy: a new card, or a spent button in the place of its buttons."""
        for bubble in reversed(self._world.transcript.of(private_id(user_id))):
            if bubble.card_ref == task_id:
                shown = bubble.seen_by(user_id)
                if card is not None:
                    shown = replace(shown, edited=True, **drawn_card(card))
                else:
                    content = {**shown.content, "replace_text": label}
                    shown = replace(shown, edited=True, buttons=(), content=content)
                self._world.transcript.change(bubble.id, faces={**bubble.faces, user_id: shown})
                return True
        return False

    # --- the rest -------------------------------------------------------------------------------

    def recall(self, body: Mapping[str, Any]) -> dict[str, Any]:
        sent = self._sent.get(str(body.get("msgid")))
        if sent is None:
            return answered(40058)
        at, bubbles = sent
        if self._world.clock.now() - at > timedelta(hours=24):
            return answered(42052)
        for bubble in bubbles:
            self._world.transcript.change(bubble, kind="recalled", title="", text="", content={}, buttons=())
        return answered()

    def upload(self, kind: str, name: str, content: bytes) -> dict[str, Any]:
        code, upload = self._media.take("app", kind, name, content)
        if upload is None:
            return answered(code)
        return answered(type=kind, media_id=upload.id, created_at=str(int(upload.at.timestamp())))
