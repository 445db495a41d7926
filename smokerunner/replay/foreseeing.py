"""What a run would do: told from files and options alone, without a browser and without asking the app anything."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from smokerunner.model.browsing import Browsing
from smokerunner.model.config import Environment
from smokerunner.model.errors import Unavailable
from smokerunner.model.flow import Effects, Flow
from smokerunner.model.secret import Secrets
from smokerunner.model.template import references
from smokerunner.replay.bounds import limits_of
from smokerunner.replay.effects import all_steps, refused, used
from smokerunner.replay.foreseen import (
    Foreseen,
    ForeseenFlow,
    ForeseenPerson,
    ForeseenSecret,
    ForeseenVariable,
    Origin,
)
from smokerunner.replay.job import Job
from smokerunner.replay.order import in_turn
from smokerunner.replay.outfitting import browsing_of
from smokerunner.replay.plan import Planned, needed, plan
from smokerunner.replay.preparing import Lookup, used_secrets
from smokerunner.replay.rehearsing import Knowledge, Rehearsal

_SAVED: Origin = "saved by a needed flow"


def foresee(job: Job, missing: Collection[str], today: date) -> Foreseen:
    """The run of a prepared job. `missing` are the names of environment variables without the value of a secret."""
    file, environment, options = job.file, job.environment, job.options
    flows = plan(file, options.selection)
    usual = _usual_seconds(job)
    # With a seed, where a flow stands differs from repetition to repetition.
    if options.shuffle is None or options.repeat == 1:
        flows = in_turn(flows, usual, workers=job.workers, seed=options.shuffle)
    names = [planned.name for planned in flows]
    holders = {item.name: environment.secrets.get(item.name, item.name) for item in file.secrets}
    wanted = used_secrets(file, names, environment)
    told = _Telling(job, flows, usual, today)
    foreseen = Foreseen(
        app=file.app,
        file=str(job.path),
        environment=job.environment_name,
        base_url=_without_login(job.base_url),
        production=environment.production,
        read_only=environment.read_only,
        hosts=tuple(dict.fromkeys((urlsplit(job.base_url).hostname or "", *environment.allow_hosts))),
        allow_post=tuple(map(str, environment.allow_post)) if environment.read_only else (),
        mailbox=_mailbox(environment),
        mail_links=environment.mail_links,
        browser=f"{job.binary.kind} ({job.binary.shown})",
        viewport=file.viewport,
        workers=job.workers,
        shortage="" if options.workers else job.capacity.shortage,
        repeat=options.repeat,
        shuffle=options.shuffle or "",
        longest_first=options.shuffle is None and job.workers > 1 and any(one.flow_name in usual for one in flows),
        max_time=options.max_time,
        secrets=tuple(
            ForeseenSecret(name, holder, holder not in missing) for name, holder in holders.items() if name in wanted
        ),
        flows=tuple(told.flow(planned) for planned in flows),
    )
    scrubbed: Foreseen = _scrubbed(foreseen, job.secrets)
    return scrubbed


class _Telling:
    """The flows of one plan."""

    def __init__(self, job: Job, flows: tuple[Planned, ...], usual: Mapping[str, float], today: date) -> None:
        self._job = job
        self._usual = usual
        self._flows = {planned.name: planned for planned in flows}
        self._today = today
        self._waves: dict[str, int] = {}
        self._skipped: dict[str, str] = {}

    def flow(self, planned: Planned) -> ForeseenFlow:
        """One flow; those before it were told already."""
        job, flow, name = self._job, planned.flow, planned.name
        self._waves[name] = 1 + max((self._waves[other] for other in planned.waits_for), default=0)
        self._skipped[name] = skipped = self._obstacle(planned)
        variables = self._variables(planned)
        limits = limits_of(_without_login(job.base_url), job.environment, flow)
        # What another flow saves is not known now, so its name stays.
        values = {item.name: item.value for item in variables if item.origin != _SAVED}
        rehearsal = Rehearsal(job.file.flows, limits, Knowledge(values, self._today))
        steps = rehearsal.steps(flow.steps)
        timeouts = (flow.timeout, job.file.timeout, job.environment.timeout)
        return ForeseenFlow(
            name=name,
            title=str(flow.title or ""),
            selected=not planned.prerequisite,
            needed_by=tuple(other for other in self._flows if name in self._flows[other].flow.requires),
            severity=str(flow.severity),
            tags=flow.tags,
            effects=str(flow.effects),
            skipped=skipped,
            wave=self._waves[name],
            needs=flow.requires,
            starts_from=flow.starts_from or "",
            after=tuple(other for other in flow.after if other in self._flows),
            exclusive=flow.exclusive,
            attempts=1 + (job.options.retries if flow.may_repeat else 0),
            timeout=next((said for said in timeouts if said is not None), None),
            time_target=flow.time_target,
            usual_seconds=self._usual.get(name),
            browser=_browser(self._browsing(flow)),
            people=tuple(
                ForeseenPerson(who, person.starts_from or "", _browser(self._browsing(flow, who)))
                for who, person in flow.people.items()
            ),
            variables=tuple(variables),
            steps=steps,
            cleanup=rehearsal.steps(flow.cleanup),
            writes=_writes(job.environment, flow),
        )

    def _browsing(self, flow: Flow, person: str = "") -> Browsing:
        job = self._job
        return browsing_of(job.file, job.environment, flow, job.path.parent, person)

    def _obstacle(self, planned: Planned) -> str:
        refusal = refused(planned.flow, self._job.environment, allow_real=self._job.options.allow_real)
        if refusal is not None:
            return refusal
        before = next((name for name in planned.flow.requires if self._skipped.get(name)), None)
        return f"needs {before}, which is skipped" if before else ""

    def _variables(self, planned: Planned) -> list[ForeseenVariable]:
        """What the flow's variables hold; as in a run, later layers win."""
        job, flow = self._job, planned.flow
        before = [name for name in self._flows if name in needed(job.file.flows, [planned.name])]
        layers: list[tuple[Origin, Mapping[str, str]]] = [
            ("file", job.file.variables),
            ("environment", job.environment.variables),
            *(("needed flow", job.file.flows[name].variables) for name in before),
            ("flow", flow.variables),
            ("option", job.options.variables),
        ]
        values: dict[str, tuple[Origin, str]] = {
            name: (origin, value) for origin, layer in layers for name, value in layer.items()
        }
        for other in before:
            for name in _saved_by(job.file.flows, other):
                if name not in flow.variables and name not in job.options.variables:
                    values[name] = (_SAVED, f"${{{name}}}")
        known = {name: value for name, (origin, value) in values.items() if origin != _SAVED}
        knowledge = Knowledge(known, self._today)
        mentioned = _mentioned(job.file.flows, flow, planned.name, known)
        return [
            ForeseenVariable(name, knowledge.text(value) if origin != _SAVED else value, origin)
            for name, (origin, value) in values.items()
            if name in mentioned
        ]


