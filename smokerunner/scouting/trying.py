"""Really logging in, out, and registering, once each: what appears then is what a flow can expect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from smokerunner.authoring.act import View
from smokerunner.authoring.appearing import appeared
from smokerunner.browser.forms import FieldSeen, FormSeen, Notation, PageSeen
from smokerunner.browser.happenings import Snapshot
from smokerunner.browser.visitor import Visitor
from smokerunner.model.errors import Unavailable
from smokerunner.scouting.filling import Filling
from smokerunner.scouting.recognition import Purpose, Wants, forms_for, is_login, is_logout, sender_of, wanted_by
from smokerunner.scouting.touring import Place

_MOST, _TRIED, _MENUS = 2, 8, 5


@dataclass(frozen=True)
class Exit:
    """How the session is ended: what is clicked, one after the other, and what was seen then."""

    clicks: tuple[Notation, ...]
    view: View


@dataclass(frozen=True)
class Tried:
    """What came of sending a form. `view` is None when it was refused; `says` is what the page said of it then."""

    view: View | None = None
    says: str = ""
    leaving: Exit | None = None
    wants_code: bool = False
    """Whether a second factor is asked for now."""


async def try_form(
    visitor: Visitor, place: Place, fillings: Iterable[Filling], values: Mapping[str, str], dismiss: Notation | None
) -> Tried:
    """Fill a form, send it, and look what came of it. `values` are those of the fillings' references.

    Raises Unavailable when a field or button cannot be used.
    """
    before = await _send(visitor, place, fillings, values, dismiss)
    page, after = await visitor.read(), await visitor.snapshot()
    if forms_for(page, Purpose.CODE):
        return Tried(says="a second factor is asked for", wants_code=True)
    still = [form for form in forms_for(page, place.purpose) if _is_same(form, place.form)]
    if still:
        return Tried(says=_complaint(page, before))
    logout = await _find_logout(visitor, page)
    proofs = logout if len(logout) == 1 else []
    found = [*proofs, *(target for target in await _news(visitor, before, after) if target not in proofs)]
    hidden = [value for name, value in values.items() if name.startswith("secrets.")]
    found = [target for target in found if not any(value in str(target) for value in hidden)]
    view = View(after.url, after.title, after.url != before.url, tuple(found[:_MOST]))
    return Tried(view=view, leaving=await _leave(visitor, logout) if logout else None)


async def _send(
    visitor: Visitor, place: Place, fillings: Iterable[Filling], values: Mapping[str, str], dismiss: Notation | None
) -> Snapshot:
    await visitor.open(place.url)
    if dismiss is not None and await visitor.finds_one(dismiss):
        await visitor.click(dismiss)
    if place.opener is not None:
        await visitor.click(place.opener)
    for filling in fillings:
        await filling.carry_out(visitor, values)
    before = await visitor.snapshot()
    await visitor.click(sender_of(place.form, place.purpose))
    return before


def _is_same(form: FormSeen, sent: FormSeen) -> bool:
    """Whether a form that shows now is the one that was sent; by its fields, since all else may be new."""
    return {field.name for field in form.fields if field.shown} == {field.name for field in sent.fields if field.shown}


def _complaint(page: PageSeen, before: Snapshot) -> str:
    """What the page says that it did not say before; a few words, as it wrote them."""
    new = [text for text in page.alerts if text not in before.aria]
    return (new or list(page.alerts) or [""])[0]


async def _find_logout(visitor: Visitor, page: PageSeen) -> list[Notation]:
    """What to click in order to log out: the control, or a menu and then the control; empty when none is found."""
    control = await _pressable(visitor, _logouts(page))
    if control is not None:
        return [control]
    # The account's menu mostly is the last one, and what is in it may only be there once it is open.
    menus = [button for button in page.buttons if button.shown and button.opens and button.words]
    for menu in menus[::-1][:_MENUS]:
        opener = await _pressable(visitor, [menu.words])
        if opener is None:
            continue
        await visitor.click(opener)
        control = await _pressable(visitor, _logouts(await visitor.read()))
        if control is not None:
            return [opener, control]
    return []


def _logouts(page: PageSeen) -> list[str]:
    return list(dict.fromkeys(text for text, _ in _controls(page) if is_logout(text)))


async def _pressable(visitor: Visitor, words: Iterable[str]) -> Notation | None:
    for text in words:
        for matcher in (text, {"is": text}):
            for role in ("button", "link", "menuitem"):
                if await visitor.finds_one({role: matcher}):
                    return {role: matcher}
    return None


async def _leave(visitor: Visitor, logout: list[Notation]) -> Exit | None:
    """Log out; where a page asks once more, say yes. None when nobody can tell that it worked."""
    clicks = list(logout)
    before, inside = await visitor.snapshot(), _controls(await visitor.read())
    try:
        await visitor.click(clicks[-1])
        page = await visitor.read()
        again = await _pressable(visitor, _logouts(page))
        if again is not None and "button" in again and again != clicks[-1]:
            await visitor.click(again)
            clicks.append(again)
            page = await visitor.read()
    except Unavailable:
        return None
    if visitor.dialogs or any(is_logout(text) and shown for text, shown in _controls(page)):
        return None
    after = await visitor.snapshot()
    # Where one can log in again, nobody is logged in.
    new = [text for text, shown in _controls(page) if shown and is_login(text) and (text, True) not in inside]
    entrance = await _pressable(visitor, new)
    news = [target for target in await _news(visitor, before, after) if target != entrance]
    found = [*([entrance] if entrance is not None else []), *news][:_MOST]
    return Exit(tuple(clicks), View(after.url, after.title, after.url != before.url, tuple(found)))


async def _news(visitor: Visitor, before: Snapshot, after: Snapshot) -> list[Notation]:
    """What is there now that was not there before; each finds one element that can be seen."""
    found: list[Notation] = []
    said: set[str] = set()
    for target in appeared(before.aria, after.aria)[:_TRIED]:
        text = str(next(iter(target.values())))
        if len(found) < _MOST and text not in said and await visitor.finds_one(target):
            found.append(target)
            said.add(text)
    return found


def _controls(page: PageSeen) -> list[tuple[str, bool]]:
    """The words of every link and button, and whether it shows."""
    links = [(link.words, link.shown) for link in page.links]
    return [*links, *((button.words, button.shown) for button in page.buttons)]


def password_of(form: FormSeen) -> FieldSeen:
    """The first password field that shows; the form must have one."""
    return next(field for field in form.fields if field.shown and wanted_by(field) is Wants.PASSWORD)
