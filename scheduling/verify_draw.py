"""Verify the transcript of an expert draw, protocol XD-1. One file: copy it anywhere and run it.

    python verify_draw.py transcript.json --policy policy.json [--commitment HASH ...]

It needs Python 3.11 or later and, where a public or federated beacon took part, the package ``py_ecc`` (pip install
py_ecc). It was written from the description of the protocol (docs/protocol/draw.md) and shares no code with the
service that draws. Every rule that fails is printed on a line of its own as ``XD-nn: sentence``; the last line says
``draw verified: PASS`` or ``draw verified: FAIL``. Exit code 0: pass, 1: fail, 2: a file cannot be read.

Give the digests of all commitments that you saw published for this lot with ``--commitment``, once for each.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from math import lcm, perm
from typing import Any

PROTOCOL = "XD-1"
SUITE = "intl"
SAFE_INTEGER = 2**53 - 1
MAX_BYTES = 16 * 2**20
MAX_DEPTH = 32
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
MAX_LINKS = 65_536
MAX_NOTE_LINES = 100
MAX_SEATS = 1_000
MAX_WORDS = 4_000_000
MAX_WEIGHT_BITS = 1 << 26
SECOND = 1_000_000
ONE = 1 << 40
PARTS = 10**12
TOLERANCE = 1000
BEACON_LEVELS = ("public", "federated")
SUPERVISED = ("absent", "conflict", "unwell", "misconduct", "unreachable")
VACATING = ("declined", "no-answer", "withdrawn", *SUPERVISED)


@dataclass(frozen=True)
class Finding:
    """A rule that failed, and a sentence. Source: XD-1, section 10."""

    rule: str
    message: str


@dataclass(frozen=True)
class Verdict:
    """Whether the draw stands, every rule that failed, and what the reader should know besides.

    Source: XD-1, section 10
    """

    ok: bool
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


class OverworkError(Exception):
    """A replay would take more work than any honest draw. Source: engineering choice."""


# Bytes, JSON and digests


def h(tag: str, *parts: bytes) -> bytes:
    """Digest of a tag and parts, each preceded by its length. Source: XD-1, section 1."""
    return hashlib.sha256(b"".join(u64(len(part)) + part for part in (tag.encode(), *parts))).digest()


def u64(number: int) -> bytes:
    """Return a number as 8 bytes, the most significant first. Source: XD-1, section 1."""
    return number.to_bytes(8, "big")


def canonical(value: Any) -> bytes:
    """RFC 8785 of a value without floats whose keys are ASCII.

    Raises:
        ValueError: a text that has no UTF-8 form.

    Source: XD-1, section 1; RFC 8785
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def parse(content: bytes) -> Any:
    """Read JSON without floats, large integers, double or foreign keys and deep nesting.

    Raises:
        ValueError: it is not such JSON.

    Source: XD-1, section 1; RFC 8785
    """
    if len(content) > MAX_BYTES:
        raise ValueError("too large")
    # Before the recursive reader: py_ecc raises the limit that guards its stack.
    bare = re.sub(rb'(?s)"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', b"", content)
    brackets = bare.translate(None, delete=_NO_BRACKETS)
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    if brackets:
        raise ValueError("nested too deeply or not closed")
    return json.loads(
        content.decode(), object_pairs_hook=_object, parse_float=_refuse, parse_constant=_refuse, parse_int=_integer
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or not all(key.isascii() for key in found):
        raise ValueError("a key stands twice or is not ASCII")
    return found


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > SAFE_INTEGER:
        raise ValueError("an integer is too large")
    return int(text)


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is not an integer")


def instant(text: str) -> int:
    """Microseconds since 1970 of an RFC 3339 instant in UTC.

    Raises:
        ValueError: it is none.

    Source: XD-1, section 1
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z", text):
        raise ValueError("no instant")
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


class Stream:
    """Words from a seed. ``work`` is how many may still be taken; streams may share it. Source: XD-1, section 1."""

    def __init__(self, seed: bytes, work: list[int]) -> None:
        self._seed = seed
        self._work = work
        self._block = 0
        self._words: list[int] = []

    def word(self) -> int:
        """Return the next 64 bits.

        Raises:
            OverworkError: no word is left.
        """
        if not self._words:
            self._work[0] -= 4
            if self._work[0] < 0:
                raise OverworkError
            block = h("stream", self._seed, u64(self._block))
            self._words = [int.from_bytes(block[at : at + 8], "big") for at in (24, 16, 8, 0)]
            self._block += 1
        return self._words.pop()

    def below(self, bound: int) -> int:
        """Return an integer in [0, bound), each equally likely."""
        count = max(1, -(-(bound - 1).bit_length() // 64))
        limit = (1 << 64 * count) // bound * bound
        while True:
            value = 0
            for _ in range(count):
                value = value << 64 | self.word()
            if value < limit:
                return value % bound

    def weighted(self, sums: Sequence[int]) -> int:
        """Return the first index whose running sum exceeds a number below the last."""
        return bisect_right(sums, self.below(sums[-1]))


# Merkle trees


Node = Callable[[bytes, bytes], bytes]


def ledger_node(left: bytes, right: bytes) -> bytes:
    """Node of the ledger tree. Source: RFC 6962, section 2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def pool_node(left: bytes, right: bytes) -> bytes:
    """Node of the pool tree. Source: XD-1, section 1."""
    return h("node", left, right)


def is_included(place: tuple[int, int], leaf: bytes, proof: Sequence[bytes], root: bytes, node: Node) -> bool:
    """Whether a leaf hash stands at index ``place[0]`` of a tree of size ``place[1]``.

    Source: RFC 9162, section 2.1.3.2
    """
    index, last = place[0], place[1] - 1
    if index > last:
        return False
    for sibling in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            leaf = node(sibling, leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = node(leaf, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and leaf == root


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Whether the ledger of (size, root) ``new`` continues that of ``old``. Source: RFC 9162, section 2.1.4.2."""
    if old[0] == new[0]:
        return old == new and not proof
    if not 0 < old[0] < new[0] or not proof:
        return False
    path = [old[1], *proof] if old[0] & (old[0] - 1) == 0 else list(proof)
    index, last = old[0] - 1, new[0] - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            first, second = ledger_node(sibling, first), ledger_node(sibling, second)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            second = ledger_node(second, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and (first, second) == (old[1], new[1])


# Ed25519

Point = tuple[int, int, int, int]
_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_NEUTRAL = (0, 1, 1, 0)


def _plus(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, k = b - a, d - c, d + c, b + a
    return e * f % _P, g * k % _P, f * g % _P, e * k % _P


def _twice(p: Point) -> Point:
    a, b = p[0] * p[0] % _P, p[1] * p[1] % _P
    k, g = a + b, a - b
    e, f = k - (p[0] + p[1]) ** 2, 2 * p[2] * p[2] + g
    return e * f % _P, g * k % _P, f * g % _P, e * k % _P


@lru_cache(maxsize=256)
def _decoded(key: bytes) -> Point | None:
    y, sign = int.from_bytes(key, "little") & ((1 << 255) - 1), key[31] >> 7
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


_BASE = _decoded(((4 * pow(5, -1, _P)) % _P).to_bytes(32, "little")) or _NEUTRAL


@lru_cache(maxsize=1024)
def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is good; only canonical numbers and points, no key of small order.

    Source: RFC 8032, section 5.1.7
    """
    if len(key) != 32 or len(signature) != 64:
        return False
    owner, s = _decoded(key), int.from_bytes(signature[32:], "little")
    if owner is None or s >= _ORDER:
        return False
    eight = _twice(_twice(_twice(owner)))
    if eight[0] == 0 and eight[1] == eight[2]:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _ORDER
    minus = (_P - owner[0], owner[1], 1, _P - owner[3])
    table = (_NEUTRAL, _BASE, minus, _plus(_BASE, minus))
    total = _NEUTRAL
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        total = _twice(total)
        digit = (s >> bit & 1) | (k >> bit & 1) << 1
        if digit:
            total = _plus(total, table[digit])
    inverse = pow(total[2], -1, _P)
    x, y = total[0] * inverse % _P, total[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def is_party_signed(key: str, context: str, digest: bytes, signature: str) -> bool:
    """Whether a party signed a digest in a context. Source: XD-1, section 1."""
    return is_signed(bytes.fromhex(key), h("sign", context.encode(), digest), bytes.fromhex(signature))


# The beacon: BLS12-381

_Q = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
# scheme: whether its signatures are on G1, and the domain of its hash
SCHEMES = {
    "bls-unchained-g1-rfc9380": (True, b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"),
    "bls-unchained-on-g1": (True, b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"),
    "pedersen-bls-chained": (False, b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"),
}


def _curve() -> Any:
    """The curve, loaded only when a beacon is checked."""
    limit = sys.getrecursionlimit()
    from py_ecc import optimized_bls12_381

    # The package raises the limit of the whole process, which then no longer guards the stack of others.
    sys.setrecursionlimit(limit)
    return optimized_bls12_381


def _fields(message: bytes, domain: bytes, count: int) -> list[int]:
    """Hash to ``count`` field elements: RFC 9380, sections 5.2 and 5.3.1."""
    suffix = domain + bytes([len(domain)])
    first = hashlib.sha256(bytes(64) + message + (64 * count).to_bytes(2, "big") + b"\x00" + suffix).digest()
    block, found = bytes(32), b""
    for number in range(1, 2 * count + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block, strict=True))
        block = hashlib.sha256(mixed + bytes([number]) + suffix).digest()
        found += block
    return [int.from_bytes(found[at : at + 64], "big") % _Q for at in range(0, len(found), 64)]


def hashed_point(message: bytes, domain: bytes, *, on_g1: bool) -> Any:
    """Hash a message to a point of G1 or G2. Source: RFC 9380, sections 8.8.1 and 8.8.2."""
    curve = _curve()
    if on_g1:
        halves = [curve.optimized_swu_G1(curve.FQ(u)) for u in _fields(message, domain, 2)]
        return curve.multiply_clear_cofactor_G1(curve.add(*(curve.iso_map_G1(*half) for half in halves)))
    u = _fields(message, domain, 4)
    pairs = [curve.optimized_swu_G2(curve.FQ2(pair)) for pair in (u[:2], u[2:])]
    return curve.multiply_clear_cofactor_G2(curve.add(*(curve.iso_map_G2(*pair) for pair in pairs)))


def _root(square: int) -> int | None:
    root = pow(square, (_Q + 1) // 4, _Q)
    return root if (root * root - square) % _Q == 0 else None


def _root_of_pair(re_part: int, im_part: int) -> tuple[int, int] | None:
    """Square root in the quadratic extension."""
    if im_part == 0:
        real = _root(re_part)
        return (real, 0) if real is not None else (0, _root(-re_part % _Q) or 0)
    norm = _root((re_part * re_part + im_part * im_part) % _Q)
    if norm is None:
        return None
    # One of the two halves is a square, for -1 is none.
    halves = (half * pow(2, -1, _Q) % _Q for half in (re_part + norm, re_part - norm))
    x = next(x for x in map(_root, halves) if x)
    return x, im_part * pow(2 * x, -1, _Q) % _Q


@lru_cache(maxsize=64)
def point_of(encoded: bytes) -> Any:
    """Return the point of a compressed encoding (48 bytes: G1, 96 bytes: G2), or None.

    Only canonical encodings of points in the group of prime order, without the point at infinity.

    Source: drand; draft-irtf-cfrg-pairing-friendly-curves, appendix C
    """
    curve = _curve()
    if len(encoded) not in (48, 96) or encoded[0] & 0xC0 != 0x80:
        return None
    high = int.from_bytes(encoded[:48], "big") & ((1 << 381) - 1)
    low = int.from_bytes(encoded[48:], "big")
    if high >= _Q or low >= _Q:
        return None
    larger = bool(encoded[0] & 0x20)
    point: Any
    if len(encoded) == 48:
        y = _root((high**3 + 4) % _Q)
        if not y:
            return None
        point = (curve.FQ(high), curve.FQ(y if (y > _Q // 2) == larger else _Q - y), curve.FQ(1))
    else:
        x = curve.FQ2([low, high])
        pair = _root_of_pair(*(int(part) % _Q for part in (x * x * x + curve.b2).coeffs))
        if not pair or not any(pair):
            return None
        y2 = curve.FQ2(pair)
        point = (x, y2 if ((pair[1] or pair[0]) > _Q // 2) == larger else -y2, curve.FQ2([1, 0]))
        if not curve.is_on_curve(point, curve.b2):
            return None
    return point if curve.is_inf(curve.multiply(point, curve.curve_order)) else None


@lru_cache(maxsize=256)
def is_genuine(scheme: str, key: str, number: int, signature: str, previous: str | None) -> bool:
    """Whether a beacon round was signed by the key of its chain. Source: XD-1, section 1; drand."""
    curve = _curve()
    on_g1, domain = SCHEMES[scheme]
    signed, owner = bytes.fromhex(signature), bytes.fromhex(key)
    if (len(signed), len(owner)) != ((48, 96) if on_g1 else (96, 48)) or (previous is None) != on_g1:
        return False
    place, own = point_of(signed), point_of(owner)
    if place is None or own is None:
        return False
    message = hashlib.sha256(bytes.fromhex(previous or "") + u64(number)).digest()
    hashed = hashed_point(message, domain, on_g1=on_g1)
    pairs: list[tuple[Any, Any]] = (
        [(curve.neg(curve.G2), place), (own, hashed)] if on_g1 else [(place, curve.neg(curve.G1)), (hashed, own)]
    )
    product = curve.FQ12.one()
    for on_second, on_first in pairs:
        product = product * curve.pairing(on_second, on_first, final_exponentiate=False)
    return bool(curve.final_exponentiate(product) == curve.FQ12.one())


# Checkpoints


@dataclass(frozen=True)
class Checkpoint:
    """A signed note over the ledger: size, root, the text that is signed, and its signature lines (name, bytes).

    Source: C2SP tlog-checkpoint, signed-note
    """

    origin: str
    size: int
    root: bytes
    body: bytes
    lines: tuple[tuple[str, bytes], ...]


def _base64(text: str) -> bytes:
    found = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(found).decode() != text:
        raise binascii.Error
    return found


@lru_cache(maxsize=256)
def read_checkpoint(note: str) -> Checkpoint | None:
    """Return the parts of a checkpoint, or None where it is not of the form.

    Source: XD-1, section 1; C2SP tlog-checkpoint
    """
    head, _, tail = note.partition("\n\n")
    lines, signatures = head.split("\n"), tail.split("\n")
    if len(lines) != 3 or not lines[0] or not re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[1]) or signatures.pop():
        return None
    found = [re.fullmatch(r"— (\S+) (\S+)", line) for line in signatures[: MAX_NOTE_LINES + 1]]
    if not 0 < len(found) <= MAX_NOTE_LINES:
        return None
    try:
        root = _base64(lines[2])
        parts = tuple((match[1], _base64(match[2])) for match in found if match)
        body = f"{head}\n".encode()
    except ValueError:
        return None
    size = int(lines[1])
    return Checkpoint(lines[0], size, root, body, parts) if len(root) == 32 and len(parts) == len(found) else None


def _key_id(name: str, kind: bytes, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def is_logged(checkpoint: Checkpoint, log: Mapping[str, str]) -> bool:
    """Whether the log signed its checkpoint. Source: XD-1, section 1; C2SP signed-note."""
    key = bytes.fromhex(log["key"])
    signature = _first_line(checkpoint, log["origin"], _key_id(log["origin"], b"\x01", key))
    return checkpoint.origin == log["origin"] and is_signed(key, checkpoint.body, signature)


def cosignatures(checkpoint: Checkpoint, witnesses: Sequence[Mapping[str, str]]) -> list[tuple[str, int]]:
    """Return operator and unix seconds of every good witness line; those of the centre do not count.

    Source: XD-1, sections 1 and 2; C2SP tlog-cosignature
    """
    found = []
    for witness in witnesses:
        key = bytes.fromhex(witness["key"])
        line = _first_line(checkpoint, witness["name"], _key_id(witness["name"], b"\x04", key))
        seconds = int.from_bytes(line[:8], "big")
        message = f"cosignature/v1\ntime {seconds}\n".encode() + checkpoint.body
        if witness["operator"] != "centre" and is_signed(key, message, line[8:]):
            found.append((witness["operator"], seconds))
    return found


def _first_line(checkpoint: Checkpoint, name: str, key_id: bytes) -> bytes:
    """What follows the key id in the first line of a signer; more lines of one signer would only cost time."""
    return next((blob[4:] for owner, blob in checkpoint.lines if owner == name and blob[:4] == key_id), b"")


# Shapes: an object with exactly these keys (dict), an array of one shape (list), an array of fixed places (tuple)


@dataclass(frozen=True)
class _Is:
    what: str
    test: Callable[[Any], bool]


@dataclass(frozen=True)
class _AtLeast:
    keys: dict[str, Any]


@dataclass(frozen=True)
class _Named:
    shape: Any


class _Or:
    def __init__(self, *shapes: Any) -> None:
        self.shapes = shapes


def _number(low: int, high: int = SAFE_INTEGER) -> _Is:
    return _Is(f"a whole number from {low} to {high}", lambda value: type(value) is int and low <= value <= high)


def _hex(*sizes: int) -> _Is:
    pattern = re.compile("|".join(f"[0-9a-f]{{{2 * size}}}" for size in sizes))
    return _Is("hexadecimal text", lambda value: isinstance(value, str) and bool(pattern.fullmatch(value)))


def _one(*values: str) -> _Is:
    return _Is(f"one of {', '.join(values)}", lambda value: isinstance(value, str) and value in values)


def _is_instant(value: Any) -> bool:
    try:
        return isinstance(value, str) and instant(value) > 0
    except ValueError:
        return False


_TEXT = _Is("text", lambda value: isinstance(value, str))
_NULL = _Is("null", lambda value: value is None)
_FLAG = _Is("true or false", lambda value: isinstance(value, bool))
_INSTANT = _Is("an instant", _is_instant)
_ANY = _Is("anything", lambda _: True)
_COUNT, _POSITIVE = _number(0), _number(1)
_HASH, _KEY, _SIGNATURE = _hex(32), _hex(32), _hex(64)
_NO_HASH = _Is("empty text", lambda value: value == "")
_GROUND = _one(*(f"C{number:02}" for number in range(1, 20)), "Q1", "Q2")
_LEVEL = _one(*BEACON_LEVELS, "parties")
_BEACON = {"chain": _HASH, "round": _POSITIVE, "signature": _hex(48, 96), "previous": _Or(_NULL, _hex(32, 48, 96))}
_LINKS = [{"party": _TEXT, "tip": _HASH, "index": _number(1, MAX_LINKS)}]
_ALONE = {"level": _one("parties"), "chain": _NULL, "round": _NULL, "deadline": _NULL}
_PLAN = [_Or(_ALONE, {"level": _one(*BEACON_LEVELS), "chain": _HASH, "round": _POSITIVE, "deadline": _INSTANT})]
_STAMP = {"checkpoint": _TEXT, "consistency": [_HASH]}
_LEAF = (_HASH, _hex(16), _Or(_NULL, _COUNT), _Or(_NULL, _COUNT), _Or(_HASH, _NO_HASH), _Or(_HASH, _NO_HASH), [_GROUND])
_SEATED = {"number": _COUNT, "seat": _COUNT, "position": _COUNT}

# fmt: off
_POLICY = {
    "policy": _one("XD-1/policy"), "suite": _TEXT, "parties": _Named(_KEY), "min_parties": _number(2),
    "min_parties_alone": _number(3), "log": {"origin": _TEXT, "key": _KEY},
    "witnesses": [{"name": _TEXT, "operator": _TEXT, "key": _KEY}], "quorum": _number(1),
    "beacons": [{
        "level": _one(*BEACON_LEVELS), "chain": _HASH, "scheme": _one(*SCHEMES), "public_key": _hex(48, 96),
        "period_s": _POSITIVE, "genesis": _COUNT,
    }],
    "gateways": _Named(_KEY), "max_lead_s": _COUNT, "max_clock_s": _COUNT, "max_skips": _COUNT,
    "attempts": _POSITIVE, "answer_s": _COUNT, "packs": [_HASH],
}
_QUOTA = _AtLeast({"quota_id": _TEXT, "speciality": _TEXT, "count": _POSITIVE})
_COMMIT = {
    "protocol": _TEXT, "suite": _TEXT, "policy": _HASH, "draw": _TEXT, "subject": _TEXT,
    "request": _AtLeast({"quotas": [_QUOTA], "pack_hash": _HASH}),
    "pool": {"size": _COUNT, "eligible": _COUNT, "root": _HASH}, "eligible": [_COUNT],
    "excluded": {"shown": [(_GROUND, _POSITIVE)], "merged": _Or(_NULL, _COUNT)}, "standing": _TEXT,
    "lottery": _HASH, "parties": _LINKS, "latest": _Or(_NULL, _BEACON), "plan": _PLAN, "committed_at": _INSTANT,
    "attempt": _POSITIVE, "previous": [_HASH], "replacement": _one("fresh_seed", "next_in_order"),
    "alternates": [_COUNT],
}
_LOTTERY = {
    "kind": _one("leximin"), "method": _one("plain", "rejection"), "seats": _number(1, MAX_SEATS),
    "unit_max": _COUNT, "max_tries": _number(1, 1_000_000),
    "classes": [{"quotas": [_COUNT], "blocks": [(_POSITIVE, _POSITIVE, _number(0, PARTS))]}],
    "templates": [(_POSITIVE, _number(1, ONE), [(_COUNT, _COUNT, _POSITIVE)])],
    "edges": [(_COUNT, _COUNT)], "never": _COUNT,
    "figures": {
        "min_probability": _TEXT, "max_probability": _TEXT, "upper_bound": _TEXT, "gini": _TEXT,
        "entropy_bits": _TEXT, "max_pair_probability": _TEXT, "pair_is_exact": _FLAG,
    },
}
_SEED = {
    "links": _Named(_HASH), "escrowed": [_TEXT], "level": _LEVEL, "beacon": _Or(_NULL, _BEACON), "value": _HASH,
}
_EVIDENCE = _Or(
    _NULL, {"code": _TEXT}, {"gateway": _TEXT, "record": _TEXT, "signature": _SIGNATURE}, {"supervisor": _SIGNATURE}
)
_FRESH = {
    **_SEED, "number": _POSITIVE, "seats": [_COUNT], "entry": _COUNT, "stamp": _STAMP,
    "drawn": [(_COUNT, _COUNT, _COUNT)],
}
_IN_ORDER = {**_FRESH, **dict.fromkeys(("stamp", "links", "level", "beacon", "value"), _NULL)}
_TRANSCRIPT = {
    "protocol": _TEXT, "commit": _COMMIT, "signatures": {"centre": _SIGNATURE, "supervisor": _SIGNATURE},
    "lottery": _LOTTERY, "stamp": _STAMP, "seed": _SEED, "drawn": [(_COUNT, _COUNT)], "alternates": [(_COUNT, _COUNT)],
    "outcomes": [
        {**_SEATED, "outcome": _one("confirmed", *VACATING), "entry": _Or(_NULL, _COUNT), "evidence": _EVIDENCE}
    ],
    "replacements": [_Or(_IN_ORDER, _FRESH)], "openings": [(_COUNT, _LEAF, [_HASH])], "entries": [(_TEXT, [_HASH])],
    "close": _TEXT, "result": {"state": _one("complete", "void"), "panel": [(_COUNT, _COUNT, _COUNT)]},
    "names": [(_COUNT, _TEXT, _hex(16))], "digest": _HASH,
}
_ENTRY = {"at": _INSTANT, "body": _ANY, "index": _COUNT, "kind": _TEXT, "subject": _TEXT}
_RECORD = {"at": _INSTANT, "draw": _TEXT, **_SEATED, "outcome": _TEXT}
_BODIES: dict[str, Any] = {
    "draws/chain-registered": {
        "party": _TEXT, "tip": _HASH, "length": _number(1, MAX_LINKS), "index": _number(0, 0), "key": _KEY,
    },
    "draws/committed": {
        "commit": _HASH, "subject": _TEXT, "attempt": _POSITIVE, "policy": _HASH, "centre": _SIGNATURE,
        "supervisor": _SIGNATURE, "links": _LINKS,
    },
    "draws/fallback": {"from": _LEVEL, "to": _LEVEL},
    "draws/drawn": {"commit": _HASH, "seed": _HASH},
    "draws/invited": {**_SEATED, "code": _HASH},
    "draws/attempted": {**_SEATED, "attempt": _POSITIVE, "result": _TEXT},
    "draws/accepted": _SEATED,
    **dict.fromkeys((f"draws/{kind}" for kind in VACATING), _SEATED),
    "draws/vacated": {"number": _POSITIVE, "seats": [_COUNT], "links": _LINKS, "plan": _PLAN},
    "draws/replaced": {"number": _POSITIVE, "seed": _Or(_NULL, _HASH)},
    "draws/voided": {"commit": _HASH, "skips": _COUNT},
}
# fmt: on


def misfit(value: Any, shape: Any, path: str = "") -> str | None:
    """Return where and how a value departs from a shape; None where it fits. Source: XD-1, XD-02."""
    if isinstance(shape, _Is):
        return None if shape.test(value) else f"{path or 'it'} is not {shape.what}"
    if isinstance(shape, _Or):
        faults = [misfit(value, one, path) for one in shape.shapes]
        return None if None in faults else faults[-1]
    if isinstance(shape, dict | _AtLeast | _Named):
        return _object_misfit(value, shape, path)
    if not isinstance(value, list):
        return f"{path or 'it'} is not an array"
    if isinstance(shape, tuple) and len(value) != len(shape):
        return f"{path or 'it'} does not have {len(shape)} members"
    shapes = shape if isinstance(shape, tuple) else shape * len(value)
    faults_inside = (
        misfit(one, kind, f"{path}[{at}]") for at, (one, kind) in enumerate(zip(value, shapes, strict=True))
    )
    return next((fault for fault in faults_inside if fault), None)


def _object_misfit(value: Any, shape: Any, path: str) -> str | None:
    if not isinstance(value, dict):
        return f"{path or 'it'} is not an object"
    if isinstance(shape, _Named):
        inside = ((f"{path} (member {at})", one, shape.shape) for at, one in enumerate(value.values()))
    else:
        keys = shape if isinstance(shape, dict) else shape.keys
        exact = keys is shape
        if (exact and value.keys() != keys.keys()) or not keys.keys() <= value.keys():
            return f"{path or 'it'} does not have {'exactly' if exact else 'at least'} the keys {', '.join(keys)}"
        inside = ((f"{path}.{key}" if path else key, value[key], kind) for key, kind in keys.items())
    return next((fault for where, one, kind in inside if (fault := misfit(one, kind, where))), None)


# The transcript, read


@dataclass(frozen=True)
class _Entry:
    index: int
    at: int
    kind: str
    subject: str
    body: Any
    text: bytes
    proof: list[str]

    @property
    def links(self) -> list[dict[str, Any]]:
        """The links that the entry uses; the registration of a chain counts as index 0."""
        return [self.body] if self.kind == "draws/chain-registered" else self.body.get("links", [])


def _read_entry(place: int, text: str, proof: list[str]) -> _Entry:
    content = text.encode()
    found = parse(content)
    fault = misfit(found, _ENTRY) or misfit(found["kind"], _one(*_BODIES), "kind")
    fault = fault or misfit(found["body"], _BODIES[found["kind"]], "body")
    if fault or canonical(found) != content:
        raise ValueError(f"entries[{place}]: {fault or 'the text is not canonical'}")
    return _Entry(found["index"], instant(found["at"]), found["kind"], found["subject"], found["body"], content, proof)


class _Case:
    """A transcript of the right shape beside the policy, and what several rules need of it."""

    def __init__(self, transcript: Any, policy: Any, published: Sequence[str]) -> None:
        self.t, self.policy, self.published = transcript, policy, tuple(published)
        self.commit, self.lottery = transcript["commit"], transcript["lottery"]
        self.digest = h("commit", canonical(self.commit))
        self.entries = [_read_entry(place, *entry) for place, entry in enumerate(transcript["entries"])]
        self.by_index = {entry.index: entry for entry in self.entries}
        self.leaves = {position: leaf for position, leaf, _ in transcript["openings"]}
        self.close = read_checkpoint(transcript["close"])
        self.is_void = transcript["result"]["state"] == "void"
        self.work = [MAX_WORDS]
        self._fill_places()

    def _fill_places(self) -> None:
        """Who sat before each replacement (the last: in the end), by seat: number of the drawing, quota, position."""
        seats = {seat: (0, quota, position) for seat, (quota, position) in enumerate(self.t["drawn"])}
        self.seatings = [dict(seats)]
        self.persons = [(0, seat, place[2]) for seat, place in seats.items()]
        for number, item in enumerate(self.t["replacements"], start=1):
            for seat, quota, position in item["drawn"]:
                seats[seat] = (number, quota, position)
                self.persons.append((number, seat, position))
            self.seatings.append(dict(seats))

    def spend(self, units: int) -> None:
        """Count work.

        Raises:
            OverworkError: more than an honest draw takes.
        """
        self.work[0] -= units
        if self.work[0] < 0:
            raise OverworkError

    def of(self, *kinds: str) -> list[_Entry]:
        """Entries of this draw."""
        return [entry for entry in self.entries if entry.kind in kinds and entry.subject == self.commit["draw"]]

    def about(self, kind: str, person: tuple[int, int, int]) -> list[_Entry]:
        """Entries of a kind about (number, seat, position)."""
        return self._of_persons.get((kind, *person), [])

    @cached_property
    def _of_persons(self) -> dict[tuple[Any, ...], list[_Entry]]:
        found: dict[tuple[Any, ...], list[_Entry]] = {}
        for entry in self.of(*(kind for kind, body in _BODIES.items() if _SEATED.items() <= body.items())):
            found.setdefault((entry.kind, *(entry.body[key] for key in _SEATED)), []).append(entry)
        return found

    @cached_property
    def lottery_faults(self) -> list[str]:
        """What is wrong with the lottery itself; nothing is drawn again from a faulty one."""
        return list(_lottery_faults(self))

    @cached_property
    def edges(self) -> set[tuple[int, int]]:
        """Pairs of drawn positions or alternates that may not sit together."""
        named = {person[2] for person in self.persons} | {position for _, position in self.t["alternates"]}
        return {(one, other) for one, other in self.lottery["edges"] if one in named and other in named}

    def conflict(self, positions: Sequence[int]) -> str | None:
        """Why these may not sit together."""
        missing = [position for position in positions if position not in self.leaves]
        if missing:
            return f"position {missing[0]} sits and is not opened"
        units = Counter(self.leaves[position][4] for position in positions)
        if 0 < self.lottery["unit_max"] < max(units.values(), default=0):
            return "more members of one unit sit together than the lottery allows"
        sitting = set(positions)
        if any(one in sitting and other in sitting for one, other in self.edges):
            return "two members sit together who may not"
        return None

    @cached_property
    def committed(self) -> _Entry | None:
        """The entry of this commit."""
        return next((one for one in self.of("draws/committed") if one.body["commit"] == self.digest.hex()), None)

    @cached_property
    def left_at(self) -> dict[tuple[int, int], int]:
        """Per number and seat of everybody whose seat was vacated the index of the entry that says so."""
        gone = [one for one in self.t["outcomes"] if one["outcome"] != "confirmed" and one["entry"] is not None]
        return {(one["number"], one["seat"]): one["entry"] for one in gone}

    @cached_property
    def uses(self) -> dict[tuple[str, str], list[tuple[_Entry, int]]]:
        """Per party and tip the entries that use the chain, in the order of the ledger, with the index."""
        found: dict[tuple[str, str], list[tuple[_Entry, int]]] = {}
        for entry in sorted(self.entries, key=lambda one: one.index):
            for link in entry.links:
                found.setdefault((link["party"], link["tip"]), []).append((entry, link["index"]))
        return found

    def chain(self, level: str | None, chain: str) -> Any:
        """The beacon of the policy; of any level where ``level`` is None."""
        known = (one for one in self.policy["beacons"] if one["chain"] == chain and level in (None, one["level"]))
        return next(known, None)

    def rounds(self, plan: Sequence[Any]) -> list[int]:
        """Instants of the rounds of a plan, as far as their chains are known."""
        known = ((self.chain(item["level"], item["chain"]), item["round"]) for item in plan if item["chain"])
        return [_round_at(chain, number) for chain, number in known if chain]

    def stamps(self) -> list[tuple[str, Any, int]]:
        """Name, stamp and index of the entry that it follows."""
        first = [("the stamp of the commit", self.t["stamp"], self.committed.index if self.committed else 0)]
        later = [(f"the stamp of replacement {r['number']}", r["stamp"], r["entry"]) for r in self.t["replacements"]]
        return first + [stamp for stamp in later if stamp[1]]

    def has_quorum(self, note: str, low: int = 0, high: int = 1 << 96) -> bool:
        """Whether enough operators cosigned a checkpoint, at instants from ``low`` to before ``high``."""
        checkpoint = read_checkpoint(note)
        signed = cosignatures(checkpoint, self.policy["witnesses"]) if checkpoint else []
        return len({name for name, second in signed if low <= second * SECOND < high}) >= int(self.policy["quorum"])


def _round_at(chain: Mapping[str, Any], number: int) -> int:
    return int(chain["genesis"] + (number - 1) * chain["period_s"]) * SECOND


def _index_fault(case: _Case) -> str | None:
    t, size, seats = case.t, case.commit["pool"]["size"], len(case.t["drawn"])
    quotas = len(case.commit["request"]["quotas"])
    moved = [place for item in t["replacements"] for place in item["drawn"]]
    rows = [(0, *place) for place in t["drawn"] + t["alternates"]] + moved + t["result"]["panel"]
    places = [one["position"] for one in t["outcomes"]] + [row[0] for row in t["openings"] + t["names"]]
    used = [row[0] for row in rows] + [one["seat"] for one in t["outcomes"]]
    used += [seat for item in t["replacements"] for seat in item["seats"]]
    indices = {one["entry"] for one in t["outcomes"] + t["replacements"]} - {None}
    for wrong, what in (
        (any(row[1] >= quotas for row in rows), "a quota"),
        (any(row[2] >= size for row in rows) or any(place >= size for place in places), "a position"),
        (any(seat >= seats for seat in used), "a seat"),
        (len(case.commit["alternates"]) != quotas, "a quota with alternates"),
        (not indices <= case.by_index.keys(), "an entry"),
    ):
        if wrong:
            return f"{what} that is referred to does not exist"
    return None if _ascends(row[0] for row in t["openings"]) else "the openings do not ascend by position"


def _ascends(values: Iterator[Any] | Sequence[Any]) -> bool:
    return all(one < other for one, other in pairwise(values))


# Drawing again


class _Untouched(Exception):
    """The drawing touches a position that is not opened."""


class _Lottery:
    """The lottery, ready to be drawn from. Only for one without a fault (``_lottery_faults``)."""

    def __init__(self, case: _Case) -> None:
        self._case = case
        self._lot = case.lottery
        self._block_starts: list[int] = [0]
        self._first_block: list[int] = []
        self._block_names: list[tuple[int, int]] = []
        self._of_quota: dict[int, list[int]] = {}
        for group, one in enumerate(self._lot["classes"]):
            self._first_block.append(len(self._block_names))
            self._block_names += [(group, at) for at in range(len(one["blocks"]))]
            self._block_starts += accumulate((block[0] for block in one["blocks"]), initial=self._block_starts.pop())
            for quota in one["quotas"]:
                self._of_quota.setdefault(quota, []).append(group)
        sizes = [sum(block[0] for block in one["blocks"]) for one in self._lot["classes"]]
        self.sizes, self._starts = sizes, [0, *accumulate(sizes)]
        self._sums = [list(accumulate(block[0] * block[1] for block in one["blocks"])) for one in self._lot["classes"]]
        self._cells = [cells for _, _, cells in self._lot["templates"]]
        self._limit = self._lot["unit_max"]

    def place(self, position: int) -> tuple[int, int]:
        """Class and block of an eligible position."""
        return self._block_names[bisect_right(self._block_starts, position) - 1]

    def first(self, seed: bytes) -> tuple[list[list[int]], list[list[int]]] | None:
        """Draw seats and alternates; None where no try succeeds.

        Raises:
            _Untouched: a position is needed that is not opened.
        """
        stream = Stream(seed, self._case.work)
        cells = self._cells[stream.weighted(list(accumulate(row[0] for row in self._lot["templates"])))]
        wanted = _per_class(cells)
        for _ in range(self._lot["max_tries"]):
            members = self._attempt(stream, wanted, frozenset(), limited=self._lot["method"] == "rejection")
            if members is not None:
                drawn = [[quota, position] for _, quota, position in _fill(cells, members)]
                return drawn, self._alternates(stream, {position for _, position in drawn})
        return None

    def again(
        self, value: bytes, seated: dict[int, tuple[int, int]], gone: frozenset[int]
    ) -> dict[int, list[int]] | None:
        """Draw under the condition that ``seated`` (seat to quota and position) sit and ``gone`` do not.

        Returns:
            the drawn positions per quota, in their order; None where no try succeeds.

        Raises:
            _Untouched: a position is needed that is not opened.
        """
        stream = Stream(value, self._case.work)
        kept = Counter((self.place(position)[0], quota) for quota, position in seated.values())
        members = frozenset(position for _, position in seated.values())
        sums = list(accumulate(self._conditioned(kept, members | gone)))
        if not sums[-1]:
            return None
        for _ in range(self._lot["max_tries"]):
            cells = self._cells[stream.weighted(sums)]
            left = [(group, quota, seats - kept[group, quota]) for group, quota, seats in cells]
            found = self._attempt(stream, _per_class(left), members, gone)
            if found is not None:
                per_quota: dict[int, list[int]] = {}
                for _, quota, position in _fill(left, found):
                    per_quota.setdefault(quota, []).append(position)
                return per_quota
        return None

    def _conditioned(self, kept: Counter[tuple[int, int]], away: frozenset[int]) -> Iterator[int]:
        """Weights of the templates, given that ``kept`` of each class and quota sit and ``away`` cannot be drawn."""
        is_plain = self._lot["method"] == "plain"
        common = 1
        for accept in () if is_plain else {row[1] for row in self._lot["templates"]}:
            common = lcm(common, accept)
            if common.bit_length() * len(self._cells) > MAX_WEIGHT_BITS:
                raise OverworkError
        used = Counter(self.place(position)[0] for position in away)
        for weight, accept, cells in self._lot["templates"]:
            seats = {(group, quota): number for group, quota, number in cells}
            fits = all(number <= seats.get(cell, 0) for cell, number in kept.items())
            for cell, number in kept.items():
                weight *= perm(seats.get(cell, 0), number)
            left = _per_class([(group, quota, number - kept[group, quota]) for group, quota, number in cells])
            fits = fits and all(number <= self.sizes[group] - used[group] for group, number in left)
            yield (weight if is_plain else weight * common // accept) if fits else 0

    def _attempt(
        self,
        stream: Stream,
        wanted: list[tuple[int, int]],
        seated: frozenset[int],
        gone: frozenset[int] = frozenset(),
        *,
        limited: bool = True,
    ) -> dict[int, list[int]] | None:
        """One try: members per class; None as soon as it is rejected."""
        self._case.spend(len(seated))
        units = Counter(self._unit(position) for position in seated)
        chosen: dict[int, list[int]] = {}
        taken = set(seated | gone)
        for group, count in wanted:
            members = self._without_replacement if self._lot["method"] == "plain" else self._by_weight
            chosen[group] = []
            for position in members(stream, group, count, seated):
                unit = self._unit(position)
                units[unit] += 1
                if position in taken or (limited and 0 < self._limit < units[unit]):
                    return None
                taken.add(position)
                chosen[group].append(position)
        return chosen

    def _unit(self, position: int) -> str:
        if position not in self._case.leaves:
            raise _Untouched(f"position {position} was touched and is not opened")
        return str(self._case.leaves[position][4])

    def _without_replacement(self, stream: Stream, group: int, count: int, seated: frozenset[int]) -> Iterator[int]:
        start = self._starts[group]
        blocked = sorted(one - start for one in seated if start <= one < self._starts[group + 1])
        swapped: dict[int, int] = {}
        for place in range(count):
            other = place + stream.below(self.sizes[group] - len(blocked) - place)
            member = swapped.get(other, other)
            swapped[other] = swapped.get(place, place)
            yield start + _free(member, blocked)

    def _by_weight(self, stream: Stream, group: int, count: int, seated: frozenset[int]) -> Iterator[int]:
        sums, blocks = self._sums[group], self._lot["classes"][group]["blocks"]
        for _ in range(count):
            point = stream.below(sums[-1])
            block = bisect_right(sums, point)
            start = self._block_starts[self._first_block[group] + block]
            yield start + (point - (sums[block - 1] if block else 0)) // blocks[block][1]

    def _alternates(self, stream: Stream, taken: set[int]) -> list[list[int]]:
        found: list[list[int]] = []
        for quota in range(len(self._case.commit["request"]["quotas"])):
            groups = self._of_quota.get(quota, [])
            for _ in range(self._case.commit["alternates"][quota]):
                self._case.spend((len(groups) + 1) * (len(taken) + 1))
                blocked = [sorted(p - self._starts[at] for p in taken if self.place(p)[0] == at) for at in groups]
                free = [self.sizes[at] - len(away) for at, away in zip(groups, blocked, strict=True)]
                if not sum(free):
                    break
                sums = list(accumulate(free))
                point = stream.below(sums[-1])
                at = bisect_right(sums, point)
                position = self._starts[groups[at]] + _free(point - sums[at] + free[at], blocked[at])
                self._unit(position)
                taken.add(position)
                found.append([quota, position])
        return found


def _free(number: int, blocked: Sequence[int]) -> int:
    """The number-th of 0, 1, 2 ... that is not blocked (ascending)."""
    for one in blocked:
        if one > number:
            break
        number += 1
    return number


def _per_class(cells: Sequence[Any]) -> list[tuple[int, int]]:
    counts: dict[int, int] = {}
    for group, _, seats in cells:
        counts[group] = counts.get(group, 0) + seats
    return list(counts.items())


def _fill(cells: Sequence[Any], members: Mapping[int, Sequence[int]]) -> list[tuple[int, int, int]]:
    """Class, quota and position of each seat of the cells, taken by the members of the class in their order."""
    queues = {group: iter(found) for group, found in members.items()}
    return [(group, quota, next(queues[group])) for group, quota, seats in cells for _ in range(seats)]


# The rules: each yields a sentence for every fault that it finds

_Faults = Iterator[str]


def _xd03(case: _Case) -> _Faults:
    for where, protocol, suite in (
        ("the transcript", case.t["protocol"], SUITE),
        ("the committed body", case.commit["protocol"], case.commit["suite"]),
        ("the policy", PROTOCOL, case.policy["suite"]),
    ):
        if protocol != PROTOCOL:
            yield f"{where} is of an unknown protocol"
        if suite != SUITE:
            yield f"{where} names an unknown suite"


def _xd04(case: _Case) -> _Faults:
    if case.commit["policy"] != h("policy", canonical(case.policy)).hex():
        yield "the draw was committed under another policy than the given one"
    if case.policy["packs"] and case.commit["request"]["pack_hash"] not in case.policy["packs"]:
        yield "the rule pack is not among those of the policy"


def _xd05(case: _Case) -> _Faults:
    rest = {key: value for key, value in case.t.items() if key != "digest"}
    if h("transcript", canonical(rest)).hex() != case.t["digest"]:
        yield "the digest is not that of the transcript"


def _xd06(case: _Case) -> _Faults:
    commit, signatures = case.commit, case.t["signatures"]
    if case.committed is None:
        yield "no ledger entry commits this body"
    else:
        said = {key: commit[key] for key in ("subject", "attempt", "policy")}
        said |= signatures | {"commit": case.digest.hex(), "links": commit["parties"]}
        if case.committed.body != said:
            yield "the ledger entry of the commitment says something else than the body and its signatures"
    for party, signature in signatures.items():
        if not is_party_signed(case.policy["parties"][party], "commit", case.digest, signature):
            yield f"the signature of the {party} is not good"
    if commit["lottery"] != h("lottery", canonical(case.lottery)).hex():
        yield "the lottery is not the committed one"


def _xd07(case: _Case) -> _Faults:
    close = case.close
    if close is None or not is_logged(close, case.policy["log"]):
        yield "the closing checkpoint is not signed by the log of the policy"
        return
    for name, stamp, index in case.stamps():
        checkpoint = read_checkpoint(stamp["checkpoint"])
        if checkpoint is None or not is_logged(checkpoint, case.policy["log"]):
            yield f"{name} is not signed by the log of the policy"
            continue
        if checkpoint.size <= index:
            yield f"{name} does not cover its entry"
        proof = [bytes.fromhex(one) for one in stamp["consistency"]]
        if not is_consistent((checkpoint.size, checkpoint.root), (close.size, close.root), proof):
            yield f"{name} is not an earlier state of the ledger that the transcript closes with"
    for entry in case.entries:
        leaf, proof = hashlib.sha256(b"\x00" + entry.text).digest(), [bytes.fromhex(one) for one in entry.proof]
        if not is_included((entry.index, close.size), leaf, proof, close.root, ledger_node):
            yield f"entry {entry.index} does not stand in the ledger"
    if not _ascends([entry.index for entry in case.entries]):
        yield "the entries do not ascend"
    if any(one.at > other.at for one, other in pairwise(case.entries)):
        yield "the instants of the entries do not ascend"


def _xd08(case: _Case) -> _Faults:
    notes = [(name, stamp["checkpoint"]) for name, stamp, _ in case.stamps()]
    for name, note in [*notes, ("the closing checkpoint", case.t["close"])]:
        if not case.has_quorum(note):
            yield f"{name} lacks the cosignatures of {case.policy['quorum']} witness operators"


def _xd09(case: _Case) -> _Faults:
    made = instant(case.commit["committed_at"])
    for place, at in enumerate(case.rounds(case.commit["plan"])):
        if made >= at or (case.committed and case.committed.at >= at):
            yield f"the commitment was not made before round {place + 1} of the plan"
        if not case.has_quorum(case.t["stamp"]["checkpoint"], high=at):
            yield f"no quorum of witnesses saw the commitment before round {place + 1} of the plan"
        if place == 0 and at - made > case.policy["max_lead_s"] * SECOND:
            yield "the first round of the plan is later than the policy allows"


def _xd10(case: _Case) -> _Faults:
    made, latest, slack = (
        instant(case.commit["committed_at"]),
        case.commit["latest"],
        case.policy["max_clock_s"] * SECOND,
    )
    if latest:
        chain = case.chain(None, latest["chain"])
        if chain is None or not _is_round_genuine(chain, latest):
            yield "the latest round known at the commitment is not genuine"
        elif not 0 <= made - _round_at(chain, latest["round"]) <= case.policy["max_lead_s"] * SECOND:
            yield "the latest round known does not lie shortly before the commitment"
    if case.committed:
        at = case.committed.at
        if abs(at - made) > slack:
            yield "body and entry of the commitment disagree about the time"
        if not case.has_quorum(case.t["stamp"]["checkpoint"], at - slack, at + slack + 1):
            yield "entry and witnesses of the commitment disagree about the time"
    last = max((entry.at for entry in case.entries), default=0)
    if not case.has_quorum(case.t["close"], low=last - slack):
        yield "an entry lies later than the witnesses of the closing checkpoint"


def _is_round_genuine(chain: Mapping[str, Any], beacon: Mapping[str, Any]) -> bool:
    said = (beacon["round"], beacon["signature"], beacon["previous"])
    return is_genuine(chain["scheme"], chain["public_key"], *said)


def _xd11(case: _Case) -> _Faults:
    pool = case.commit["pool"]
    root = bytes.fromhex(pool["root"])
    for position, leaf, proof in case.t["openings"]:
        path = [bytes.fromhex(one) for one in proof]
        if not is_included((position, pool["size"]), h("leaf", canonical(leaf)), path, root, pool_node):
            yield f"the leaf opened at position {position} is not the committed one"


def _xd12(case: _Case) -> _Faults:
    faults = case.lottery_faults
    yield from faults
    if not faults:
        yield from _leaf_faults(case, _Lottery(case))


def _lottery_faults(case: _Case) -> _Faults:
    lot, commit = case.lottery, case.commit
    quotas = [one["count"] for one in commit["request"]["quotas"]]
    sizes = [sum(block[0] for block in one["blocks"]) for one in lot["classes"]]
    if sum(quotas) != lot["seats"] or not quotas:
        yield "the seats of the quotas are not those of the lottery"
    if sum(sizes) != commit["pool"]["eligible"] or commit["pool"]["eligible"] > commit["pool"]["size"]:
        yield "the classes do not hold the eligible candidates"
    if any(not size for size in sizes):
        yield "a class has no members"
    listed = Counter(dict.fromkeys(range(len(quotas)), 0))
    for one, size in zip(lot["classes"], sizes, strict=True):
        listed.update(dict.fromkeys(one["quotas"], size))
    if len(listed) != len(quotas) or not all(_ascends(one["quotas"]) for one in lot["classes"]):
        yield "a class lists quotas that do not exist or do not ascend"
    elif [listed[quota] for quota in range(len(quotas))] != commit["eligible"]:
        yield "the eligible candidates per quota are not those of the classes"
    yield from _template_faults(lot, quotas, sizes)
    yield from _count_faults(case)


def _template_faults(lot: Any, quotas: list[int], sizes: list[int]) -> _Faults:
    allowed = {(group, quota) for group, one in enumerate(lot["classes"]) for quota in one["quotas"]}
    if not lot["templates"]:
        yield "the lottery has no template"
    for number, (_, _, cells) in enumerate(lot["templates"]):
        if not _ascends([cell[:2] for cell in cells]) or not {(cell[0], cell[1]) for cell in cells} <= allowed:
            yield f"template {number} has cells that do not ascend or are not allowed"
            return
        seats: Counter[int] = Counter()
        for _, quota, count in cells:
            seats[quota] += count
        if [seats[quota] for quota in range(len(quotas))] != quotas:
            yield f"template {number} does not seat the quotas"
        if any(count > sizes[group] for group, count in _per_class(cells)):
            yield f"template {number} takes more members than a class has"
    weights = {block[1] for one in lot["classes"] for block in one["blocks"]} | {1}
    if lot["method"] == "plain" and (weights != {1} or any(row[1] != ONE for row in lot["templates"])):
        yield "a plain lottery has weighted members or rejects"


def _count_faults(case: _Case) -> _Faults:
    lot, pool, excluded = case.lottery, case.commit["pool"], case.commit["excluded"]
    used = {cell[0] for row in lot["templates"] for cell in row[2]}
    if lot["never"] != sum(
        block[0] for at, one in enumerate(lot["classes"]) if at not in used for block in one["blocks"]
    ):
        yield "the candidates without a chance are not counted"
    if not _ascends(lot["edges"]) or any(not one < other < pool["eligible"] for one, other in lot["edges"]):
        yield "the edges do not ascend or name nobody"
    if not _ascends([row[0] for row in excluded["shown"]]) or any(
        row[1] > pool["size"] - pool["eligible"] for row in excluded["shown"]
    ):
        yield "the exclusions do not ascend or are more than the excluded"
    yield from _inclusion_faults(lot)


def _inclusion_faults(lot: Any) -> _Faults:
    """The stated chances add up to the seats; those of a plain lottery are recomputed."""
    total, size = (
        sum(row[0] for row in lot["templates"]),
        sum(block[0] for one in lot["classes"] for block in one["blocks"]),
    )
    stated = sum(block[0] * block[2] for one in lot["classes"] for block in one["blocks"])
    if abs(stated - lot["seats"] * PARTS) > size + lot["seats"] * TOLERANCE:
        yield "the stated chances do not add up to the seats"
    seats: Counter[int] = Counter()
    for weight, _, cells in lot["templates"]:
        for group, _, count in cells:
            seats[group] += weight * count
    for group, one in enumerate(lot["classes"]):
        whole = total * sum(block[0] for block in one["blocks"])
        wrong = any(abs(block[2] * whole - seats[group] * PARTS) > TOLERANCE * whole for block in one["blocks"])
        if wrong and (lot["method"] == "plain" or not seats[group]):
            yield f"the stated chances of class {group} are not those of the templates"


def _leaf_faults(case: _Case, lottery: _Lottery) -> _Faults:
    eligible = case.commit["pool"]["eligible"]
    places = {}
    for position, (pid, _, group, block, unit, name, grounds) in case.leaves.items():
        stands = lottery.place(position) if position < eligible else (None, None)
        places[position] = (stands, pid)
        is_whole = unit and name and not grounds if position < eligible else not unit and not name and grounds
        if (group, block) != stands or not is_whole or not _ascends(grounds):
            yield f"the leaf opened at position {position} does not stand in its class and block"
    if any(one[0] == other[0] and one[1] >= other[1] for one, other in pairwise(places.values())):
        yield "opened leaves of one block do not ascend"
    if len({pid for _, pid in places.values()}) != len(places):
        yield "one candidate stands at two positions"


def _xd13(case: _Case) -> _Faults:
    order = [*case.commit["previous"], case.digest.hex()]
    if case.commit["attempt"] != len(order):
        yield "the number of the attempt does not follow from the previous ones"
    places = {digest: number for number, digest in enumerate(order, start=1)}
    if len(places) != len(order):
        yield "an attempt is listed twice"
    seen: dict[str, int] = {}
    for entry in case.entries:
        if entry.kind != "draws/committed" or entry.body["subject"] != case.commit["subject"]:
            continue
        digest = entry.body["commit"]
        seen.setdefault(digest, entry.index)
        if digest not in places:
            yield f"entry {entry.index} commits an attempt that is not listed"
        elif entry.body["attempt"] != places[digest]:
            yield f"entry {entry.index} gives its attempt another number"
    if not seen.keys() >= places.keys():
        yield "the entry of a previous attempt is missing"
    elif not _ascends([seen[digest] for digest in order]):
        yield "the attempts do not ascend in the ledger"
    if not set(case.published) <= places.keys():
        yield "a published commitment of this lot is not listed"


def _xd14(case: _Case) -> _Faults:
    names = [one["party"] for one in case.commit["parties"]]
    if names[:2] != ["centre", "supervisor"] or not _ascends(names[2:]) or len(set(names)) != len(names):
        yield "the parties are not the centre, the supervisor and others in order"
    if not set(names) <= case.policy["parties"].keys():
        yield "a party is not in the policy"
    for part in (case.t["seed"], *case.t["replacements"]):
        needed = case.policy["min_parties_alone" if part["level"] == "parties" else "min_parties"]
        if part["level"] and len(names) < needed:
            yield f"the policy asks for {needed} parties at the level {part['level']}"


def _xd15(case: _Case) -> _Faults:
    yield from _opening_faults(case, case.commit["parties"], case.t["seed"])
    for entry in (case.committed, *(case.by_index[item["entry"]] for item in case.t["replacements"])):
        for link in entry.links if entry else ():
            fault = _origin_fault(case, entry.index, link) if entry else None
            if fault:
                yield fault
    for (party, _), used in case.uses.items():
        if not _ascends([index for _, index in used]):
            yield f"a link of {json.dumps(party)} was used twice or out of order"


def _opening_faults(case: _Case, parties: Sequence[Any], used: Any) -> _Faults:
    """Faults of opened links: one per party, each giving its tip."""
    names = [one["party"] for one in parties]
    if used["links"].keys() != set(names):
        yield "the opened links are not those of the parties"
        return
    if not _ascends(used["escrowed"]) or not set(used["escrowed"]) <= set(names):
        yield "the links opened by escrow are not of the parties"
    for one in parties:
        case.spend(one["index"])
        value = bytes.fromhex(used["links"][one["party"]])
        for _ in range(one["index"]):
            value = h("link", value)
        if value.hex() != one["tip"]:
            yield f"the link of {json.dumps(one['party'])} does not give its tip"


def _origin_fault(case: _Case, index: int, link: Mapping[str, Any]) -> str | None:
    party = json.dumps(link["party"])
    earlier = [use for use in case.uses[link["party"], link["tip"]] if use[0].index < index]
    if not earlier or earlier[-1][1] != link["index"] - 1:
        return f"the entry before link {link['index']} of {party} is not that of the link before"
    first = earlier[0][0]
    if first.kind == "draws/chain-registered":
        if first.body["key"] != case.policy["parties"].get(link["party"]) or first.subject != link["party"]:
            return f"the chain of {party} was registered with another key than the pinned one"
        if link["index"] > first.body["length"]:
            return f"the chain of {party} is shorter than its link {link['index']}"
    return None


def _xd16(case: _Case) -> _Faults:
    start = case.committed.index if case.committed else 0
    end = min((entry.index for entry in case.of("draws/drawn") if entry.index > start), default=SAFE_INTEGER)
    yield from _beacon_faults(case, case.commit["plan"], case.t["seed"], (start, end))


def _beacon_faults(case: _Case, plan: Sequence[Any], used: Any, span: tuple[int, int]) -> _Faults:
    levels = [item["level"] for item in plan]
    if len(set(levels)) != len(levels) or "parties" in levels[:-1]:
        yield "a level stands twice in the plan or after the last resort"
    if any(item["chain"] and not case.chain(item["level"], item["chain"]) for item in plan):
        yield "a chain of the plan is not in the policy"
    if used["level"] not in levels:
        yield "the level of the seed is not in the plan"
        return
    place = levels.index(used["level"])
    made = [one for one in case.of("draws/fallback") if span[0] < one.index < span[1]]
    for item, following in zip(plan[:place], levels[1:], strict=False):
        late = [one.at for one in made if one.body == {"from": item["level"], "to": following}]
        if not any(at > instant(item["deadline"]) for at in late if item["deadline"]):
            yield f"no entry made after the deadline of the level {item['level']} falls back from it"
    item, beacon = plan[place], used["beacon"]
    if item["chain"] is None or beacon is None:
        if item["chain"] or beacon:
            yield "the seed has a beacon where the plan has none, or none where it has one"
    elif (beacon["chain"], beacon["round"]) != (item["chain"], item["round"]):
        yield "the seed uses another chain or round than the plan"
    elif (chain := case.chain(item["level"], item["chain"])) and not _is_round_genuine(chain, beacon):
        yield "the beacon round is not genuine"


def _seed_parts(parties: Sequence[Any], used: Any) -> list[bytes]:
    links = [bytes.fromhex(used["links"].get(one["party"], "")) for one in parties]
    beacon = used["beacon"]
    if beacon is None:
        return [*links, used["level"].encode(), b"", b"", b""]
    randomness = hashlib.sha256(bytes.fromhex(beacon["signature"])).digest()
    return [*links, used["level"].encode(), bytes.fromhex(beacon["chain"]), u64(beacon["round"]), randomness]


def _xd17(case: _Case) -> _Faults:
    value = h("seed", case.digest, *_seed_parts(case.commit["parties"], case.t["seed"])).hex()
    if value != case.t["seed"]["value"]:
        yield "the seed does not follow from the commitment, the links and the beacon"
    drawn = case.of("draws/drawn")
    if [one.body for one in drawn] != [{"commit": case.digest.hex(), "seed": value}]:
        yield "the ledger does not hold exactly this seed for the draw"
    elif case.committed and drawn[0].index < case.committed.index:
        yield "the seed stands in the ledger before the commitment"


def _xd18(case: _Case) -> _Faults:
    if case.lottery_faults:
        return
    try:
        found = _Lottery(case).first(bytes.fromhex(case.t["seed"]["value"]))
    except _Untouched as error:
        yield str(error)
        return
    if found is None:
        yield "the seed gives no panel within the allowed tries"
    elif found[0] != case.t["drawn"]:
        yield "the seed gives other members than those drawn"
    elif found[1] != case.t["alternates"]:
        yield "the seed gives other alternates"
    if case.commit["replacement"] == "fresh_seed" and any(case.commit["alternates"]):
        yield "there are alternates although each replacement has a seed of its own"


def _xd19(case: _Case) -> _Faults:
    outcomes = [(one["number"], one["seat"], one["position"]) for one in case.t["outcomes"]]
    if outcomes != sorted(case.persons) or not _ascends([one[:2] for one in outcomes]):
        yield "the outcomes are not one for each drawn person, in order"
        return
    starts = {0: min((entry.index for entry in case.of("draws/drawn")), default=SAFE_INTEGER)}
    for entry in case.of("draws/replaced"):
        starts.setdefault(entry.body["number"], entry.index)
    for person, one in zip(outcomes, case.t["outcomes"], strict=True):
        yield from _outcome_faults(case, person, one, starts.get(person[0], SAFE_INTEGER))


def _outcome_faults(case: _Case, person: tuple[int, int, int], one: Any, start: int) -> _Faults:
    number, seat, position = person
    who = f"the person drawn for seat {seat} in drawing {number}"
    entry = case.by_index.get(one["entry"])
    kind = "draws/accepted" if one["outcome"] == "confirmed" else f"draws/{one['outcome']}"
    if entry is None:
        if not case.is_void or one["outcome"] != "confirmed":
            yield f"no entry holds the outcome of {who}"
    elif entry not in case.about(kind, person):
        yield f"the entry does not say the outcome of {who}"
    end = entry.index if entry else SAFE_INTEGER
    if not any(start < invited.index < end for invited in case.about("draws/invited", person)):
        yield f"{who} was not invited between drawing and outcome"
    others = [other for kind in VACATING for other in case.about(f"draws/{kind}", person)]
    if others != ([] if one["outcome"] == "confirmed" else [entry]):
        yield f"{who} has another outcome in the ledger"
    sits = case.seatings[-1].get(seat, (0, 0, 0))
    if one["outcome"] == "confirmed" and (sits[0], sits[2]) != (number, position):
        yield f"{who} is confirmed and was replaced"


def _xd20(case: _Case) -> _Faults:
    for one in case.t["outcomes"]:
        if not _is_evident(case, one):
            yield f"there is no good evidence for the outcome of seat {one['seat']} in drawing {one['number']}"


def _is_evident(case: _Case, one: Any) -> bool:
    person, evidence = (one["number"], one["seat"], one["position"]), one["evidence"]
    entry = case.by_index.get(one["entry"])
    if evidence is None:
        return one["outcome"] == "confirmed" or (one["outcome"] == "no-answer" and _was_tried(case, person, entry))
    if entry is None:
        return False
    if "supervisor" in evidence:
        digest = h("outcome", case.digest, *(u64(number) for number in person), one["outcome"].encode())
        key = case.policy["parties"]["supervisor"]
        return one["outcome"] in SUPERVISED and is_party_signed(key, "outcome", digest, evidence["supervisor"])
    if "code" in evidence:
        code = hashlib.sha256(evidence["code"].encode()).hexdigest()
        codes = {invited.body["code"] for invited in case.about("draws/invited", person) if invited.index < entry.index}
        return one["outcome"] in ("confirmed", "declined", "withdrawn") and code in codes
    return one["outcome"] in ("declined", "withdrawn", "no-answer") and _is_recorded(case, one, entry)


def _was_tried(case: _Case, person: tuple[int, int, int], entry: _Entry | None) -> bool:
    """Whether enough attempts and time lie between the invitation and the entry that says there was no answer."""
    if entry is None:
        return False
    for invited in case.about("draws/invited", person):
        tries = {
            one.body["attempt"]
            for one in case.about("draws/attempted", person)
            if invited.index < one.index < entry.index
        }
        waited = entry.at - invited.at >= case.policy["answer_s"] * SECOND
        if waited and len(tries) >= case.policy["attempts"]:
            return True
    return False


def _is_recorded(case: _Case, one: Any, entry: _Entry) -> bool:
    """Whether a gateway of the policy signed a record of this very outcome, made after the invitation."""
    evidence, slack = one["evidence"], case.policy["max_clock_s"] * SECOND
    record = evidence["record"].encode()
    try:
        said = parse(record)
        if misfit(said, _RECORD) or canonical(said) != record:
            return False
    except ValueError:
        return False
    expected = {"at": said["at"], "draw": case.commit["draw"], "outcome": one["outcome"]}
    invited = case.about("draws/invited", (one["number"], one["seat"], one["position"]))
    return (
        said == expected | {key: one[key] for key in _SEATED}
        and bool(invited)
        and invited[0].at - slack <= instant(said["at"]) <= entry.at + slack
        and evidence["gateway"] in case.policy["gateways"]
        and is_party_signed(
            case.policy["gateways"][evidence["gateway"]], "gateway", h("record", record), evidence["signature"]
        )
    )


def _xd21(case: _Case) -> _Faults:
    fault = _numbering_fault(case)
    if fault:
        yield fault
        return
    reserve = [(quota, position) for quota, position in case.t["alternates"]]
    for item in case.t["replacements"]:
        yield from _replacement_faults(case, item, reserve)


def _numbering_fault(case: _Case) -> str | None:
    items = case.t["replacements"]
    wanted = list(range(1, len(items) + 1))
    if [item["number"] for item in items] != wanted:
        return "the replacements are not numbered 1, 2, 3 and so on"
    for kind in ("draws/vacated", "draws/replaced"):
        numbers = [entry.body["number"] for entry in case.of(kind)]
        if numbers[: len(items)] != wanted or (len(numbers) > len(items) and not case.is_void):
            return f"the entries {kind} are not one for each replacement, in order"
    if sum(len(item["seats"]) for item in items) > case.policy["max_skips"]:
        return "more seats were filled again than the policy allows to be vacated"
    return None


def _replacement_faults(case: _Case, item: Any, reserve: list[tuple[int, int]]) -> _Faults:
    number, is_fresh = item["number"], item["links"] is not None
    entry, replaced = case.of("draws/vacated")[number - 1], case.of("draws/replaced")[number - 1]
    if item["entry"] != entry.index or entry.body["seats"] != item["seats"]:
        yield f"the entry of replacement {number} does not say that its seats were vacated"
    before = case.seatings[number - 1]
    away = [seat for seat in sorted(before) if case.left_at.get((before[seat][0], seat), SAFE_INTEGER) < entry.index]
    if item["seats"] != away or not away:
        yield f"replacement {number} does not fill exactly the seats that were vacated"
    earlier = case.of("draws/replaced")[number - 2].index if number > 1 else 0
    if not earlier < entry.index < replaced.index or replaced.body["seed"] != item["value"]:
        yield f"the ledger does not hold the seed of replacement {number} between the entries before and after it"
    if is_fresh != (case.commit["replacement"] == "fresh_seed"):
        yield f"replacement {number} is not made in the committed way"
    elif is_fresh:
        yield from _fresh_faults(case, item, entry, (entry.index, replaced.index))
        found = _drawn_again(case, item)
    else:
        if entry.links or entry.body["plan"] or item["escrowed"]:
            yield f"replacement {number} takes the next in order and names links or a plan"
        found = _taken_in_order(case, item, reserve)
    if found != item["drawn"]:
        yield found if isinstance(found, str) else f"replacement {number} gives other members than those drawn"


def _fresh_faults(case: _Case, item: Any, entry: _Entry, span: tuple[int, int]) -> _Faults:
    number, links = item["number"], entry.links
    last = case.of("draws/vacated")[number - 2].links if number > 1 else case.commit["parties"]
    escrowed = (case.t["replacements"][number - 2] if number > 1 else case.t["seed"])["escrowed"]
    if [one["party"] for one in links] != [one["party"] for one in last]:
        yield f"replacement {number} has other parties"
    elif any(
        one["index"] <= old["index"] if one["tip"] == old["tip"] else one["party"] not in escrowed
        for one, old in zip(links, last, strict=True)
    ):
        yield f"the links of replacement {number} do not continue the chains"
    yield from _opening_faults(case, links, item)
    for at in case.rounds(entry.body["plan"]):
        if entry.at >= at or not case.has_quorum(item["stamp"]["checkpoint"], high=at):
            yield f"the vacancy of replacement {number} was not in the ledger before its round"
    yield from _beacon_faults(case, entry.body["plan"], item, span)
    parts = _seed_parts(links, item)
    if h("replace", bytes.fromhex(case.t["seed"]["value"]), u64(number), *parts).hex() != item["value"]:
        yield f"the seed of replacement {number} does not follow from its links and its beacon"


def _drawn_again(case: _Case, item: Any) -> list[list[int]] | str:
    if case.lottery_faults:
        return list(item["drawn"])
    before = case.seatings[item["number"] - 1]
    seated = {seat: place[1:] for seat, place in before.items() if seat not in item["seats"]}
    drawn = {position for number, _, position in case.persons if number < item["number"]}
    if max(drawn, default=0) >= case.commit["pool"]["eligible"]:
        return "somebody was drawn who is not eligible"
    gone = drawn - {position for _, position in seated.values()}
    try:
        found = _Lottery(case).again(bytes.fromhex(item["value"]), seated, frozenset(gone))
    except _Untouched as error:
        return str(error)
    queues = {quota: iter(positions) for quota, positions in (found or {}).items()}
    quotas = [(seat, before[seat][1]) for seat in item["seats"]]
    return [[seat, quota, next(queues.get(quota, iter(())), -1)] for seat, quota in quotas]


def _taken_in_order(case: _Case, item: Any, reserve: list[tuple[int, int]]) -> list[list[int]] | str:
    before = case.seatings[item["number"] - 1]
    members = [place[2] for seat, place in before.items() if seat not in item["seats"]]
    found = []
    for seat in item["seats"]:
        for one in [one for one in reserve if one[0] == before[seat][1]]:
            reserve.remove(one)
            if case.conflict([*members, one[1]]) is None:
                members.append(one[1])
                found.append([seat, *one])
                break
        else:
            return f"no alternate is left for seat {seat}"
    return found


def _xd22(case: _Case) -> _Faults:
    for number, seating in enumerate(case.seatings):
        fault = case.conflict([place[2] for place in seating.values()])
        if fault:
            yield f"after drawing {number}: {fault}"
    if len({person[2] for person in case.persons}) != len(case.persons):
        yield "one candidate was drawn twice"


def _xd23(case: _Case) -> _Faults:
    holders = case.seatings[-1]
    skips = sum(one["outcome"] != "confirmed" for one in case.t["outcomes"])
    if skips > case.policy["max_skips"] and not case.is_void:
        yield f"{skips} seats were vacated and the result is {case.t['result']['state']}"
    voided = [{"commit": case.digest.hex(), "skips": skips}] if case.is_void else []
    if [entry.body for entry in case.of("draws/voided")] != voided:
        yield "the ledger does not say of a void draw that it is void, or says it of another"
    panel = [] if case.is_void else [[seat, *holders[seat][1:]] for seat in sorted(holders)]
    if case.t["result"]["panel"] != panel:
        yield "the panel is not made of those who sit in the end"
    wanted = {quota: one["count"] for quota, one in enumerate(case.commit["request"]["quotas"])}
    if Counter(place[1] for place in holders.values()) != Counter(wanted):
        yield "the seats are not those of the quotas"
    if not case.is_void and any((place[0], seat) in case.left_at for seat, place in holders.items()):
        yield "a seat of the panel was vacated and not filled again"


def _xd24(case: _Case) -> _Faults:
    if not _ascends([row[0] for row in case.t["names"]]):
        yield "the names do not ascend by position"
    for position, name, salt in case.t["names"]:
        leaf = case.leaves.get(position)
        if leaf is None or leaf[5] != h("name", bytes.fromhex(salt), name.encode()).hex():
            yield f"the name at position {position} does not open its leaf"


def _xd25(case: _Case) -> _Faults:
    if case.published and case.digest.hex() not in case.published:
        yield "the commitment is not the published one"


# fmt: off
_RULES = tuple((rule.__name__.replace("_xd", "XD-"), rule) for rule in (
    _xd03, _xd04, _xd05, _xd06, _xd07, _xd08, _xd09, _xd10, _xd11, _xd12, _xd13, _xd14, _xd15, _xd16, _xd17, _xd18,
    _xd19, _xd20, _xd21, _xd22, _xd23, _xd24, _xd25,
))
# fmt: on


def _notes(case: _Case) -> Iterator[str]:
    parts = [("the seed", case.commit["plan"], case.t["seed"])]
    for item in case.t["replacements"]:
        parts.append((f"replacement {item['number']}", case.by_index[item["entry"]].body.get("plan"), item))
    for name, plan, part in parts:
        if part["level"] is None:
            yield f"{name} takes the next in order: the name could be foreseen"
            continue
        yield f"assurance level of {name}: {part['level']}"
        if plan and plan[0]["level"] != part["level"]:
            yield f"{name} fell back from the level {plan[0]['level']}: look up whether its round came out in time"
        for party in part["escrowed"]:
            yield f"the link of {json.dumps(party)} for {name} was opened by escrow"
    skips = sum(one["outcome"] != "confirmed" for one in case.t["outcomes"])
    if case.is_void and skips <= case.policy["max_skips"]:
        yield f"the draw was voided although only {skips} seats were vacated: look at the attempt that follows"
    if case.commit["latest"] is None:
        yield "no beacon round shows that the body was not written long before its date"


def _read(transcript: bytes, policy: bytes, published: Sequence[str]) -> _Case | Finding:
    try:
        found = parse(transcript)
        if canonical(found) != transcript:
            return Finding("XD-01", "the transcript is not its canonical form")
    except ValueError:
        return Finding("XD-01", "the transcript is not canonical JSON of the allowed kind and size")
    fault = misfit(found, _TRANSCRIPT)
    if fault is None and max(len(found["drawn"]), len(found["replacements"])) > MAX_SEATS:
        fault = "there are too many seats or replacements"
    if fault:
        return Finding("XD-02", fault)
    try:
        trusted = parse(policy)
        fault = misfit(trusted, _POLICY) or _policy_fault(trusted)
        canonical(trusted)
    except ValueError:
        fault = "it is not JSON of the allowed kind"
    if fault:
        return Finding("XD-04", f"the policy cannot be used: {fault}")
    try:
        case = _Case(found, trusted, published)
    except ValueError as error:
        return Finding("XD-02", _plain(str(error)))
    fault = _index_fault(case)
    return Finding("XD-02", fault) if fault else case


def _policy_fault(policy: Any) -> str | None:
    names = [one["name"] for one in policy["witnesses"]]
    if not {"centre", "supervisor"} <= policy["parties"].keys():
        return "the centre and the supervisor have no keys"
    return "a witness stands in it twice" if len(set(names)) != len(names) else None


def _failures(case: _Case) -> Iterator[Finding]:
    for name, rule in _RULES:
        try:
            fault = next(rule(case), None)
        except OverworkError:
            fault = "to check it takes more work than an honest draw"
        if fault:
            yield Finding(name, fault)


def findings(transcript: bytes, policy: bytes, commitments: Sequence[str] = ()) -> Iterator[Finding]:
    """Yield the rules that fail, one after the other, as ``verify`` lists them; stop early and save the rest.

    Source: XD-1, section 10
    """
    case = _read(transcript, policy, commitments)
    if isinstance(case, Finding):
        yield case
    else:
        yield from _failures(case)


def verify(transcript: bytes, policy: bytes, commitments: Sequence[str] = ()) -> Verdict:
    """Check a transcript by every rule of the protocol.

    Args:
        transcript: its bytes.
        policy: bytes of the policy that the reader trusts.
        commitments: digests of all commitments that were published for this lot, as far as the reader knows.

    Raises:
        ImportError: a beacon took part and py_ecc is not installed.

    Source: XD-1, section 10
    """
    case = _read(transcript, policy, commitments)
    if isinstance(case, Finding):
        return Verdict(False, (case,), ())
    found = tuple(_failures(case))
    return Verdict(not found, found, tuple(_notes(case)))


def _plain(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode().replace("\n", " ")


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verifier on files and print what it finds. Returns the exit code. Source: XD-1, section 10."""
    parser = argparse.ArgumentParser(
        prog="verify_draw.py", description="Verify the transcript of an expert draw (XD-1)."
    )
    parser.add_argument("transcript")
    parser.add_argument("--policy", required=True, help="keys and limits that you trust")
    parser.add_argument(
        "--commitment", action="append", default=[], help="digest of a commitment published for this lot"
    )
    options = parser.parse_args(arguments)
    try:
        transcript, policy = _content(options.transcript), _content(options.policy)
        verdict = verify(transcript, policy, [one.strip().lower() for one in options.commitment])
    except OSError as error:
        print(f"a file cannot be read: {_plain(str(error))}")
        return 2
    except ImportError:
        print("a beacon took part in this draw; to check it, install py_ecc: pip install py_ecc")
        return 2
    for finding in verdict.findings:
        print(f"{finding.rule}: {finding.message}")
    for note in verdict.notes:
        print(f"note: {note}")
    print(f"draw verified: {'PASS' if verdict.ok else 'FAIL'}")
    return 0 if verdict.ok else 1


if __name__ == "__main__":
    sys.exit(main())
