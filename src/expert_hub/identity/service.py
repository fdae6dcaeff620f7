"""Accounts and log-in."""

import asyncio
from collections.abc import Sequence

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.chance import Chance, new_code, new_id
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.codes import normalise
from expert_hub.identity import store
from expert_hub.identity.errors import AccountInvalid, LoginRefused, PasswordTooShort, RolesClash, UsernameTaken
from expert_hub.identity.rules import LEAST_PASSWORD, Actor, Role, account_faults, clashing_roles
from expert_hub.identity.tables import Account
from expert_hub.ledger.service import NewEntry, append

_HASHER = PasswordHasher()
# Verified when the user name is unknown, so that both refusals take the same time.
_NOBODY = _HASHER.hash("nobody has this password")


class NewAccount(msgspec.Struct, frozen=True):
    """What an account is made of; without a password it can only be entered by an invitation."""

    username: str
    display_name: str
    roles: frozenset[Role]
    password: str | None = None
    expert_id: str | None = None
    venue_id: str | None = None
    organisation_code: str | None = None


async def create_account(session: AsyncSession, clock: Clock, chance: Chance, new: NewAccount) -> Account:
    """Make an account.

    Raises:
        RolesClash: the roles may not be held together.
        AccountInvalid: a name, venue or organisation does not have the form it needs.
        PasswordTooShort: fewer than twelve characters.
        UsernameTaken: the user name is in use.
    """
    clash = clashing_roles(set(new.roles))
    if clash:
        raise RolesClash(roles=", ".join(clash))
    faults = account_faults(new.username, new.display_name, new.venue_id, new.organisation_code)
    if faults:
        raise AccountInvalid(summary="; ".join(faults))
    if new.password is not None and len(new.password) < LEAST_PASSWORD:
        raise PasswordTooShort(least=LEAST_PASSWORD)
    if await store.account_by_username(session, new.username):
        raise UsernameTaken(username=new.username)
    account = Account(
        id=new_id(chance),
        username=new.username,
        display_name=new.display_name,
        password_hash=await asyncio.to_thread(_HASHER.hash, new.password) if new.password else None,
        roles=sorted(new.roles),
        expert_id=new.expert_id,
        venue_id=new.venue_id,
        organisation_code=normalise(new.organisation_code) if new.organisation_code else None,
        created_at=clock.now(),
    )
    session.add(account)
    body = {"roles": sorted(new.roles)}
    await append(session, clock, NewEntry(kind="identity/account-created", subject=account.id, body=body))
    return account


async def enter_seat(session: AsyncSession, clock: Clock, chance: Chance) -> Account:
    """A new account for an expert who accepted an invitation: it stands for one seat and names nobody."""
    new = NewAccount(username=f"expert-{new_code(chance, 10)}", display_name="评审专家", roles=frozenset({Role.EXPERT}))
    return await create_account(session, clock, chance, new)


async def log_in(session: AsyncSession, username: str, password: str) -> Account:
    """The active account with this user name and password.

    Raises:
        LoginRefused: there is none; the time taken does not tell why.
    """
    account = await store.account_by_username(session, username)
    stored = account.password_hash if account and account.password_hash else _NOBODY
    right = await asyncio.to_thread(_matches, stored, password)
    if account is None or account.password_hash is None or not right or not account.is_active:
        raise LoginRefused
    return account


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def actor_of(session: AsyncSession, account_id: str) -> Actor | None:
    """The account as an actor, or none if it is unknown or was closed."""
    account = await store.account_by_id(session, account_id)
    return _actor(account) if account is not None and account.is_active else None


async def actors_of(session: AsyncSession, account_ids: Sequence[str]) -> dict[str, Actor]:
    """Those of these accounts that exist and were not closed, by id, as they are now."""
    found = await store.active_accounts(session, account_ids)
    return {row[0]: Actor(row[0], row[1], frozenset(map(Role, row[2])), *row[3:]) for row in found}


async def closed_among(session: AsyncSession, account_ids: Sequence[str]) -> set[str]:
    """Those of these accounts that were closed; for many at once, as most are not."""
    return await store.closed_accounts(session, account_ids)


def _actor(account: Account) -> Actor:
    return Actor(
        account_id=account.id,
        username=account.username,
        roles=frozenset(Role(role) for role in account.roles),
        expert_id=account.expert_id,
        venue_id=account.venue_id,
        organisation_code=account.organisation_code,
    )


async def representatives(session: AsyncSession, usernames: Sequence[str], entity_code: str) -> list[str]:
    """The accounts among these user names that may represent this procuring entity, in the order given."""
    found = []
    for username in usernames:
        account = await store.account_by_username(session, username)
        if account and Role.ENTITY_REPRESENTATIVE in account.roles and account.organisation_code == entity_code:
            found.append(account.id)
    return found


async def list_accounts(session: AsyncSession) -> list[Account]:
    """Every account by user name."""
    return await store.list_accounts(session)
