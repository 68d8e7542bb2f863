"""A generic client that knows nothing of Muster: no generated code, only what the server tells by reflection.

Usage: reflect.py ADDRESS HANDLER JSON. Lists the services, checks health, submits a task, waits for its end, and
prints one JSON document.
"""

import base64
import json
import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


class Reflected:
    """Calls unary methods by name, with plain values in and out."""

    def __init__(self, channel: grpc.Channel):
        self._channel = channel
        self._database = ProtoReflectionDescriptorDatabase(channel)
        self._pool = descriptor_pool.DescriptorPool(self._database)

    def services(self) -> list[str]:
        """Full names of all services."""
        return sorted(self._database.get_services())

    def methods(self, service: str) -> list[str]:
        """Names of the methods of a service."""
        return [method.name for method in self._pool.FindServiceByName(service).methods]

    def call(self, service: str, method: str, request: dict) -> dict:
        """Calls a unary method: the request and the answer in protobuf's JSON."""
        found = self._pool.FindServiceByName(service).FindMethodByName(method)
        message = json_format.ParseDict(request, message_factory.GetMessageClass(found.input_type)())
        answer = self._channel.unary_unary(
            f"/{service}/{method}",
            request_serializer=lambda value: value.SerializeToString(),
            response_deserializer=message_factory.GetMessageClass(found.output_type).FromString,
        )(message, timeout=60)
        return json_format.MessageToDict(answer, descriptor_pool=self._pool)


def health(channel: grpc.Channel, service: str) -> str:
    """What grpc.health.v1 says."""
    answer = health_pb2_grpc.HealthStub(channel).Check(
        health_pb2.HealthCheckRequest(service=service), timeout=10
    )
    return health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)


def main(address: str, handler: str, value: str) -> None:
    """Tells what the server is, and has it run one task."""
    with grpc.insecure_channel(address) as channel:
        reflected = Reflected(channel)
        services = reflected.services()
        data = base64.b64encode(value.encode()).decode()
        task = {"handler": handler, "input": {"media_type": "application/json", "data": data}}
        submitted = reflected.call("muster.v1.TaskService", "SubmitTasks", {"tasks": [task]})
        waited = reflected.call(
            "muster.v1.TaskService",
            "WaitTasks",
            {"ids": [submitted["tasks"][0]["id"]], "wait_timeout": "30s", "view": "TASK_VIEW_PAYLOADS"},
        )
        methods = {name: reflected.methods(name) for name in services if name.startswith("muster.")}
        print(
            json.dumps(
                {
                    "services": services,
                    "methods": methods,
                    "health": health(channel, ""),
                    "submitted": submitted,
                    "waited": waited,
                }
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:4])
