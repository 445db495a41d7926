"""Rules about values that belong elsewhere: passwords, addresses of people, secrets that would be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smokerunner.authoring.lint.rule import Finding, all_steps, parts, words, written_targets
from smokerunner.language.browsing import browsings
from smokerunner.language.load import LoadedFile
from smokerunner.language.nodes import Location
from smokerunner.model.browsing import Browsing
from smokerunner.model.matcher import UrlPattern
from smokerunner.model.template import Template

PASSWORD = re.compile(r"pass[ -]?wor[dt]|passwd|passphrase|kennwort|\bpwd\b|\bpin\b|\bpasscode\b|secret", re.IGNORECASE)
_LOGS_IN = re.compile(r"^(proxy-)?authorization$|^cookie$|token|secret|password|api-?key", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_NOBODYS = re.compile(
    r"@(?:[^@]*\.)?(?:example\.[a-z]+|(?:[^@.]+\.)?(?:test|example|invalid|localhost))$", re.IGNORECASE
)


def literal_password(loaded: LoadedFile) -> Iterator[Finding]:
    """A password that stands in the file."""
    right = "declare it under `secrets` and write ${secrets.NAME}"
    for place, step in all_steps(loaded.file):
        value = getattr(step, "with_", None) if step.action == "fill" else getattr(step, "type", None)
        if step.action not in ("fill", "type") or not isinstance(value, Template) or not value or value.references:
            continue
        into = [
            str(target.finds) if target.finder in ("css", "xpath") else words(target)
            for target in written_targets(step)
        ]
        if any(PASSWORD.search(re.sub("[_-]", " ", said)) for said in into):
            key = "with" if step.action == "fill" else "type"
            yield Finding((*place, key), f"a password stands in the file; {right}")
    for place, browsing in browsings(loaded.file):
        for where, value in _credentials(browsing, place):
            if value and not value.references:
                yield Finding(where, f"a password stands in the file; {right}")
    for holder, variables in _variables(loaded):
        for name, value in variables.items():
            if PASSWORD.search(name.replace("_", " ")) and value and not value.references:
                yield Finding((*holder, name), f"'{name}' looks like a password; {right}")


def _credentials(browsing: Browsing, place: Location) -> Iterator[tuple[Location, Template]]:
    """What opens something: passwords, passphrases, headers that log in."""
    if browsing.http_credentials is not None:
        yield (*place, "http_credentials", "password"), browsing.http_credentials.password
    for index, item in enumerate(browsing.client_certificates):
        if item.passphrase is not None:
            yield (*place, "client_certificates", index, "passphrase"), item.passphrase
    for name, value in browsing.headers.items():
        if _LOGS_IN.search(name):
            yield (*place, "headers", name), value


def literal_email(loaded: LoadedFile) -> Iterator[Finding]:
    """Somebody's address that no flow has registered."""
    known = {str(value): name for _, variables in _variables(loaded) for name, value in variables.items()}
    for place, step in all_steps(loaded.file):
        for where, value in parts(step, place):
            if not isinstance(value, Template) or isinstance(value, UrlPattern):
                continue
            for address in _EMAIL.findall(value):
                if _NOBODYS.search(address):
                    continue
                if address in known:
                    said = f"{address} is what ${{{known[address]}}} says; write that"
                else:
                    said = f"no flow registered {address}; use a variable such as smoke+${{unique}}@example.test"
                yield Finding(where, said)


def secret_as_name(loaded: LoadedFile) -> Iterator[Finding]:
    """A secret in a place that is shown, logged or sent in the open."""
    for name, flow in loaded.file.flows.items():
        if flow.title is not None and _has_secret(flow.title):
            yield Finding(("flows", name, "title"), "a secret in a title is shown to everybody; take it out")
    for place, step in all_steps(loaded.file):
        if step.name is not None and _has_secret(step.name):
            yield Finding((*place, "name"), "a secret in a step's name is shown to everybody; take it out")
        for where, value in parts(step, place):
            if not isinstance(value, Template) or not _has_secret(value):
                continue
            if where[-1] == "goto" or isinstance(value, UrlPattern) or (len(where) > 1 and where[-2:-1] == ("api",)):
                said = "a secret in an address ends up in logs and histories; send it in a form or a header"
                yield Finding(where, said)
            elif step.action == "upload" and "with" in where:
                yield Finding(where, "a secret in a file's name is shown to everybody; give the file another name")


def _has_secret(value: Template) -> bool:
    return any(reference.kind in ("secret", "totp") for reference in value.references)


def _variables(loaded: LoadedFile) -> Iterator[tuple[Location, dict[str, Template]]]:
    yield ("variables",), loaded.file.variables
    for name, flow in loaded.file.flows.items():
        yield ("flows", name, "variables"), flow.variables
