"""The mail Acorn writes, and how it is handed to the mail server."""

from __future__ import annotations

import asyncio
import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from jinja2 import Environment

_SENDER = "Acorn <hello@acorn.example>"
_SMTP_TIMEOUT_SECONDS = 10


class NotSent(Exception):
    """The mail server could not be reached or refused the mail."""


def write(templates: Environment, template: str, recipient: str, subject: str, **facts: str) -> EmailMessage:
    """A mail with a plain and an HTML part, made of `mail/<template>.txt` and `.html`."""
    message = EmailMessage()
    message["From"] = _SENDER
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain="acorn.example")
    message.set_content(templates.get_template(f"mail/{template}.txt").render(facts))
    message.add_alternative(templates.get_template(f"mail/{template}.html").render(facts), subtype="html")
    return message


async def send(message: EmailMessage, smtp_port: int) -> None:
    """Hand a mail to 127.0.0.1:`smtp_port`, in a thread. `NotSent` when that does not work."""
    try:
        await asyncio.to_thread(_hand_over, message, smtp_port)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(str(error)) from error


def _hand_over(message: EmailMessage, smtp_port: int) -> None:
    with smtplib.SMTP(
        "127.0.0.1", smtp_port, local_hostname="acorn.example", timeout=_SMTP_TIMEOUT_SECONDS
    ) as connection:
        connection.send_message(message)
