"""Why people were left out of a draw, kept for auditors: compressed, sealed, its digest in the ledger.

Source: domain CF-02.
"""

import hashlib
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

import msgspec
import numpy as np

from expert_hub.draws.conflicts.conflict_tables import ExclusionRecord
from expert_hub.draws.means import Means
from expert_hub.foundation.clock import instant_text
from scheduling.canonical import encode
from scheduling.exclusions import Exclusion, ExclusionGroup, Exclusions
from scheduling.grounds import GROUND_RULES
from scheduling.parties import MatchedParty


class ExclusionView(msgspec.Struct, frozen=True):
    """One reason for which one expert was left out: ground, both parties, the tie with its dates, rule and time.

    `number` is 0 for the draw and counts the second passes. `evidence_sha256` is the digest over tie and evidence.
    """

    number: int
    expert_id: str
    ground: str
    citation: str
    rule_key: str
    note: str
    party: dict[str, str] | None
    relation: dict[str, str | None] | None
    evidence: str
    evidence_sha256: str | None
    pack_sha256: str
    at: str


class _Reason(msgspec.Struct, frozen=True):
    """`members` are indices as steps from one to the next; `relation` only where there is one."""

    ground: str
    rule_key: str
    note: str
    party: tuple[str, str, str] | None
    evidence: str
    members: list[int]
    relation: dict[str, str | None] | None = None


class _Record(msgspec.Struct, frozen=True):
    """`people` are the ids behind the indices, none where the frozen pool of the draw has them."""

    pack_sha256: str
    at: str
    people: list[str] | None
    reasons: list[_Reason]


def record_of(exclusions: Exclusions, pack_sha256: str, at: datetime, people: Sequence[str] | None = None) -> bytes:
    """The record of a pass. Complexity O(exclusions); those without a tie are written as groups."""
    reasons = [_group(group) for group in exclusions.groups()]
    reasons += [_traced(exclusion) for exclusion in exclusions.traced()]
    listed = None if people is None else list(people)
    return msgspec.json.encode(_Record(pack_sha256, instant_text(at), listed, reasons))


def sealed_record(means: Means, place: tuple[str, int], record: bytes) -> ExclusionRecord:
    """The row of a record at a place (draw, number)."""
    packed = b64encode(zlib.compress(record, 6)).decode()
    return ExclusionRecord(
        draw_id=place[0],
        number=place[1],
        record_sealed=means.vault.seal(packed, means.chance.octets(12)),
        sha256=hashlib.sha256(record).hexdigest(),
        made_at=means.clock.now(),
    )


def opened_record(means: Means, row: ExclusionRecord) -> bytes:
    """The record of a row."""
    return zlib.decompress(b64decode(means.vault.open(row.record_sealed)))


def exclusions_in(record: bytes, number: int, people: Sequence[str]) -> Iterator[ExclusionView]:
    """The reasons of a record, reason by reason.

    Args:
        record: as `record_of` wrote it.
        number: of the pass.
        people: ids behind the indices, unless the record has its own.
    """
    found = msgspec.json.decode(record, type=_Record)
    names = people if found.people is None else found.people
    for reason in found.reasons:
        shown = _shown(found, number, reason)
        for index in accumulate(reason.members):
            yield msgspec.structs.replace(shown, expert_id=names[index])


def _shown(record: _Record, number: int, reason: _Reason) -> ExclusionView:
    rule = GROUND_RULES.get(reason.ground)
    party = None if reason.party is None else dict(zip(("role", "code", "name"), reason.party, strict=True))
    proof: dict[str, Any] = {"relation": reason.relation, "evidence": reason.evidence}
    is_proved = reason.relation is not None or bool(reason.evidence)
    return ExclusionView(
        number=number,
        expert_id="",
        ground=reason.ground,
        citation=rule.citation if rule else "",
        rule_key=reason.rule_key,
        note=reason.note,
        party=party,
        relation=reason.relation,
        evidence=reason.evidence,
        evidence_sha256=hashlib.sha256(encode(proof)).hexdigest() if is_proved else None,
        pack_sha256=record.pack_sha256,
        at=record.at,
    )


def _group(group: ExclusionGroup) -> _Reason:
    steps = np.diff(group.members, prepend=0).tolist()
    return _Reason(group.ground, group.rule_key, group.note, _party(group.party), group.evidence, steps)


def _traced(exclusion: Exclusion) -> _Reason:
    return _Reason(
        ground=exclusion.ground,
        rule_key=exclusion.rule_key,
        note=exclusion.note,
        party=_party(exclusion.party),
        evidence=exclusion.evidence,
        members=[exclusion.index],
        relation=relation_document(exclusion),
    )


def relation_document(exclusion: Exclusion) -> dict[str, str | None] | None:
    """The tie behind an exclusion: stored record, kind, organisation, first and last day."""
    trace = exclusion.relation
    if trace is None:
        return None
    return {
        "relation_id": trace.relation_id,
        "kind": trace.kind,
        "code": trace.code,
        "name": trace.name,
        "starts_on": trace.starts_on.isoformat() if trace.starts_on else None,
        "ends_on": trace.ends_on.isoformat() if trace.ends_on else None,
    }


def _party(party: MatchedParty | None) -> tuple[str, str, str] | None:
    return None if party is None else (party.role, party.code, party.name)
