"""Starts localstripe on the loopback address only; by itself it listens on all of them."""

import socket


class Loopback(socket.socket):
    """A socket that is bound to this machine."""

    def bind(self, address):
        """Bind to 127.0.0.1, whatever was asked for."""
        host = "::ffff:127.0.0.1" if self.family == socket.AF_INET6 else "127.0.0.1"
        return super().bind((host, address[1]))


socket.socket = Loopback

from localstripe.server import start  # noqa: E402

start()
