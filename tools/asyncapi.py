"""Write `docs/protocol/room.asyncapi.json`: the protocol of the room as an AsyncAPI 3 document.

Taken from the structs of the frames, commands and records, so that the file cannot say something else than the code.
Schemas are JSON Schema draft 7, which is what AsyncAPI 3 understands without a declaration.
"""

import json
import re
import sys
from typing import Any, get_args

import msgspec

from evaluation.commands import Command
from evaluation.protocol import PROTOCOL_VERSION, ClientFrame, RecordedEvent, ServerFrame
from tools.room_page import ROOT, meaning, sections

TARGET = "docs/protocol/room.asyncapi.json"
_SCHEMAS = "#/components/schemas/"
_TEXT = (
    "Text frames of JSON over one WebSocket per room. A command is durable before its ack; the same command_id sent"
    " again changes nothing and gets the same answer. What a viewer may see comes as a view and as changes of its"
    " sections. Meaning of commands, stages, sections and refusal codes: room.md beside this file."
)
_PROBLEM = {
    "title": "Problem",
    "description": "Problem details (RFC 9457) in the language of the connection; `code` is one of the refusal codes.",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "facts": {"type": "object"},
    },
    "required": ["code"],
}


def document() -> dict[str, Any]:
    """The whole document."""
    client, server = get_args(ClientFrame), get_args(ServerFrame)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Expert Hub evaluation room",
            "version": f"{PROTOCOL_VERSION}.0.0",
            "description": _TEXT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"hub": _server()},
        "channels": {"room": _channel([*client, *server])},
        "operations": {
            "take": _operation("receive", "What a client sends.", client),
            "tell": _operation("send", "What the hub sends.", server),
        },
        "components": {
            "messages": {_name(kind): _message(kind) for kind in (*client, *server)},
            "schemas": schemas(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _server() -> dict[str, Any]:
    return {
        "host": "{host}",
        "protocol": "wss",
        "pathname": "/api/v1",
        "description": "A hub; ws instead of wss on the same machine only.",
        "variables": {"host": {"default": "localhost:8000", "description": "Host and port of the hub."}},
        "security": [{"$ref": "#/components/securitySchemes/bearer"}],
    }


def _channel(kinds: list[Any]) -> dict[str, Any]:
    return {
        "address": "/rooms/{room_id}/socket",
        "title": "One room as one account sees it",
        "parameters": {"room_id": {"description": "Id of the room."}},
        "messages": {_name(kind): {"$ref": f"#/components/messages/{_name(kind)}"} for kind in kinds},
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }


def _operation(action: str, summary: str, kinds: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": "#/channels/room"},
        "messages": [{"$ref": f"#/channels/room/messages/{_name(kind)}"} for kind in kinds],
    }


def _message(kind: Any) -> dict[str, Any]:
    return {
        "name": _name(kind),
        "summary": meaning(kind),
        "contentType": "application/json",
        "payload": {"$ref": _SCHEMAS + kind.__name__},
    }


def _name(kind: Any) -> str:
    return str(kind.__struct_config__.tag)


def schemas() -> dict[str, Any]:
    """Schemas of frames, commands and records by the name of their struct."""
    kinds = (*get_args(ClientFrame), *get_args(ServerFrame), *get_args(Command), RecordedEvent)
    _, found = msgspec.json.schema_components(kinds, ref_template=_SCHEMAS + "{name}")
    known: dict[str, Any] = {name: _plain(schema) for name, schema in sorted(found.items())}
    known["CommandFrame"]["properties"]["command"] = {
        "oneOf": [{"$ref": _SCHEMAS + kind.__name__} for kind in get_args(Command)]
    }
    known["RefusalFrame"]["properties"]["problem"] = {"$ref": f"{_SCHEMAS}Problem"}
    known["ViewFrame"]["properties"]["view"] = {"$ref": f"{_SCHEMAS}Sections"}
    known["ChangesFrame"]["properties"]["set"] = {"$ref": f"{_SCHEMAS}Sections"}
    said = {name: {"description": text} for name, text in sections().items()}
    view = {"description": "Sections by name; a section without content is absent.", "type": "object"}
    return known | {"Problem": _PROBLEM, "Sections": {"title": "Sections", **view, "properties": said}}


def _plain(schema: Any) -> Any:
    """A schema of msgspec in the words of draft 7."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _plain(value) for name, value in schema.items() if name != "discriminator"}
    if "prefixItems" in told:
        told["items"] = told.pop("prefixItems")
    if isinstance(told.get("description"), str):
        told["description"] = re.sub(
            r"\s+", " ", re.sub(r"Source:.*", "", told["description"], flags=re.DOTALL)
        ).strip()
    if isinstance(told.get("pattern"), str):
        told["pattern"] = told["pattern"].replace(r"\A", "^").replace(r"\Z", "$").replace(r"\ud800-\udfff", "")
    return told


def text() -> str:
    """The file as it is written."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (ROOT / TARGET).write_text(text(), encoding="utf-8")
    sys.exit(0)
