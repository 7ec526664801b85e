"""A real mail server for the tests: aiosmtpd, which keeps what it was given and does to its clients what it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

STEPS = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "body", "dot", "answered")


class Postbox(Controller):
    """`on[step]` is called when a client reaches that step, before it is answered; what it gives is the answer, if any.

    'body' is after some of the message has come, 'dot' after all of it, kept by then, 'answered' after the client was told so.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.on: dict[str, Callable[[], str | None]] = {}
        self.reached: list[str] = []
        self.arrived = threading.Condition()
        self.refused: dict[str, str] = {}
        self.talks: list[Talk] = []
        self.connected = threading.Event()
        self.let_go = threading.Event()
        super().__init__(self, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        return Talk(self, hostname="mail.test", enable_SMTPUTF8=False)

    def _trigger_server(self) -> None:
        """Port 0 is drawn by the system; it is asked which it was."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def begin(self) -> None:
        """Starting, aiosmtpd calls itself: that is forgotten."""
        self.reached.clear()
        self.talks.clear()
        self.connected.clear()

    def hang_up(self) -> None:
        """Breaks all connections. To be called from a step."""
        for talk in self.talks:
            if talk.transport is not None:
                talk.transport.abort()

    async def end_talks(self) -> None:
        self.hang_up()
        going_on = [talk._handler_coroutine for talk in self.talks if talk._handler_coroutine]
        if going_on:
            await asyncio.wait(going_on, timeout=5)
        await asyncio.sleep(0)  # transports close in the next round

    def reach(self, step: str) -> str | None:
        self.reached.append(step)
        act = self.on.get(step)
        return act() if act else None

    def keep(self, raw: bytes, recipients: list[str]) -> None:
        with self.arrived:
            self.messages.append(email.message_from_bytes(raw, policy=email.policy.default))
            self.recipients += recipients
            self.arrived.notify_all()

    def wait_for(self, count: int, seconds: float = 30) -> list[EmailMessage]:
        """The messages, once there are so many."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.messages) >= count, seconds), f"{len(self.messages)} came"
            return list(self.messages)

    async def handle_EHLO(self, server, session, envelope, hostname, responses) -> list[str]:
        session.host_name = hostname
        answer = self.reach("EHLO")
        return [answer] if answer else responses

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:
        answer = self.reach("MAIL")
        if not answer:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        answer = self.reach("RCPT") or self.refused.get(address)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        answer = self.refused.get("message")
        if not answer:
            self.keep(envelope.content, envelope.rcpt_tos)
            answer = self.reach("dot")
        return answer or "250 taken"


class Talk(SMTP):
    """The parts of a conversation that aiosmtpd has no hook for."""

    def connection_made(self, transport) -> None:
        handler = self.event_handler
        handler.connected.set()
        handler.talks.append(self)
        super().connection_made(transport)

    async def _handle_client(self) -> None:
        answer = self.event_handler.reach("connect")
        if answer == "silence":
            while not self.event_handler.let_go.is_set():
                await asyncio.sleep(0.05)
        elif not answer:
            await super()._handle_client()

    async def smtp_DATA(self, argument: str) -> None:
        handler = self.event_handler
        answer = handler.reach("DATA")
        if answer:
            await self.push(answer)
        elif "body" in handler.on:
            await self.push("354 go on")
            await self._reader.readline()
            handler.reach("body")
            self.transport.abort()
        else:
            await super().smtp_DATA(argument)

    async def push(self, status) -> None:
        await super().push(status)
        if status == "250 taken":
            await asyncio.sleep(0)
            self.event_handler.reach("answered")


@contextmanager
def postbox() -> Iterator[Postbox]:
    server = Postbox()
    server.start()
    server.begin()
    try:
        yield server
    finally:
        server.let_go.set()
        asyncio.run_coroutine_threadsafe(server.end_talks(), server.loop).result(10)
        server.stop()


def part(message: EmailMessage, kind: str) -> str:
    """The text/plain ('plain') or text/html ('html') part, as a mail program shows it."""
    found = message.get_body(preferencelist=(kind,))
    assert found is not None, f"no {kind} part"
    return found.get_content().replace("\r\n", "\n")
