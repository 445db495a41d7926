"""Every bad file is refused with one line that says where, what, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_files import BAD, NAMES
from editor import complains

from smokerunner.language.load import load
from smokerunner.model.errors import BadInput

JARGON = ("Input should", "Value error", "validation error", "pydantic", "tuple", "dict", "Extra inputs", "Field req")


def told(path: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        load(path)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("name", [*BAD, *NAMES])
def test_one_complaint_with_its_place(name: str, tmp_path: Path) -> None:
    bad = {**BAD, **NAMES}[name]
    path = tmp_path / "acorn.yaml"
    path.write_text(bad.text, encoding="utf-8")
    lines = told(path)
    assert lines == [f"{path}:{bad.said}"]
    assert not any(word in lines[0] for word in JARGON)


@pytest.mark.parametrize("name", [name for name, bad in BAD.items() if not bad.beyond_schema])
def test_the_schema_complains_as_well(name: str) -> None:
    assert complains(BAD[name].text)


def test_there_are_enough_of_them() -> None:
    assert len(BAD) >= 60


def test_all_complaints_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "acorn.yaml"
    path.write_text(
        "app: acorn\n"
        "base_url: acorn\n"
        "flows:\n"
        "  login:\n"
        "    severity: urgent\n"
        "    steps:\n"
        "      - goto:\n"
        "      - clik: {button: Save}\n"
        "        save: {order: text}\n"
        "      - goto: /${order}/${ordr}\n"
        "      - goto: /\n"
        "        goto: /\n"
        "  later:\n"
        "    needs: logn\n"
        "    steps: [{goto: '${order}'}]\n",
        encoding="utf-8",
    )
    places = [line.removeprefix(f"{path}:").split(" ")[0] for line in told(path)]
    assert places == ["2:11:", "5:15:", "7:14:", "8:9:", "10:15:", "12:9:", "14:12:"]
