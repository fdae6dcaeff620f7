"""Access tokens: Ed25519 signatures over a short claim set; roles are never inside, they are looked up each time.

Source: RFC 8725 (fixed algorithm list, audience, expiry).
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from expert_hub.foundation.chance import Chance, new_id
from expert_hub.foundation.errors import Unauthenticated
from expert_hub.foundation.vault import keep_secret

AUDIENCE = "expert-hub/access"
ISSUER = "expert-hub"
_ALGORITHM = "EdDSA"


class TokenKey(msgspec.Struct, frozen=True):
    """The signing key and the name under which its public half is known."""

    key: Ed25519PrivateKey
    kid: str


def load_token_key(keys_dir: Path, chance: Chance) -> TokenKey:
    """Read the signing key; make it on first use."""
    path = keys_dir / "token-signing.key"
    if not path.exists():
        keep_secret(path, chance.octets(32))
    key = Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return TokenKey(key=key, kid=public.hex()[:16])


def issue_token(token_key: TokenKey, account_id: str, now: datetime, lifetime: timedelta, chance: Chance) -> str:
    """A token that proves for `lifetime` that its bearer is this account."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": account_id,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": new_id(chance),
    }
    return jwt.encode(claims, token_key.key, algorithm=_ALGORITHM, headers={"kid": token_key.kid})


class Proof(msgspec.Struct, frozen=True):
    """The account that a token proves, and until when."""

    account_id: str
    expires_at: datetime


def account_in(token_key: TokenKey, token: str, now: datetime) -> str:
    """The account id that a token proves.

    Raises:
        Unauthenticated: bad form, foreign key, other audience, or expired at `now`.
    """
    return proof_in(token_key, token, now).account_id


def proof_in(token_key: TokenKey, token: str, now: datetime) -> Proof:
    """What a token proves.

    Raises:
        Unauthenticated: bad form, foreign key, other audience, or expired at `now`.
    """
    try:
        if jwt.get_unverified_header(token).get("kid") != token_key.kid:
            raise Unauthenticated
        claims = jwt.decode(
            token,
            token_key.key.public_key(),
            algorithms=[_ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "iat", "sub", "aud", "iss", "jti"], "verify_exp": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        raise Unauthenticated from None
    # The clock is an argument here, so the expiry is compared by hand; the library would read the machine's.
    if not isinstance(claims["exp"], int) or now.timestamp() >= claims["exp"]:
        raise Unauthenticated
    return Proof(str(claims["sub"]), datetime.fromtimestamp(claims["exp"], UTC))
