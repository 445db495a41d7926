"""Proposes checks of an API from its OpenAPI document, 3.0 or 3.1, in YAML or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from smokerunner.checks.api.document import read_document, require_schema
from smokerunner.checks.api.judging import is_json
from smokerunner.checks.catalogue import CHECKS
from smokerunner.model.errors import BadInput, Problem, Unavailable

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_DEEPEST = 20
"""References that follow one another."""


@dataclass(frozen=True)
class Route:
    """A route that can be asked: its check's id, what it is for, and the check's settings."""

    id: str
    summary: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class LeftOut:
    """A route, or a part of its check, that was not proposed, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Proposal:
    """All that was made of a document."""

    title: str
    routes: tuple[Route, ...]
    left_out: tuple[LeftOut, ...]


def is_openapi(path: Path) -> bool:
    """Whether a file seems to be an OpenAPI document, without reading it all."""
    try:
        with path.open(encoding="utf-8") as file:
            begin = file.read(4096)
    except (OSError, UnicodeDecodeError):
        return False
    return re.search(r"(?m)^\s*[\"']?(openapi|swagger)[\"']?\s*:\s*[\"']?[23]\.", begin) is not None


def propose(path: Path) -> Proposal:
    """The checks for a document's routes. Raises BadInput when it is none, or nothing can be asked."""
    try:
        document = read_document(path)
    except Unavailable as wrong:
        raise BadInput([Problem(str(path), 0, 0, str(wrong).removeprefix(f"{path} "))]) from wrong
    version = document.get("openapi") if isinstance(document, dict) else None
    if not isinstance(version, str) or not version.startswith("3."):
        old = isinstance(document, dict) and "swagger" in document
        said = "is Swagger 2; make it OpenAPI 3 first" if old else "is no OpenAPI document: it has no `openapi: 3.…`"
        raise BadInput([Problem(str(path), 0, 0, said)])
    proposer = _Proposer(document, path)
    paths = document.get("paths")
    routes = [route for pattern, item in _items(paths) for route in proposer.routes_of(pattern, item)]
    if not routes:
        reasons = "; ".join(f"{one.what}: {one.why}" for one in proposer.left_out[:3]) or "it has no paths"
        raise BadInput([Problem(str(path), 0, 0, f"has no route that can be asked as it stands ({reasons})")])
    info = document.get("info")
    title = " ".join(str(info.get(key, "")) for key in ("title", "version")) if isinstance(info, dict) else ""
    return Proposal(" ".join(title.split()), tuple(routes), tuple(proposer.left_out))


