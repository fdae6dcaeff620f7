"""Messages by mail to a gateway that turns them into short messages or calls; the number is in the address."""

import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final

import aiosmtplib
import msgspec

from expert_hub.draws.calling.notifier import ACCEPTED, Message, Receipt, Result

SUBJECT: Final = "评审邀请 Evaluation invitation"
_UNKNOWN_RECIPIENT: Final = (550, 551, 553)
_POLICY: Final = "5.7."


class MailRoute(msgspec.Struct, frozen=True):
    """Where mail is handed over, and from and to which address; `to` holds `{mobile}`."""

    host: str
    port: int | None
    tls: str
    sender: str
    to: str
    user: str | None = None
    password: str | None = None
    ca_file: str | None = None


class SmtpChannel:
    """Hands each message to a mail server over a connection of its own, so that no message waits for another."""

    name = "smtp"
    reports = False

    def __init__(self, route: MailRoute, timeout_s: float) -> None:
        self._route, self._timeout_s = route, timeout_s
        self._tls = None if route.tls == "none" else ssl.create_default_context(cafile=route.ca_file)

    async def send(self, message: Message) -> Receipt:
        """Hand the mail over. Only a recipient that the server does not know is refused for good."""
        client = self._client()
        try:
            await client.connect()
            await client.send_message(_mail(self._route, message))
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            return Receipt(Result.LATER, "timeout")
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refusal(error.recipients[0])
        except aiosmtplib.SMTPResponseException as error:
            return Receipt(Result.LATER, f"smtp-{error.code}")
        except (aiosmtplib.SMTPException, ssl.SSLError):
            return Receipt(Result.LATER, "connection")
        finally:
            # Without a farewell: the server has said yes or no, and one that hangs now must not turn yes into later.
            client.close()
        return ACCEPTED

    async def close(self) -> None:
        """Nothing is held between messages."""

    def _client(self) -> aiosmtplib.SMTP:
        route = self._route
        return aiosmtplib.SMTP(
            hostname=route.host,
            port=route.port,
            timeout=self._timeout_s,
            use_tls=route.tls == "implicit",
            start_tls=route.tls == "starttls",
            tls_context=self._tls,
            username=route.user,
            password=route.password,
        )


def _refusal(error: aiosmtplib.SMTPRecipientRefused) -> Receipt:
    # "Relaying denied" and the like say 550 too, but are about the hub and not about the number.
    is_unknown = error.code in _UNKNOWN_RECIPIENT and not error.message.lstrip().startswith(_POLICY)
    return Receipt(Result.REFUSED if is_unknown else Result.LATER, f"smtp-{error.code}")


def _mail(route: MailRoute, message: Message) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = Address(addr_spec=route.sender)
    mail["To"] = Address(addr_spec=route.to.replace("{mobile}", message.mobile))
    mail["Subject"] = SUBJECT
    # The same attempt has the same id, so that a repetition after a crash can be dropped on the way.
    mail["Message-ID"] = f"<{message.message_id}.{message.attempt}@{route.sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail
