"""A bundle's reports made anew, outside the bundle, which stays as it was sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from smokerunner.evidence.bundle import Bundle
from smokerunner.evidence.folder import replace, writing
from smokerunner.evidence.withhold import artifacts_of
from smokerunner.model.errors import BadInput
from smokerunner.model.rendering import Renderers
from smokerunner.model.run import Run


def render_beside(
    path: Path, to: Path | None, renderers: Renderers, change: Callable[[Run], Run] = lambda run: run
) -> list[Path]:
    """Render every report from run.json into `to`, with the files that the reports show; what was written.

    `change` makes of the run what is rendered, such as one with newer diagnoses. By default `<run id>-report` beside
    the bundle. Raises BadInput when that is inside the bundle.
    """
    bundle = Bundle.open(path)
    target = to or path.parent / f"{bundle.run.id}-report"
    if path.is_dir() and target.resolve().is_relative_to(path.resolve()):
        raise BadInput(f"--to {target}: is inside the bundle, which is sealed; choose a folder outside it")
    if target.exists() and not target.is_dir():
        raise BadInput(f"--to {target}: is not a folder")
    present = set(bundle.names())
    for artifact in artifacts_of(bundle.run):
        if artifact.withheld is None and artifact.path in present:
            _write(target / artifact.path, bundle.read(artifact.path))
    run, written = change(bundle.run), []
    for name, render in renderers.items():
        _write(target / name, render(run, bundle.find).encode())
        written.append(target / name)
    return written


def _write(path: Path, data: bytes) -> None:
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, data)
