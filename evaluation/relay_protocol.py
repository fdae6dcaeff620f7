"""Wire protocol between a hub and the relay of a guest venue, version 1: many talks with rooms over one connection.

A channel carries the frames of `evaluation.protocol` unaltered; the page for writers of relays is
`docs/protocol/relay.md`.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from evaluation.commands import Identifier

RELAY_PROTOCOL_VERSION = 1
Token = Annotated[str, Meta(min_length=1, max_length=4000)]


class OpenChannel(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="open"):
    """Relay: a seat came with this token to this room; the hub verifies it. Source: engineering choice."""

    channel: Identifier
    room_id: Identifier
    token: Token
    language: Annotated[str, Meta(max_length=200)] = ""


class ChannelFrame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="frame"):
    """Either side: one frame of the room's protocol on a channel. Source: engineering choice."""

    channel: Identifier
    frame: msgspec.Raw


class CloseChannel(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="close"):
    """Relay: nobody needs the channel any more. Source: engineering choice."""

    channel: Identifier


class Beat(Struct, frozen=True, tag_field="kind", tag="beat"):
    """Either side: still here; the hub answers each with one. Source: engineering choice."""


class Hello(Struct, frozen=True, tag_field="kind", tag="hello"):
    """Hub, first of all: whom it takes the relay for and how much it may carry. Source: engineering choice."""

    relay_id: str
    venue_id: str
    channels_max: int
    v: int = RELAY_PROTOCOL_VERSION


class ChannelOpened(Struct, frozen=True, tag_field="kind", tag="opened"):
    """Hub: the token is that of an account with a part in the room at the relay's venue. Source: engineering choice."""

    channel: str
    account_id: str


class ChannelClosed(Struct, frozen=True, tag_field="kind", tag="closed"):
    """Hub: the channel ended, with a close code of the room's protocol. Source: engineering choice."""

    channel: str
    code: int
    reason: str


class KeptFrame(Struct, frozen=True, tag_field="kind", tag="kept"):
    """Relay to a seat: the command is durable at the relay, not yet at the hub. Source: engineering choice."""

    command_id: str


RelayFrame = OpenChannel | ChannelFrame | CloseChannel | Beat
HubFrame = Hello | ChannelOpened | ChannelFrame | ChannelClosed | Beat

relay_frame_decoder: msgspec.json.Decoder[RelayFrame] = msgspec.json.Decoder(RelayFrame)
hub_frame_decoder: msgspec.json.Decoder[HubFrame] = msgspec.json.Decoder(HubFrame)
