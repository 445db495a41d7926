"""From what was found to the flow file: steps as the recorder writes them, and comments that say what comes next."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from smokerunner.authoring.act import Act, Draft, View
from smokerunner.authoring.appearing import lasting
from smokerunner.authoring.style import Indent, Remarks, Speller
from smokerunner.authoring.tidy import Known, tidy
from smokerunner.language.nodes import Location
from smokerunner.scouting.filling import Filling, login_fillings, register_fillings, reset_fillings
from smokerunner.scouting.recognition import Purpose, sender_of
from smokerunner.scouting.touring import Place, Tour
from smokerunner.scouting.trying import Tried, password_of

USER = "${username}"
EMAIL = "${email}"
FRESH_EMAIL = "smoke+${unique}@example.test"
SOMEBODY = "smoke@example.test"
"""Who logs in when nobody said who can: an address that is nobody's."""
_WIDTH = 100
_Drafted = tuple[dict[str, Any], list[str]]
"""A flow, and what is said above it."""
_LINK = {"matches": "(?i)reset|pass|recover"}
_SPECIAL = re.compile(r"([.+?()\[\]{}^$*|\\])")


@dataclass(frozen=True)
class Account:
    """Who logs in. The password itself is never part of a draft."""

    secret: str
    """The name of the secret that holds the password."""
    username: str = ""
    """Empty: nobody said."""
    email: str = ""
    """Where this account's mail goes, when its name is no address."""


@dataclass(frozen=True)
class Trials:
    """What came of really logging in and registering; None where that was not tried."""

    login: Tried | None = None
    register: Tried | None = None


@dataclass(frozen=True)
class Drafted:
    """A flow file: its text, and what it holds."""

    text: str
    flows: Mapping[str, Any]
    secrets: tuple[str, ...]


@dataclass
class _Sketch:
    """A flow file that grows."""

    flows: dict[str, Any] = field(default_factory=dict)
    above: dict[Location, Sequence[str]] = field(default_factory=dict)
    beside: dict[Location, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, flow: Mapping[str, Any], remarks: Sequence[str] = ()) -> None:
        self.flows[name] = dict(flow)
        lines = [line for remark in remarks if remark for line in comment(remark)]
        if lines:
            self.above["flows", name] = ["", *lines] if len(self.flows) > 1 else lines


def draft(
    app: str, tour: Tour, account: Account, trials: Trials, *, has_mailbox: bool, extra_secrets: Sequence[str] = ()
) -> Drafted:
    """The flow file, in the one style."""
    sketch = _Sketch()
    login, register, reset = (tour.places.get(purpose) for purpose in (Purpose.LOGIN, Purpose.REGISTER, Purpose.RESET))
    if login is None or login.opener is not None or _path(login.url) != _path(tour.start):
        sketch.add("home", _home(app, tour, account))
    if login is not None or reset is not None:
        sketch.variables["username"] = account.username or SOMEBODY
        sketch.above["variables", "username"] = comment(
            "Who logs in: an account that is there wherever these flows run. smokerunner.yaml can name another one "
            "for an environment."
        )
    if register is not None:
        sketch.add("register", *_register(app, tour, register, account, trials.register))
    if login is not None:
        sketch.add("login", *_login(app, tour, login, account, trials.login))
        if trials.login is not None and trials.login.leaving is not None:
            sketch.add("logout", _logout(app, tour, account, trials.login))
    if reset is not None:
        if "@" not in sketch.variables["username"]:
            sketch.variables["email"] = account.email or SOMEBODY
            sketch.above["variables", "email"] = comment("Where that account's mail goes.")
        sketch.add("reset", *_reset(app, tour, reset, account, has_mailbox=has_mailbox))
    # A form may ask for a password alone.
    sketch.variables = {name: text for name, text in sketch.variables.items() if f"${{{name}}}" in str(sketch.flows)}
    secrets = [account.secret] if any(_names(flow, account.secret) for flow in sketch.flows.values()) else []
    secrets += extra_secrets
    waits = reset is not None and not has_mailbox
    return Drafted(_text(app, tour, sketch, secrets, waits=waits), sketch.flows, tuple(secrets))


def comment(text: str) -> list[str]:
    """A remark in lines that each begin with a `#`."""
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH - 8, break_long_words=False, break_on_hyphens=False)]


