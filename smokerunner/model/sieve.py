"""A quick look at which of thousands of texts may stand in some bytes: it takes as long for all as for a few."""

from __future__ import annotations

import sys
from collections.abc import Iterable

_WORD = 8
"""Bytes that are looked up at once."""
_STRETCH = 1 << 16
"""Bytes that are cut into words at a time, so that a large file takes no more memory than a small one."""


class Shorts:
    """Numbers by texts, each of which is looked for by itself."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, list[int]] = {}

    def add(self, number: int, texts: Iterable[bytes]) -> None:
        """Catch this number wherever one of the texts stands."""
        for text in texts:
            self._numbers.setdefault(text, []).append(number)

    def caught(self, data: bytes) -> set[int]:
        """The numbers one of whose texts stands in these bytes."""
        return {number for text, numbers in self._numbers.items() if text in data for number in numbers}


class Sieve:
    """Numbers by texts one of which stands wherever that is which the number stands for. It only grows."""

    def __init__(self) -> None:
        self._by_word: dict[int, list[tuple[bytes, int]]] = {}
        self._short = Shorts()
        """Texts of less than a word."""

    def add(self, number: int, texts: Iterable[bytes]) -> None:
        """Catch this number wherever one of the texts stands."""
        for text in texts:
            if len(text) < _WORD:
                self._short.add(number, [text])
            else:
                self._by_word.setdefault(_word(text), []).append((text, number))

    def caught(self, data: bytes) -> set[int]:
        """The numbers one of whose texts stands in these bytes."""
        found = self._short.caught(data)
        for word in self._words(data) if self._by_word else ():
            for text, number in self._by_word[word]:
                if number not in found and text in data:
                    found.add(number)
        return found

    def _words(self, data: bytes) -> set[int]:
        """The known words among those that begin at any of these bytes."""
        known = self._by_word.keys()
        found: set[int] = set()
        for begin in range(0, len(data) - _WORD + 1, _STRETCH):
            stretch = memoryview(data)[begin : begin + _STRETCH + _WORD - 1]
            for shift in range(min(_WORD, len(stretch) - _WORD + 1)):
                words = (len(stretch) - shift) // _WORD
                found |= known & set(stretch[shift : shift + words * _WORD].cast("Q"))
        return found


def _word(text: bytes) -> int:
    return int.from_bytes(text[:_WORD], sys.byteorder)
