"""Canonical JSON, instants, the stream of a seed, and checkpoints: the small parts of the protocol."""

import base64
from collections import Counter
from itertools import pairwise

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from scheduling.verify_draw import (
    OverworkError,
    Stream,
    canonical,
    cosignatures,
    h,
    instant,
    is_logged,
    parse,
    read_checkpoint,
)
from tests.scheduling.transcripts.maker import WITNESSES
from tests.scheduling.transcripts.order import Words
from tests.scheduling.transcripts.world import ORIGIN, Ledger, key, note_line, witness_line

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inside),
    max_leaves=20,
)


@given(PLAIN)
def test_the_canonical_form_is_that_of_the_standard(value):
    assert canonical(value) == rfc8785.dumps(value)
    assert parse(canonical(value)) == value


@pytest.mark.parametrize("depth", [10, 32])
def test_documents_may_be_nested_some_way(depth):
    assert canonical(parse(b"[" * depth + b"]" * depth)) == b"[" * depth + b"]" * depth


def test_brackets_in_texts_are_not_nesting():
    text = canonical(["[" * 500, '{"\\"[' * 9, "\\"])
    assert canonical(parse(text)) == text


def test_the_digest_keeps_parts_apart():
    digests = {h("a", b"bc"), h("ab", b"c"), h("a", b"b", b"c"), h("abc"), h("a", b"", b"bc"), h("a", b"bc", b"")}
    assert len(digests) == 6


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:01Z", 10**6),
        ("2026-03-02T01:00:00Z", 1_772_413_200 * 10**6),
        ("2026-03-02T01:00:00.000001Z", 1_772_413_200 * 10**6 + 1),
    ],
)
def test_an_instant_is_read_to_the_microsecond(text, microseconds):
    assert instant(text) == microseconds


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T01:00:00+00:00", "2026-03-02T01:00:00", "2026-03-02 01:00:00Z", "2026-03-02T01:00:00.5Z",
        "2026-02-30T01:00:00Z", "2026-03-02T24:00:01Z", "2026-03-02T01:00:60Z", "0000-01-01T00:00:00Z",
        "２026-03-02T01:00:00Z", "2026-03-02T01:00:00Z\n", "",
    ],
)  # fmt: skip
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(ValueError):
        instant(text)


def test_the_stream_is_that_of_the_page():
    stream, words = Stream(b"s" * 32, [1000]), Words(b"s" * 32)
    assert [stream.word() for _ in range(50)] == [words.word() for _ in range(50)]


@given(st.lists(st.integers(1, 2**200), min_size=1, max_size=30), st.binary(min_size=32, max_size=32))
def test_numbers_below_a_bound_are_those_of_the_page(bounds, seed):
    stream, words = Stream(seed, [10**6]), Words(seed)
    found = [stream.below(bound) for bound in bounds]
    assert found == [words.below(bound) for bound in bounds]
    assert all(0 <= number < bound for number, bound in zip(found, bounds, strict=True))


def test_values_that_would_favour_some_numbers_are_thrown_away():
    bounds = [2**63 + 1] * 40 + [2**127 + 1] * 40
    stream, words = Stream(b"t" * 32, [10**6]), Words(b"t" * 32)
    assert [stream.below(bound) for bound in bounds] == [words.below(bound) for bound in bounds]


def test_every_number_below_a_bound_is_equally_likely():
    stream = Stream(b"u" * 32, [10**6])
    counts = Counter(stream.below(7) for _ in range(70_000))
    assert sum((count - 10_000) ** 2 / 10_000 for count in counts.values()) < 22.5  # chi2, 6 degrees, p = 0.001
    counts = Counter(stream.weighted([1, 1, 4, 10]) for _ in range(50_000))
    assert counts[1] == 0
    assert sum((counts[at] - n * 5_000) ** 2 / (n * 5_000) for at, n in ((0, 1), (2, 3), (3, 6))) < 13.8


def test_a_stream_ends_where_the_work_ends():
    stream = Stream(b"s" * 32, [8])
    for _ in range(8):
        stream.word()
    with pytest.raises(OverworkError):
        stream.word()


# Checkpoints

LOG = {"origin": ORIGIN, "key": key("log").public.hex()}
KNOWN = [
    {"name": name, "operator": operator, "key": key(f"witness {name}").public.hex()}
    for name, operator in WITNESSES.items()
]


