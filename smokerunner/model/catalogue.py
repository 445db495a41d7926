"""Classes by the names they have in files, each imported only when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

Member = TypeVar("Member")


class Catalogue(Mapping[str, Member]):
    """A mapping whose values stand in modules of their own.

    `places` says where, as `package.module:Class`; asking for all values imports them all.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = MappingProxyType(dict(places))
        self._found: dict[str, Member] = {}

    def __getitem__(self, name: str) -> Member:
        if name not in self._found:
            module, _, member = self._places[name].partition(":")
            self._found[name] = getattr(importlib.import_module(module), member)
        return self._found[name]

    def __contains__(self, name: object) -> bool:
        # The inherited one would import what it is asked about.
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