class _Proposer:
    """Reads routes one by one; what is left out gathers."""

    def __init__(self, document: dict[str, Any], path: Path) -> None:
        self._document = document
        self._path = path
        self._taken = {id_.removeprefix("api.") for id_ in CHECKS if id_.startswith("api.")}
        self.left_out: list[LeftOut] = []

    def routes_of(self, pattern: str, item: Any) -> Iterator[Route]:
        """The routes of one path."""
        item, _ = self._resolved(item, "")
        for method, operation in _items(item):
            if method not in _METHODS or not isinstance(operation, dict):
                continue
            what = f"{method.upper()} {pattern}"
            why = self._objection(method, item, operation)
            if why:
                self.left_out.append(LeftOut(what, why))
                continue
            prefix = self._prefix(item, operation)
            if prefix is None:
                self.left_out.append(LeftOut(what, "is served by another host"))
                continue
            yield self._route(what, prefix + pattern, pattern, operation)

    def _objection(self, method: str, item: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
        """Why a route cannot be asked as it stands; empty when it can."""
        if method not in ("get", "head"):
            return "may change something; write it yourself if it does no harm"
        if method == "head":
            return "is asked by GET already"
        given = {}
        for parameter in (*_list(item.get("parameters")), *_list(operation.get("parameters"))):
            one, _ = self._resolved(parameter, "")
            if isinstance(one, dict):
                given[one.get("in"), one.get("name")] = one
        needed = [one for one in given.values() if one.get("required") is True or one.get("in") == "path"]
        if needed:
            return f"needs {', '.join(_named(one) for one in needed)}"
        return ""

    def _prefix(self, item: Mapping[str, Any], operation: Mapping[str, Any]) -> str | None:
        """The path of the server; None when this route has a server of its own on another host."""
        for holder in (operation, item):
            servers = _list(holder.get("servers"))
            if servers:
                own = _server(servers[0])
                every = _list(self._document.get("servers"))
                home = urlsplit(_server(every[0]) if every else "").netloc
                return urlsplit(own).path.rstrip("/") if urlsplit(own).netloc in ("", home) else None
        servers = _list(self._document.get("servers"))
        return urlsplit(_server(servers[0])).path.rstrip("/") if servers else ""

    def _route(self, what: str, path: str, pattern: str, operation: Mapping[str, Any]) -> Route:
        settings: dict[str, Any] = {"get": path}
        summary = str(operation.get("summary") or operation.get("operationId") or what)
        if self._is_closed(operation):
            settings["requires_login"] = True
        else:
            settings |= self._answer(what, pattern, operation)
        return Route(f"api.{self._name(pattern, operation)}", " ".join(summary.split()), settings)

    def _is_closed(self, operation: Mapping[str, Any]) -> bool:
        security = operation.get("security", self._document.get("security"))
        # An empty requirement among them lets everybody in.
        return bool(security) and {} not in _list(security)

    def _answer(self, what: str, pattern: str, operation: Mapping[str, Any]) -> dict[str, Any]:
        """Status, type and schema of the answer that means success."""
        responses = operation.get("responses")
        code = next((code for code, _ in sorted(_items(responses)) if re.fullmatch(r"2(\d\d|XX)", code)), None)
        if code is None:
            self.left_out.append(LeftOut(what, "names no answer that means success, so any 2xx passes"))
            return {}
        found: dict[str, Any] = {"status": int(code) if code.isdigit() else "2xx"}
        assert isinstance(responses, dict)
        response, pointer = self._resolved(responses[code], f"/paths/{_escaped(pattern)}/get/responses/{code}")
        content = response.get("content") if isinstance(response, dict) else None
        types = [kind for kind, _ in _items(content)]
        if not types:
            # It promises no body; what comes nevertheless is no matter.
            return {**found, "type": "any"} if code != "204" else found
        kind = next((kind for kind in types if is_json(kind.partition(";")[0].strip().lower())), None)
        if kind is None:
            return {**found, "type": "any" if "*" in types[0] else types[0].partition(";")[0].strip().lower()}
        assert isinstance(content, dict)
        schema = content[kind].get("schema") if isinstance(content[kind], dict) else None
        if not isinstance(schema, dict):
            return found
        there = f"{pointer}/content/{_escaped(kind)}/schema"
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/") and len(schema) == 1:
            there = reference[1:]
        place = f"{self._path.as_posix()}#{there}"
        try:
            require_schema(place)
        except Unavailable as wrong:
            self.left_out.append(LeftOut(what, f"its schema cannot be used: {wrong}"))
            return found
        return {**found, "schema": place}

    def _name(self, pattern: str, operation: Mapping[str, Any]) -> str:
        """What the check is called: after its operation, else its path."""
        written = str(operation.get("operationId") or pattern)
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", written)
        name = base = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "root"
        number = 1
        while name in self._taken:
            number += 1
            name = f"{base}-{number}"
        self._taken.add(name)
        return name

    def _resolved(self, value: Any, pointer: str) -> tuple[Any, str]:
        """What a reference within the document means, and where that stands."""
        for _ in range(_DEEPEST):
            reference = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(reference, str) or not reference.startswith("#/"):
                break
            pointer = reference[1:]
            value = self._document
            for step in pointer[1:].split("/"):
                key = step.replace("~1", "/").replace("~0", "~")
                value = value.get(key) if isinstance(value, dict) else None
        return value, pointer


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _named(parameter: Mapping[str, Any]) -> str:
    kind = {"path": "the part", "query": "the query", "header": "the header", "cookie": "the cookie"}
    return f"{kind.get(str(parameter.get('in')), 'the parameter')} {parameter.get('name')}"


def _server(server: Any) -> str:
    """A server's URL with the defaults of its variables."""
    if not isinstance(server, dict):
        return ""
    url = str(server.get("url", ""))
    for name, variable in _items(server.get("variables")):
        if isinstance(variable, dict):
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url


def _escaped(key: str) -> str:
    """A key as a part of a JSON pointer in a URL."""
    return quote(key.replace("~", "~0").replace("/", "~1"), safe="~+.-_*")
