"""A complete small Muster agent in Python, made from the .proto files alone.

One stream at a time: Hello, then heartbeats both ways, assignments in, outcomes out. What it holds outlives a broken
stream: the next Hello resumes the session with an inventory, and outcomes are kept until they are acknowledged.
"""

import asyncio
import contextlib
import itertools
import os
import random
import socket
import sys
import time

import grpc

from attempts import CAUSES, INTERRUPTED, Context, Handler, Held, execute, stopped
from contract import error_reason, metadata
from muster.v1 import agent_service_pb2 as wire
from muster.v1 import agent_service_pb2_grpc, handler_pb2

HELLO_TIMEOUT = 10.0
LEAVE_TIMEOUT = 10.0
BACKOFF_MIN, BACKOFF_MAX = 0.1, 5.0
FATAL = {"TOKEN_INVALID", "RIGHT_MISSING", "NAMESPACE_NOT_FOUND", "PROTOCOL_UNSUPPORTED", "INVALID_REQUEST"}


def seconds(message) -> float:
    """A Duration as seconds."""
    return message.ToTimedelta().total_seconds()


class Agent:
    """Runs handlers for one namespace until it is drained."""

    def __init__(self, address: str, agent_id: str, handlers: list[Handler], slots: int = 4, **options):
        self._addresses = [address]
        self._home = address
        self._id = agent_id
        self._handlers = {handler.name: handler for handler in handlers}
        self._slots = slots
        self._free = asyncio.Semaphore(slots)
        self._namespace = options.get("namespace", "")
        self._metadata = metadata(options.get("token"))
        self._drain_grace = options.get("drain_grace", 30.0)
        self._held: dict[tuple[str, int], Held] = {}
        self._welcome = wire.Welcome()
        self._outbound: asyncio.Queue[wire.ConnectRequest] | None = None
        self._dials = itertools.count(1)
        self._heartbeats: dict[int, float] = {}
        self._confirmed = float("-inf")
        self._news = asyncio.Event()
        self._assignments_read = 0
        self._draining: asyncio.Task | None = None
        self._left = False
        self._pause = 0.0
        self._running: set[asyncio.Task] = set()

    async def run(self) -> None:
        """Serves until drained: dials, serves the stream until it breaks, dials again after a growing wait."""
        backoff = BACKOFF_MIN
        while not self._left:
            address = self._addresses.pop(0) if self._addresses else self._home
            attached = self._welcome.attachment
            try:
                await self._serve(address)
            except (grpc.aio.AioRpcError, asyncio.TimeoutError, asyncio.InvalidStateError) as broken:
                self._judge(broken)
            if self._left:
                return
            backoff = BACKOFF_MIN if self._welcome.attachment != attached else min(backoff * 2, BACKOFF_MAX)
            pause, self._pause = self._pause, 0.0
            await asyncio.sleep(max(pause, backoff * random.uniform(0.5, 1)))

    def drain(self, reason: str, grace: float | None = None) -> None:
        """Takes nothing more, finishes what runs within the grace, hands back the rest, and leaves."""
        if self._draining is None:
            limit = self._drain_grace if grace is None else grace
            self._draining = asyncio.create_task(self._drain(reason, limit))

    # --- the stream -------------------------------------------------------------------------------------------

    async def _serve(self, address: str) -> None:
        """One stream, from Hello to its end."""
        async with grpc.aio.insecure_channel(address) as channel:
            call = agent_service_pb2_grpc.AgentServiceStub(channel).Connect(metadata=self._metadata)
            said_hello = time.monotonic()
            await call.write(wire.ConnectRequest(hello=self._hello()))
            first = await asyncio.wait_for(call.read(), HELLO_TIMEOUT)
            if first is grpc.aio.EOF or first.WhichOneof("message") != "welcome":
                self._handle(first)
                return
            outbound: asyncio.Queue[wire.ConnectRequest] = asyncio.Queue()
            self._outbound = outbound
            self._on_welcome(first.welcome, said_hello)
            duties = [asyncio.create_task(self._write(call, outbound)), asyncio.create_task(self._beat())]
            try:
                silence = seconds(first.welcome.silence_timeout)
                while self._outbound is outbound:
                    message = await asyncio.wait_for(call.read(), silence)
                    if message is grpc.aio.EOF:
                        return
                    self._handle(message)
            finally:
                self._outbound = None
                for duty in duties:
                    duty.cancel()

    async def _write(self, call, outbound: asyncio.Queue[wire.ConnectRequest]) -> None:
        """Sends in order; that a stream is broken is the reader's to notice. Leave is the last message."""
        with contextlib.suppress(grpc.aio.AioRpcError, asyncio.InvalidStateError):
            while True:
                message = await outbound.get()
                await call.write(message)
                if message.WhichOneof("message") == "leave":
                    await call.done_writing()
                    return

    async def _beat(self) -> None:
        """One heartbeat per interval, from 1 on every stream."""
        self._heartbeats = {}
        for sequence in itertools.count(1):
            self._heartbeats[sequence] = time.monotonic()
            beat = wire.Heartbeat(sequence=sequence, assignment_sequence=self._assignments_read)
            self._send(wire.ConnectRequest(heartbeat=beat))
            await asyncio.sleep(seconds(self._welcome.heartbeat_interval))

    def _send(self, message: wire.ConnectRequest) -> None:
        """Queues a message. Without a stream it is dropped: the next inventory tells the same."""
        if self._outbound is not None:
            self._outbound.put_nowait(message)

    def _hello(self) -> wire.Hello:
        return wire.Hello(
            agent_id=self._id,
            namespace=self._namespace,
            session_id=self._welcome.session_id,
            session_token=self._welcome.session_token,
            handlers=[
                handler_pb2.HandlerRegistration(name=handler.name, options=handler.options)
                for handler in self._handlers.values()
            ],
            slots=self._slots,
            inventory=[
                wire.InventoryItem(lease=held.lease, state=held.state) for held in self._held.values()
            ],
            sdk="muster-python-example/0.1.0",
            protocol_version=1,
            dial=next(self._dials),
            host=f"{socket.gethostname()} pid {os.getpid()}",
        )

    def _judge(self, broken: Exception) -> None:
        """After a broken stream: a refused session begins anew, what cannot get better is raised."""
        reason = error_reason(broken) if isinstance(broken, grpc.aio.AioRpcError) else ""
        print(f"stream ended: {reason or type(broken).__name__}", file=sys.stderr, flush=True)
        if reason == "SESSION_ENDED":
            self._welcome = wire.Welcome()
            self._forget_all()
        elif reason in FATAL:
            raise broken

    # --- what the coordinator says ----------------------------------------------------------------------------

    def _handle(self, message) -> None:
        """Hands a message to its method; unknown ones are ignored, as additive evolution asks."""
        name = message.WhichOneof("message") if message is not grpc.aio.EOF else None
        react = getattr(self, f"_on_{name}", None)
        if react is not None:
            react(getattr(message, name))

    def _on_welcome(self, welcome: wire.Welcome, said_hello: float) -> None:
        self._welcome = welcome
        self._assignments_read = 0
        self._hear(said_hello)
        if not welcome.resumed:
            self._forget_all()
        for verdict in welcome.verdicts:
            held = self._held.get((verdict.lease.task_id, verdict.lease.lease_epoch))
            if held is None:
                continue
            if verdict.verdict == wire.VERDICT_ABANDON:
                self._forget(held)
            elif held.outcome is not None:
                self._report(held.outcome)
        if self._draining is not None:
            self._send(wire.ConnectRequest(draining=wire.Draining(reason="still draining")))

    def _on_heartbeat_ack(self, ack: wire.HeartbeatAck) -> None:
        for sequence in [known for known in self._heartbeats if known <= ack.sequence]:
            self._hear(self._heartbeats.pop(sequence))

    def _on_assignments(self, assignments: wire.Assignments) -> None:
        self._assignments_read = assignments.sequence
        accepted, declined = wire.Accepted(), wire.Declined()
        for assignment in assignments.assignments:
            held = Held(assignment)
            if held.key in self._held:
                accepted.leases.append(held.lease)
            elif self._draining is not None or assignment.handler not in self._handlers:
                reason = "draining" if self._draining else f"no handler {assignment.handler!r} here"
                declined.leases.append(wire.DeclinedLease(lease=held.lease, reason=reason))
            else:
                self._held[held.key] = held
                accepted.leases.append(held.lease)
                attempt = asyncio.create_task(self._attempt(held))
                self._running.add(attempt)
                attempt.add_done_callback(self._running.discard)
        if accepted.leases:
            self._send(wire.ConnectRequest(accepted=accepted))
        if declined.leases:
            self._send(wire.ConnectRequest(declined=declined))

    def _on_outcome_acks(self, message: wire.OutcomeAcks) -> None:
        for ack in message.acks:
            self._held.pop((ack.lease.task_id, ack.lease.lease_epoch), None)
        self._stir()
        if message.HasField("assignments"):
            self._on_assignments(message.assignments)

    def _on_cancels(self, cancels: wire.Cancels) -> None:
        for cancel in cancels.cancels:
            held = self._held.get((cancel.lease.task_id, cancel.lease.lease_epoch))
            if held is None or held.state == wire.LEASE_STATE_FINISHED:
                continue
            if cancel.cause == wire.CANCEL_CAUSE_LAPSED:
                self._forget(held)
                continue
            held.stop_for(CAUSES[cancel.cause])
            reached = wire.CancelAcknowledged(leases=[held.lease])
            self._send(wire.ConnectRequest(cancel_acknowledged=reached))
            if held.state == wire.LEASE_STATE_ACCEPTED:
                self._finish(held, stopped(held, ended=True))

    def _on_revokes(self, revokes: wire.Revokes) -> None:
        for lease in revokes.leases:
            held = self._held.get((lease.task_id, lease.lease_epoch))
            if held is not None and held.state != wire.LEASE_STATE_ACCEPTED:
                self._send(wire.ConnectRequest(started=wire.Started(leases=[lease])))
                continue
            if held is not None:
                self._forget(held)
            self._send(wire.ConnectRequest(released=wire.Released(leases=[lease])))

    def _on_drain(self, drain: wire.Drain) -> None:
        self.drain(drain.reason, seconds(drain.drain_grace) if drain.HasField("drain_grace") else None)

    def _on_go_away(self, go_away: wire.GoAway) -> None:
        self._addresses = list(go_away.addresses)
        self._pause = seconds(go_away.reconnect_delay)
        self._outbound = None

    def _on_refusal(self, refusal: wire.Refusal) -> None:
        print(f"refused: {refusal.reason}: {refusal.message}", file=sys.stderr, flush=True)

    # --- attempts ---------------------------------------------------------------------------------------------

    async def _attempt(self, held: Held) -> None:
        """One lease from its slot to its outcome. The slot stays taken until the handler has really ended."""
        async with self._free:
            await self._fresh()
            if self._held.get(held.key) is not held or held.state != wire.LEASE_STATE_ACCEPTED:
                return
            handler = self._handlers[held.assignment.handler]
            held.state = wire.LEASE_STATE_RUNNING
            self._send(wire.ConnectRequest(started=wire.Started(leases=[held.lease])))
            context = Context(held, self._send, self._welcome.limits)
            outcome, body = await execute(held, handler, context)
            if outcome is not None and self._held.get(held.key) is held:
                context.close()
                self._finish(held, outcome)
            if not body.done():
                await asyncio.wait({body})
        self._stir()

    async def _fresh(self) -> None:
        """Waits until a heartbeat that was sent within the silence limit is acknowledged.

        After a stall, what lies in the socket's buffer is old news: only an answer to a new heartbeat counts.
        """
        while time.monotonic() - self._confirmed > seconds(self._welcome.silence_timeout):
            await self._news.wait()

    def _finish(self, held: Held, outcome: wire.Outcome) -> None:
        """Keeps the outcome until it is acknowledged, and sends it."""
        held.state = wire.LEASE_STATE_FINISHED
        held.outcome = outcome
        self._report(outcome)

    def _report(self, outcome: wire.Outcome) -> None:
        self._send(wire.ConnectRequest(outcomes=wire.Outcomes(outcomes=[outcome])))

    def _forget(self, held: Held) -> None:
        """The lease is void: its handler stops, and no outcome is sent."""
        self._held.pop(held.key, None)
        held.stop_for("lapsed")
        self._stir()

    def _forget_all(self) -> None:
        for held in list(self._held.values()):
            self._forget(held)

    def _hear(self, sent: float) -> None:
        self._confirmed = max(self._confirmed, sent)
        self._stir()

    def _stir(self) -> None:
        """Wakes whoever waits for a change."""
        self._news.set()
        self._news = asyncio.Event()

    async def _drain(self, reason: str, grace: float) -> None:
        self._send(wire.ConnectRequest(draining=wire.Draining(reason=reason)))
        waiting = [held for held in self._held.values() if held.state == wire.LEASE_STATE_ACCEPTED]
        for held in waiting:
            self._forget(held)
        if waiting:
            released = wire.Released(leases=[held.lease for held in waiting])
            self._send(wire.ConnectRequest(released=released))
        await self._until_idle(grace)
        for held in list(self._held.values()):
            if held.state == wire.LEASE_STATE_RUNNING:
                held.stop_for(INTERRUPTED)
        await self._until_idle(LEAVE_TIMEOUT)
        self._left = True
        self._send(wire.ConnectRequest(leave=wire.Leave(reason=reason)))

    async def _until_idle(self, limit: float) -> None:
        """Waits until nothing is held any more, or for the limit."""
        end = time.monotonic() + limit
        while self._held and (left := end - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except asyncio.TimeoutError:
                return
