"""What stands at the head of a flow file: dismiss, mask and tolerate."""

from __future__ import annotations

import pytest
from cases import Replayed, alone, fails, passes, replay, warns
from PIL import Image
from server import Site

MASK = (0x3D, 0x44, 0x51)

CASES = {
    "in-the-way": passes("""
        - goto: /banner
        - click: {button: Buy}
        - expect: {visible: {button: Bought}}
        """),
    "in-the-way-in-a-new-page": passes("""
        - goto: /causing
        - click: {button: Open banner}
          popup:
            - click: {button: Buy}
            - expect: {visible: {button: Bought}}
        """),
    "tolerated-error": alone(
        passes("""
        - goto: /talk
        - click: {button: Complain}
        - expect: {console: {errors: 0}}
        """)
    ),
    "other-error": alone(
        warns(
            "new console error: …reading 'x'…",
            """
        - goto: /talk
        - click: {button: Throw}
          timeout: 10s
        """,
        )
    ),
    "tolerated-request": alone(
        passes("""
        - goto: /talk
        - click: {button: Broken}
        - expect: {text_of: {of: {test_id: answer}, reads: "503"}, console: {errors: 0}}
        """)
    ),
    "masked": alone(
        passes("""
        - goto: /talk
          picture: true
        """)
    ),
}
STRICT = {
    "in-the-way-after-all": fails(
        'it is covered: <div id="banner">…</div> intercepts pointer events (waited …)',
        """
        - goto: /banner
        - click: {button: Buy}
        """,
    ),
    "request-not-tolerated": alone(
        warns(
            "new console error: Failed to load resource: … 503 (Service Unavailable)",
            """
        - goto: /talk
        - click: {button: Broken}
          timeout: 10s
        """,
        )
    ),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    head = """
        dismiss: [{button: Accept cookies}]
        mask: [{test_id: clock}]
        tolerate: {console: [cart is broken], requests: [/api/status/503]}
        """
    return replay(CASES, site, tmp_path_factory.mktemp("noise"), head=head)


@pytest.fixture(scope="module")
def strict(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(STRICT, site, tmp_path_factory.mktemp("strict"))


@pytest.mark.parametrize("name", CASES)
def test_noise(name: str, replayed: Replayed) -> None:
    replayed.check(name)


@pytest.mark.parametrize("name", STRICT)
def test_without_it(name: str, strict: Replayed) -> None:
    strict.check(name)


def test_a_tolerated_request_is_not_listed_as_trouble(replayed: Replayed, strict: Replayed) -> None:
    assert replayed.step("tolerated-request", 2).requests == ()
    assert [seen.status for seen in strict.step("request-not-tolerated", 2).requests] == [503]


def test_what_the_file_masks_is_painted_over_in_every_picture(replayed: Replayed) -> None:
    with Image.open(replayed.picture("masked", 1)) as picture:
        assert picture.convert("RGB").getpixel((700, 350)) == MASK
