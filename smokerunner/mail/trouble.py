"""What the operating system says went wrong, in a few words for the end of a sentence."""

from __future__ import annotations

import os
import socket


def in_words(error: BaseException, seconds: float) -> str:
    """The innermost reason of an error, like `connection refused`; `seconds` is what an answer may take.

    Libraries wrap the reason in words of their own and in groups, one for each address of a host.
    """
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return "the name of the host is not known"
        if isinstance(cause, TimeoutError):
            return f"no answer within {seconds:g} s"
        if isinstance(cause, OSError) and cause.errno and cause.errno > 0:
            return os.strerror(cause.errno).lower()
    return str(error) or type(error).__name__


def _causes(error: BaseException | None) -> list[BaseException]:
    """The error and all that led to it, innermost first."""
    if error is None:
        return []
    inner = _causes(error.__cause__ or error.__context__)
    if isinstance(error, BaseExceptionGroup):
        inner += [cause for member in error.exceptions for cause in _causes(member)]
    return [*inner, error]
