"""What schemathesis has to be taught: lines of JSON."""

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines_of_json(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Each item of a list as a line; anything else as one."""
    if isinstance(value, bytes):
        return value
    items = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(one).encode() + b"\n" for one in items)
