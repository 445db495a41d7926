"""Commands on the app's server: without a shell, bounded, and by ssh with every word quoted."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from smokerunner.model.check import Ran
from smokerunner.model.checking import ServerSettings
from smokerunner.model.errors import Unavailable
from smokerunner.replay.server import CommandServer


def run(settings: ServerSettings, *command: str, timeout: float = 30.0) -> Ran:
    return asyncio.run(CommandServer(settings).run(command, timeout=timeout))


def test_words_are_no_shell(tmp_path: Path) -> None:
    said = run(ServerSettings(), sys.executable, "-c", "import sys; print(sys.argv[1:])", "$HOME; ls", "a b")
    assert (said.code, said.out.strip(), said.err) == (0, "['$HOME; ls', 'a b']", "")


def test_the_folder_and_the_code(tmp_path: Path) -> None:
    settings = ServerSettings.model_validate({"folder": str(tmp_path)})
    said = run(settings, sys.executable, "-c", "import os, sys; print(os.getcwd()); sys.exit('no')")
    assert (said.code, said.out.strip(), said.err.strip()) == (1, str(tmp_path), "no")


def test_what_does_not_exist_or_end_is_our_trouble(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="`no-such-program` cannot be run: No such file"):
        run(ServerSettings(), "no-such-program")
    script = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)"
    settings = ServerSettings.model_validate({"folder": str(tmp_path)})
    with pytest.raises(Unavailable, match="did not end within 2 s"):
        run(settings, sys.executable, "-c", script, timeout=2)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_flood_is_cut() -> None:
    said = run(ServerSettings(), sys.executable, "-c", "print('x' * 3_000_000)")
    assert (said.code, len(said.out)) == (0, 262_144)


def test_artisan_runs_php_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "artisan").write_text("import sys; print('artisan', *sys.argv[1:])")
    settings = ServerSettings.model_validate({"folder": str(tmp_path), "php": [sys.executable]})
    assert asyncio.run(CommandServer(settings).artisan("about", "--json")).out == "artisan about --json\n"


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called ssh that writes down its words and has a shell run the last one, as sshd does."""
    program = tmp_path / "bin" / "ssh"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        f"open({str(tmp_path / 'words')!r}, 'w').write(repr(sys.argv[1:]))\n"
        "if sys.argv[-2] == 'down':\n"
        "    print('ssh: connect to host down port 22: refused', file=sys.stderr)\n"
        "    sys.exit(255)\n"
        "os.execv('/bin/sh', ['sh', '-c', sys.argv[-1]])\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def test_by_ssh_every_word_arrives_as_it_was(ssh: Path) -> None:
    folder = ssh / "it's here"
    folder.mkdir()
    settings = ServerSettings.model_validate({"ssh": "deploy@shop.example", "folder": str(folder)})
    said = run(settings, sys.executable, "-c", "import os, sys; print(os.getcwd(), sys.argv[1:])", "$HOME; ls", "'")
    assert said.out.strip() == f"{folder} ['$HOME; ls', \"'\"]"
    assert "'--', 'deploy@shop.example'" in (ssh / "words").read_text()


def test_ssh_that_fails_is_our_trouble(ssh: Path) -> None:
    with pytest.raises(Unavailable, match="ssh to down failed: ssh: connect to host down port 22: refused"):
        run(ServerSettings.model_validate({"ssh": "down"}), "true")


@pytest.mark.parametrize("ssh", ["-oProxyCommand=x", "a b", "x;y"])
def test_no_option_passes_for_a_host(ssh: str) -> None:
    with pytest.raises(ValueError, match="ssh"):
        ServerSettings.model_validate({"ssh": ssh})
