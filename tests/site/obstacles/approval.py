"""Leave that one person asks for and another approves; who is who says a cookie."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from tests.site.obstacles.pages import broken

_HEAD = '<!doctype html><html lang="en"><head><title>Leave</title><link rel="icon" href="data:,">'
_HEAD += '<link rel="stylesheet" href="/obstacles/look.css"></head><body><main>'


def routes() -> list[BaseRoute]:
    """The little app, with its requests in memory."""
    leave: dict[str, str] = {}

    async def login(request: Request) -> Response:
        if request.method == "GET":
            return HTMLResponse(
                f"{_HEAD}<h1>Log in</h1><form method=post><label>Name <input name=name></label>"
                "<button>Log in</button></form></main>"
            )
        form = await request.form()
        page = RedirectResponse("/obstacles/leave", 303)
        page.set_cookie("person", str(form["name"]), httponly=True, samesite="lax")
        return page

    async def show(request: Request) -> Response:
        name = request.cookies.get("person")
        if name is None:
            return RedirectResponse("/obstacles/login", 303)
        form = await request.form()
        if "day" in form:
            leave[f"{name} {form['day']}"] = "waiting"
        # Broken, the approval is taken and never written.
        if "approve" in form and name == "boss" and broken(request) != "approve":
            leave[str(form["approve"])] = "approved"
        if request.method == "POST":
            return RedirectResponse(f"/obstacles/leave?{request.url.query}&done=yes", 303)
        rows = "".join(
            f"<tr><td>{escape(asked)}</td><td>{state}</td><td>"
            + (
                f"<form method=post><button name=approve value='{escape(asked)}'>Approve</button></form>"
                if name == "boss"
                else ""
            )
            + "</td></tr>"
            for asked, state in leave.items()
            if name in ("boss", asked.split()[0])
        )
        done = "<p role=status>Your decision is sent</p>" if name == "boss" and "done" in request.query_params else ""
        asking = "<form method=post><label>Reason <input name=day></label><button>Ask for leave</button></form>"
        return HTMLResponse(
            f"{_HEAD}<h1>Leave</h1><p>Logged in as {escape(name)}</p>{done}{'' if name == 'boss' else asking}"
            f"<table>{rows}</table></main>"
        )

    return [
        Route("/login", login, methods=["GET", "POST"]),
        Route("/leave", show, methods=["GET", "POST"]),
    ]
