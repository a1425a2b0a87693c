"""WeCom as one platform with two gateways: the app for private chats, the robot for groups."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import structlog
from aiohttp import web

from bot.errands import Errands
from bot.wecom import template_cards, wording
from bot.wecom.api import MOST_AT_ONCE, WeComApi
from bot.wecom.app_gateway import PATIENCE, AppGateway
from bot.wecom.crypto import Envelope
from bot.wecom.errcodes import TASK_ID, is_one_of, of_the_card
from bot.wecom.robot_callback import RobotCallback
from bot.wecom.robot_gateway import RobotGateway
from bot.wecom.robot_socket import Pace
from bot.wecom.uploads import Uploads
from chat.card import Card
from chat.errors import DeliveryFailed, Rejected
from chat.events import ChatKind, PlatformName
from chat.platform import Ears, Parcel, Receipt
from config.settings import WeCom, WeComRobot

FINISH_WITHIN = 5.0
"""Seconds that work under way gets when the bot is stopped."""
APP_RETRY = 30.0
"""Seconds between attempts to get a first token."""

log = structlog.get_logger("wecom")


class WeComPlatform:
    """`page` is where cards without buttons lead: the company's board, if it has an address."""

    def __init__(
        self, settings: WeCom, *, page: str = "", pace: Pace | None = None, patience: float = PATIENCE
    ) -> None:
        self._page = page or template_cards.HOME
        self._errands = Errands()
        self._ears: Ears | None = None
        self._app_state = "not connected"
        app, robot = settings.app, settings.robot
        self._api = WeComApi(
            settings.api_base,
            corp_id=settings.corp_id,
            secret=app.secret.get_secret_value() if app else "",
            agent_id=app.agent_id if app else 0,
        )
        self._uploads = Uploads("wecom-app", self._api.upload)
        self._app = self._app_gateway(settings, patience) if app else None
        self._robot = self._robot_gateway(robot, pace) if robot and robot.mode == "websocket" else None
        self._callback = self._robot_callback(robot, patience) if robot and robot.mode == "callback" else None

    @property
    def name(self) -> PlatformName:
        return PlatformName.WECOM

    def routes(self) -> list[web.RouteDef]:
        """The callback addresses. Until somebody listens they answer 503, and WeCom repeats."""
        return [route for gateway in (self._app, self._callback) if gateway for route in gateway.routes()]

    def listen(self, ears: Ears) -> None:
        """Serve the callback addresses without holding the robot's connection, which only one replica may."""
        self._ears = ears
        for gateway in (self._app, self._robot, self._callback):
            if gateway is not None:
                gateway.ears = ears

    async def run(self, ears: Ears) -> None:
        """Hold the connections until cancelled."""
        self.listen(ears)
        holding: list[asyncio.Task[object]] = [asyncio.create_task(asyncio.Event().wait())]
        if self._app is not None:
            holding.append(asyncio.create_task(self._greet_api()))
        if self._robot is not None:
            holding.append(asyncio.create_task(self._robot.socket.run()))
        try:
            # Cancelled, wait leaves its tasks alone: answers under way still need the connection.
            ended, _ = await asyncio.wait(holding, return_when=asyncio.FIRST_EXCEPTION)
            for task in ended:
                task.result()
        finally:
            await self._errands.finish(within=FINISH_WITHIN)
            for task in holding:
                task.cancel()
            await asyncio.gather(*holding, return_exceptions=True)
            await self._api.close()

    async def close(self) -> None:
        """Finish what is under way and let go of the API, where nothing but `listen` was called."""
        await self._errands.finish(within=FINISH_WITHIN)
        await self._api.close()

    def reconnect(self) -> None:
        """Let the robot connect again after a newer connection had pushed it out or it was refused."""
        if self._robot is not None:
            self._robot.socket.reconnect()

    def state(self) -> Mapping[str, str]:
        parts = {}
        if self._app is not None:
            parts["app"] = self._app_state
        if self._robot is not None:
            parts["robot"] = self._robot.socket.state
        if self._callback is not None:
            parts["robot"] = "ok" if self._callback.ears is not None else "not connected"
        return parts

    async def deliver(self, parcel: Parcel) -> Receipt:
        """Show a parcel. Raises Unreachable or Rejected."""
        if ref := parcel.route.get("redraws", ""):
            return await self._redraw(parcel, ref)
        in_group = parcel.conversation is not None and parcel.conversation.kind is ChatKind.GROUP
        if parcel.to is not None and not in_group and self._app is not None:
            return await self._by_app(parcel, parcel.to.user_id)
        if in_group or parcel.route.get("via") == "robot" or self._app is None:
            return await self._by_robot(parcel)
        if parcel.conversation is None:
            raise Rejected("a parcel for nobody")
        return await self._by_app(parcel, parcel.conversation.id)

    def at_once(self, card: Card) -> int:
        """Text of the app's; what has buttons is known by a reference of one person's, and the robot writes to one."""
        plain = not (card.picture or card.file or card.on(PlatformName.WECOM).buttons)
        return MOST_AT_ONCE if plain and self._app is not None else 1

    async def deliver_alike(self, parcels: Sequence[Parcel]) -> Mapping[int, Receipt | DeliveryFailed]:
        """Raises Unreachable or Rejected where nobody has got it."""
        users = {parcel.id: parcel.to.user_id for parcel in parcels if parcel.to is not None}
        text = wording.text_of(parcels[0].card.on(PlatformName.WECOM))
        missed = await self._api.send_text_to(list(users.values()), text)
        outcomes: dict[int, Receipt | DeliveryFailed] = {}
        calls = 1
        for letter_id, user_id in users.items():
            if why := missed.get(user_id.lower()):
                outcomes[letter_id] = Rejected(f"WeCom {why}: {user_id}", code=why, receiver=True)
            else:
                outcomes[letter_id] = Receipt(form="text", buttons=False, calls=calls)
                calls = 0
        return outcomes

    async def _by_robot(self, parcel: Parcel) -> Receipt:
        """Whom the robot cannot reach (any more) may still be reached through the app; a group may not."""
        gateway = self._robot or self._callback
        if gateway is None:
            raise Rejected("no robot is configured", code="no way")
        try:
            return await gateway.deliver(parcel)
        except Rejected as refusal:
            chat = parcel.conversation
            if chat is not None and chat.kind is ChatKind.PRIVATE and self._app is not None:
                return await self._by_app(parcel, chat.id)
            if not parcel.card.file or refusal.receiver:
                raise
            return await gateway.deliver(replace(parcel, card=parcel.card.without_picture()))

    async def _redraw(self, parcel: Parcel, ref: str) -> Receipt:
        """Change a card of the app's where it stands."""
        assert parcel.to is not None
        face = parcel.card.on(PlatformName.WECOM)
        card = template_cards.template_card(face, ref, template_cards.APP, page=self._page)
        await self._api.update_card(parcel.route["handle"], parcel.to.user_id, card)
        return Receipt(form="template_card", buttons=True)

    async def _by_app(self, parcel: Parcel, user_id: str) -> Receipt:
        if parcel.card.file:
            return await self._file_by_app(parcel, user_id)
        if parcel.card.picture:
            if calls := await self._picture_by_app(parcel, user_id):
                rest = parcel.card.beside_picture()
                return Receipt(form="image", buttons=True, calls=calls, rest=rest)
            parcel = replace(parcel, card=parcel.card.without_picture())
        face = parcel.card.on(PlatformName.WECOM)
        calls = 1
        if face.buttons:
            card = template_cards.template_card(face, parcel.ref, template_cards.APP, page=self._page)
            try:
                code = await self._api.send_card(user_id, card)
                return Receipt(form="template_card", buttons=True, handle=code)
            except Rejected as refusal:
                if parcel.attempt > 1 and is_one_of(refusal, {TASK_ID}):
                    # An earlier attempt got through and its answer was lost: the card is there.
                    return Receipt(form="template_card", buttons=True)
                if not of_the_card(refusal):
                    raise
                log.warning("card refused", task_id=parcel.ref, code=refusal.code, reason=refusal.reason)
                calls = 2
        await self._api.send_text(user_id, wording.text_of(face))
        return Receipt(form="text", buttons=False, calls=calls)

    async def _picture_by_app(self, parcel: Parcel, user_id: str) -> int:
        """A message of its own: its cards with a picture have no buttons. How many calls; none where there is no way."""
        assert self._ears is not None
        files = self._ears.files
        picture = await files.outgoing(parcel.card.picture)
        if picture is None:
            return 0
        return await self._uploads.send(picture, files, partial(self._api.send_file, user_id))

    async def _file_by_app(self, parcel: Parcel, user_id: str) -> Receipt:
        """As a file, else as a link, else in words."""
        assert self._ears is not None
        files, card = self._ears.files, parcel.card
        file = await files.outgoing(card.file)
        if file is not None:
            if calls := await self._uploads.send(file, files, partial(self._api.send_file, user_id)):
                # There is nothing to choose: an earlier message keeps its numbers.
                return Receipt(form="file", buttons=True, calls=calls)
            if file.address:
                words = wording.text_of(card.on(PlatformName.WECOM), file=file.address)
                await self._api.send_text(user_id, words)
                return Receipt(form="text", buttons=False)
        return await self._by_app(replace(parcel, card=card.without_picture()), user_id)

    async def _greet_api(self) -> None:
        """Fetch the first token before anybody waits for it, and tell whether the credentials are right."""
        while self._app_state != "ok":
            try:
                await self._api.token()
                self._app_state = "ok"
            except DeliveryFailed as failed:
                self._app_state = f"refused: {failed.code}"
                log.warning("no access token", code=failed.code, reason=failed.reason)
                await asyncio.sleep(APP_RETRY)

    # --- what bot.yaml says, made ---------------------------------------------------------------

    def _app_gateway(self, settings: WeCom, patience: float) -> AppGateway | None:
        app = settings.app
        if app is None:
            return None
        token, key = app.token.get_secret_value(), app.encoding_aes_key.get_secret_value()
        return AppGateway(
            self._api,
            Envelope(token, key, settings.corp_id),
            corp_id=settings.corp_id,
            errands=self._errands,
            patience=patience,
            page=self._page,
        )

    def _robot_gateway(self, robot: WeComRobot, pace: Pace | None) -> RobotGateway:
        return RobotGateway(
            robot.ws_url,
            bot_id=robot.bot_id,
            secret=robot.secret.get_secret_value(),
            name=robot.name,
            errands=self._errands,
            pace=pace,
            page=self._page,
        )

    def _robot_callback(self, robot: WeComRobot, patience: float) -> RobotCallback:
        token, key = robot.token.get_secret_value(), robot.encoding_aes_key.get_secret_value()
        return RobotCallback(
            self._api,
            Envelope(token, key, ""),
            name=robot.name,
            aes_key=key,
            errands=self._errands,
            patience=patience,
            page=self._page,
        )
