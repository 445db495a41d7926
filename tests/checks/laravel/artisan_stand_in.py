"""An artisan that says what it is told to, run as the real one is: a program in the app's folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from smokerunner.model.checking import ServerSettings
from smokerunner.model.template import Template
from smokerunner.replay.server import CommandServer

_PROGRAM = """
import json, sys
answers = json.load(open("answers.json"))
line = " ".join(sys.argv[1:])
for words, (code, out) in answers.items():
    if line.startswith(words):
        sys.stdout.write(out)
        sys.exit(code)
sys.stdout.write('\\n  ERROR  Command "%s" is not defined.\\n\\n' % sys.argv[1])
sys.exit(1)
"""


def artisan(folder: Path, answers: dict[str, Any]) -> CommandServer:
    """A server whose artisan answers commands by their beginning: (exit code, output), or what is printed as JSON."""
    told = {
        words: answer if isinstance(answer, tuple) else (0, json.dumps(answer) + "\n")
        for words, answer in answers.items()
    }
    (folder / "artisan").write_text(_PROGRAM)
    (folder / "answers.json").write_text(json.dumps(told))
    return CommandServer(ServerSettings(folder=Template(str(folder)), php=(Template(sys.executable),)))
