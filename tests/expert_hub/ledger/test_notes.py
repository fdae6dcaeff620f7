import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from expert_hub.ledger.notes import (
    Checkpoint,
    NoteBroken,
    Signer,
    cosignature,
    cosigned_at,
    is_signed,
    read,
    signed,
)

LOG = Signer("hub.example/ledger", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
WITNESS = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32))
CHECKPOINT = Checkpoint("hub.example/ledger", 17, b"r" * 32)


def test_a_note_is_read_as_it_was_written() -> None:
    note = signed(CHECKPOINT, LOG) + cosignature(CHECKPOINT, WITNESS, 1_700_000_000)
    checkpoint, lines = read(note)
    assert checkpoint == CHECKPOINT
    assert [name for name, _ in lines] == [LOG.name, WITNESS.name]
    assert note.startswith("hub.example/ledger\n17\ncnJy")


def test_only_the_key_that_signed_is_found_to_have_signed() -> None:
    note = signed(CHECKPOINT, LOG)
    assert is_signed(note, LOG.name, LOG.public)
    assert not is_signed(note, "other", LOG.public)
    assert not is_signed(note, LOG.name, WITNESS.public)
    assert not is_signed(note.replace("\n17\n", "\n18\n"), LOG.name, LOG.public)


def test_a_cosignature_holds_its_time() -> None:
    line = cosignature(CHECKPOINT, WITNESS, 1_700_000_000)
    assert cosigned_at(CHECKPOINT, line, WITNESS.name, WITNESS.public) == 1_700_000_000
    assert cosigned_at(Checkpoint("hub.example/ledger", 18, b"r" * 32), line, WITNESS.name, WITNESS.public) is None
    assert cosigned_at(CHECKPOINT, line, WITNESS.name, LOG.public) is None
    assert cosigned_at(CHECKPOINT, line, "other", WITNESS.public) is None


@pytest.mark.parametrize(
    "note",
    [
        "",
        "a\n1\nAAAA",
        "a\n01\nAAAA\n\n",
        "a\n-1\nAAAA\n\n",
        "a\n1\n!\n\n",
        "a\n1\nAAAA\n\nno line\n",
        "\n1\nAAAA\n\n",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteBroken):
        read(note)
