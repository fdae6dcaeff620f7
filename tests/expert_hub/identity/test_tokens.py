from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.errors import Unauthenticated
from expert_hub.identity.tokens import AUDIENCE, ISSUER, TokenKey, account_in, issue_token, load_token_key

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def key(tmp_path: Path) -> TokenKey:
    return load_token_key(tmp_path / "keys", SeededChance("keys"))


def _claims(**changes: object) -> dict[str, object]:
    stamp = int(NOW.timestamp())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "someone", "iat": stamp, "exp": stamp + 60, "jti": "x"}
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def test_a_token_proves_its_account_until_it_expires(key: TokenKey) -> None:
    token = issue_token(key, "someone", NOW, HOUR, SeededChance("t"))
    assert account_in(key, token, NOW + HOUR - timedelta(seconds=1)) == "someone"
    with pytest.raises(Unauthenticated):
        account_in(key, token, NOW + HOUR)


def test_the_key_file_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    first = load_token_key(tmp_path / "keys", SeededChance("a"))
    second = load_token_key(tmp_path / "keys", SeededChance("b"))
    assert first.kid == second.kid
    assert (tmp_path / "keys" / "token-signing.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "iat", "exp", "jti"])
def test_a_token_without_a_claim_is_refused(key: TokenKey, name: str) -> None:
    token = jwt.encode(_claims(**{name: None}), key.key, algorithm="EdDSA", headers={"kid": key.kid})
    with pytest.raises(Unauthenticated):
        account_in(key, token, NOW)


def test_foreign_keys_audiences_and_algorithms_are_refused(key: TokenKey) -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    forged = [
        jwt.encode(_claims(), other, algorithm="EdDSA", headers={"kid": key.kid}),
        jwt.encode(_claims(), key.key, algorithm="EdDSA", headers={"kid": "other"}),
        jwt.encode(_claims(aud="expert-hub/other"), key.key, algorithm="EdDSA", headers={"kid": key.kid}),
        jwt.encode(_claims(), "s" * 64, algorithm="HS256", headers={"kid": key.kid}),
        jwt.encode(_claims(), None, algorithm="none", headers={"kid": key.kid}),
        jwt.encode(_claims(exp="soon"), key.key, algorithm="EdDSA", headers={"kid": key.kid}),
        "",
        "a.b.c",
    ]
    for token in forged:
        with pytest.raises(Unauthenticated):
            account_in(key, token, NOW)
