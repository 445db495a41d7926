"""Whatever a file holds, it is read or refused with BadInput: no other exception, and soon."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from good_files import GOOD

from smokerunner.language.load import load
from smokerunner.model.errors import BadInput, Problem


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        load(path)
    return str(caught.value).replace(str(path), "FILE")


def bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return "\n".join(lines)


CONTENTS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "FILE: is empty"),
    "only a comment": (b"# nothing\n", "FILE: is empty"),
    "a list": (b"[]", "FILE:1:1: expected a mapping, found a list"),
    "null": (b"null", "FILE:1:1: null is nothing; write '' for empty text, or quotes around the word"),
    "a word": (b"hello", "FILE:1:1: expected a mapping, found the text 'hello'"),
    "2.1 MB": (b"a" * 2_100_000, "FILE: is 2.1 MB; a flow file stays under 1 MB"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0", "FILE:1:1: is not UTF-8: byte 0x89 at offset 0; save the file as UTF-8"),
    "Latin-1": (b"app: a\ntitle: \xe4", "FILE:2:8: is not UTF-8: byte 0xe4 at offset 14; save the file as UTF-8"),
    "UTF-16": (
        "app: a".encode("utf-16"),
        "FILE:1:1: looks like UTF-16: byte 0xff at offset 0; save the file as UTF-8",
    ),
    "alias bomb": (bomb().encode(), "FILE:1:13: more than 100000 values, aliases written out"),
    "deep brackets": (b"[" * 1000, "FILE:1:101: nested deeper than 100 levels"),
    "very deep brackets": (b"[" * 900_000, "FILE:1:101: nested deeper than 100 levels"),
    "deep braces": (b"{a: " * 1000, "FILE:1:401: nested deeper than 100 levels"),
    "deep dashes": (b"- " * 1000, "FILE:1:201: nested deeper than 100 levels"),
    "deep lines": (
        b"".join(b" " * level + b"a:\n" for level in range(1000)),
        "FILE:101:101: nested deeper than 100 levels",
    ),
    "deep JSON": (b'{"a":' * 1000 + b"1" + b"}" * 1000, "FILE:1:501: nested deeper than 100 levels"),
    "NUL": (b"app: a\0", "FILE:1:7: the character U+0000 cannot stand here; write it as \\u0000 in double quotes"),
    "half a character": (
        b'{"app": "\\ud83d"}',
        "FILE:1:9: an escape in this text is half of a character; write the character itself",
    ),
    "undefined line end": (
        "app: a\u2028".encode(),
        "FILE:1:7: the character U+2028 cannot stand here; write it as \\u2028 in double quotes",
    ),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_refused_in_one_line(name: str, tmp_path: Path) -> None:
    content, said = CONTENTS[name]
    path = tmp_path / "acorn.yaml"
    path.write_bytes(content)
    assert refused(path) == said


@pytest.mark.parametrize("name", [name for name, (content, _) in CONTENTS.items() if not content.startswith(b"[[")])
def test_json_refused_as_well(name: str, tmp_path: Path) -> None:
    path = tmp_path / "acorn.json"
    path.write_bytes(CONTENTS[name][0])
    assert refused(path).startswith("FILE")


def test_very_deep_json(tmp_path: Path) -> None:
    path = tmp_path / "acorn.json"
    path.write_bytes(b"[" * 900_000)
    assert refused(path) == "FILE:1:1: nested deeper than 100 levels"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "FILE:1:1: this is not JSON: a value is missing (a comma before ']' is one too many)"),
        ("app: acorn", "FILE:1:1: this is not JSON: a value is missing (a comma before ']' is one too many)"),
        ('{"app": "a"} x', "FILE:1:14: this is not JSON: something follows after the end"),
        ('{"app": "a" "b"}', "FILE:1:13: this is not JSON: a comma or the closing bracket is missing"),
        ('{\n"app" "a"}', "FILE:2:7: this is not JSON: ':' is missing after the key"),
        ('{"app": "a}', "FILE:1:9: this is not JSON: the quote that opens here is never closed"),
        ('{"app": NaN}', "FILE:1:1: this is not JSON: NaN is no JSON number"),
        ('{"app": "\\ud83d"}', "FILE:1:9: an escape in this text is half of a character; write the character itself"),
    ],
)
def test_json_mistakes(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "acorn.json"
    path.write_text(text, encoding="utf-8")
    assert refused(path) == said


def test_json_keys_twice_and_null(tmp_path: Path) -> None:
    path = tmp_path / "acorn.json"
    path.write_text('{"app": "a",\n "app": "b",\n "flows": {"a": {"title": null, "steps": [{"goto": "/"}]}}}')
    assert refused(path).splitlines() == [
        "FILE:2:2: 'app' stands here a second time; the first is in line 1",
        "FILE:3:27: a: null is nothing; write '' for empty text, or quotes around the word",
    ]


def test_a_huge_number_in_json(tmp_path: Path) -> None:
    path = tmp_path / "acorn.json"
    digits = "9" * 10_000
    path.write_text(f'{{"app": "a", "flows": {{"a": {{"steps": [{{"api": {{"post": "/", "json": {digits}}}}}]}}}}}}')
    assert load(path).file.app == "a"


def test_no_such_file_and_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path / "acorn.yaml") == "FILE: there is no such file"
    assert refused(tmp_path) == "FILE: is a folder, not a file"
    assert refused(tmp_path / "a\0b") == "FILE: cannot be read: embedded null byte"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "acorn.yaml"
    path.write_text("app: a")
    path.chmod(0)
    assert refused(path) == "FILE: cannot be read: Permission denied"


@pytest.mark.parametrize("seed", range(200))
def test_changed_bytes_never_break_it(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    content = bytearray(chance.choice(list(GOOD.values())).encode())
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(content))
        kind = chance.randrange(4)
        if kind == 0:
            content[place] = chance.randrange(256)
        elif kind == 1:
            del content[place : place + chance.randint(1, 20)]
        elif kind == 2:
            content[place:place] = bytes(chance.choice(b"{}[]:,-&*!|>'\"%@`#?~ \n\t$") for _ in range(3))
        else:
            content[place:place] = content[: chance.randint(1, 200)]
    path = tmp_path / chance.choice(["acorn.yaml", "acorn.json"])
    path.write_bytes(bytes(content))
    problems: tuple[Problem, ...] = ()
    try:
        problems = (Problem("", 0, 0, load(path).file.app),)
    except BadInput as wrong:
        problems = wrong.problems
    assert problems
    assert all(problem.message and "\n" not in problem.message for problem in problems)
