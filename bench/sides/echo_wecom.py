"""A bare aiohttp handler with wechatpy's crypto, parsing and text reply; prints its port."""

from __future__ import annotations

import asyncio

from aiohttp import web
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.replies import TextReply

from bench.company import AES_KEY, CORP_ID, SECRET

CRYPTO = WeChatCrypto(SECRET, AES_KEY, CORP_ID)


async def echo(request: web.Request) -> web.Response:
    query = request.query
    timestamp, nonce = query["timestamp"], query["nonce"]
    xml = CRYPTO.decrypt_message(await request.read(), query["msg_signature"], timestamp, nonce)
    message = parse_message(xml)
    reply = TextReply(message=message, content=message.content).render()
    return web.Response(text=CRYPTO.encrypt_message(reply, nonce, timestamp), content_type="text/xml")


async def main() -> None:
    app = web.Application()
    app.add_routes([web.post("/wecom/app", echo)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
