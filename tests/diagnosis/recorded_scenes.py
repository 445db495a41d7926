"""Failures as run.json holds them: short ways to write a bad flow with what was seen there."""

from __future__ import annotations

from datetime import UTC, datetime

from smokerunner.diagnosis.case import Setting
from smokerunner.model.flow import Severity
from smokerunner.model.observation import AnswerSeen, Candidate, FactSeen, Observation, TargetSeen
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import ConsoleMessage, Result

AT = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
HOST = "https://books.example"
SETTING = Setting("books", "staging", HOST)


def url(path: str) -> str:
    return f"{HOST}{path}"


def answer(line: str, status: int | None = None, text: str = "", **more: object) -> AnswerSeen:
    """`answer("POST /login", 500)`."""
    method, path = line.split(" ", 1)
    facts: dict[str, object] = {"kind": "document", "seconds": 0.2, "content_type": "text/html", **more}
    return AnswerSeen.model_validate(
        {"method": method, "url": path if "://" in path else url(path), "status": status, "text": text, **facts}
    )


def target(words: str, place: str = "click", **more: object) -> TargetSeen:
    """`target('button "Save"')`: looked for by its role, not there."""
    role, _, name = words.partition(" ")
    return TargetSeen.model_validate(
        {"place": place, "words": words, "role": role, "name": name.strip('"'), "count": 0, **more}
    )


def there(words: str, place: str = "click", **more: object) -> TargetSeen:
    """The same, found once and in good order."""
    good: dict[str, object] = {
        "count": 1,
        "visible": True,
        "enabled": True,
        "in_window": True,
        "reachable": True,
        "box": {"x": 10, "y": 20, "width": 80, "height": 30},
    }
    return target(words, place, **{**good, **more})


def candidate(words: str, likeness: float) -> Candidate:
    role, _, name = words.partition(" ")
    return Candidate(words=words, target={role: name.strip('"')}, role=role, name=name.strip('"'), likeness=likeness)


def fact(key: str, wanted: str, seen: str = "", about: str = "", complaint: str = "") -> FactSeen:
    said = complaint or (f'{about} shows "{seen}", not "{wanted}"' if seen else f"{wanted} is not there")
    return FactSeen(key=key, wanted=wanted, seen=seen, about=about, complaint=said)


def scene(path: str = "/", *answers: AnswerSeen, **more: object) -> Observation:
    """A page in good order at `path`; the last document that was answered is the one shown."""
    documents = [one for one in answers if one.kind == "document" and (one.status or one.failure)]
    facts: dict[str, object] = {
        "url": url(path),
        "url_before": url(path),
        "title": "Books",
        "status": documents[-1].status if documents else 200,
        "viewport": "1280x720",
        "text": "Books\nHome\nBasket",
        "aria": '- banner:\n  - link "Home"\n- main:\n  - heading "Books"',
        "answers": answers,
        "redirects": tuple(documents[-1:]),
        "waited": 10,
        "allowed": 10,
        **more,
    }
    return Observation.model_validate(facts)


def said(text: str, level: str = "exception") -> ConsoleMessage:
    return ConsoleMessage(level=level, text=text, url=url("/app.js"), line=7, counts=True, at=AT)


def step(action: str = "expect", message: str = "it is not as it should be", **more: object) -> Result:
    facts: dict[str, object] = {
        "id": "flows/buy/1/03",
        "kind": "step",
        "name": "03",
        "title": f"{action} something",
        "outcome": Outcome.FAILED,
        "message": message,
        "started": AT,
        "seconds": 10,
        "action": action,
        "url": url("/"),
        **more,
    }
    return Result.model_validate(facts)


def before(number: int, path: str, action: str = "click", **more: object) -> Result:
    return step(
        action, "", id=f"flows/buy/1/{number:02d}", name=f"{number:02d}", outcome=Outcome.PASSED, url=url(path), **more
    )


def flow(*steps: Result, severity: Severity = Severity.HIGH, outcome: Outcome | None = None) -> Result:
    """A flow with one attempt; its outcome is that of the last step."""
    became = outcome or steps[-1].outcome
    attempt = Result(id="flows/buy/1", kind="attempt", name="1", outcome=became, message="", started=AT, children=steps)
    return Result(
        id="flows/buy",
        kind="flow",
        name="buy",
        outcome=became,
        message=f"step 3: {steps[-1].message}",
        started=AT,
        severity=severity,
        children=(attempt,),
    )


def beside(kind: str, outcome: Outcome, message: str) -> Result:
    """A result about the run as a whole."""
    return Result.model_validate(
        {"id": kind, "kind": kind, "name": kind, "title": kind, "outcome": outcome, "message": message, "started": AT}
    )