def _text(app: str, tour: Tour, sketch: _Sketch, secrets: Sequence[str], *, waits: bool) -> str:
    notation: dict[str, Any] = {"app": app, "base_url": tour.base_url}
    if secrets:
        notation["secrets"] = list(secrets)
    if sketch.variables:
        notation["variables"] = sketch.variables
    if tour.dismiss is not None:
        notation["dismiss"] = [dict(tour.dismiss)]
    notation["flows"] = sketch.flows
    if any(not _names(sketch.flows, name) for name in secrets):
        # The environment file needs it, and only what a flow file declares has a value in a run.
        sketch.beside[("secrets",)] = "  # lint: ignore unused-secret"
    head = [
        f"# What has to work in {app} after every deploy. Begun by `smokerunner init`, which looked at the app once.",
        "#",
        f"# Next: set {_listed(secrets)} in .env, as .env.example shows, never in this file; then"
        if secrets
        else "# Next:",
        f"#   smokerunner validate {app}",
        f"#   smokerunner run {app}{' --not-tag mail   # until smokerunner.yaml names a mailbox' if waits else ''}",
        f"#   smokerunner record {app} --flow NAME   # add what your users do most: order, pay, search, upload",
        "",
    ]
    sketch.above[("app",)] = head
    for key in ("secrets", "variables", "dismiss", "flows"):
        if key in notation:
            sketch.above[(key,)] = [""]
    remarks = Remarks(above=sketch.above, beside=sketch.beside)
    return "\n".join(Speller(Indent(), remarks).value(notation, 0, ())) + "\n"


def _steps(app: str, tour: Tour, account: Account, acts: Sequence[Act]) -> list[dict[str, Any]]:
    """The same tidying that a recording gets: paths, references, and what was seen as expectations."""
    # A short name such as admin stands in paths and texts of its own; only an address is surely the account's.
    values = {"username": account.username} if "@" in account.username else {}
    known = Known(app, values, {account.secret: None})
    steps: list[dict[str, Any]] = tidy(Draft("init", tuple(acts), base_url=tour.base_url), known).flow["steps"]
    return steps


def _home(app: str, tour: Tour, account: Account) -> dict[str, Any]:
    start = _goto(tour, tour.start)
    steps = _steps(app, tour, account, [Act("goto", value=start.value, view=tour.view)])
    facts: dict[str, Any] = {"status": 200}
    said = steps[-1].get("expect", {})
    title = lasting(tour.view.title)
    if "visible" in said:
        facts["visible"] = said["visible"]
    elif title:
        facts["title"] = title
    return {
        "title": "The first page is there",
        "severity": "critical",
        "effects": "none",
        "steps": [{"goto": start.value}, {"expect": facts}],
    }


def _login(app: str, tour: Tour, place: Place, account: Account, tried: Tried | None) -> _Drafted:
    fillings = login_fillings(place.form, USER, f"${{secrets.{account.secret}}}")
    steps, is_proved = _sent(app, tour, place, account, fillings, tried)
    remark = (
        "init logged in with this account; what is expected below is what appeared then."
        if is_proved
        else "Nobody has logged in while this was written, so it only expects that the form is gone and that the page "
        "is another one. Better: name what your users see then, such as `visible: {heading: Welcome}`."
    )
    if tried is not None and tried.wants_code:
        remark = "A second factor is asked for after this: add its step, `with: ${totp(secrets.NAME)}`."
    flow = {"title": "A user logs in", "severity": "critical", "tags": ["account"], "steps": steps}
    return flow, [remark, _captcha(place)]


def _register(app: str, tour: Tour, place: Place, account: Account, tried: Tried | None) -> _Drafted:
    fillings = register_fillings(place.form, EMAIL, f"${{secrets.{account.secret}}}")
    steps, is_proved = _sent(app, tour, place, account, fillings, tried)
    first = (
        "init opened an account in this way; what is expected below is what appeared then. "
        if is_proved
        else "init has not sent this form (`--try-register` does), so it only expects that the form is gone. "
    )
    remark = f"{first}Every run opens a new account; if the app can delete one, say how under `cleanup`."
    flow: dict[str, Any] = {"title": "A visitor opens an account", "severity": "critical", "tags": ["account"]}
    if any(EMAIL in filling.text for filling in fillings):
        flow["variables"] = {"email": FRESH_EMAIL}
    return {**flow, "steps": steps}, [remark, _captcha(place)]


