"""click, hover, drag, scroll, and what may stand beside them."""

from __future__ import annotations

import pytest
from cases import Replayed, fails, passes, replay, warns
from server import Site

CASES = {
    "click": passes("""
        - goto: /pointer
        - click: {button: Target}
        - expect: {text_of: {of: {test_id: log}, reads: {is: click 1}}}
        """),
    "click-twice": passes("""
        - goto: /pointer
        - click: {button: Target}
          count: 2
        - expect: {text_of: {of: {test_id: log}, reads: double 2}}
        """),
    "click-three-times": passes("""
        - goto: /pointer
        - click: {button: {is: Count}}
          count: 3
        - expect: {text_of: {of: {test_id: log}, reads: triple 3}}
        """),
    "click-right": passes("""
        - goto: /pointer
        - click: {button: Target}
          mouse: right
        - expect: {text_of: {of: {test_id: log}, reads: right}}
        """),
    "click-middle": passes("""
        - goto: /pointer
        - click: {button: Target}
          mouse: middle
        - expect: {text_of: {of: {test_id: log}, reads: middle}}
        """),
    "click-with-keys": passes("""
        - goto: /pointer
        - click: {button: Target}
          modifiers: [Shift, Alt]
        - expect: {text_of: {of: {test_id: log}, reads: click 1 alt shift}}
        """),
    "click-once-is-not-twice": fails(
        'test_id "log" shows "click 1", not "double" (waited …)',
        """
        - goto: /pointer
        - click: {button: Target}
        - expect: {text_of: {of: {test_id: log}, reads: double}}
        """,
    ),
    "click-disabled": fails(
        "it is disabled (waited …)",
        """
        - goto: /pointer
        - click: {button: Frozen}
        """,
    ),
    "click-hidden": fails(
        'button "Unseen" is not there; buttons here: "Target", "Count", "Frozen", "Covered", "Account" (waited …)',
        """
        - goto: /pointer
        - click: {button: Unseen}
        """,
    ),
    "click-hidden-by-css": fails(
        "it is there but not visible (waited …)",
        """
        - goto: /pointer
        - click: {css: "button:nth-of-type(4)"}
        """,
    ),
    "click-covered": fails(
        'it is covered: <div id="cover"></div> intercepts pointer events (waited …)',
        """
        - goto: /pointer
        - click: {button: Covered}
        """,
    ),
    "click-absent": fails(
        'link "Imprint" is not there; there is no link here at all (waited …)',
        """
        - goto: /pointer
        - click: {link: Imprint}
        """,
    ),
    "click-saves-what-comes": passes("""
        - goto: /plain
        - click: {link: Order A-17}
          save: {number: {url: {matches: "order=(.*)"}}, title: {text: {matches: "A plain (page)"}}}
        - goto: /links?tab=${number}-${title}
        - expect: {url: /links?tab=A-17-page}
        """),
    "click-saves-nothing": fails(
        "nothing to save: text is 'Pointer click 1 …', which does not match /Order (.+)/",
        """
        - goto: /pointer
        - click: {button: Target}
          save: {number: {text: {matches: "Order (.+)"}}}
        """,
    ),
    "hover": passes("""
        - goto: /pointer
        - hover: {button: Account}
        - expect: {visible: {text: Your orders}}
        """),
    "hover-elsewhere": fails(
        'text "Your orders" is there but hidden (waited …)',
        """
        - goto: /pointer
        - hover: {button: {is: Count}}
        - expect: {visible: {text: Your orders}}
        """,
    ),
    "hover-with-keys": passes("""
        - goto: /pointer
        - hover: {button: Account}
          modifiers: Shift
        - expect: {text_of: {of: {test_id: log}, reads: moved with shift}}
        """),
    "hover-covered": fails(
        'it is covered: <div id="cover"></div> intercepts pointer events (waited …)',
        """
        - goto: /pointer
        - hover: {button: Covered}
        """,
    ),
    "drag": passes("""
        - goto: /pointer
        - drag: {listitem: Draft}
          to: {region: Done}
        - expect: {text_of: {of: {test_id: log}, reads: dropped}}
        """),
    "drag-nowhere": fails(
        'region "Bin" is not there; regions here: "Done" (waited …)',
        """
        - goto: /pointer
        - drag: {listitem: Draft}
          to: {region: Bin}
        """,
    ),
    "drag-nothing": fails(
        'listitem "Letter" is not there; listitems here: "Draft" (waited …)',
        """
        - goto: /pointer
        - drag: {listitem: Letter}
          to: {region: Done}
        """,
    ),
    "drag-to-a-fallback": warns(
        'region "Bin" was not found; its fallback region "Done" was used',
        """
        - goto: /pointer
        - drag: {listitem: Draft}
          to: {region: Bin, fallbacks: {region: Done}}
          timeout: 20s
        """,
    ),
    "scroll-to-an-element": passes("""
        - goto: /pointer
        - scroll: {heading: Reviews}
        - expect: {text_of: {of: {test_id: place}, reads: {matches: "at|bottom"}}}
        """),
    "scroll-to-nothing": fails(
        'heading "Prices" is not there; headings here: "Pointer", "Reviews" (waited …)',
        """
        - goto: /pointer
        - scroll: {heading: Prices}
        """,
    ),
    "scroll-to-the-end": passes("""
        - goto: /pointer
        - scroll: {to: bottom}
        - expect: {text_of: {of: {test_id: place}, reads: bottom}}
        - scroll: {to: top}
        - expect: {text_of: {of: {test_id: place}, reads: top}}
        """),
    "scroll-by-pixels": passes("""
        - goto: /pointer
        - scroll: {by: 300}
        - expect: {text_of: {of: {test_id: place}, reads: at 300}}
        - scroll: {by: -100}
        - expect: {text_of: {of: {test_id: place}, reads: at 200}}
        """),
    "scroll-too-little": fails(
        'test_id "place" shows "at 300", not "bottom" (waited …)',
        """
        - goto: /pointer
        - scroll: {by: 300}
        - expect: {text_of: {of: {test_id: place}, reads: bottom}}
        """,
    ),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(CASES, site, tmp_path_factory.mktemp("pointer"))


@pytest.mark.parametrize("name", CASES)
def test_pointer(name: str, replayed: Replayed) -> None:
    replayed.check(name)


def test_where_it_was_clicked_is_noted(replayed: Replayed) -> None:
    step = replayed.step("click", 2)
    assert step.box is not None
    assert step.point is not None
    assert step.box.x < step.point.x < step.box.x + step.box.width
    assert step.locator == 'button "Target"'
