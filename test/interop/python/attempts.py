"""One attempt on the agent's side: from Assignment to Outcome, and what its handler sees.

A held lease is ACCEPTED (waits for a slot), RUNNING (its handler runs) or FINISHED (its outcome waits for the
coordinator's acknowledgement). It is forgotten when the outcome is acknowledged, or when the lease is void.
"""

import asyncio
import dataclasses
import time
import traceback
from collections.abc import Awaitable, Callable

from google.protobuf.timestamp_pb2 import Timestamp

from contract import decode, duration, encode
from muster.v1 import agent_service_pb2 as wire
from muster.v1 import handler_pb2, task_pb2

# Why an attempt stops before its handler ends by itself; besides the contract's cancel causes.
TIMEOUT = "timeout"
INTERRUPTED = "interrupted"
CAUSES = {
    wire.CANCEL_CAUSE_UNSPECIFIED: "requested",
    wire.CANCEL_CAUSE_REQUESTED: "requested",
    wire.CANCEL_CAUSE_DEADLINE: "deadline",
    wire.CANCEL_CAUSE_LAPSED: "lapsed",
}


class NonRetryable(Exception):
    """Raised by a handler: trying again is pointless."""


@dataclasses.dataclass
class Handler:
    """A named coroutine `run(context, input)` and its options."""

    name: str
    run: Callable[["Context", object], Awaitable[object]]
    options: handler_pb2.HandlerOptions = dataclasses.field(default_factory=handler_pb2.HandlerOptions)


@dataclasses.dataclass
class Held:
    """A lease that the agent holds."""

    assignment: wire.Assignment
    state: int = wire.LEASE_STATE_ACCEPTED
    outcome: wire.Outcome | None = None
    cause: str = ""
    received: float = dataclasses.field(default_factory=time.monotonic)
    stop: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    @property
    def key(self) -> tuple[str, int]:
        """What tells this lease from every other."""
        return self.assignment.task_id, self.assignment.lease_epoch

    @property
    def lease(self) -> wire.LeaseRef:
        """The lease as messages name it."""
        return wire.LeaseRef(task_id=self.assignment.task_id, lease_epoch=self.assignment.lease_epoch)

    def stop_for(self, cause: str) -> None:
        """Asks the handler to stop; the first cause counts, but a void lease outranks all others."""
        if not self.cause or cause == "lapsed":
            self.cause = cause
        self.stop.set()


class Context:
    """What a handler sees of its attempt."""

    def __init__(self, held: Held, send: Callable[[wire.ConnectRequest], None], limits: wire.SessionLimits):
        given = held.assignment
        self.task_id = given.task_id
        self.lease_epoch = given.lease_epoch
        self.attempt = given.attempt
        self.labels = dict(given.labels)
        self.checkpoint = decode(given.checkpoint)
        self._held = held
        self._send = send
        self._lines_left = limits.log_lines_max or 200
        self._interval = limits.progress_interval.ToTimedelta().total_seconds() or 0.2
        self._report: wire.ProgressReport | None = None
        self._reported_at = float("-inf")
        self._dropped = 0

    def progress(self, completed: float, total: float = 0, message: str = "", checkpoint=None) -> None:
        """Reports how far it is; a newer report replaces one that was not sent yet."""
        report = wire.ProgressReport(
            lease=self._held.lease,
            progress=task_pb2.Progress(completed=completed, total=total, message=message),
        )
        if checkpoint is not None:
            report.checkpoint.CopyFrom(encode(checkpoint))
        elif self._report is not None and self._report.HasField("checkpoint"):
            report.checkpoint.CopyFrom(self._report.checkpoint)
        waiting = self._report is not None
        self._report = report
        if not waiting:
            wait = self._reported_at + self._interval - time.monotonic()
            asyncio.get_running_loop().call_later(max(0, wait), self.flush)

    def log(self, message: str, level: int = task_pb2.LOG_LEVEL_INFO) -> None:
        """Sends a log line, while the attempt has any left; the last one is kept for how many were dropped."""
        if self._lines_left > 1:
            self._lines_left -= 1
            self._log(message, level)
        else:
            self._dropped += 1

    def flush(self) -> None:
        """Sends the report that waits, if one does."""
        report, self._report = self._report, None
        if report is not None and self._held.state == wire.LEASE_STATE_RUNNING:
            self._reported_at = time.monotonic()
            self._send(wire.ConnectRequest(progress=wire.ProgressReports(reports=[report])))

    def close(self) -> None:
        """Sends what is left before the outcome."""
        self.flush()
        if self._dropped:
            self._log(f"{self._dropped} more log lines were dropped", task_pb2.LOG_LEVEL_WARN)

    def _log(self, message: str, level: int) -> None:
        stamp = Timestamp()
        stamp.GetCurrentTime()
        line = task_pb2.LogLine(log_time=stamp, level=level, message=message)
        report = wire.LogReport(lease=self._held.lease, lines=[line])
        self._send(wire.ConnectRequest(log_lines=wire.LogReports(reports=[report])))


