"""Dovecot from Debian: a real IMAP server, and a bridge that puts mail which comes by SMTP into its mailboxes."""

from __future__ import annotations

import pwd
import shutil

from tests.apps.lab.app import SOURCES, Place
from tests.apps.lab.machine import Unmet, call, make_venv, need_debian
from tests.apps.lab.process import Server

OWNER = "vmail"


class Dovecot:
    """Any address is a user; the password of all is `lab`."""

    name = "dovecot"
    about = "IMAP server with an SMTP bridge (Debian, PyPI)"
    port = 1143
    smtp_port = 1026

    def install(self, place: Place) -> None:
        """Debian's package, and aiosmtpd for the bridge; the mailboxes belong to a system user of their own."""
        need_debian(self.name, ["dovecot-imapd"], place.log)
        make_venv(self.name, place.folder / "v", ["aiosmtpd==1.4.6"], (3, 11), place.log)
        try:
            owner = pwd.getpwnam(OWNER)
        except KeyError:
            if not shutil.which("useradd"):
                raise Unmet(f"dovecot needs the system user {OWNER}, and there is no useradd") from None
            call(["useradd", "-r", "-M", "-s", "/usr/sbin/nologin", OWNER], place.log)
            owner = pwd.getpwnam(OWNER)
        (place.folder / "base").mkdir(exist_ok=True)
        (place.folder / "mail").mkdir(exist_ok=True)
        shutil.chown(place.folder / "mail", OWNER)
        settings = (SOURCES / "dovecot" / "dovecot.conf").read_text()
        for name, value in {
            "FOLDER": str(place.folder), "PORT": str(place.port), "UID": str(owner.pw_uid), "GID": str(owner.pw_gid)
        }.items():  # fmt: skip
            settings = settings.replace(f"@{name}@", value)
        (place.folder / "dovecot.conf").write_text(settings)

    def servers(self, place: Place) -> tuple[Server, ...]:
        """The IMAP server, and the bridge."""
        bridge = (place.folder / "v" / "bin" / "python", SOURCES / "dovecot" / "bridge.py")
        return (
            Server("imap", ("dovecot", "-F", "-c", place.folder / "dovecot.conf"), place.port, place.folder),
            Server(
                "smtp", (*bridge, place.folder / "mail", OWNER, str(place.smtp_port)), place.smtp_port, place.folder
            ),
        )

    def address(self, place: Place) -> str:
        """Of both."""
        return f"imap://127.0.0.1:{place.port} (SMTP port {place.smtp_port})"
