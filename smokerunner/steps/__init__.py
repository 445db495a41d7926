"""What a flow can do: one class an action, one file a family. Nothing here imports a browser."""

from __future__ import annotations

from smokerunner.model.step import Step
from smokerunner.steps.accessibility import Accessibility
from smokerunner.steps.api import Api
from smokerunner.steps.control import Pause, Repeat, Use
from smokerunner.steps.expect import Expect, Read
from smokerunner.steps.form import Check, Fill, Select, Uncheck, Upload
from smokerunner.steps.keyboard import Press, Type
from smokerunner.steps.mail import Mail
from smokerunner.steps.navigate import Back, Goto, Reload
from smokerunner.steps.network import Network
from smokerunner.steps.pointer import Click, Drag, Hover, Scroll
from smokerunner.steps.screenshot import Screenshot
from smokerunner.steps.storage import Cookies, Storage

VOCABULARY: dict[str, type[Step]] = {
    step.action: step
    for step in (
        Goto, Back, Reload,
        Click, Hover, Drag, Scroll,
        Fill, Select, Check, Uncheck, Upload,
        Type, Press,
        Expect, Read,
        Mail, Api, Cookies, Storage, Network,
        Screenshot, Accessibility, Use, Repeat, Pause,
    )
}  # fmt: skip
"""Every action by its key, in the order people learn them. `${totp(...)}` and `save` stand beside any of them."""
