"""The parts of a transcript that are told and pictured, read with bounds: a stranger's file may hold anything.

This checks form, not truth: whether the draw stands is for `scheduling.verify_draw` to say.

Source: docs/protocol/draw.md, sections 3 to 9.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from expert_hub.draws.errors import DrawFileUnreadable
from scheduling.artefact import INCLUSION_SCALE

MAX_BYTES = 16 * 2**20
T = TypeVar("T")

Count = Annotated[int, Meta(ge=0, le=10**9)]
Some = Annotated[int, Meta(ge=1, le=10**9)]
Word = Annotated[str, Meta(max_length=300)]
Words = Annotated[list[Word], Meta(max_length=1000)]
Long = Annotated[str, Meta(max_length=100_000)]
Inclusion = Annotated[int, Meta(ge=0, le=INCLUSION_SCALE)]
Instant = Annotated[datetime, Meta(tz=True)]
Level = Literal["public", "federated", "parties"]


class QuotaForm(msgspec.Struct, frozen=True):
    """A quota of the request."""

    quota_id: Word
    speciality: Word
    count: Some
    regions: Words = []
    venue_group: Word = ""
    alternates: Count | None = None


class GroupForm(msgspec.Struct, frozen=True):
    """A venue group of the request."""

    name: Word
    regions: Words


class LimitForm(msgspec.Struct, frozen=True):
    """Least and most seats for people with one of some values."""

    attribute: Word
    values: Words
    low: Count
    high: Count


class RequestForm(msgspec.Struct, frozen=True):
    """The request; only its quotas are sure to be there."""

    quotas: Annotated[list[QuotaForm], Meta(min_length=1, max_length=500)]
    regions: Words = []
    venue_group: Word = ""
    venue_groups: Annotated[list[GroupForm], Meta(max_length=500)] = []
    limits: Annotated[list[LimitForm], Meta(max_length=500)] = []
    venue_city: Word = ""
    k_anonymity: Count = 5
    alternates_per_quota: Count = 0


class PoolForm(msgspec.Struct, frozen=True):
    """Sizes of the pool."""

    size: Count
    eligible: Count


class ExcludedForm(msgspec.Struct, frozen=True):
    """Excluded persons per ground, and the small counts together."""

    shown: Annotated[list[tuple[Word, Count]], Meta(max_length=100)]
    merged: Count | None


class LinkForm(msgspec.Struct, frozen=True):
    """The link of a party that a drawing uses."""

    party: Word
    index: Count


class PlanForm(msgspec.Struct, frozen=True):
    """One source of randomness."""

    level: Level
    chain: Word | None
    round: Count | None
    deadline: Instant | None


Links = Annotated[list[LinkForm], Meta(max_length=100)]
Plan = Annotated[list[PlanForm], Meta(max_length=20)]


class FixedForm(msgspec.Struct, frozen=True):
    """What is settled when a draw is requested."""

    request: RequestForm
    pool: PoolForm
    eligible: Annotated[list[Count], Meta(max_length=500)]
    excluded: ExcludedForm


class CommitForm(FixedForm, frozen=True, kw_only=True):
    """The committed body."""

    draw: Word
    subject: Word
    parties: Links
    plan: Plan
    committed_at: Instant
    attempt: Some
    previous: Words
    replacement: Literal["fresh_seed", "next_in_order"]


class ClassForm(msgspec.Struct, frozen=True):
    """A class of the lottery; a block is (members, weight, inclusion)."""

    quotas: Annotated[list[Count], Meta(max_length=500)]
    blocks: Annotated[list[tuple[Some, int, Inclusion]], Meta(min_length=1)]


class FiguresForm(msgspec.Struct, frozen=True):
    """The published figures, decimal text."""

    min_probability: Word
    max_probability: Word
    upper_bound: Word
    gini: Word
    entropy_bits: Word
    max_pair_probability: Word
    pair_is_exact: bool


class LotteryForm(msgspec.Struct, frozen=True):
    """The committed lottery."""

    seats: Annotated[int, Meta(ge=1, le=1000)]
    unit_max: Count
    classes: Annotated[list[ClassForm], Meta(min_length=1)]
    templates: list[Any]
    never: Count
    figures: FiguresForm


class BeaconForm(msgspec.Struct, frozen=True):
    """The beacon round that was used."""

    chain: Word
    round: Count


class SeedForm(msgspec.Struct, frozen=True):
    """Where the first drawing took its randomness."""

    escrowed: Words
    level: Level
    beacon: BeaconForm | None
    value: Word


class OutcomeForm(msgspec.Struct, frozen=True):
    """What became of a drawn person."""

    number: Count
    seat: Count
    position: Count
    outcome: Word
    entry: Count | None


class ReplacementForm(msgspec.Struct, frozen=True):
    """One later drawing; without a level it took the next in order."""

    number: Some
    entry: Count
    escrowed: Words
    level: Level | None
    beacon: BeaconForm | None
    drawn: Annotated[list[tuple[Count, Count, Count]], Meta(max_length=1000)]


class StampForm(msgspec.Struct, frozen=True):
    """The first checkpoint after the commitment."""

    checkpoint: Long


class ResultForm(msgspec.Struct, frozen=True):
    """How the draw ended."""

    state: Literal["complete", "void"]
    panel: Annotated[list[tuple[Count, Count, Count]], Meta(max_length=1000)]


class TranscriptForm(msgspec.Struct, frozen=True):
    """A transcript as far as it is told."""

    protocol: Literal["XD-1"]
    commit: CommitForm
    lottery: LotteryForm
    stamp: StampForm
    seed: SeedForm
    drawn: Annotated[list[tuple[Count, Count]], Meta(max_length=1000)]
    outcomes: Annotated[list[OutcomeForm], Meta(max_length=10_000)]
    replacements: Annotated[list[ReplacementForm], Meta(max_length=1000)]
    entries: Annotated[list[tuple[Long, list[Any]]], Meta(max_length=100_000)]
    close: Long
    result: ResultForm
    names: Annotated[list[tuple[Count, Word, Word]], Meta(max_length=10_000)]


class EntryForm(msgspec.Struct, frozen=True):
    """An entry of the ledger."""

    at: Instant
    index: Count
    kind: Word
    subject: Word
    body: dict[str, Any]


class MemberForm(msgspec.Struct, frozen=True):
    """Where a member of the panel comes from."""

    seat: Count
    region_code: Annotated[str, Meta(pattern=r"^[0-9]{2,6}(?![\s\S])")]


Members = Annotated[list[MemberForm], Meta(max_length=1000)]


def read_form(content: bytes, form: type[T], file: str) -> T:
    """Read JSON of a form.

    Raises:
        DrawFileUnreadable: it is too large, no JSON, or not of the form; `why` says where.
    """
    if len(content) > MAX_BYTES:
        raise DrawFileUnreadable(file=file, why=f"more than {MAX_BYTES} bytes")
    try:
        return msgspec.json.decode(content, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DrawFileUnreadable(file=file, why=str(error)) from None


def read_transcript_form(content: bytes, file: str) -> TranscriptForm:
    """Read a transcript.

    Raises:
        DrawFileUnreadable: it is none, or it names quotas that do not exist or sizes that do not fit.
    """
    found = read_form(content, TranscriptForm, file)
    quotas = {quota for quota, _ in found.drawn} | {quota for _, quota, _ in found.result.panel}
    quotas |= {quota for item in found.replacements for _, quota, _ in item.drawn}
    if quotas and max(quotas) >= len(found.commit.request.quotas):
        raise DrawFileUnreadable(file=file, why="a seat belongs to a quota that does not exist")
    ensure_fitting(found.commit, found.lottery, file)
    return found


def ensure_fitting(fixed: FixedForm, lottery: LotteryForm, file: str) -> None:
    """Check that request, pool and lottery speak of the same quotas and people.

    Raises:
        DrawFileUnreadable: they do not.
    """
    count = len(fixed.request.quotas)
    sizes = sum(block[0] for group in lottery.classes for block in group.blocks)
    if any(quota >= count for group in lottery.classes for quota in group.quotas):
        raise DrawFileUnreadable(file=file, why="a class lists a quota that does not exist")
    if len(fixed.eligible) != count:
        raise DrawFileUnreadable(file=file, why="the eligible are not counted per quota")
    if sizes != fixed.pool.eligible or fixed.pool.eligible > fixed.pool.size:
        raise DrawFileUnreadable(file=file, why="the classes do not hold the eligible candidates")


def read_entries(transcript: TranscriptForm, file: str) -> dict[int, EntryForm]:
    """The entries of the ledger that a transcript holds, by index.

    Raises:
        DrawFileUnreadable: one is not an entry.
    """
    found = [read_form(text.encode("utf-8", "surrogatepass"), EntryForm, file) for text, _ in transcript.entries]
    return {entry.index: entry for entry in found}
