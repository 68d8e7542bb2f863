"""Generates the Python side of the contract from the .proto files alone.

Usage: generate.py PROTO_FOLDER OUT_FOLDER. The program that imports the result puts OUT_FOLDER on its path.
"""

import pathlib
import sys

import grpc_tools
from grpc_tools import protoc


def main(proto_folder: str, out_folder: str) -> int:
    """Runs protoc over muster/v1 and the vendored google/rpc; returns its exit code."""
    root = pathlib.Path(proto_folder)
    out = pathlib.Path(out_folder)
    out.mkdir(parents=True, exist_ok=True)
    files = sorted(root.glob("muster/v1/*.proto")) + sorted(root.glob("google/rpc/*.proto"))
    well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    return protoc.main(
        [
            "protoc",
            f"--proto_path={root}",
            f"--proto_path={well_known}",
            f"--python_out={out}",
            f"--grpc_python_out={out}",
            *[str(file.relative_to(root)) for file in files],
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
