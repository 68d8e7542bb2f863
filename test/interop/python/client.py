"""A small Muster client in Python: submit, wait, read, cancel.

Made from the .proto files alone. As a program it runs one command and prints one JSON document:

    client.py ADDRESS submit HANDLER JSON [max_attempts=N] [start_delay=SECONDS]
    client.py ADDRESS wait ID [SECONDS]
    client.py ADDRESS get ID
    client.py ADDRESS cancel ID [REASON]
"""

import json
import sys
import time

import grpc
from google.protobuf.json_format import MessageToDict

from contract import decode, duration, encode, error_reason, metadata, new_task_id
from muster.v1 import task_pb2, task_service_pb2, task_service_pb2_grpc

FINISHED = {
    task_pb2.TASK_STATE_SUCCEEDED,
    task_pb2.TASK_STATE_FAILED,
    task_pb2.TASK_STATE_CANCELLED,
}


class TaskFailed(Exception):
    """The awaited task ended without an output."""

    def __init__(self, task: task_pb2.Task):
        self.task = task
        super().__init__(f"{task.id} ended {task_pb2.TaskState.Name(task.state)}: {task.failure.message}")


class Client:
    """One channel to a coordinator, in one namespace."""

    def __init__(self, address: str, namespace: str = "", token: str | None = None):
        self._channel = grpc.insecure_channel(address)
        self._tasks = task_service_pb2_grpc.TaskServiceStub(self._channel)
        self._namespace = namespace
        self._metadata = metadata(token)

    def submit(self, handler: str, value, max_attempts: int = 0, start_delay: float = 0) -> str:
        """Stores one task and returns its id. The id is made here, so that a repeated call stores one task."""
        spec = task_pb2.TaskSpec(id=new_task_id(), handler=handler, input=encode(value))
        if max_attempts:
            spec.retry.max_attempts = max_attempts
            spec.retry.initial_delay.CopyFrom(duration(0.05))
        if start_delay:
            spec.start_delay.CopyFrom(duration(start_delay))
        request = task_service_pb2.SubmitTasksRequest(namespace=self._namespace, tasks=[spec])
        return self._call(self._tasks.SubmitTasks, request).tasks[0].id

    def get(self, task_id: str, view: int = task_pb2.TASK_VIEW_FULL) -> task_pb2.Task:
        """Reads one task, by default with payloads and attempts."""
        request = task_service_pb2.GetTaskRequest(namespace=self._namespace, id=task_id, view=view)
        return self._call(self._tasks.GetTask, request).task

    def wait(self, task_id: str, timeout: float = 60) -> task_pb2.Task:
        """Waits for the end of a task, asking again as often as needed. TimeoutError after `timeout` seconds."""
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            request = task_service_pb2.WaitTasksRequest(
                namespace=self._namespace,
                ids=[task_id],
                wait_timeout=duration(min(left, 30)),
                view=task_pb2.TASK_VIEW_PAYLOADS,
            )
            answer = self._call(self._tasks.WaitTasks, request)
            if answer.missing_ids:
                raise KeyError(task_id)
            if answer.tasks:
                return answer.tasks[0]
        raise TimeoutError(f"{task_id} has not ended within {timeout} s")

    def result(self, task_id: str, timeout: float = 60):
        """The output of a task; TaskFailed if it has none."""
        task = self.wait(task_id, timeout)
        if task.state != task_pb2.TASK_STATE_SUCCEEDED:
            raise TaskFailed(task)
        return decode(task.output)

    def cancel(self, task_id: str, reason: str = "") -> task_service_pb2.CancelTasksResponse:
        """Cancels one task."""
        request = task_service_pb2.CancelTasksRequest(
            namespace=self._namespace, ids=[task_id], reason=reason
        )
        return self._call(self._tasks.CancelTasks, request)

    def _call(self, method, request, tries: int = 5):
        """Every call here may be repeated: UNAVAILABLE is tried again with a growing wait."""
        for attempt in range(tries):
            try:
                return method(request, metadata=self._metadata, timeout=70)
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE or attempt == tries - 1:
                    raise
                time.sleep(0.1 * 2**attempt)


def show(task: task_pb2.Task) -> dict:
    """A task as plain values, payloads decoded."""
    plain = MessageToDict(task, preserving_proto_field_name=True)
    plain["input"] = decode(task.input)
    plain["output"] = decode(task.output)
    return plain


def run(client: Client, command: str, words: list[str]) -> dict:
    """One command of the program."""
    if command == "submit":
        options = dict(word.split("=", 1) for word in words[2:])
        attempts, delay = int(options.get("max_attempts", 0)), float(options.get("start_delay", 0))
        return {"id": client.submit(words[0], json.loads(words[1]), attempts, delay)}
    if command == "wait":
        return show(client.wait(words[0], float(words[1]) if len(words) > 1 else 60))
    if command == "get":
        return show(client.get(words[0]))
    if command == "cancel":
        return MessageToDict(client.cancel(words[0], *words[1:2]), preserving_proto_field_name=True)
    raise SystemExit(__doc__)


def main(arguments: list[str]) -> int:
    """Runs one command; a refused call is printed with its reason, exit code 1."""
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    address, command, *words = arguments
    try:
        print(json.dumps(run(Client(address), command, words)))
        return 0
    except grpc.RpcError as error:
        print(json.dumps({"error": error_reason(error), "message": error.details()}))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
