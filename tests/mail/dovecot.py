"""A real IMAP server: Debian's dovecot with a configuration of its own, on free ports.

Mail is delivered the way a mail server does it, by putting files into the Maildir.
"""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from peers import free_ports, running

PASSWORD = "lab-pässword"


@dataclass(frozen=True)
class Dovecot:
    plain: int
    tls: int
    no_tls: int
    folder: Path
    owner: pwd.struct_passwd

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    def deliver(self, user: str, raw: bytes, *, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        """Put a message into a folder of the user's; `arrived` becomes its INTERNALDATE."""
        home = self.folder / "mail" / user
        self._make_maildir(home)
        maildir = home if folder == "INBOX" else home / f".{folder}"
        self._make_maildir(maildir)
        # Written elsewhere and moved into place complete, as a mail server does.
        draft = self.folder / uuid4().hex
        draft.write_bytes(raw)
        moment = arrived.timestamp() if arrived else time.time()
        os.utime(draft, (moment, moment))
        self._hand_over(draft)
        draft.rename(maildir / "new" / f"{time.time():.6f}.{draft.name}.localhost")

    def files(self, user: str) -> list[str]:
        """All message files of the inbox: `new/NAME` until a client selects it, `cur/NAME:2,FLAGS` afterwards."""
        home = self.folder / "mail" / user
        return sorted(f"{name}/{path.name}" for name in ("new", "cur") for path in (home / name).iterdir())

    def end_connections(self, user: str) -> None:
        """Let the server hang up on this user."""
        command = [_program("doveadm") or "doveadm", "-c", str(self.folder / "tls.conf"), "kick", user]
        subprocess.run(command, check=True, capture_output=True, timeout=20)

    def _make_maildir(self, place: Path) -> None:
        if place.exists():
            return
        draft = self.folder / uuid4().hex
        for name in ("", "cur", "new", "tmp"):
            (draft / name).mkdir()
            self._hand_over(draft / name)
        draft.rename(place)

    def _hand_over(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)


def dovecot_or_skip() -> str:
    """The program. As root it is installed if it is missing."""
    if not _program() and os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "dovecot-imapd"]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(install, capture_output=True, env=quiet, timeout=240).returncode:
            subprocess.run(["apt-get", "update", "-q"], capture_output=True, timeout=240)
            subprocess.run(install, capture_output=True, env=quiet, timeout=240)
    program = _program()
    if not program:
        pytest.skip("dovecot is not installed (Debian: apt-get install dovecot-imapd)")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3"):
        pytest.skip(f"the configuration of this test is for dovecot 2.3, and here is {version.strip()}")
    return program


@contextmanager
def run_dovecot(program: str) -> Iterator[Dovecot]:
    # Sockets lie in this folder and their paths may be 107 bytes long, so it cannot be pytest's.
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        folder = Path(name)
        owner = pwd.getpwnam("mail" if os.geteuid() == 0 else getpass.getuser())
        server = Dovecot(*free_ports(3), folder, owner)
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        server._hand_over(folder / "mail")
        _make_certificate(folder)
        _write_config(folder / "tls.conf", folder / "tls", server, server.plain, server.tls, "yes")
        _write_config(folder / "plain.conf", folder / "plain", server, server.no_tls, 0, "no")
        with (
            running([program, "-F", "-c", str(folder / "tls.conf")], (server.plain, server.tls), folder / "log"),
            running([program, "-F", "-c", str(folder / "plain.conf")], (server.no_tls,), folder / "log2"),
        ):
            yield server


def _program(name: str = "dovecot") -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def _make_certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def _write_config(path: Path, base: Path, server: Dovecot, plain: int, tls: int, ssl: str) -> None:
    base.mkdir()
    folder, owner = server.folder, server.owner
    root = os.geteuid() == 0
    login, internal = ("dovenull", "dovecot") if root else (owner.pw_name, owner.pw_name)
    group = "dovecot" if root else grp.getgrgid(owner.pw_gid).gr_name
    path.write_text(f"""
base_dir = {base}
log_path = {base}.log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
""")
