import asyncio
import json

from benchmarks.bare_app import app, changes


async def test_every_socket_of_a_path_hears_of_a_command():
    heard = [[], []]
    inboxes = [asyncio.Queue(), asyncio.Queue()]

    async def serve(number):
        async def send(message):
            heard[number].append(message)

        await app({"type": "websocket", "path": "/r"}, inboxes[number].get, send)

    tasks = [asyncio.create_task(serve(number)) for number in (0, 1)]
    for inbox in inboxes:
        inbox.put_nowait({"type": "websocket.connect"})
        inbox.put_nowait({"type": "websocket.receive", "text": '{"kind":"resume","after":null}'})
    await asyncio.sleep(0)
    while not all(len(one) == 2 for one in heard):
        await asyncio.sleep(0)
    inboxes[0].put_nowait({"type": "websocket.receive", "text": '{"kind":"command"}'})
    while len(heard[1]) < 3:
        await asyncio.sleep(0)
    for inbox in inboxes:
        inbox.put_nowait({"type": "websocket.disconnect"})
    await asyncio.gather(*tasks)
    kinds = [[json.loads(message["text"])["kind"] for message in one if "text" in message] for one in heard]
    assert kinds == [["view", "ack", "changes"], ["view", "changes"]]


def test_changes_have_the_size_of_the_rooms():
    assert {len(changes(version)) for version in (1, 99, 100_000)} == {80}
