"""MailDev from npm: takes mail by SMTP and shows it in a page, for whoever uses an app by hand."""

from __future__ import annotations

from tests.apps.lab.app import Place
from tests.apps.lab.machine import Command, call, need_node
from tests.apps.lab.process import Server


class MailDev:
    """A mail server with a page and a REST API (GET /email, DELETE /email/all)."""

    name = "maildev"
    about = "takes mail and shows it (npm)"
    port = 1080
    smtp_port = 1025

    def install(self, place: Place) -> None:
        """The npm package."""
        need_node(self.name, 18, place.log)
        if not (place.folder / "node_modules" / "maildev").exists():
            prefix: Command = ["npm", "install", "--prefix", place.folder, "--no-audit", "--no-fund"]
            call([*prefix, "maildev@2"], place.log, cwd=place.folder)

    def servers(self, place: Place) -> tuple[Server, ...]:
        """One process for mail and page."""
        script = place.folder / "node_modules" / "maildev" / "bin" / "maildev"
        listen = ("--ip", "127.0.0.1", "--web-ip", "127.0.0.1")
        ports = ("--smtp", str(place.smtp_port), "--web", str(place.port))
        return (Server("maildev", ("node", script, *listen, *ports), place.port, place.folder),)

    def address(self, place: Place) -> str:
        """The page; mail is taken on the SMTP port."""
        return f"{place.url}/ (SMTP port {place.smtp_port})"
