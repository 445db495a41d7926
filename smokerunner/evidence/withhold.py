"""What a run says about evidence that is not there: the artifact says why, and the flow is at least warned."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Run
from smokerunner.model.secret import Secrets

_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
"""A text in JSON."""
_BETWEEN = "\x01\n\x01"
"""Between texts that are searched at once; what spans it is looked at again, text by text."""


def with_withheld(run: Run, reasons: Mapping[str, str]) -> Run:
    """The run with the reason beside every artifact whose path is in `reasons`, and its results at least warned."""
    return run.model_copy(update={"results": tuple(_told(result, reasons) for result in run.results)})


def with_notice(run: Run, outcome: Outcome, message: str) -> Run:
    """The run with one more result about its evidence, for what no flow is to blame for."""
    notice = Result(
        id=f"run/evidence/{len(run.results) + 1}",
        kind="run",
        name="evidence",
        outcome=outcome,
        message=message,
        started=run.ended,
    )
    return run.model_copy(update={"results": (*run.results, notice)})


def masked_run(run: Run, secrets: Secrets) -> Run:
    """The run with every secret masked in every text of it.

    A run that would no longer be one (a secret that is also a word of ours) is returned as it is: the search for
    leaks then says so.
    """
    document = run.model_dump_json(by_alias=True)
    # Most runs have nothing left to mask, and the same few words again and again.
    texts = [json.loads(f'"{text}"') if "\\" in text else text for text in set(_TEXT.findall(document))]
    together = _BETWEEN.join(texts).encode("utf-8", "surrogatepass")
    if secrets.scrub_bytes(together) is together:
        return run

    @cache
    def clean(text: str) -> str:
        # Not `scrub`: it masks a short secret where it is a whole text, and that may be the name of a flow.
        return secrets.scrub_bytes(text.encode()).decode()

    try:
        return Run.model_validate(_masked(json.loads(document), clean))
    except ValidationError:
        return run


def artifacts_of(run: Run) -> list[Artifact]:
    """Every artifact that a run names, in order."""
    return [artifact for result in run.results for below in result.walk() for artifact in below.artifacts]


def _told(result: Result, reasons: Mapping[str, str]) -> Result:
    children = tuple(_told(child, reasons) for child in result.children)
    artifacts = tuple(_artifact_told(artifact, reasons) for artifact in result.artifacts)
    if artifacts == result.artifacts and children == result.children:
        return result
    lost = [
        f"{now.path} is not in the evidence: {now.withheld}"
        for was, now in zip(result.artifacts, artifacts, strict=True)
        if now is not was
    ]
    outcome = result.outcome
    if outcome is not Outcome.SKIPPED:
        outcome = worst((outcome, Outcome.WARNED))
    return result.model_copy(
        update={
            "children": children,
            "artifacts": artifacts,
            "warnings": (*result.warnings, *lost),
            "outcome": outcome,
        }
    )


def _artifact_told(artifact: Artifact, reasons: Mapping[str, str]) -> Artifact:
    reason = reasons.get(artifact.same_as or artifact.path)
    return artifact if reason is None or artifact.withheld else artifact.model_copy(update={"withheld": reason})


def _masked(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_masked(item, clean) for item in value]
    if isinstance(value, dict):
        return {clean(key): _masked(item, clean) for key, item in value.items()}
    return value
