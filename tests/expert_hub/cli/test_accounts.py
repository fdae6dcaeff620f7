"""`expert-hub account`: accounts are made with a password that is shown once, or with a given one."""

import re
from typing import Any

from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import HubError
from expert_hub.identity.service import log_in

GIVEN = "correct horse battery"


async def logs_in(database: Database, username: str, password: str) -> bool:
    async with database.read() as session:
        try:
            await log_in(session, username, password)
        except HubError:
            return False
        return True


async def test_a_random_password_is_shown_once_and_opens_the_account(expert_hub: Any, database_url: str) -> None:
    end = expert_hub.run("--lang", "en", "account", "create", "ada", "--role", "administrator")
    assert (end.code, end.err) == (0, "")
    shown = re.fullmatch(r"Account ada created\.\nPassword \(shown once\): (\S{20})\n", end.out)
    assert shown
    database = Database(database_url)
    assert await logs_in(database, "ada", shown[1])
    assert not await logs_in(database, "ada", GIVEN)
    await database.close()
    assert shown[1] not in expert_hub.run("account", "list").out


async def test_a_password_from_input_is_taken_and_not_shown(expert_hub: Any, database_url: str) -> None:
    create = ("account", "create", "eve", "--role", "auditor", "--role", "supervisor", "--name", "审计员")
    end = expert_hub.run(*create, "--password-stdin", stdin=f"{GIVEN}\n")
    assert (end.code, end.out, end.err) == (0, "已创建账号 eve。\n", "")
    database = Database(database_url)
    assert await logs_in(database, "eve", GIVEN)
    await database.close()
    assert expert_hub.run("account", "list").out == "eve\tauditor, supervisor\n"


def test_roles_that_clash_are_refused(expert_hub: Any) -> None:
    code, zh, en = expert_hub.refused("account", "create", "bob", "--role", "supervisor", "--role", "centre_operator")
    assert code == "identity/roles-clash"
    assert "须相互分离" in zh
    assert "centre_operator, supervisor" in en
    assert expert_hub.run("account", "list").out == ""


def test_a_user_name_is_given_once(expert_hub: Any) -> None:
    assert expert_hub.run("account", "create", "ada", "--role", "administrator").code == 0
    code, zh, en = expert_hub.refused("account", "create", "ada", "--role", "auditor")
    assert (code, zh, en) == ("identity/username-taken", "用户名 ada 已被使用。", "The user name ada is taken.")


def test_a_short_or_missing_password_from_input_is_refused(expert_hub: Any) -> None:
    create = ("account", "create", "ada", "--role", "administrator", "--password-stdin")
    for given in ("short\n", ""):
        assert expert_hub.refused(*create, stdin=given)[0] == "identity/password-too-short"
