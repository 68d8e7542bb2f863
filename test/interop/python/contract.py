"""What client and agent share: payloads, ids, durations and typed errors over the generated messages."""

import datetime
import json
import os
import time
import uuid

import grpc
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2

from muster.v1 import task_pb2

JSON = "application/json"


def encode(value) -> task_pb2.Payload:
    """A Python value as a JSON payload."""
    return task_pb2.Payload(media_type=JSON, data=json.dumps(value).encode())


def decode(payload: task_pb2.Payload):
    """The value of a payload; None where there is none, the bytes where it is not JSON."""
    if payload.media_type == "":
        return None
    return json.loads(payload.data) if payload.media_type == JSON else payload.data


def new_task_id() -> str:
    """A UUIDv7: 48 bits of milliseconds, then chance. Submitting it twice stores one task."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def duration(seconds: float) -> Duration:
    """Seconds as the contract writes them."""
    message = Duration()
    message.FromTimedelta(datetime.timedelta(seconds=seconds))
    return message


def error_reason(error: grpc.RpcError) -> str:
    """The reason in the ErrorInfo of a refused call; empty if there is none."""
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in status_pb2.Status.FromString(value).details:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info) and info.domain == "muster":
                return info.reason
    return ""


def metadata(token: str | None) -> list[tuple[str, str]]:
    """Call metadata with the bearer token, if there is one."""
    return [("authorization", f"Bearer {token}")] if token else []
