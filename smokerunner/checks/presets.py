"""Which checks fit which kind of app, so that one line turns them on."""

from __future__ import annotations

from collections.abc import Mapping

_ANY = ("http.home-up",)
PRESETS: Mapping[str, tuple[str, ...]] = {
    "any": _ANY,
    "laravel": (*_ANY,),
    "wordpress": (*_ANY,),
    "django": (*_ANY,),
    "rails": (*_ANY,),
}
"""By name: the ids of the checks that it turns on, with their usual settings."""