async def execute(held: Held, handler: Handler, context: Context) -> tuple[wire.Outcome | None, asyncio.Task]:
    """Runs the handler until it ends, its time is over, or it is told to stop and its grace is over.

    Returns the outcome (None if the lease is void) and the handler's own task, which may outlive its grace.
    """
    given, began = held.assignment, time.monotonic()

    async def body() -> task_pb2.Payload:
        return encode(await handler.run(context, decode(given.input)))

    run = asyncio.create_task(body())
    stop = asyncio.create_task(held.stop.wait())
    limit, cause = _time_limit(held)
    await asyncio.wait({run, stop}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not run.done():
        held.stop_for(cause)
        run.cancel()
        await asyncio.wait({run}, timeout=given.cancel_grace.ToTimedelta().total_seconds())
    if held.cause == "lapsed":
        return None, run
    outcome = stopped(held, ended=run.done()) if held.cause else _ended(held, run)
    outcome.run_duration.CopyFrom(duration(time.monotonic() - began))
    return outcome, run


def _time_limit(held: Held) -> tuple[float | None, str]:
    """Seconds until the attempt must stop, and why: its own timeout or the deadline of the task."""
    given, limits = held.assignment, []
    if given.HasField("attempt_timeout"):
        limits.append((given.attempt_timeout.ToTimedelta().total_seconds(), TIMEOUT))
    if given.HasField("deadline_timeout"):
        left = given.deadline_timeout.ToTimedelta().total_seconds() - (time.monotonic() - held.received)
        limits.append((max(0, left), "deadline"))
    return min(limits, default=(None, ""))


def _ended(held: Held, run: asyncio.Task) -> wire.Outcome:
    """The outcome of a handler that ended by itself."""
    error = asyncio.CancelledError("the handler cancelled itself") if run.cancelled() else run.exception()
    if error is None:
        return wire.Outcome(lease=held.lease, output=run.result())
    failure = task_pb2.Failure(
        kind=task_pb2.FAILURE_KIND_ERROR,
        name=type(error).__name__,
        message=str(error)[:8000],
        stack="".join(traceback.format_exception(error))[-16000:],
        non_retryable=isinstance(error, NonRetryable),
    )
    return wire.Outcome(lease=held.lease, failure=failure)


def stopped(held: Held, ended: bool) -> wire.Outcome:
    """The outcome of an attempt that was told to stop, whatever its handler made of that."""
    if held.cause == INTERRUPTED:
        interrupted = wire.Interrupted(reason="the agent drains")
        return wire.Outcome(lease=held.lease, interrupted=interrupted)
    if held.cause == "requested":
        return wire.Outcome(lease=held.lease, cancelled=wire.Cancelled(outlived_grace=not ended))
    timed_out = held.cause == TIMEOUT
    kind = task_pb2.FAILURE_KIND_TIMEOUT if timed_out else task_pb2.FAILURE_KIND_DEADLINE
    message = "ran longer than its attempt timeout" if timed_out else "the deadline of the task has passed"
    failure = task_pb2.Failure(kind=kind, name="TimeoutError", message=message)
    return wire.Outcome(lease=held.lease, failure=failure)
