"""What was asked for, checked and completed: addresses, names, and the values that nobody gave."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

from smokerunner.authoring.tidy import app_name, flow_name
from smokerunner.model.errors import BadInput

_STAGES = re.compile(r"(?<![a-z])(?:staging|stage|test|testing|qa|uat|preview|demo|sandbox|dev|develop)(?![a-z])")
_ENVIRONMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def checked_address(url: str, option: str = "--url") -> str:
    """The address of a page. Raises BadInput with what would be right."""
    if "://" not in url and re.fullmatch(r"[\w.-]+(:\d+)?(/\S*)?", url):
        raise BadInput(f"{option} {url}: is not an address yet; write http://{url} or https://{url}")
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or re.search(r"\s", url):
        raise BadInput(f"{option} {url}: is not an address; write http://… or https://…")
    if parts.username is not None:
        raise BadInput(
            f"{option}: take user and password out of the address; --http-username and a secret are for that"
        )
    return url.partition("#")[0]


def checked_app(name: str) -> str:
    """The name of an app, as flow files allow it. Raises BadInput."""
    if not name or flow_name(name) != name:
        raise BadInput(f"{name}: an app's name has a-z, 0-9, - and _; write e.g. {flow_name(name) or 'shop'}")
    return name


def checked_environment(name: str) -> str:
    """The name of an environment. Raises BadInput."""
    if not _ENVIRONMENT.fullmatch(name):
        raise BadInput(f"--env {name}: a name has letters, digits, - and _; write e.g. staging")
    return name


def likely_app(url: str, folder: Path) -> str:
    """What an app is probably called: by its host, and on this machine by the folder one works in."""
    name = app_name(url)
    return name if name != "app" else flow_name(folder.resolve().name) or "app"


def likely_environment(url: str) -> str:
    """What the place is probably called in which the app was looked at."""
    host = urlsplit(url).hostname or ""
    if is_local(url):
        return "local"
    return "staging" if _STAGES.search(host) else "production"


def is_local(url: str) -> bool:
    """Whether only this machine, or a private network, can reach the address."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def likely_pipeline(folder: Path) -> str:
    """github, gitlab or none, by what is in the project."""
    if (folder / ".gitlab-ci.yml").exists():
        return "gitlab"
    if (folder / ".github").is_dir():
        return "github"
    config = folder / ".git" / "config"
    text = config.read_text("utf-8", "replace") if config.is_file() else ""
    return "github" if "github.com" in text else "gitlab" if "gitlab" in text else "none"


def secret_name(app: str, stem: str = "PASSWORD") -> str:
    """What the secret of an app is called: SHOP_PASSWORD."""
    prefix = re.sub(r"[^A-Z0-9]+", "_", app.upper()).strip("_") or "APP"
    return f"APP_{prefix}_{stem}" if prefix[0].isdigit() else f"{prefix}_{stem}"
