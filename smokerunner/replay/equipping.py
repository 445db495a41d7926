"""Whether the browsers that a job asks for can be had; what cannot is bad input, before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from smokerunner.browser.outfit import devices
from smokerunner.language.browsing import browsings
from smokerunner.language.complaints import nearest, where
from smokerunner.language.environment import LoadedConfig
from smokerunner.language.load import LoadedFile
from smokerunner.language.nodes import Location
from smokerunner.language.vocabulary import vocabulary
from smokerunner.model.browsing import Browsing
from smokerunner.model.config import Environment
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.template import references


def check_browsers(
    loaded: LoadedFile, config: LoadedConfig | None, name: str, environment: Environment, given: Collection[str]
) -> None:
    """Raises BadInput for devices that nobody knows, for names in the environment's `browser` that stand for nothing,
    and for certificates beside `resolve`. `given` are the variables that every flow has.
    """
    places = [*browsings(loaded.file)]
    problems = [*_unknown_devices(loaded, places)]
    if environment.browser is not None and config is not None:
        problems += _in_environment(loaded, config, name, environment.browser, given)
    certified = [place for place, browsing in places if browsing.client_certificates]
    if environment.resolve and (certified or (environment.browser and environment.browser.client_certificates)):
        problems.append(
            Problem(
                str(config.path if config is not None else loaded.path),
                0,
                0,
                f"{name}: `resolve` does not reach a browser that shows client certificates, so the requests would go "
                "elsewhere; take one of the two out",
            )
        )
    if problems:
        raise BadInput(sorted(problems))


def _unknown_devices(loaded: LoadedFile, places: list[tuple[Location, Browsing]]) -> Iterator[Problem]:
    wanted = [(place, browsing.device) for place, browsing in places if browsing.device is not None]
    known = list(devices()) if wanted else []
    for place, device in wanted:
        if device not in known:
            line, column = loaded.document.place((*place, "device"))
            said = f"{where(place, vocabulary())}: {_no_device(device, known)}"
            yield Problem(str(loaded.path), line, column, said)


def _in_environment(
    loaded: LoadedFile, config: LoadedConfig, name: str, browsing: Browsing, given: Collection[str]
) -> Iterator[Problem]:
    place: Location = ("apps", loaded.file.app, "environments", name, "browser")
    said: list[tuple[Location, str]] = []
    if browsing.device is not None and browsing.device not in (known := list(devices())):
        said.append(((*place, "device"), _no_device(browsing.device, known)))
    secrets = [secret.name for secret in loaded.file.secrets]
    for at, reference in references(browsing, place):
        if reference.kind in ("secret", "totp") and reference.name not in secrets:
            near = nearest(reference.name, secrets) or f"; add it to `secrets` at the head of {loaded.path}"
            said.append((at, f"'{reference.name}' is not among the secrets{near}"))
        elif reference.kind == "variable" and reference.name not in given:
            said.append((at, f"nothing defines ${{{reference.name}}}{nearest(reference.name, given)}"))
    for at, message in said:
        line, column = config.document.place(at)
        yield Problem(str(config.path), line, column, f"{loaded.file.app}, {name}: browser: {message}")


def _no_device(device: str, known: Collection[str]) -> str:
    """The few that may be meant, whatever the case: people write `iphone 15`."""
    spelt = {name.casefold(): name for name in known}
    # Only for what was misspelt: it takes longer to import than to use.
    import difflib

    near = difflib.get_close_matches(device.casefold(), spelt, 3, 0.5)
    hint = f", did you mean {' or '.join(repr(spelt[name]) for name in near)}?" if near else ", such as 'iPhone 15'"
    return f"there is no device called '{device}'{hint}"
