"""A proposal as a block for smokerunner.yaml."""

from __future__ import annotations

import io
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from smokerunner.importers.openapi import Proposal
from smokerunner.model.number import counted

_WIDE = 4096
"""No line is folded: a folded path is no path."""


def block(proposal: Proposal, path: Path) -> str:
    """The checks, below the key `checks`, as they stand in an environment."""
    checks = CommentedMap()
    for route in proposal.routes:
        settings = CommentedMap(route.settings)
        checks[route.id] = settings
        said = route.summary
        if settings.get("requires_login"):
            said += "; add headers with credentials to see its answer"
        checks.yaml_set_comment_before_after_key(route.id, before=said, indent=2)
    yaml = YAML()
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump(CommentedMap({"checks": checks}), text)
    head = f"# {counted(len(proposal.routes), 'check')} from {path.name}"
    title = f" ({proposal.title})" if proposal.title else ""
    return f"{head}{title}. Put them into an environment of smokerunner.yaml.\n{text.getvalue()}"
