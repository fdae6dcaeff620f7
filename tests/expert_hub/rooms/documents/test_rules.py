"""Titles, digests, orders and ranges."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_hub.rooms.documents.rules import Kind, Span, declared_digest, span_of, title_of


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("技术方案.pdf", "技术方案.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\bids\\a.pdf", "a.pdf"),
        ('a"b\r\nSet-Cookie: x=1.pdf', "abSet-Cookie: x=1.pdf"),
        ("<script>x</script>", "script"),
        ("\u202efdp.exe", "fdp.exe"),
        ("///", "untitled"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_name_becomes_a_harmless_title(name: str, title: str) -> None:
    assert title_of(name) == title


def test_a_digest_header_is_read() -> None:
    digest = hashlib.sha256(b"x").digest()
    text = base64.b64encode(digest).decode()
    assert declared_digest(f"sha-256=:{text}:") == digest
    assert declared_digest(f"md5=:AAAA:, sha-256=:{text}:") == digest
    assert declared_digest(None) is None
    for wrong in ("", "sha-256=abc", f"sha-512=:{text}:"):
        with pytest.raises(ValueError):
            declared_digest(wrong)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-", Span(0, 99)),
        ("bytes=10-19", Span(10, 19)),
        ("bytes=90-500", Span(90, 99)),
        ("bytes=-5", Span(95, 99)),
        ("bytes=-500", Span(0, 99)),
        ("bytes=0-1,5-6", None),
        ("bytes=-", None),
        ("items=0-1", None),
    ],
)
def test_ranges(header: str | None, span: Span | None) -> None:
    assert span_of(header, 100) == span


@given(st.integers(0, 10**19), st.integers(0, 10**19), st.integers(1, 10**6))
def test_a_range_never_leaves_the_file(start: int, end: int, size: int) -> None:
    try:
        span = span_of(f"bytes={start}-{end}", size)
    except ValueError:
        assert start >= size or end < start
        return
    if span is not None:
        assert 0 <= span.start <= span.end < size
        assert span.length == span.end - span.start + 1


def test_every_kind_has_a_media_type() -> None:
    assert len({kind.media_type for kind in Kind}) == len(Kind)
    assert [kind for kind in Kind if kind.is_markable] == [Kind.PDF, Kind.PNG, Kind.JPEG]
