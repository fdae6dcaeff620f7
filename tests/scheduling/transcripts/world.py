"""Who and what takes part in a draw: parties with keys and hash chains, a ledger with a log and witnesses, beacons.

Written from docs/protocol/draw.md alone and apart from the verifier, so that each checks the other. Slow and plain on
purpose: trees are recursive definitions, nothing is kept that can be computed again.
"""

import base64
import hashlib
import json
import struct
import sys
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_LIMIT = sys.getrecursionlimit()
from py_ecc.bls.hash_to_curve import hash_to_G1, hash_to_G2  # noqa: E402
from py_ecc.bls.point_compression import compress_G1, compress_G2  # noqa: E402
from py_ecc.optimized_bls12_381 import G1, G2, curve_order, multiply  # noqa: E402

# The package raises the limit of the whole process, which then no longer guards the stack of other tests.
sys.setrecursionlimit(_LIMIT)

ORIGIN = "ledger.example/hub"
CHAIN_LENGTH = 12
PERIOD_S = 60
GENESIS = 1_599_998_400


def h(tag, *parts):
    """Digest of a tag and parts, each led by its length."""
    text = b""
    for part in (tag.encode(), *parts):
        text += struct.pack(">Q", len(part)) + part
    return hashlib.sha256(text).digest()


def u64(number):
    return struct.pack(">Q", number)


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def instant(seconds):
    """Text of an instant; a fraction is written with six decimals."""
    whole = datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return whole + (f".{round(seconds % 1 * 10**6):06}Z" if seconds % 1 else "Z")


class Key:
    """An Ed25519 key that follows from a label."""

    def __init__(self, label):
        self._key = Ed25519PrivateKey.from_private_bytes(h("test-key", label.encode()))
        self.public = self._key.public_key().public_bytes_raw()

    def raw(self, message):
        return self._key.sign(message)

    def sign(self, context, digest):
        return self._key.sign(h("sign", context.encode(), digest)).hex()


@lru_cache
def key(label):
    return Key(label)


@lru_cache
def links(label, length=CHAIN_LENGTH):
    """Return link 0 (the tip) to link n of a hash chain."""
    found = [h("chain", h("test-root", label.encode()))]
    for _ in range(length):
        found.append(h("link", found[-1]))
    return found[::-1]


def largest_power(size):
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def ledger_node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def pool_node(left, right):
    return h("node", left, right)


def root_of(leaves, node):
    return _root_of(tuple(leaves), node)


@lru_cache(maxsize=65_536)
def _root_of(leaves, node):
    if len(leaves) == 1:
        return leaves[0]
    half = largest_power(len(leaves))
    return node(root_of(leaves[:half], node), root_of(leaves[half:], node))


def inclusion(index, leaves, node):
    if len(leaves) == 1:
        return []
    half = largest_power(len(leaves))
    if index < half:
        return [*inclusion(index, leaves[:half], node), root_of(leaves[half:], node)]
    return [*inclusion(index - half, leaves[half:], node), root_of(leaves[:half], node)]


def consistency(old, leaves, *, whole=True):
    """The proof of RFC 6962, section 2.1.2: SUBPROOF(old, leaves, whole)."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves, ledger_node)]
    half = largest_power(len(leaves))
    if old <= half:
        return [*consistency(old, leaves[:half], whole=whole), root_of(leaves[half:], ledger_node)]
    return [*consistency(old - half, leaves[half:], whole=False), root_of(leaves[:half], ledger_node)]


def hexes(proof):
    return [one.hex() for one in proof]


def note_line(name, kind, signer, signature):
    start = hashlib.sha256(name.encode() + b"\n" + kind + signer.public).digest()[:4]
    return f"— {name} {base64.b64encode(start + signature).decode()}\n"


def witness_line(name, signer, seconds, body):
    signature = signer.raw(f"cosignature/v1\ntime {seconds}\n".encode() + body)
    return note_line(name, b"\x04", signer, u64(seconds) + signature)


class Ledger:
    """Entries, and checkpoints over the first of them."""

    def __init__(self, witnesses):
        self.witnesses = witnesses
        self.texts = []
        self.log = key("log")

    def append(self, at, kind, subject, body):
        """Add an entry. Returns its index."""
        entry = {"at": instant(at), "body": body, "index": len(self.texts), "kind": kind, "subject": subject}
        self.texts.append(canonical(entry))
        return entry["index"]

    def leaves(self, size):
        return [hashlib.sha256(b"\x00" + text).digest() for text in self.texts[:size]]

    def checkpoint(self, size, times, root=None):
        """Checkpoint of the first ``size`` entries, cosigned by the witnesses of ``times`` (name to unix seconds)."""
        root = root or root_of(self.leaves(size), ledger_node)
        body = f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
        lines = note_line(ORIGIN, b"\x01", self.log, self.log.raw(body))
        for name, seconds in times.items():
            lines += witness_line(name, key(f"witness {name}"), seconds, body)
        return f"{body.decode()}\n{lines}"


class Beacon:
    """A drand chain whose secret we know."""

    def __init__(self, level, label, scheme="bls-unchained-g1-rfc9380"):
        self.level, self.scheme = level, scheme
        self.on_g1 = scheme != "pedersen-bls-chained"
        self._secret = int.from_bytes(h("test-beacon", label.encode()), "big") % curve_order
        self.chain = h("test-chain", label.encode()).hex()

    @cached_property
    def public_key(self):
        if self.on_g1:
            high, low = compress_G2(multiply(G2, self._secret))
            return (high.to_bytes(48, "big") + low.to_bytes(48, "big")).hex()
        return compress_G1(multiply(G1, self._secret)).to_bytes(48, "big").hex()

    def policy(self):
        return {
            "level": self.level,
            "chain": self.chain,
            "scheme": self.scheme,
            "public_key": self.public_key,
            "period_s": PERIOD_S,
            "genesis": GENESIS,
        }

    def sign(self, number):
        """The round as a transcript gives it."""
        return dict(_signed(self, number))


@lru_cache
def beacon(level, label, scheme="bls-unchained-g1-rfc9380"):
    return Beacon(level, label, scheme)


@lru_cache
def _signed(chain, number):
    group = "G1" if chain.scheme == "bls-unchained-g1-rfc9380" else "G2"
    domain = f"BLS_SIG_BLS12381{group}_XMD:SHA-256_SSWU_RO_NUL_".encode()
    previous = None if chain.on_g1 else hashlib.sha256(b"before" + u64(number)).digest() * 3
    message = hashlib.sha256((previous or b"") + u64(number)).digest()
    hashed = (hash_to_G1 if chain.on_g1 else hash_to_G2)(message, domain, hashlib.sha256)
    point = multiply(hashed, chain._secret)
    if chain.on_g1:
        signature = compress_G1(point).to_bytes(48, "big")
    else:
        high, low = compress_G2(point)
        signature = high.to_bytes(48, "big") + low.to_bytes(48, "big")
    found = {"chain": chain.chain, "round": number, "signature": signature.hex()}
    return (*found.items(), ("previous", previous and previous.hex()))


def round_at(seconds):
    """The last round that was out at an instant."""
    return (int(seconds) - GENESIS) // PERIOD_S + 1
