"""Serves what Mailpit's API description promises, over real HTTP. Mailpit itself is in no registry we can use."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class MailpitStandin:
    url: str = ""
    clock_ahead: timedelta = timedelta()
    status: int = 200
    login: str = ""
    mails: list[dict[str, Any]] = field(default_factory=list)
    sources: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_ahead

    def receive(
        self, to: str, subject: str, *, body: str = "Hello", bcc: str = "", created: datetime | None = None
    ) -> str:
        """Take a message in; its ID."""
        message_id = f"{len(self.mails):04}XyZ"
        moment = created or self.now()
        self.mails.append(
            {
                "ID": message_id,
                "MessageID": f"{message_id}@app.test",
                "Read": False,
                "From": {"Name": "The App", "Address": "app@app.test"},
                "To": [{"Name": "", "Address": to}],
                "Cc": None,
                "Bcc": [{"Name": "", "Address": bcc}] if bcc else [],
                "ReplyTo": [],
                "Subject": subject,
                # RFC 3339 with nanoseconds in the server's zone, as Go writes it.
                "Created": f"{moment.astimezone().replace(tzinfo=None).isoformat()}000"
                + moment.astimezone().strftime("%z")[:3]
                + ":"
                + moment.astimezone().strftime("%z")[3:],
                "Username": "",
                "Tags": [],
                "Size": len(body),
                "Attachments": 0,
                "Snippet": body[:250],
            }
        )
        self.sources[message_id] = (
            f"From: The App <app@app.test>\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{body}\r\n".encode()
        )
        return message_id

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, str, bytes]:
        if path == "/api/v1/messages":
            start, limit = int(query.get("start", ["0"])[0]), int(query.get("limit", ["50"])[0])
            newest_first = sorted(self.mails, key=lambda mail: str(mail.get("Created")), reverse=True)
            page = newest_first[start : start + limit]
            summary = {
                "total": len(self.mails),
                "unread": len(self.mails),
                "messages_count": len(self.mails),
                "messages_unread": len(self.mails),
                "start": start,
                "tags": [],
                "messages": page,
            }
            return 200, "application/json", json.dumps(summary).encode()
        parts = path.split("/")
        if path.startswith("/api/v1/message/") and parts[-1] == "raw" and parts[4] in self.sources:
            return 200, "text/plain; charset=utf-8", self.sources[parts[4]]
        return 404, "text/plain", b"Not found"


@contextmanager
def run_standin() -> Iterator[MailpitStandin]:
    standin = MailpitStandin()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            standin.asked.append(self.path)
            status, content_type, body = standin.answer(parts.path, parse_qs(parts.query))
            expected = "Basic " + base64.b64encode(standin.login.encode()).decode()
            if standin.login and self.headers.get("Authorization") != expected:
                status, content_type, body = 401, "text/plain", b"Unauthorised."
            elif standin.status != 200:
                status, content_type, body = standin.status, "text/html", b"<h1>Bad gateway</h1>"
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(standin.now(), usegmt=True)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    standin.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield standin
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
