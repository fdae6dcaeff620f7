import pytest

from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.db import Database
from expert_hub.identity.errors import LoginRefused, PasswordTooShort, RolesClash, UsernameTaken
from expert_hub.identity.rules import Role
from expert_hub.identity.service import NewAccount, actor_of, create_account, enter_seat, log_in

PASSWORD = "correct horse battery"


def _operator(**changes: object) -> NewAccount:
    values: dict[str, object] = {
        "username": "op",
        "display_name": "王操作",
        "roles": frozenset({Role.CENTRE_OPERATOR}),
        "password": PASSWORD,
    }
    return NewAccount(**{**values, **changes})  # type: ignore[arg-type]


async def test_log_in_with_the_right_password_only(database: Database, clock: FixedClock, chance: SeededChance) -> None:
    async with database.write() as session:
        await create_account(session, clock, chance, _operator())
    async with database.read() as session:
        account = await log_in(session, "op", PASSWORD)
        for username, password in (("op", PASSWORD + "!"), ("nobody", PASSWORD), ("op", "")):
            with pytest.raises(LoginRefused):
                await log_in(session, username, password)
        actor = await actor_of(session, account.id)
    assert account.password_hash is not None
    assert PASSWORD not in account.password_hash
    assert account.password_hash.startswith("$argon2id$")
    assert actor is not None
    assert actor.roles == {Role.CENTRE_OPERATOR}


async def test_a_closed_account_is_nobody(database: Database, clock: FixedClock, chance: SeededChance) -> None:
    async with database.write() as session:
        account = await create_account(session, clock, chance, _operator())
        account.is_active = False
    async with database.read() as session:
        assert await actor_of(session, account.id) is None
        with pytest.raises(LoginRefused):
            await log_in(session, "op", PASSWORD)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"roles": frozenset({Role.CENTRE_OPERATOR, Role.SUPERVISOR})}, RolesClash),
        ({"roles": frozenset({Role.EXPERT, Role.HOST_OPERATOR})}, RolesClash),
        ({"password": "short"}, PasswordTooShort),
    ],
)
async def test_unlawful_accounts_are_refused(
    database: Database, clock: FixedClock, chance: SeededChance, changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        async with database.write() as session:
            await create_account(session, clock, chance, _operator(**changes))


async def test_a_user_name_belongs_to_one_account(database: Database, clock: FixedClock, chance: SeededChance) -> None:
    async with database.write() as session:
        await create_account(session, clock, chance, _operator())
        with pytest.raises(UsernameTaken):
            await create_account(session, clock, chance, _operator())


async def test_the_entry_of_a_seat_names_nobody_and_cannot_log_in(
    database: Database, clock: FixedClock, chance: SeededChance
) -> None:
    async with database.write() as session:
        first, second = [await enter_seat(session, clock, chance) for _ in range(2)]
        with pytest.raises(LoginRefused):
            await log_in(session, first.username, "")
        actor = await actor_of(session, first.id)
    assert actor is not None
    assert actor.roles == {Role.EXPERT}
    assert first.id != second.id
    assert first.username != second.username
    assert (first.display_name, first.expert_id) == (second.display_name, None)
