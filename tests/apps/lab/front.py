"""nginx with TLS and PHP-FPM in front of the Laravel app, as a host would set them up; with flaws, as some do."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.apps.lab.machine import Unmet, need_debian
from tests.apps.lab.process import listens

HOST = "invoices.test"
PACKAGES = ("nginx-light", "php-fpm")
HEADERS = {
    "hsts": "Strict-Transport-Security 'max-age=31536000; includeSubDomains'",
    "nosniff": "X-Content-Type-Options nosniff",
    "framing": "X-Frame-Options SAMEORIGIN",
    "referrer": "Referrer-Policy strict-origin-when-cross-origin",
    "csp": "Content-Security-Policy \"default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; "
    "script-src 'self' 'unsafe-inline'\"",
}
"""What a careful host adds to every answer, by what leaves it out."""

_HIDDEN = r"location ~ /\.(?!well-known) { return 404; }"


@dataclass(frozen=True)
class Ports:
    """Where everything listens on 127.0.0.1."""

    https: int
    http: int
    fpm: int


@dataclass
class Front:
    """A context manager: while it is open, `https://invoices.test` and http are served on the given ports.

    `home` is the app's folder. `lines` are put into the server block first; `without` names headers of HEADERS to
    leave out; `root` is the folder that is served, by default the app's public one; `redirects`: does http lead to
    https; `tokens`: do nginx and PHP tell their versions.
    """

    home: Path
    folder: Path
    ports: Ports
    certificate: Path
    key: Path
    lines: str = ""
    without: Collection[str] = ()
    root: Path | None = None
    redirects: bool = True
    tokens: bool = False
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Start both, and wait until they listen. Raises Unmet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fpm, nginx = self.folder / "fpm.conf", self.folder / "nginx.conf"
        fpm.write_text(self._fpm())
        nginx.write_text(self._nginx())
        self._start([_fpm_program(), "-F", "-R", "-y", str(fpm)], self.ports.fpm)
        self._start(["nginx", "-e", str(self.folder / "nginx.log"), "-c", str(nginx)], self.ports.https)
        return self

    def __exit__(self, *_: object) -> None:
        """End both, and wait for that."""
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            if process.returncode is None:
                process.kill()
                process.wait()

    def _start(self, command: list[str], port: int) -> None:
        with (self.folder / "out.log").open("ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._processes.append(process)
        end = time.monotonic() + 20
        while not listens(port):
            if process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                said = (self.folder / "out.log").read_text("utf-8", "replace").strip().splitlines()[-1:]
                raise Unmet(f"`{command[0]}` does not listen on port {port}: {''.join(said) or 'it said nothing'}")
            time.sleep(0.05)

    def _fpm(self) -> str:
        return (
            f"[global]\nerror_log = {self.folder}/fpm.log\npid = {self.folder}/fpm.pid\n"
            f"[www]\nlisten = 127.0.0.1:{self.ports.fpm}\nuser = {_user()}\ngroup = {_user()}\n"
            "pm = static\npm.max_children = 4\nclear_env = yes\n"
            f"php_admin_flag[expose_php] = {'on' if self.tokens else 'off'}\n"
        )

    def _nginx(self) -> str:
        headers = "\n".join(
            f"    add_header {header} always;" for name, header in HEADERS.items() if name not in self.without
        )
        pages = self._pages()
        plain = f"return 301 https://{HOST}$request_uri;" if self.redirects else pages
        return f"""
user {_user()};
daemon off;
worker_processes 1;
pid {self.folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log {self.folder}/access.log;
  server_tokens {"on" if self.tokens else "off"};
  {_temporary(self.folder)}
  server {{
    listen 127.0.0.1:{self.ports.http};
    server_name {HOST};
    {plain}
  }}
  server {{
    listen 127.0.0.1:{self.ports.https} ssl http2;
    server_name {HOST};
    ssl_certificate {self.certificate};
    ssl_certificate_key {self.key};
    ssl_protocols TLSv1.2 TLSv1.3;
{headers}
    {pages}
  }}
}}
"""

    def _pages(self) -> str:
        public = self.home / "public"
        return f"""
    root {self.root or public};
    {self.lines}
    location / {{ try_files $uri /index.php?$query_string; }}
    location ~ ^/index\\.php(/|$) {{
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME {public}/index.php;
      fastcgi_param SCRIPT_NAME /index.php;
      fastcgi_param DOCUMENT_ROOT {public};
      fastcgi_param HTTP_HOST {HOST};
      fastcgi_param HTTPS $https if_not_empty;
      fastcgi_pass 127.0.0.1:{self.ports.fpm};
    }}
    {"" if self.root else _HIDDEN}
"""


def install(log: Path) -> None:
    """Debian's nginx and PHP-FPM. Raises Unmet."""
    need_debian("nginx with PHP-FPM", PACKAGES, log)


def _fpm_program() -> str:
    found = shutil.which("php-fpm") or next(map(str, sorted(Path("/usr/sbin").glob("php-fpm*"))), None)
    if found is None:
        raise Unmet("PHP-FPM is not installed: apt-get install php-fpm")
    return found


def _user() -> str:
    return "root" if os.geteuid() == 0 else os.environ.get("USER", "www-data")


def _temporary(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "\n  ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
