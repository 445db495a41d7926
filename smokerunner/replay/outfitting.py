"""How the browser of each person in a flow is set up: what file, flow, person and environment say, later ones first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from smokerunner.browser.outfit import Outfit
from smokerunner.browser.session import SessionSettings
from smokerunner.model.browsing import Browsing
from smokerunner.model.config import Environment
from smokerunner.model.errors import BadInput
from smokerunner.model.flow import Flow, FlowFile
from smokerunner.model.secret import SHORTEST, Secrets
from smokerunner.replay.plan import Planned
from smokerunner.replay.scope import Scope
from smokerunner.replay.world import World


def browsing_of(
    file: FlowFile, environment: Environment, flow: Flow | None, folder: Path, person: str = ""
) -> Browsing:
    """What is said of a browser in all places, templates as written; `folder` is that of the flow file.

    The environment's own files are expected to be absolute already. Without a flow, what holds for all of them.
    """
    said = [file.browser, flow.browser if flow else None, flow.people[person].browser if flow and person else None]
    merged = Browsing()
    for layer in (*(located(item, folder) for item in said if item is not None), environment.browser):
        merged = merged if layer is None else layer.within(merged)
    return merged


def located(browsing: Browsing, folder: Path) -> Browsing:
    """The same with its files found from anywhere; they are named relative to `folder`."""

    def found(path: PurePosixPath) -> PurePosixPath:
        return PurePosixPath((folder / path).absolute().as_posix())

    if not browsing.client_certificates:
        return browsing
    certificates = tuple(
        item.model_copy(update={"certificate": found(item.certificate), "key": item.key and found(item.key)})
        for item in browsing.client_certificates
    )
    return browsing.model_copy(update={"client_certificates": certificates})


def settings_of(world: World, planned: Planned, scope: Scope, person: str, *, in_cleanup: bool) -> SessionSettings:
    """What the session of a person is opened with; the flow's own user is the empty name.

    Raises NotReached for a variable that nobody has saved.
    """
    flow = planned.flow
    browsing = scope.render(browsing_of(world.file, world.environment, flow, world.path.parent, person))
    hide_credentials(browsing, world.secrets)
    outfit = Outfit(browsing, _device(world, browsing.device))
    limits = world.limits(planned.name, flow)
    own = {name.lower(): str(value) for name, value in browsing.headers.items()}
    return SessionSettings(
        limits=replace(limits, headers={**own, **limits.headers}, block=browsing.block),
        viewport=_viewport(world.file, flow, outfit, person),
        tolerated_console=scope.render(world.file.tolerate.console),
        tolerated_requests=scope.render(world.file.tolerate.requests),
        dismiss=scope.render(world.file.dismiss),
        trace=world.options.trace != "off" and not in_cleanup,
        network=not in_cleanup,
        pictures=world.options.pictures == "on",
        insecure_tls=world.environment.insecure_tls,
        outfit=outfit,
        gate=world.engine.gate,
        learn_fonts=world.engine.learn_fonts,
    )


def today_of(world: World, planned: Planned) -> date:
    """The day that it is now for the flow's own user: in the time zone of its browser, or of this machine."""
    zone = browsing_of(world.file, world.environment, planned.flow, world.path.parent).timezone
    return world.clock.now().astimezone(ZoneInfo(zone) if zone else None).date()


def hide_credentials(browsing: Browsing, secrets: Secrets) -> None:
    """Keep passwords out of the evidence, also those that somebody wrote down as they are."""
    login = browsing.http_credentials
    said = [login.password if login else None, *(item.passphrase for item in browsing.client_certificates)]
    for text in said:
        if text is not None and len(text) >= SHORTEST and not secrets.reveals(str(text)):
            secrets.add_one_time("password", str(text))


def _device(world: World, name: str | None) -> dict[str, object] | None:
    if name is None:
        return None
    known = world.engine.devices
    if name not in known:
        raise BadInput(f"browser: there is no device called '{name}'")
    return dict(known[name])


def _viewport(file: FlowFile, flow: Flow, outfit: Outfit, person: str) -> tuple[int, int]:
    """The flow's word, then the device's, then the file's; a person with a device of their own holds that one."""
    theirs = flow.people[person].browser if person else None
    own_device = theirs is not None and theirs.device is not None
    if outfit.device is not None and (own_device or flow.viewport is None):
        size = outfit.device["viewport"]
        return int(size["width"]), int(size["height"])
    width, height = (flow.viewport or file.viewport).split("x")
    return int(width), int(height)
