"""The relay of a guest venue: one connection to the hub, local seats behind it, and a durable outbox between them.

Seats speak the room's protocol to it as to the hub. What they send is durable here before it leaves, so that a cut
link stops nobody; the hub alone decides and acknowledges. Protocol: docs/protocol/relay.md.
"""