def _logout(app: str, tour: Tour, account: Account, tried: Tried) -> dict[str, Any]:
    assert tried.leaving is not None
    *ahead, last = tried.leaving.clicks
    acts = [Act("use", value="login"), *(Act("click", targets=(target,)) for target in ahead)]
    steps = _steps(app, tour, account, [*acts, Act("click", targets=(last,), view=tried.leaving.view)])
    if "expect" not in steps[-1] or "visible" not in steps[-1]["expect"]:
        steps = _with_facts(steps, {"hidden": dict(last)})
    return {"title": "A user logs out", "tags": ["account"], "needs": "login", "steps": steps}


def _reset(app: str, tour: Tour, place: Place, account: Account, *, has_mailbox: bool) -> _Drafted:
    is_address = "@" in (account.username or SOMEBODY)
    to = USER if is_address else EMAIL
    steps = _steps(app, tour, account, _acts(tour, place, reset_fillings(place.form, to), None))
    steps += [
        {"mail": {"to": to}, "save": {"link": {"anchor": _LINK}}},
        {"goto": "${link}"},
        {"expect": {"visible": {"css": "input[type=password]", "nth": "first"}}},
    ]
    flow = {"title": "A user who forgot the password gets a link by mail", "tags": ["account", "mail"], "steps": steps}
    remark = (
        "The link is opened, and the password stays as it is. "
        "To go all the way, fill the fields and log in with the new one."
    )
    mailbox = "" if has_mailbox else "It waits for a mail: name a `mailbox` in smokerunner.yaml first."
    return flow, [mailbox, remark, _captcha(place)]


def _sent(
    app: str, tour: Tour, place: Place, account: Account, fillings: Sequence[Filling], tried: Tried | None
) -> tuple[list[dict[str, Any]], bool]:
    """The steps that send a form, an expectation at their end, and whether that was seen."""
    view = tried.view if tried is not None else None
    steps = _steps(app, tour, account, _acts(tour, place, fillings, view))
    gone: dict[str, Any] = {"hidden": dict(password_of(place.form).target)} if _has_password(place) else {}
    if not gone:
        gone = {"hidden": dict(sender_of(place.form, place.purpose))}
    if view is not None:
        return _with_facts(steps, gone), True
    elsewhere = _elsewhere(place)
    return _with_facts(steps, {**({"url": elsewhere} if elsewhere else {}), **gone}), False


def _acts(tour: Tour, place: Place, fillings: Sequence[Filling], view: View | None) -> list[Act]:
    acts = [_goto(tour, place.url)]
    if place.opener is not None:
        acts.append(Act("click", targets=(place.opener,)))
    acts += [filling.act for filling in fillings]
    return [*acts, Act("click", targets=(sender_of(place.form, place.purpose),), view=view)]


def _goto(tour: Tour, url: str) -> Act:
    return Act("goto", value=url.removeprefix(tour.base_url) or "/")


def _with_facts(steps: list[dict[str, Any]], facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "expect" in steps[-1]:
        return [*steps[:-1], {"expect": {**steps[-1]["expect"], **facts}}]
    return [*steps, {"expect": dict(facts)}]


def _elsewhere(place: Place) -> dict[str, str] | None:
    """Any address but those at which the form shows again when it was refused; None where that cannot be told."""
    here = urlsplit(place.page.url).path
    sent_to = urlsplit(urljoin(place.page.url, place.form.action)).path if place.form.action else here
    paths = dict.fromkeys(path for path in (here, sent_to) if path not in ("", "/"))
    if here in ("", "/") or not paths:
        return None
    told = "|".join(_SPECIAL.sub(r"\\\1", path) for path in paths)
    return {"matches": rf"^(?!.*{f'({told})' if len(paths) > 1 else told}(\?|$))"}


def _has_password(place: Place) -> bool:
    return any(field.shown and field.type == "password" and field.target for field in place.form.fields)


def _captcha(place: Place) -> str:
    if not place.captcha:
        return ""
    kind = "CAPTCHA" if place.captcha == "CAPTCHA" else f"CAPTCHA ({place.captcha})"
    return (
        f"A {kind} stands on this form. smokerunner solves none; docs/obstacles.md says what a test environment does."
    )


def _path(url: str) -> str:
    return urlsplit(url).path or "/"


def _names(flow: Any, secret: str) -> bool:
    if isinstance(flow, Mapping):
        return any(_names(value, secret) for value in flow.values())
    if isinstance(flow, list | tuple):
        return any(_names(item, secret) for item in flow)
    return f"secrets.{secret}}}" in str(flow)


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
