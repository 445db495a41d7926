"""What was seen around a step that was bad: recorded once, so that its cause can be named then and later."""

from datetime import datetime

from pydantic import Field

from smokerunner.model.frozen import Frozen
from smokerunner.model.geometry import Box


class AnswerSeen(Frozen):
    """A request and what was answered. Without `status` and `failure` nobody had answered yet."""

    method: str
    url: str
    kind: str = Field(default="", description="`document`, `xhr`, `fetch`, … as the browser calls it, or `api`.")
    status: int | None = None
    reason: str = Field(default="", description="The status in words, as the server said it.")
    failure: str | None = Field(default=None, description="Why no answer ever came.")
    seconds: float | None = Field(default=None, description="Until the answer, or so far.")
    content_type: str = ""
    text: str = Field(default="", description="What a bad answer says, at most 4 kB of it.")
    own: bool = Field(default=True, description="Whether it is the app's own host that was asked.")
    during: bool = Field(default=True, description="Whether it was asked while the step ran, not before.")
    complete: bool = Field(default=True, description="Whether all of the answer had come.")


class FrameSeen(Frozen):
    """A frame of the page; the page itself is the first."""

    url: str
    name: str = ""


class Candidate(Frozen):
    """An element that may be the one that was meant."""

    words: str = Field(description="What a person would call it.")
    target: dict[str, object] = Field(description="A target that finds it and nothing else, ready to paste.")
    role: str = ""
    name: str = ""
    likeness: float = Field(description="From 0 to 1: how near it comes to what was written.")


class TargetSeen(Frozen):
    """An element that the step names, as the page had it."""

    place: str = Field(description="Where it stands in the step: `click`, `expect.visible`.")
    words: str = Field(description="The target in words, variables filled in.")
    written: str = Field(default="", description="The same with variables as they are written, when that differs.")
    role: str = Field(default="", description="The role it is looked for by, if it is.")
    name: str = Field(default="", description="The text it is looked for by.")
    count: int | None = Field(default=None, description="How many elements match; None when the page did not say.")
    visible: bool | None = None
    enabled: bool | None = None
    box: Box | None = None
    in_window: bool | None = None
    reachable: bool | None = Field(default=None, description="Whether it is in the window or can be scrolled there.")
    covered_by: str = Field(default="", description="The element on top of its middle, in words.")
    text: str = ""
    value: str = ""
    elsewhere: Candidate | None = Field(default=None, description="The same target in another frame.")
    narrowings: tuple[Candidate, ...] = Field(default=(), description="When several match: a target for each.")
    candidates: tuple[Candidate, ...] = Field(default=(), description="When none matches: the nearest first.")


class FactSeen(Frozen):
    """A fact of the step that did not hold when it was looked at for the last time."""

    key: str = Field(description="`url`, `visible`, `text_of`, … as it stands in the flow file.")
    about: str = Field(default="", description="The element it is about, in words.")
    wanted: str = ""
    seen: str = Field(default="", description="What was there instead, as it stands on the page.")
    complaint: str = Field(default="", description="The difference in one sentence.")


class MailSeen(Frozen):
    """A message that came while the flow was tried; other people's addresses are shortened."""

    to: str
    subject: str
    at: datetime


class Observation(Frozen):
    """The scene of a failure, masked like everything else. Diagnoses are functions of it."""

    url: str = ""
    url_before: str = Field(default="", description="Where the page was when the step began.")
    title: str = ""
    status: int | None = Field(default=None, description="Of the document that is shown.")
    viewport: str = ""
    text: str = Field(default="", description="What a person can read on the page, at most 4 kB of it.")
    aria: str = Field(default="", description="Its accessibility tree, at most 8 kB of it.")
    images: int = Field(default=0, description="How many pictures, canvases and videos it shows.")
    alerts: tuple[str, ...] = Field(default=(), description="What it says in alerts and beside form fields.")
    asks_for_password: bool = Field(default=False, description="Whether it shows a field for a password.")
    frames: tuple[FrameSeen, ...] = ()
    answers: tuple[AnswerSeen, ...] = Field(default=(), description="The last requests for pages and data, in order.")
    redirects: tuple[AnswerSeen, ...] = Field(
        default=(), description="How the document that is shown was come by: the last one first asked for, then on."
    )
    slowest: tuple[AnswerSeen, ...] = Field(default=(), description="Where the step's time went, the longest first.")
    websockets: tuple[str, ...] = Field(
        default=(), description="WebSockets that could not be opened or ended badly, and why."
    )
    targets: tuple[TargetSeen, ...] = ()
    facts: tuple[FactSeen, ...] = Field(default=(), description="What was expected and did not hold.")
    mails: tuple[MailSeen, ...] | None = Field(default=None, description="None when the mailbox was not asked.")
    waited: float = Field(default=0, description="Seconds that the step took.")
    allowed: float = Field(default=0, description="Seconds that it was given.")
