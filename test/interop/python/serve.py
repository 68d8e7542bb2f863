"""The handlers that the tests run in Python: serve.py ADDRESS AGENT_ID [SLOTS]. SIGTERM drains.

Prints one JSON line per attempt that begins, so that a test can wait for it.
"""

import asyncio
import json
import signal
import sys

from agent import Agent
from attempts import Context, Handler, NonRetryable
from contract import duration
from muster.v1 import handler_pb2, task_pb2


def say(context: Context, handler: str) -> None:
    """Tells the test that an attempt has begun."""
    print(json.dumps({"began": handler, "task": context.task_id, "attempt": context.attempt}), flush=True)


async def add(context: Context, given):
    """The sum of two numbers."""
    say(context, "py.add")
    return {"sum": given["a"] + given["b"]}


async def flaky(context: Context, given):
    """Fails until the attempt after `failures`, and shows that its checkpoint travels."""
    say(context, "py.flaky")
    if context.attempt <= given["failures"]:
        context.progress(context.attempt, given["failures"], "failing", checkpoint={"seen": context.attempt})
        context.log(f"attempt {context.attempt} fails", task_pb2.LOG_LEVEL_WARN)
        raise ConnectionError(f"not yet: attempt {context.attempt}")
    return {"attempt": context.attempt, "checkpoint": context.checkpoint}


async def hopeless(context: Context, given):
    """Fails for good at once."""
    say(context, "py.hopeless")
    raise NonRetryable("this can never work")


async def sleep(context: Context, given):
    """Sleeps in small steps with progress, until it is cancelled."""
    say(context, "py.sleep")
    steps = int(given["seconds"] * 20)
    for step in range(steps):
        context.progress(step, steps)
        await asyncio.sleep(0.05)
    print(json.dumps({"ended": "py.sleep", "task": context.task_id}), flush=True)
    return {"slept": given["seconds"]}


async def stubborn(context: Context, given):
    """Pays no heed to its cancellation for `seconds`."""
    say(context, "py.stubborn")
    nap = asyncio.ensure_future(asyncio.sleep(given["seconds"]))
    while not nap.done():
        try:
            await asyncio.shield(nap)
        except asyncio.CancelledError:
            context.log("cancelled, and going on")
    return {"ended": "late"}


async def main(address: str, agent_id: str, slots: int) -> None:
    """Serves until SIGTERM."""
    quick = handler_pb2.HandlerOptions(cancel_grace=duration(0.2))
    handlers = [
        Handler("py.add", add),
        Handler("py.flaky", flaky),
        Handler("py.hopeless", hopeless),
        Handler("py.sleep", sleep),
        Handler("py.stubborn", stubborn, quick),
    ]
    agent = Agent(address, agent_id, handlers, slots, drain_grace=1.0)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, agent.drain, "SIGTERM")
    await agent.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 4))
