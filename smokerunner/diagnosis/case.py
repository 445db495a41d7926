"""What a cause is told: the result that was bad, what was seen there, and what happened before it."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from urllib.parse import urlsplit

from smokerunner.model.observation import AnswerSeen, FactSeen, Observation, TargetSeen
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.model.result import ConsoleMessage, Result
from smokerunner.model.run import Release

PAGES = ("document",)
DATA = ("xhr", "fetch", "api")
_POINTED = ("click", "hover", "drag", "check", "uncheck")
_NOT_SENT = ("HEAD", "OPTIONS")


@record
class Setting:
    """What is known of the run."""

    app: str = ""
    environment: str = ""
    base_url: str = ""
    release: Release = field(default_factory=Release)


@record
class Case:
    """One failure. `step` is the innermost result that was bad: a step, or what failed without any."""

    setting: Setting
    flow: Result
    step: Result
    earlier: tuple[Result, ...] = ()
    """The steps before it in the same attempt, in order, each inner one before the outer."""

    @cached_property
    def seen(self) -> Observation:
        """What was observed; an empty scene when nothing could be."""
        return self.step.observation or Observation()

    @property
    def has_scene(self) -> bool:
        """Whether anything was observed at all."""
        return self.step.observation is not None

    @property
    def message(self) -> str:
        """What the step said."""
        return self.step.message

    @property
    def failed(self) -> bool:
        """Whether the app is said to be wrong."""
        return self.step.outcome is Outcome.FAILED

    @property
    def page(self) -> str:
        """Where it happened, as a path."""
        return path_of(self.seen.url or self.step.url)

    @cached_property
    def document(self) -> AnswerSeen | None:
        """The answer that brought the page which is shown."""
        return self.seen.redirects[-1] if self.seen.redirects else None

    @cached_property
    def data_answers(self) -> tuple[AnswerSeen, ...]:
        """What the page and the flow asked the app for beside documents, the newest first."""
        return tuple(answer for answer in reversed(self.seen.answers) if answer.kind in DATA and answer.own)

    @cached_property
    def console(self) -> tuple[ConsoleMessage, ...]:
        """Errors of the app's own origin in this attempt, the newest first."""
        said = (*(message for step in self.earlier for message in step.console), *self.step.console)
        return tuple(message for message in reversed(said) if message.counts)

    @cached_property
    def unmet(self) -> tuple[FactSeen, ...]:
        """The facts that did not hold."""
        return self.seen.facts

    @cached_property
    def missing(self) -> tuple[TargetSeen, ...]:
        """Elements that the step needs and that are nowhere on the page."""
        return tuple(target for target in self.needed if target.count == 0)

    @cached_property
    def needed(self) -> tuple[TargetSeen, ...]:
        """Elements that should be there; those that should not, and those that are counted, are left out."""
        return tuple(
            target for target in self.seen.targets if target.place.rpartition(".")[2] not in ("hidden", "count")
        )

    @cached_property
    def acted_on(self) -> TargetSeen | None:
        """The element that the step was to do something with; None for what only looks."""
        return next((target for target in self.seen.targets if "." not in target.place), None)

    @property
    def points(self) -> bool:
        """Whether the step uses the mouse."""
        return self.step.action in _POINTED

    @cached_property
    def sent(self) -> AnswerSeen | None:
        """The newest form or data that the page has sent to the app."""
        reads = ("GET", *_NOT_SENT)
        return next(
            (answer for answer in reversed(self.seen.answers) if answer.method not in reads and answer.own), None
        )

    @cached_property
    def wanted_words(self) -> str:
        """All that the step expected, in lower case: a text that was asked for is no complaint."""
        return " ".join((*(fact.wanted for fact in self.unmet), *(t.words for t in self.seen.targets))).casefold()


def path_of(url: str) -> str:
    """The path and query of an address, as people say it; the whole address when it has none."""
    parts = urlsplit(url)
    if not parts.netloc:
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def called(answer: AnswerSeen, setting: Setting) -> str:
    """`POST /login`, with the host when it is not the app's own."""
    host = urlsplit(answer.url).netloc
    own = answer.own or host == urlsplit(setting.base_url).netloc
    return f"{answer.method} {path_of(answer.url) if own else answer.url}"


def answered(answer: AnswerSeen) -> str:
    """`500 Internal Server Error`."""
    reason = answer.reason or REASONS.get(answer.status or 0, "")
    return f"{answer.status} {reason}".strip()


REASONS = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    409: "Conflict", 410: "Gone", 413: "Content Too Large", 419: "Page Expired", 422: "Unprocessable Content",
    429: "Too Many Requests", 440: "Login Time-out", 500: "Internal Server Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip
"""What servers say beside a status when they say nothing of their own."""
