"""What may stand under `mailbox:` in the environment file."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from smokerunner.mail.catalogue import MAILBOXES
from smokerunner.mail.imap import ImapSettings

GOOD: list[tuple[str, dict[str, Any]]] = [
    ("embedded", {}),
    ("embedded", {"port": "0", "host": "127.0.0.1"}),
    ("maildev", {"url": "http://127.0.0.1:1080"}),
    ("mailpit", {"url": "https://mail.test/mailpit/", "user": "qa", "password": "x"}),
    ("imap", {"host": "h", "port": "143", "tls": "no", "user": "u", "password": "p", "folders": ["INBOX", "Junk"]}),
]


@pytest.mark.parametrize(("kind", "values"), GOOD)
def test_settings_are_read_from_text(kind: str, values: dict[str, Any]) -> None:
    settings = MAILBOXES[kind].model_validate(values)
    assert settings.kind == kind
    assert MAILBOXES[kind].model_validate(settings.model_dump(mode="json")) == settings


@pytest.mark.parametrize("kind", MAILBOXES)
def test_every_kind_explains_itself(kind: str) -> None:
    schema = MAILBOXES[kind].model_json_schema()
    assert schema["description"]
    assert all(field.get("description") for field in schema["properties"].values())
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("tls", "meant"), [("true", True), ("yes", True), ("no", False), ("false", False), ("starttls", "starttls")]
)
def test_tls_is_one_of_three(tls: str, meant: bool | str) -> None:
    assert ImapSettings.model_validate({"host": "h", "user": "u", "password": "p", "tls": tls}).tls == meant


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("embedded", {"port": "70000"}),
        ("embedded", {"portt": "1"}),
        ("maildev", {}),
        ("maildev", {"url": "127.0.0.1:1080"}),
        ("mailpit", {"url": "http://qa:hunter22@127.0.0.1:8025"}),
        ("imap", {"host": "h", "user": "u", "password": "hunter22", "tls": "maybe"}),
        ("imap", {"host": "h", "user": "u", "password": "hunter22", "folders": []}),
        ("imap", {"host": "h", "user": "u", "pasword": "hunter22"}),
    ],
)
def test_wrong_settings_are_refused_without_repeating_a_password(kind: str, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        MAILBOXES[kind].model_validate(values)
    assert "hunter22" not in str(caught.value)


def test_passwords_are_not_shown() -> None:
    assert "hunter22" not in repr(ImapSettings(host="h", user="u", password="hunter22"))


def test_reading_settings_loads_no_mail_library() -> None:
    code = (
        "import sys, smokerunner.mail.catalogue;print(sorted({'httpx', 'aiosmtpd', 'imap_tools'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_imap_tools_the_cure_is_named() -> None:
    # A None in sys.modules is how Python says that a module cannot be imported.
    code = (
        "import sys; sys.modules['imap_tools'] = None\n"
        "from smokerunner.mail.imap import ImapSettings\n"
        "try: ImapSettings(host='h', user='u', password='p').open()\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Unavailable ")
    assert "pip install smokerunner[imap]" in done.stdout
