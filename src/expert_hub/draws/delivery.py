"""Hands queued invitations to the notifier, after the transaction that queued them; an entry point of its own.

A message is sent at least once: a crash between sending and noting that it was sent repeats it with the same id.
"""

import structlog

from expert_hub.draws import store
from expert_hub.draws.notifier import Message, Notifier
from expert_hub.experts import service as experts
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.db import Database
from expert_hub.foundation.vault import Vault

log = structlog.get_logger("expert_hub.notifier")
_BATCH = 100


async def deliver_queued(database: Database, vault: Vault, clock: Clock, notifier: Notifier) -> int:
    """Send what waits; what fails stays queued for the next time. Returns the number sent."""
    async with database.read() as session:
        waiting = [
            (row.id, row.message_sealed, await store.position_expert(session, row.position_id))
            for row in await store.queued_invitations(session, _BATCH)
        ]
        messages = [
            Message(invitation_id, (await experts.contact_of(session, vault, expert_id)).mobile, vault.open(sealed))
            for invitation_id, sealed, expert_id in waiting
            if sealed is not None
        ]
    sent = 0
    for message in messages:
        try:
            await notifier.send(message)
        except OSError as error:
            log.warning("message not sent", message=message.message_id, error=str(error))
            continue
        async with database.write() as session:
            row = await store.invitation_by_id(session, message.message_id)
            if row is not None and row.state == "queued":
                row.state, row.sent_at, row.message_sealed = "sent", clock.now(), None
        sent += 1
    return sent
