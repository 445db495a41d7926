"""A shop of one page whose look a test can change while it is served."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><style>
body {{ margin: 0; font: 16px sans-serif; background: #fffefb; }}
header {{ display: flex; justify-content: space-between; padding: 14px 30px; background: #2f5d46; color: #fff; }}
.avatar {{ width: 40px; height: 40px; border-radius: 50%; background: hsl({hue} 60% 50%); }}
main {{ padding: 30px; }}
button {{ position: relative; left: {left}px; padding: 10px 24px; border: 0; border-radius: 8px;
  background: #b04c30; color: #fff; font-size: 16px; }}
</style></head><body><header><b>Acorn</b><span class="clock">{clock}</span><span class="avatar"></span></header>
<main><h1>Oak notebook</h1><p style="transform: translateX({jitter}px)">160 dotted pages that lie flat, thread-bound
in Småland and wrapped in real oak veneer.</p><p class="price">€{price}</p><button>Buy now</button></main>
</body></html>"""


class Shop:
    """What the page shows; `ticking` makes clock and avatar another each time."""

    def __init__(self) -> None:
        self.price = "14.50"
        self.left = 0
        self.jitter = 0.0
        self.ticking = False
        self.base_url = ""
        self._visits = count(1)

    def page(self) -> bytes:
        """The page as it is now."""
        visit = next(self._visits) if self.ticking else 0
        clock = f"{(visit * 7) % 24:02d}:{(visit * 13) % 60:02d}:{(visit * 29) % 60:02d}"
        facts = {"price": self.price, "left": self.left, "jitter": self.jitter, "hue": visit * 47 % 360}
        return PAGE.format(clock=clock, **facts).encode()


@contextmanager
def opened() -> Iterator[Shop]:
    """The shop on a free port of this machine."""
    shop = Shop()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path != "/favicon.ico"
            body = shop.page() if found else b""
            self.send_response(200 if found else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        shop.base_url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield shop
        finally:
            server.shutdown()
            thread.join()
