"""`expert-hub party` needs no hub: keys, links, signatures and shares on the party's own machine."""

import json
from typing import Any

import pytest

from expert_hub.draws.contributors.chains import verify_link
from expert_hub.draws.contributors.escrow import open_escrow
from expert_hub.draws.contributors.party_keys import verify_signature
from expert_hub.draws.contributors.registration import Registration, read_registration

NOWHERE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}


def init(command_line: Any, name: str, *more: str) -> Registration:
    end = command_line.run("party", "init", "--name", name, "--out", f"{name}.key", *more, **NOWHERE)
    assert (end.code, end.err) == (0, "")
    (command_line.home / f"{name}.json").write_text(end.out, encoding="utf-8")
    return read_registration(json.loads(end.out))


def test_keys_links_and_signatures(command_line: Any) -> None:
    party = init(command_line, "supervisor", "--length", "5")
    assert (party.party, party.length, party.escrow) == ("supervisor", 5, None)
    assert (command_line.home / "supervisor.key").stat().st_mode & 0o777 == 0o600
    end = command_line.run("party", "link", "--key", "supervisor.key", "--index", "2", **NOWHERE)
    assert verify_link(party.tip, 2, bytes.fromhex(end.out))
    digest = bytes(range(32))
    end = command_line.run("party", "sign", "--key", "supervisor.key", "--context", "commit", digest.hex(), **NOWHERE)
    assert verify_signature(party.ed25519, "commit", digest, bytes.fromhex(end.out))


def test_holders_open_the_chain_of_a_party_that_withholds(command_line: Any) -> None:
    holders = [init(command_line, name) for name in ("court", "notary", "archive")]
    given = [word for holder in holders for word in ("--escrow", f"{holder.party}={holder.x25519.hex()}")]
    party = init(command_line, "centre", "--length", "5", *given, "--threshold", "2")
    assert party.escrow
    opened = {}
    for dealt in party.escrow.shares[1:]:
        name, sealed = dealt.holder.name, dealt.sealed.hex()
        plain = command_line.run("party", "open-share", "--key", f"{name}.key", sealed)
        checked = command_line.run("party", "open-share", "--key", f"{name}.key", "--document", "centre.json", sealed)
        assert (plain.code, checked.code, plain.out) == (0, 0, checked.out)
        opened[name] = bytes.fromhex(plain.out)
    root = open_escrow(party.escrow, opened, party.tip, party.length)
    assert root.hex() in (command_line.home / "centre.key").read_text("utf-8")
    code, _, _ = command_line.refused("party", "open-share", "--key", "court.key", party.escrow.shares[1].sealed.hex())
    assert code == "draws/sealed-box-unreadable"
    sealed = party.escrow.shares[0].sealed.hex()
    code, _, _ = command_line.refused("party", "open-share", "--key", "court.key", "--document", "notary.json", sealed)
    assert code == "draws/registration-invalid"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--name", "Centre"), "draws/party-name-invalid"),
        (("--length", "4097"), "draws/link-out-of-range"),
        (("--escrow", "court"), "draws/holder-expected"),
        (("--escrow", "court=00"), "draws/holder-expected"),
        (("--escrow", f"a b={'09' * 32}"), "draws/party-name-invalid"),
        (("--escrow", f"court={'09' * 32}"), "draws/escrow-plan-invalid"),
        (("--escrow", f"court={'09' * 32}", "--escrow", f"notary={'00' * 32}"), "draws/sealing-key-invalid"),
    ],
    ids=str,
)
def test_wrong_plans_leave_no_key_file(command_line: Any, more: tuple[str, ...], code: str) -> None:
    found, _, _ = command_line.refused("party", "init", "--name", "centre", "--out", "centre.key", *more)
    assert found == code
    assert not (command_line.home / "centre.key").exists()


def test_other_mistakes_are_refused_in_both_languages(command_line: Any) -> None:
    init(command_line, "centre", "--length", "5")
    (command_line.home / "centre.json").chmod(0o644)
    for code, *words in (
        ("draws/party-key-file-exists", "init", "--name", "centre", "--out", "centre.key"),
        ("draws/link-out-of-range", "link", "--key", "centre.key", "--index", "6"),
        ("draws/link-out-of-range", "link", "--key", "centre.key", "--index", "0"),
        ("draws/hexadecimal-expected", "sign", "--key", "centre.key", "--context", "commit", "00"),
        ("draws/hexadecimal-expected", "open-share", "--key", "centre.key", "00"),
        ("draws/sealed-box-unreadable", "open-share", "--key", "centre.key", "09" * 81),
        ("hub/file-missing", "link", "--key", "missing.key", "--index", "1"),
        ("draws/party-key-file-open", "link", "--key", "centre.json", "--index", "1"),
    ):
        assert command_line.refused("party", *words)[0] == code


def test_a_document_that_is_none_is_refused(command_line: Any) -> None:
    holders = [init(command_line, name) for name in ("court", "notary")]
    given = [word for holder in holders for word in ("--escrow", f"{holder.party}={holder.x25519.hex()}")]
    party = init(command_line, "centre", *given)
    assert party.escrow
    sealed = party.escrow.shares[0].sealed.hex()
    for content in (b"", b"{}", b"\xff", b"[" * 100_000):
        (command_line.home / "bad.json").write_bytes(content)
        words = ("party", "open-share", "--key", "court.key", "--document", "bad.json", sealed)
        assert command_line.refused(*words)[0] == "draws/registration-invalid"
