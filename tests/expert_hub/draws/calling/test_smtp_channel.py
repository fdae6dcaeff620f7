"""What only mail has: TLS, a login, addresses, and replies that are about the hub and not about the number."""

import ssl
from pathlib import Path
from typing import Any

import msgspec
import pytest

from expert_hub.draws.calling.notifier import Message, Receipt, Result
from expert_hub.draws.calling.smtp_channel import SUBJECT, MailRoute, SmtpChannel

MESSAGE = Message("m1", 2, "14100000000", "时间：2026-03-02 09:30；答复码：abcd")


def _route(server: Any, **changes: Any) -> MailRoute:
    route = MailRoute("127.0.0.1", server.port, "none", "hub@example.org", "{mobile}@sms.example.org")
    return msgspec.structs.replace(route, **changes)


async def test_the_mail_goes_to_the_address_of_the_number_with_an_id_of_its_attempt(mail_server: Any) -> None:
    channel = SmtpChannel(_route(mail_server), 2)
    for _ in range(2):
        assert (await channel.send(MESSAGE)).result is Result.ACCEPTED
    first, again = mail_server.mails
    assert mail_server.recipients[0] == "RCPT TO:<14100000000@sms.example.org>"
    assert first["Message-ID"] == again["Message-ID"] == "<m1.2@example.org>"
    assert (first["From"], first["Subject"], first["Auto-Submitted"]) == ("hub@example.org", SUBJECT, "auto-generated")


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
async def test_mail_travels_under_tls_with_a_certificate_that_was_checked(
    mode: str, server_tls: ssl.SSLContext, certificate: Path, mail_server: Any, start_mail: Any
) -> None:
    server = type(mail_server)(**{mode: server_tls}, login=("hub", "word"))
    await start_mail(server)
    known = _route(server, tls=mode, ca_file=str(certificate), user="hub", password="word")
    assert (await SmtpChannel(known, 2).send(MESSAGE)).result is Result.ACCEPTED
    unknown = msgspec.structs.replace(known, ca_file=None)
    assert await SmtpChannel(unknown, 2).send(MESSAGE) == Receipt(Result.LATER, "connection")
    wrong = msgspec.structs.replace(known, password="other")
    assert await SmtpChannel(wrong, 2).send(MESSAGE) == Receipt(Result.LATER, "smtp-535")
    assert server.secured == [True]
    assert server.logins == [("hub", "word"), ("hub", "other")]


async def test_nothing_is_sent_in_clear_where_tls_is_wanted(mail_server: Any) -> None:
    assert (await SmtpChannel(_route(mail_server, tls="starttls"), 2).send(MESSAGE)).result is Result.LATER
    assert mail_server.mails == []


@pytest.mark.parametrize(
    ("replies", "receipt"),
    [
        ({"RCPT": "553 5.1.3 bad address"}, Receipt(Result.REFUSED, "smtp-553")),
        ({"RCPT": "550 5.7.1 relaying denied"}, Receipt(Result.LATER, "smtp-550")),
        ({"RCPT": "552 5.2.2 full"}, Receipt(Result.LATER, "smtp-552")),
        ({"RCPT": "530 5.7.0 log in first"}, Receipt(Result.LATER, "smtp-530")),
        ({"MAIL": "550 5.1.8 bad sender"}, Receipt(Result.LATER, "smtp-550")),
        ({"CONTENT": "554 5.6.0 not wanted"}, Receipt(Result.LATER, "smtp-554")),
        ({"GREETING": "554 go away"}, Receipt(Result.LATER, "smtp-554")),
        ({"GREETING": "no smtp at all"}, None),
        ({"QUIT": "500 what"}, Receipt(Result.ACCEPTED)),
    ],
)
async def test_only_an_unknown_recipient_is_refused_for_good(
    mail_server: Any, replies: dict[str, str], receipt: Receipt | None
) -> None:
    mail_server.replies = replies
    answer = await SmtpChannel(_route(mail_server), 2).send(MESSAGE)
    assert answer == receipt if receipt else answer.result is Result.LATER
    assert MESSAGE.mobile not in answer.reason
