"""A bare ASGI WebSocket application that hands every command on to all sockets of its path: the least fan-out costs.

It speaks the frames of a room and does nothing of a room's work: no token, no rule, no database, no view.
"""

import os
from collections import defaultdict
from typing import Any

_SIZE = int(os.environ.get("BARE_BYTES", "80"))
_groups: dict[str, dict[int, Any]] = defaultdict(dict)
_versions: dict[str, int] = defaultdict(int)


def changes(version: int) -> str:
    """A frame of changes, padded to the size of the room's."""
    head = f'{{"kind":"changes","version":{version},"from":{version - 1},"set":{{}},"unset":['
    return f'{head}"{" " * max(0, _SIZE - len(head) - 4)}"]}}'


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve one socket."""
    if scope["type"] != "websocket":
        await _answer(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.accept"})
    group = _groups[scope["path"]]
    group[id(send)] = send
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            await _hand_on(scope["path"], message["text"], send)
    finally:
        del group[id(send)]


async def _hand_on(path: str, text: str, send: Any) -> None:
    if text.startswith('{"kind":"resume"'):
        await send({"type": "websocket.send", "text": '{"kind":"view","version":0,"view":{}}'})
        return
    _versions[path] += 1
    version = _versions[path]
    await send({"type": "websocket.send", "text": f'{{"kind":"ack","command_id":"c","version":{version}}}'})
    news = {"type": "websocket.send", "text": changes(version)}
    for other in list(_groups[path].values()):
        await other(news)


async def _answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ready"})
