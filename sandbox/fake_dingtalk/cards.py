"""Interactive cards: created, delivered into chats, updated in place, streamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from sandbox.fake_dingtalk import drawing
from sandbox.fake_dingtalk.gate import Gate
from sandbox.fake_dingtalk.media import Media
from sandbox.fake_dingtalk.refusals import Refused
from sandbox.fake_dingtalk.world import World
from sandbox.transcript import Bubble

MOST_BYTES = 100 * 1024
_SPACE = "dtv1.card//"


@dataclass(slots=True)
class CardRecord:
    """A card: its variables, what single people see instead, and the bubbles that show it."""

    out_track_id: str
    template: str
    callback_type: str
    params: dict[str, str]
    private: dict[str, dict[str, str]] = field(default_factory=dict)
    bubbles: list[str] = field(default_factory=list)


class Cards:
    def __init__(self, world: World, gate: Gate, media: Media) -> None:
        self._world = world
        self._gate = gate
        self._media = media
        self.records: dict[str, CardRecord] = {}
        self.templates: set[str] = set(drawing.PUBLIC_TEMPLATES)

    def routes(self) -> list[web.RouteDef]:
        new = self._gate.new
        return [
            web.post("/v1.0/card/instances", new(self._create)),
            web.post("/v1.0/card/instances/deliver", new(self._deliver)),
            web.post("/v1.0/card/instances/createAndDeliver", new(self._create_and_deliver)),
            web.put("/v1.0/card/instances", new(self._update)),
            web.put("/v1.0/card/streaming", new(self._stream)),
        ]

    def merge(self, record: CardRecord, told: Mapping[str, Any], *, presser: str = "") -> bool:
        """Apply `cardData`, `privateData` and `userPrivateData` as an update has them; whether anything changed.

        Without `cardUpdateOptions` the variables are replaced as a whole. Raises Refused, and then nothing
        has changed.
        """
        options = told.get("cardUpdateOptions") or {}
        params, private = record.params, dict(record.private)
        if told.get("cardData"):
            new = _strings(told["cardData"]["cardParamMap"])
            params = {**params, **new} if options.get("updateCardDataByKey") else new
        shown_to = dict(told.get("privateData") or {})
        if presser and told.get("userPrivateData"):
            shown_to[presser] = told["userPrivateData"]
        for user_id, shown in shown_to.items():
            old = private.get(user_id, {}) if options.get("updatePrivateDataByKey") else {}
            private[user_id] = {**old, **_strings(shown["cardParamMap"])}
        for variables in ({}, *private.values()):
            self._media.check(drawing.interactive(record.template, {**params, **variables}), on_card=True)
        record.params, record.private = params, private
        changed = bool(told.get("cardData") or shown_to)
        if changed:
            self._redraw(record)
        return changed

    def record(self, out_track_id: str) -> CardRecord:
        record = self.records.get(out_track_id)
        if record is None:
            raise Refused("param.cardNotExist")
        return record

    # --- the calls ------------------------------------------------------------------------------

    async def _create_and_deliver(self, _request: web.Request, body: Any) -> dict[str, Any]:
        places = _places(body["openSpaceId"])
        record = self._created(body)
        delivered = [self._delivered(record, kind, space, body) for kind, space in places]
        result = {"outTrackId": record.out_track_id, "deliverResults": delivered}
        return {"success": True, "result": result}

    async def _create(self, _request: web.Request, body: Any) -> dict[str, Any]:
        return {"success": True, "result": self._created(body).out_track_id}

    async def _deliver(self, _request: web.Request, body: Any) -> dict[str, Any]:
        record = self.record(body["outTrackId"])
        places = _places(body["openSpaceId"])
        return {
            "success": True,
            "result": [self._delivered(record, kind, space, body) for kind, space in places],
        }

    async def _update(self, _request: web.Request, body: Any) -> dict[str, Any]:
        record = self.record(body["outTrackId"])
        self.merge(record, body)
        return {"success": True, "result": True}

    async def _stream(self, _request: web.Request, body: Any) -> dict[str, Any]:
        record = self.record(body["outTrackId"])
        if not body["guid"] or not isinstance(body["content"], str):
            raise Refused("param.error")
        old = "" if body.get("isFull") else record.params.get(body["key"], "")
        record.params[body["key"]] = old + body["content"]
        self._redraw(record)
        return {"success": True, "result": True}

    # --- one card -------------------------------------------------------------------------------

    def _created(self, body: Any) -> CardRecord:
        out_track_id = body["outTrackId"]
        if not isinstance(out_track_id, str) or not out_track_id:
            raise Refused("param.error", "outTrackId is missing")
        if body["cardTemplateId"] not in self.templates:
            raise Refused("param.templateNotExist")
        if body.get("callbackType", "STREAM") not in {"STREAM", "HTTP"}:
            raise Refused("param.error", "callbackType is STREAM or HTTP")
        if out_track_id in self.records:
            raise Refused("param.cardAlreadyExist")
        params = _strings(body["cardData"]["cardParamMap"])
        self._media.check(drawing.interactive(body["cardTemplateId"], params), on_card=True)
        private = {
            user: _strings(shown["cardParamMap"]) for user, shown in (body.get("privateData") or {}).items()
        }
        record = CardRecord(
            out_track_id, body["cardTemplateId"], body.get("callbackType", ""), params, private
        )
        self.records[out_track_id] = record
        return record

    def _delivered(self, record: CardRecord, kind: str, space: str, body: Any) -> dict[str, Any]:
        """One of `deliverResults`: it may fail although the call succeeds."""
        conversation_id, problem = self._place(kind, space, body)
        problem = self._world.faults.undeliverable or problem
        carrier = ""
        if not problem:
            carrier = self._world.new_id("pqk-card-")
            bubble = self._world.from_bot(
                conversation_id,
                carrier=carrier,
                card_ref=record.out_track_id,
                **drawing.interactive(record.template, record.params),
            )
            record.bubbles.append(bubble.id)
            if record.private:
                self._redraw(record)
        return {
            "spaceType": kind,
            "spaceId": space,
            "success": not problem,
            "carrierId": carrier,
            "errorMsg": problem,
        }

    def _place(self, kind: str, space: str, body: Any) -> tuple[str, str]:
        """The conversation a space means, or why there is none."""
        models = {"IM_ROBOT": "imRobotOpenDeliverModel", "IM_GROUP": "imGroupOpenDeliverModel"}
        model = body.get(models.get(kind, ""))
        if not isinstance(model, dict):
            return "", f"the deliver model of {kind} is missing"
        if (
            model.get("robotCode", self._world.robot_code if kind == "IM_ROBOT" else "")
            != self._world.robot_code
        ):
            return "", "robotCode is not valid"
        if kind == "IM_GROUP":
            group = self._world.groups.get(space)
            return space, "" if group and group.has_bot else "the robot is not in the group"
        return self._world.private_id(space), "" if self._world.reachable(space) else "userId is not valid"

    def _redraw(self, record: CardRecord) -> None:
        drawn = drawing.interactive(record.template, record.params)
        for bubble_id in record.bubbles:
            bubble = self._world.bubble(bubble_id)
            if bubble.kind == "card":  # and not recalled
                faces = self._faces(record, bubble)
                self._world.transcript.change(bubble_id, faces=faces, **drawn)

    def _faces(self, record: CardRecord, bubble: Bubble) -> dict[str, Bubble]:
        return {
            user_id: replace(
                bubble, faces={}, edited=True, **drawing.interactive(record.template, record.params | private)
            )
            for user_id, private in record.private.items()
        }


def _strings(params: Any) -> dict[str, str]:
    """`cardParamMap` is a map of strings to strings, and nothing else."""
    if not isinstance(params, dict) or not all(isinstance(value, str) for value in params.values()):
        raise Refused("param.error", "the values of cardParamMap are strings")
    if sum(len(key.encode()) + len(value.encode()) for key, value in params.items()) > MOST_BYTES:
        raise Refused("param.error", "cardParamMap is too long")
    return dict(params)


def _places(open_space_id: str) -> list[tuple[str, str]]:
    """`dtv1.card//IM_ROBOT.user;IM_GROUP.cid` → kinds and ids."""
    if not open_space_id.startswith(_SPACE):
        raise Refused("param.error", "openSpaceId")
    places = []
    for part in open_space_id.removeprefix(_SPACE).split(";"):
        kind, dot, space = part.removeprefix(_SPACE).partition(".")
        if not dot or not space:
            raise Refused("param.error", "openSpaceId")
        places.append((kind, space))
    return places
