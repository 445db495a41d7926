"""`mail.delivery`: a message that the app is made to send arrives in time."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, PrivateAttr, model_validator

from smokerunner.checks.api.call import Call, require_harmless
from smokerunner.checks.api.judging import judged, summary
from smokerunner.checks.laravel.artisan import about, last_words, require_server
from smokerunner.checks.mailing.letter import the_letter
from smokerunner.mail.waiting import wait_for
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import Failure, Inconclusive
from smokerunner.model.frozen import complaint
from smokerunner.model.mail import Message
from smokerunner.model.matcher import Matcher
from smokerunner.model.severity import Effects, Severity
from smokerunner.model.template import Template

_SILENT = ("log", "array", "null")


class Delivery(Check):
    """Makes the app send a message, and waits for it in the environment's mailbox."""

    id: ClassVar[str] = "mail.delivery"
    asks: ClassVar[str] = "Does the app's mail arrive?"
    passes: ClassVar[str] = "a message for this run's recipient within `within`"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "runbook"
    effects: ClassVar[Effects] = Effects.TEST_DATA
    default_timeout: ClassVar[float] = 180.0

    request: Call | None = Field(default=None, description="The request that makes the app send it.")
    command: tuple[Template, ...] = Field(default=(), description="Or the command on the server that does.")
    to: Template = Field(description="For whom it is; smoke+${unique}@shop.example is somebody else in every run.")
    subject: Matcher | None = Field(default=None, description="Its subject, when the app sends several.")
    within: Seconds = Field(default=60.0, description="How long it may take.")
    effects_: Effects | None = Field(
        default=None, alias="effects", description="`none`: the message does no harm, and may be sent from production."
    )

    _shared: bool = PrivateAttr(default=False)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.request is None) is not bool(self.command):
            raise ValueError("a message is sent by a request or by a command; name one of them")
        if self.within >= (self.timeout or self.default_timeout):
            raise complaint("the check itself is given up before that; give it a longer timeout as well", "within")
        # Remembered, as it can no longer be seen once the address is filled in.
        self._shared = not any(one.kind in ("unique", "run", "variable") for one in self.to.references)
        return self

    async def run(self, ctx: CheckContext) -> Finding:
        """Look into the mailbox first, so that nothing is sent when nobody can see it; then send, and wait."""
        letter = await the_letter(ctx)
        letter.begun.set()
        message = None
        try:
            begin = ctx.clock.monotonic()
            message = await self._sent(ctx)
            took = ctx.clock.monotonic() - begin
        finally:
            letter.message.set_result(message)
        said = f'"{message.subject}" after {spell(took)}'
        weak = "the recipient is the same in every run; write ${unique} into it" if self._shared else ""
        return Finding.of([judged(f"message to {self.to}", said, f"within {spell(self.within)}", good=True)], weak=weak)

    async def _sent(self, ctx: CheckContext) -> Message:
        mailbox = await ctx.mailbox()
        since = ctx.clock.now()
        await mailbox.messages_to(str(self.to), since)
        sent = await self._send(ctx)
        try:
            return await wait_for(
                mailbox,
                to=str(self.to),
                accepts=self._accepts,
                wanted="" if self.subject is None else f"with subject {self.subject}",
                since=since,
                timeout=self.within,
            )
        except Failure as none_came:
            raise Failure(f"{none_came}; {sent}{await _mailer(ctx)}") from none_came

    def _accepts(self, message: Message) -> bool:
        return self.subject is None or self.subject.accepts(message.subject)

    async def _send(self, ctx: CheckContext) -> str:
        """What came of the request or command, in words."""
        if self.request is None:
            require_harmless(ctx, "RUN", self.command[0], self.effects_)
            ran = await require_server(ctx).run([str(word) for word in self.command])
            if ran.code != 0:
                kind = Inconclusive if "not defined" in ran.out + ran.err else Failure
                raise kind(f"`{self.command[0]}`, which should send the message, failed: {last_words(ran)}")
            return f"`{self.command[0]}` ended well"
        request = self.request
        if request.effects_ is None:
            request = request.model_copy(update={"effects_": self.effects_})
        answer = await request.send(ctx)
        said = f"{request}: {summary(answer, ctx.secrets.scrub)}"
        if answer.status == 419:
            raise Inconclusive(f"{said}: it is behind CSRF; use a route of the API, or a command")
        if answer.status >= 500:
            raise Failure(f"{said}, wanted a message to be sent")
        if answer.status >= 400:
            raise Inconclusive(f"{said}: no message was asked for")
        return f"{request} was answered {summary(answer, ctx.secrets.scrub)}"


async def _mailer(ctx: CheckContext) -> str:
    """Which mailer the app uses, when it is one that sends nothing."""
    if ctx.server is None:
        return ""
    try:
        mailer = (await about(ctx, "drivers")).get("mail")
    except Inconclusive:
        return ""
    return f". Mailer in use: {mailer}: nothing is sent; set MAIL_MAILER=smtp" if mailer in _SILENT else ""
