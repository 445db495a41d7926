"""How evidence and reports meet: a report is made of a run, and may ask for small files of its bundle."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from smokerunner.model.run import Run

Read = Callable[[str], bytes | None]
"""What gives a file of the bundle by its path; None when there is none."""
Renderer = Callable[[Run, Read], str]
Renderers = Mapping[str, Renderer]
"""What renders each file of a bundle, by file name."""
