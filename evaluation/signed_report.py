"""What a signature is over: the canonical bytes of the report without the ends of the members."""

from hashlib import sha256

import msgspec

from evaluation.report_form import report_of
from evaluation.state import RoomState

_encoder = msgspec.json.Encoder(order="deterministic")


def report_bytes(state: RoomState) -> bytes:
    """Write the report as it is to be signed.

    Args:
        state: state of the room.

    Returns:
        JSON in UTF-8, mappings sorted by key; stage, ends and statements of members and their signatures are left
        out, because they come with signing.

    Source: 电子签名法 第5条, 第13条; 电子招标投标办法 第40条
    """
    report = report_of(state)
    project = {name: value for name, value in report.project.items() if name != "stage"}
    members = tuple(msgspec.structs.replace(row, end=None, statement="", digest="") for row in report.members)
    return _encoder.encode(msgspec.structs.replace(report, project=project, members=members))


def report_digest(state: RoomState) -> str:
    """Digest the report as it is to be signed.

    Args:
        state: state of the room.

    Returns:
        SHA-256 in hex over `report_bytes`.

    Source: 电子签名法 第13条
    """
    return sha256(report_bytes(state)).hexdigest()
