"""`smokerunner review`."""

from __future__ import annotations

import signal
from contextlib import closing
from pathlib import Path

import click

from smokerunner.cli.options import referring
from smokerunner.model.outcome import ExitCode


@click.command("review")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--flow", "flows", multiple=True, metavar="NAME", help="Only this flow; may be given several times.")
@referring
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The page's port; by default any free one.")
@click.option("--open", "opens", is_flag=True, help="Open the page in this machine's browser.")
def command(bundle: Path, flows: tuple[str, ...], screenshots: Path, port: int, opens: bool) -> int:
    """Show every step of a bundle that has no approved picture or does not look like it, to approve or reject.

    The page is served on this machine only, until Ctrl-C or SIGTERM. Exit 3 when something was rejected.
    """
    from smokerunner.pictures.reference import References
    from smokerunner.review.approving import Approver, open_proven
    from smokerunner.review.desk import Desk
    from smokerunner.review.server import Review, Server, listen

    with closing(listen(port)) as listener:
        desk = Desk(open_proven(bundle), Approver(References(screenshots)), flows)
        if not desk.items:
            click.echo(f"nothing to review: {desk.same} pictures look as approved")
            return int(ExitCode.OK)
        server = Server(Review(desk, screenshots), listener)
        # Whoever ends it so wants to know what was decided, too.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            click.echo(f"{len(desk.items)} to review, {desk.same} look as approved; Ctrl-C ends it")
            click.echo(server.address)
            if opens:
                click.launch(server.address)
            server.serve()
        except KeyboardInterrupt:
            # How a review usually ends; what was decided is written already.
            click.echo("")
        finally:
            signal.signal(signal.SIGTERM, before)
    for item in desk.items:
        if item.decision == "rejected":
            click.echo(f"rejected  {item.flow}/{item.candidate.facts.step}  {item.said}".rstrip())
    counts = desk.counts
    click.echo(", ".join(f"{counts[word]} {word}" for word in ("approved", "dynamic", "rejected", "open")))
    return int(ExitCode.CANNOT_TELL if counts["rejected"] else ExitCode.OK)