@pytest.fixture
def note():
    ledger = Ledger(WITNESSES)
    for number in range(3):
        ledger.append(number, "kind", "subject", {})
    return ledger.checkpoint(3, {"w1": 100, "w2": 200, "w4": 300})


def test_a_checkpoint_is_read(note):
    found = read_checkpoint(note)
    assert (found.origin, found.size, len(found.root), len(found.lines)) == (ORIGIN, 3, 32, 4)
    assert is_logged(found, LOG)
    assert cosignatures(found, KNOWN) == [("university", 100), ("court", 200)]


def test_a_checkpoint_of_another_form_is_refused(note):
    head, tail = note.split("\n\n")
    lines = head.split("\n")
    odd = [
        "", "\n\n", note[:-1], note + "\n", head + "\n\n", note.replace("\n\n", "\n"), f"{head}\nmore\n\n{tail}",
        note.replace("\n3\n", "\n03\n"), note.replace("\n3\n", "\n-3\n"), note.replace("\n3\n", "\n３\n"),
        note.replace("\n3\n", "\n" + "9" * 17 + "\n"), note.replace("— ", "- "), note.replace(lines[2], lines[2][:-4]),
        note.replace(lines[2], lines[2].replace("=", "")), f"{head}\n\n" + tail * 26, note.replace(ORIGIN, "", 1),
        f"{head}\n\n— {ORIGIN} ====\n", f"{head}\n\n— {ORIGIN} a b\n",
    ]  # fmt: skip
    assert [one for one in odd if read_checkpoint(one) is not None] == []


def test_base64_has_one_form():
    """The last character holds bits that mean nothing; only one way to write them is taken."""
    ledger = Ledger(WITNESSES)
    ledger.append(0, "kind", "subject", {})
    note = ledger.checkpoint(1, {})
    root = note.split("\n")[2]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = root[:-2] + alphabet[alphabet.index(root[-2]) + 1] + "="
    assert base64.b64decode(other) == base64.b64decode(root)
    assert read_checkpoint(note.replace(root, other)) is None


def test_a_changed_checkpoint_is_signed_by_nobody(note):
    found = read_checkpoint(note.replace("\n3\n", "\n4\n"))
    assert not is_logged(found, LOG)
    assert cosignatures(found, KNOWN) == []


def test_only_the_pinned_log_signs(note):
    found = read_checkpoint(note)
    assert not is_logged(found, LOG | {"key": key("other").public.hex()})
    assert not is_logged(found, LOG | {"origin": "elsewhere"})


def test_witness_lines_of_another_kind_do_not_count(note):
    body = (note.split("\n\n")[0] + "\n").encode()
    signer = key("witness w1")
    head = note.split("— w1")[0]
    as_log = note_line("w1", b"\x01", signer, signer.raw(body))
    raw = bytearray(base64.b64decode(witness_line("w1", signer, 100, body).split(" ")[2]))
    raw[11] ^= 1
    later = f"— w1 {base64.b64encode(bytes(raw)).decode()}\n"
    other_name = witness_line("w1", signer, 100, body).replace("— w1", "— w2")
    other_key = witness_line("w1", key("other"), 100, body)
    for line in (as_log, later, other_name, other_key):
        assert cosignatures(read_checkpoint(head + line), KNOWN) == []
    assert cosignatures(read_checkpoint(head + witness_line("w1", signer, 100, body)), KNOWN) == [("university", 100)]


def test_only_the_first_line_of_a_signer_counts(note):
    body = (note.split("\n\n")[0] + "\n").encode()
    head = note.split("— w1")[0]
    good, later = (witness_line("w1", key("witness w1"), second, body) for second in (100, 200))
    bad = note_line("w1", b"\x04", key("witness w1"), bytes(72))
    assert cosignatures(read_checkpoint(head + good + later), KNOWN) == [("university", 100)]
    assert cosignatures(read_checkpoint(head + bad + good), KNOWN) == []


def test_signature_lines_by_unknown_keys_are_passed_over(note):
    more = note + note_line("stranger", b"\x01", key("stranger"), b"x" * 64)
    assert is_logged(read_checkpoint(more), LOG)
    assert len(cosignatures(read_checkpoint(more), KNOWN)) == 2


def test_instants_ascend_with_their_texts():
    texts = ["1999-12-31T23:59:59Z", "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000001Z", "2100-01-01T00:00:00Z"]
    assert all(instant(one) < instant(other) for one, other in pairwise(texts))
