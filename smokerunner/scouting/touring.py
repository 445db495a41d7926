"""A tour of an app: from its first page to the forms that a smoke test begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from smokerunner.authoring.act import View
from smokerunner.authoring.appearing import appeared
from smokerunner.authoring.tidy.addresses import Addresses
from smokerunner.browser.forms import FormSeen, LinkSeen, Notation, PageSeen
from smokerunner.browser.visitor import Landing, Visitor
from smokerunner.model.errors import BadInput, Unavailable
from smokerunner.model.matcher import join
from smokerunner.scouting.frameworks import ANY, Framework, Recognised, Signs, named, recognise
from smokerunner.scouting.recognition import Purpose, consent_button, forms_for, links_to, sender_of

SOUGHT = (Purpose.LOGIN, Purpose.REGISTER, Purpose.RESET)
_MOST_LINKS, _MOST_PATHS = 3, 4


@dataclass(frozen=True)
class Itinerary:
    """What is known before the tour. The addresses of forms are paths or whole addresses."""

    url: str
    given: Mapping[Purpose, str] = field(default_factory=dict)
    framework: str = ""
    """As the command line calls it; empty: find out."""


@dataclass(frozen=True)
class Place:
    """A form that was found. `opener` is what must be clicked before it shows."""

    purpose: Purpose
    url: str
    form: FormSeen
    page: PageSeen
    opener: Notation | None = None

    @property
    def captcha(self) -> str:
        """Which kind of CAPTCHA stands on it; empty without one."""
        return self.form.captcha or (self.page.captcha if self.page.captcha != "reCAPTCHA" else "")


@dataclass(frozen=True)
class Tour:
    """What was found, and what a person should know of it."""

    base_url: str
    start: str
    """The path of the first page."""
    view: View
    """What shows that the first page is there."""
    recognised: Recognised
    places: Mapping[Purpose, Place]
    dismiss: Notation | None
    """What takes away a banner that asks for consent."""
    notes: tuple[str, ...]


async def tour(visitor: Visitor, itinerary: Itinerary, tell: Callable[[str], None]) -> Tour:
    """Look for the forms of an app; `tell` hears what is found. Nothing is sent and nothing is changed.

    Raises BadInput when the address is no page of an app, Unavailable when nothing answers there.
    """
    return await _Guide(visitor, itinerary, tell).lead()


class _Guide:
    def __init__(self, visitor: Visitor, itinerary: Itinerary, tell: Callable[[str], None]) -> None:
        self._visitor = visitor
        self._itinerary = itinerary
        self._tell = tell
        self._addresses = Addresses("")
        self._pages: dict[str, tuple[str, PageSeen]] = {}
        """By what was asked for: the address to open, and what it shows."""
        self._dead: set[str] = set()
        self._notes: list[str] = []

    async def lead(self) -> Tour:
        visitor, asked = self._visitor, self._itinerary.url
        landing = await visitor.open(asked)
        first = await self._arrive(landing)
        # Only below the origin that was given, or the one that it became: another host is another app.
        parts = urlsplit(landing.url)
        self._addresses = Addresses(f"{parts.scheme}://{parts.netloc}")
        start = self._addresses.path(asked) if self._addresses.is_own(asked) else urlsplit(asked).path or "/"
        self._pages[asked] = (asked, first)
        recognised = await self._recognise(landing)
        dismiss = await self._look_for_banner(first)
        view = await self._view()
        places: dict[Purpose, Place] = {}
        for purpose in SOUGHT:
            place = await self._find(purpose, recognised.framework, places)
            if place is not None:
                places[purpose] = place
                self._tell(f"{purpose} form at {self._addresses.path(place.url)}")
        return Tour(
            base_url=self._addresses.base_url,
            start=start or "/",
            view=view,
            recognised=recognised,
            places=places,
            dismiss=dismiss,
            notes=tuple(self._notes),
        )

    async def _arrive(self, landing: Landing) -> PageSeen:
        asked, status = self._itinerary.url, landing.status
        if landing.asks_for_basic_auth:
            raise AsksForBasicAuth(asked)
        wanted, found = urlsplit(asked), urlsplit(landing.url)
        if not landing.is_page:
            raise BadInput(
                f"--url {asked}: that is {landing.content_type or 'no page'}, and init looks at pages (HTML)"
            )
        if (wanted.scheme, wanted.netloc) != (found.scheme, found.netloc):
            bare = [(host or "").removeprefix("www.") for host in (wanted.hostname, found.hostname)]
            if bare[0] != bare[1] or (wanted.scheme == found.scheme and wanted.port != found.port):
                raise BadInput(
                    f"--url {asked}: leads to another host, {found.scheme}://{found.netloc}; if that is the app, "
                    f"give --url {found.scheme}://{found.netloc}{found.path}"
                )
            self._notes.append(f"{asked} leads to {found.scheme}://{found.netloc}, which is written as base_url")
        page = await self._visitor.read()
        if status is not None and status >= 400 and not forms_for(page, Purpose.LOGIN):
            said = f"{asked} answers with status {status}"
            if status in (404, 410):
                raise BadInput(f"--url {said}; give the address of a page that is there")
            if status in (401, 403, 429):
                raise Unavailable(f"{said}: something in front of the app may keep robots out")
            raise Unavailable(f"{said}; init looks at an app that works")
        return page

    async def _recognise(self, landing: Landing) -> Recognised:
        if self._itinerary.framework:
            return Recognised(named(self._itinerary.framework))
        markup = await self._visitor.source()
        found = recognise(Signs(await self._visitor.cookies(), landing.headers, markup))
        if found.framework is not ANY:
            self._tell(f"looks like {found.framework.title} ({', '.join(found.signs[:3])})")
        return found

    async def _look_for_banner(self, page: PageSeen) -> Notation | None:
        if page.banner is None:
            return None
        words = consent_button(page.banner)
        for target in _ways_to_press(words):
            if await self._visitor.finds_one(target):
                self._tell(f"a banner asks for consent; “{words}” takes it away")
                await self._visitor.click(target)
                return target
        self._notes.append(
            "a banner asks for consent, and init cannot tell which button takes it away; "
            "name it: dismiss: [{button: …}]"
        )
        return None

    async def _view(self) -> View:
        """What a person sees first of the first page: its heading, or else its title."""
        shot = await self._visitor.snapshot()
        found = [
            target for target in appeared("", shot.aria)[:8]
            if "heading" in target and await self._visitor.finds_one(target)
        ]  # fmt: skip
        return View(url=shot.url, title=shot.title, appeared=tuple(found[:1]))

    async def _find(self, purpose: Purpose, framework: Framework, places: Mapping[Purpose, Place]) -> Place | None:
        given = self._itinerary.given.get(purpose)
        if given:
            place = await self._at(purpose, join(self._addresses.base_url, given))
            if place is None:
                raise BadInput(f"--{purpose} {given}: there is no form to {_does(purpose)} on that page")
            return place
        for address, page in self._pages.values():
            found = self._on(purpose, address, page)
            if found is not None:
                return found
        for url in self._wayfinders(purpose):
            place = await self._at(purpose, url)
            if place is not None:
                return place
        place = await self._behind_button(purpose)
        if place is not None:
            return place
        return await self._by_guess(purpose, framework, places)

    async def _by_guess(
        self, purpose: Purpose, framework: Framework, places: Mapping[Purpose, Place]
    ) -> Place | None:  # fmt: skip
        # An app of no known framework that has a log-in but links to nothing else probably has nothing else.
        if framework is ANY and purpose is not Purpose.LOGIN and Purpose.LOGIN not in places:
            return None
        for path in framework.paths[purpose][:_MOST_PATHS]:
            place = await self._at(purpose, join(self._addresses.base_url, path))
            if place is not None:
                return place
        return None

    def _wayfinders(self, purpose: Purpose) -> Iterator[str]:
        links = [link for _, page in self._pages.values() for link in page.links]
        found = 0
        for link in links_to(links, purpose):
            if not self._addresses.is_own(link.url):
                host = urlsplit(link.url).netloc
                if host and link.url.startswith("http") and found == 0:
                    self._note(f"the link “{link.words}” leads to another host, {host}; init stays with the app")
                continue
            if found == _MOST_LINKS:
                return
            found += 1
            yield link.url

    async def _at(self, purpose: Purpose, url: str) -> Place | None:
        if url in self._dead:
            return None
        if url not in self._pages:
            try:
                landing = await self._visitor.open(url)
            except Unavailable as wrong:
                self._note(str(wrong))
                self._dead.add(url)
                return None
            if (landing.status or 200) >= 400 or not landing.is_page or not self._addresses.is_own(landing.url):
                self._dead.add(url)
                return None
            self._pages[url] = (url, await self._visitor.read())
        return self._on(purpose, *self._pages[url])

    def _on(self, purpose: Purpose, address: str, page: PageSeen) -> Place | None:
        if purpose is Purpose.LOGIN and forms_for(page, Purpose.IDENTIFIER) and not forms_for(page, purpose):
            self._note(
                "the log-in asks for the name on one page and for the password on the next; "
                "`smokerunner record` writes such a flow"
            )
        forms = forms_for(page, purpose)
        usable = [
            form
            for form in forms
            if sender_of(form, purpose) and all(f.target for f in form.fields if f.shown and f.required)
        ]
        if not usable:
            return None
        return Place(purpose, address, usable[0], page)

    async def _behind_button(self, purpose: Purpose) -> Place | None:
        """A form that a click on the first page brings: a dialog, a drawer, or the next view of an app of scripts."""
        asked = self._itinerary.url
        page = self._pages[asked][1]
        # Links that stay on the page are buttons in disguise.
        inner = [link for link in page.links if link.url.partition("#")[0] == page.url.partition("#")[0]]
        likely = [*inner, *(LinkSeen(button.words, "", button.shown) for button in page.buttons)]
        for text in [link.words for link in links_to([one for one in likely if one.shown], purpose)]:
            landing = await self._visitor.open(asked)
            for target in ({"button": text}, {"button": {"is": text}}, {"link": text}, {"link": {"is": text}}):
                if not await self._visitor.finds_one(target):
                    continue
                await self._visitor.click(target)
                place = self._on(purpose, landing.asked, await self._visitor.read())
                if place is not None:
                    return replace(place, opener=target)
                break
        return None

    def _note(self, text: str) -> None:
        if text not in self._notes:
            self._notes.append(text)


class AsksForBasicAuth(BadInput):
    """The server wants a user and a password before it shows anything."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} asks for a user and a password before it shows anything (HTTP basic auth)")


def _ways_to_press(words: str) -> Iterable[Notation]:
    if words:
        for role in ("button", "link"):
            yield {role: words}
            yield {role: {"is": words}}


def _does(purpose: Purpose) -> str:
    return {Purpose.LOGIN: "log in", Purpose.REGISTER: "register"}.get(purpose, "ask for a new password")
