"""The pages of the obstacles: HTML files, in which `{{name}}` is filled in."""

from __future__ import annotations

from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

FOLDER = Path(__file__).parent / "pages"


def answer(name: str, status: int = 200, **values: str) -> Response:
    """A page with its values, escaped."""
    text = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"{{{{{key}}}}}", escape(value))
    return HTMLResponse(text, status_code=status)


def said(heading: str, text: str = "", status: int = 200) -> Response:
    """A page that says one thing."""
    return answer("said", status, heading=heading, text=text)


def broken(request: Request) -> str:
    """What `?broken=` names, or ''."""
    return request.query_params.get("broken", "")


async def serve(request: Request) -> Response:
    """A file of pages/ by its name; .html is left out."""
    name = request.path_params["name"]
    path = FOLDER / (name if "." in name else f"{name}.html")
    if not path.is_file():
        return said("No such page", status=404)
    return FileResponse(path, headers={"Cache-Control": "no-cache"})
