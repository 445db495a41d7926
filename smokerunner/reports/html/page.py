"""The page: what the template is given."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from smokerunner.model.rendering import Read
from smokerunner.model.run import Run
from smokerunner.reports import wording
from smokerunner.reports.html import view

TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "duration": wording.duration,
        "moment": wording.moment,
        "title_of": wording.title_of,
        "href": view.href,
        "address": view.address,
        "shortened": view.shortened,
        "snippet": view.snippet,
        "steps": view.steps_of,
        "files": view.files_of,
        "notable": view.is_notable,
        "panels": view.panels_of,
    }
    return environment


def page(run: Run, read: Read) -> str:
    """The page of a run; `read` gives the small pictures that it holds itself."""
    text = (
        _environment()
        .get_template("report.html")
        .render(
            run=run,
            verdict=view.VERDICTS[run.verdict],
            reason=wording.reason_of(run),
            release=wording.release_of(run.release),
            flows=wording.by_attention(run.flows),
            others=wording.others_of(run),
            attention=wording.ATTENTION,
            icons=view.ICONS,
            histories={flow.name: wording.history_of(flow, run.history.get(flow.name)) for flow in run.flows},
            medians={name: past.median_seconds for name, past in run.history.items() if past.median_seconds},
            frame=view.Frame.of(run),
            trace_command=view.trace_command,
            read=read,
        )
    )
    return wording.legible(text)
