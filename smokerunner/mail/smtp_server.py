"""A small SMTP server in a thread of its own, which keeps what it is sent."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Deliver = Callable[[bytes, tuple[str, ...]], None]
"""Takes one message: its bytes and the recipients of its envelope. Called in the server's thread."""


class SmtpServer:
    """Listens as soon as it is made. Takes any sender, any recipient and any login, as test servers do.

    `OSError` when the address cannot be listened on. Port 0 takes a free one; `port` says which.
    """

    def __init__(self, host: str, port: int, deliver: Deliver) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Bound before the thread starts: the port is known, and a taken one fails here and not over there.
        listener = socket.create_server((host, port), family=family)
        self.port: int = listener.getsockname()[1]
        self._controller = _Controller(listener, deliver)
        self._controller.start()

    def stop(self) -> None:
        """End all connections and the thread."""
        self._controller.stop()


class _Handler:
    """What aiosmtpd calls for each message."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Hand the message on."""
        self._deliver(envelope.original_content or b"", tuple(envelope.rcpt_tos))
        return "250 Message accepted"


def _accept_login(*_: object) -> AuthResult:
    return AuthResult(success=True)


class _Smtp(SMTP):
    """Takes long lines, as mail servers on the way do; aiosmtpd keeps strictly to 1000 bytes."""

    line_length_limit = 1 << 20


class _Controller(Controller):
    """aiosmtpd's controller on a socket that is bound already."""

    def __init__(self, listener: socket.socket, deliver: Deliver) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(
            _Handler(deliver),
            hostname=host,
            port=port,
            # Else each connection asks the resolver for this machine's name, which can take seconds.
            server_hostname="localhost",
            authenticator=_accept_login,
            auth_require_tls=False,
        )
        self._listener = listener

    def factory(self) -> SMTP:
        """One protocol for each connection."""
        return _Smtp(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)
