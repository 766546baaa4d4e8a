"""E-mail over SMTP: a line that says nothing of what it is about, and where to sign in."""

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from uuid import UUID, uuid4

from app.accounts.reset_services import LIFE
from app.notifications.values import WORDS, Claimed, Kind, Result
from app.settings import MailSecurity, MailSettings
from app.web.languages import _, _l, page_language, speaking

SECONDS = 15
PERMANENT = 500
SUBJECT = "Tidemark"
FOOT = _l("This says no more on purpose: anybody might read it.\nYou can switch it off in Tidemark.")


def letter(claimed: Sequence[Claimed], settings: MailSettings, address: str | None) -> EmailMessage:
    """Write one letter for all that waits for one account; the same notices give the same Message-ID.

    Not where it leads to a new password: each such letter leads there by another code, so no mailbox drops the newest.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.sender, claimed[0].address, SUBJECT
    message["Message-ID"] = (
        f"<{uuid4() if claimed[0].opens else _first(claimed)}@{settings.sender.rsplit('@', 1)[-1].rstrip('>')}>"
    )
    message["Auto-Submitted"] = "auto-generated"
    with speaking(claimed[0].language):
        message.set_content(_words(claimed, address))
        message["Content-Language"] = page_language().tag
    return message


def _words(claimed: Sequence[Claimed], address: str | None) -> str:
    if claimed[0].opens is not None:
        return _new_password(claimed[0], *claimed[0].opens, address or "")
    lines = [str(WORDS[kind].email) for kind in Kind if any(one.kind is kind for one in claimed)]
    where = _("Sign in at %(address)s", address=address) if address else _("Sign in to Tidemark.")
    return "\n".join([*lines, "", where, "", str(FOOT), ""])


def _new_password(claimed: Claimed, slug: str, code: str, address: str) -> str:
    """Return the letter to somebody who forgot their password; the code stands after the #, and so reaches no log."""
    lines = [
        str(WORDS[claimed.kind].email),
        f"Open this within {LIFE.seconds // 60} minutes and choose one. It works once; only the newest letter works.",
        "",
        f"{address}c/{slug}/new-password#{code}",
        "",
        "Everything else that you sign in with stays as it is, and is still asked for.",
        "If it was not you, do nothing: your password stays as it is. Show nobody this letter.",
    ]
    return "\n".join([*lines, ""])


def _first(claimed: Sequence[Claimed]) -> UUID:
    return min(one.id for one in claimed)


def send_mail(claimed: Sequence[Claimed], settings: MailSettings, address: str | None) -> Result:
    """Hand one letter to the mail server."""
    try:
        message = letter(claimed, settings, address)
        with _connected(settings) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return Result.REFUSED if min(codes, default=0) >= PERMANENT else Result.TRY_AGAIN
    except smtplib.SMTPResponseException as error:
        is_about_us = isinstance(error, smtplib.SMTPAuthenticationError)
        return Result.REFUSED if error.smtp_code >= PERMANENT and not is_about_us else Result.TRY_AGAIN
    except (OSError, smtplib.SMTPException):
        return Result.TRY_AGAIN
    except ValueError:
        return Result.REFUSED
    return Result.TAKEN


def _connected(settings: MailSettings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.security is MailSecurity.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=SECONDS)
    if settings.security is MailSecurity.STARTTLS:
        server.starttls(context=context)
    if settings.user is not None:
        server.login(settings.user, settings.password or "")
    return server