def _usual_seconds(job: Job) -> Mapping[str, float]:
    """How long flows took of late. A history that cannot be read is the run's to speak of; a plan goes without."""
    path = job.options.history
    if path is None or not path.is_file():
        return {}
    from smokerunner.history.history import History

    try:
        return History(path).usual_seconds(job.file.app, job.environment_name)
    except Unavailable:
        return {}


def _saved_by(flows: Mapping[str, Flow], name: str) -> set[str]:
    """The variables that a flow saves while it runs."""
    found: set[str] = set()
    for other in (name, *used(flows, name)):
        found |= {variable for step in all_steps(flows[other].steps) for variable in step.save}
    return found


def _mentioned(flows: Mapping[str, Flow], flow: Flow, name: str, values: Mapping[str, str]) -> set[str]:
    """The variables that the flow refers to, also by way of others."""
    parts: list[Any] = [flow.title, flow.browser, flow.people]
    for one in (flow, *(flows[other] for other in used(flows, name))):
        parts += all_steps((*one.steps, *one.cleanup))
    found: set[str] = set()
    while parts:
        for _, reference in references(parts.pop()):
            if reference.kind == "variable" and reference.name not in found:
                found.add(reference.name)
                parts.append(values.get(reference.name))
    return found


def _writes(environment: Environment, flow: Flow) -> str:
    if not environment.read_only:
        return "to the hosts above"
    if flow.effects is Effects.NONE:
        return "to the hosts above, since its effects are none"
    paths = ", ".join(environment.allow_post)
    return f"only to {paths}, as this is read_only" if paths else "nothing, as this is read_only"


def _mailbox(environment: Environment) -> str:
    """Its kind and where it is; never its login."""
    settings = environment.mailbox
    if settings is None:
        return ""
    where = [str(value) for name in ("url", "host", "port") if (value := getattr(settings, name, None))]
    return f"{getattr(settings, 'kind', type(settings).__name__)} {':'.join(where)}".strip()


def _browser(browsing: Browsing) -> tuple[str, ...]:
    """What is set of a browser, in words; what logs in by its name only."""
    said = []
    for name in sorted(browsing.model_fields_set):
        value = getattr(browsing, name)
        if value in (None, (), {}):
            continue
        if name == "http_credentials":
            said.append(f"HTTP basic auth as {value.username}")
        elif name == "client_certificates":
            said += [f"certificate {item.certificate}" for item in value]
        elif name == "headers":
            said.append(f"headers {', '.join(value)}")
        elif name == "geolocation":
            said.append(f"at {value.latitude}, {value.longitude}")
        else:
            shown = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            said.append(f"{name.replace('_', ' ')} {shown}")
    return tuple(said)


def _without_login(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)


def _scrubbed(value: Any, secrets: Secrets) -> Any:
    """The same with every text searched for secrets, should one stand in a file where none belongs."""
    if isinstance(value, str):
        return secrets.scrub(value)
    if isinstance(value, tuple):
        return tuple(_scrubbed(item, secrets) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: _scrubbed(getattr(value, field.name), secrets) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **parts)
    return value


class Lender:
    """Looks up secrets, and lends a stand-in where there is none, so that all else can be told all the same."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self.missing: set[str] = set()
        """The environment variables that hold nothing."""

    def __call__(self, name: str) -> str:
        """The value of this environment variable, or its stand-in."""
        value = self._lookup(name)
        if not value:
            self.missing.add(name)
        return value or f"no value of {name}"
