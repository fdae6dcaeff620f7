import pytest

from expert_hub.foundation.errors import Forbidden
from expert_hub.identity.rules import Actor, Role, account_faults, clashing_roles


@pytest.mark.parametrize(
    "roles",
    [
        {Role.CENTRE_OPERATOR, Role.SUPERVISOR},
        {Role.EXPERT, Role.CENTRE_OPERATOR},
        {Role.AUDITOR, Role.PROCURING_ENTITY},
        {Role.ADMINISTRATOR, Role.CENTRE_OPERATOR},
        {Role.HOST_OPERATOR, Role.GUEST_OPERATOR},
        {Role.EXPERT, Role.PROCURING_ENTITY},
    ],
)
def test_notice_five_deciding_executing_and_supervising_are_separate(roles: set[Role]) -> None:
    assert clashing_roles(roles) == sorted(roles)


@pytest.mark.parametrize("role", list(Role))
def test_one_role_alone_never_clashes(role: Role) -> None:
    assert clashing_roles({role}) == []


def test_roles_on_one_side_may_go_together() -> None:
    assert clashing_roles({Role.CENTRE_OPERATOR, Role.HOST_OPERATOR}) == []
    assert clashing_roles({Role.SUPERVISOR, Role.AUDITOR}) == []


def test_an_actor_is_refused_without_the_role() -> None:
    actor = Actor("id", "name", frozenset({Role.AUDITOR}))
    actor.require(Role.SUPERVISOR, Role.AUDITOR)
    with pytest.raises(Forbidden):
        actor.require(Role.SUPERVISOR)


def test_what_no_column_holds_is_no_account() -> None:
    assert account_faults("op", "王操作", "guangzhou", "91110000600037341l") == []
    for texts in (
        ("", "x", None, None),
        ("a b", "x", None, None),
        ("x" * 65, "x", None, None),
        ("op", "a\x00", None, None),
        ("op", "x", "v" * 33, None),
        ("op", "x", None, "91110000600037341X"),
    ):
        assert len(account_faults(*texts)) == 1, texts
