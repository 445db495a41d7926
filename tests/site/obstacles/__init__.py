"""Pages with everything that makes real apps hard to automate; `?broken=…` breaks the very feature of a page."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount, Route

from tests.site.obstacles import approval, files, forms, identity, pages, passkeys, traffic


def routes() -> list[BaseRoute]:
    """All of /obstacles/, with a state of its own; pages without a program come last."""
    return [
        Mount(
            "/obstacles",
            routes=[
                *approval.routes(),
                *files.ROUTES,
                *forms.routes(),
                *identity.ROUTES,
                *passkeys.routes(),
                *traffic.ROUTES,
                Route("/spa/{rest:path}", lambda _: pages.answer("spa")),
                Route("/{name}", pages.serve),
            ],
        )
    ]
