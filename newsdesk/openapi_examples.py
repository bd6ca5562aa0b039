"""Examples for the OpenAPI document, made from the examples and bounds of the shapes themselves."""

from typing import Any

type Node = dict[str, Any]

UUID = "019ab0c4-5f1e-7c3a-9a57-2f6d0e8b1c44"
#: Of strings in a format, in JSON Schema's names.
OF_FORMAT = {
    "uuid": UUID,
    "date-time": "2026-11-22T09:30:00Z",
    "date": "2026-11-22",
    "uri": "https://argus.example/harbour",
}


def resolved(document: Node, shape: Node) -> Node:
    """``shape``, or what it refers to in ``document``."""
    while "$ref" in shape:
        shape = document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    return shape


def example_of(document: Node, shape: Node, *, whole: bool = False) -> Any:
    """What a body may look like: its required members and those with an example of their own; with
    ``whole`` all of them, as in an answer."""
    shape = resolved(document, shape)
    if "examples" in shape:
        return shape["examples"][0]
    for key in ("example", "const"):
        if key in shape:
            return shape[key]
    if "enum" in shape:
        return shape["enum"][0]
    if choices := shape.get("anyOf") or shape.get("oneOf"):
        return example_of(document, choices[0], whole=whole)
    if "properties" in shape:
        required = shape.get("required", [])
        return {
            name: example_of(document, part, whole=whole)
            for name, part in shape["properties"].items()
            if whole or name in required or "examples" in part
        }
    if shape.get("type") == "array":
        items = [shape["items"]] * max(1, shape.get("minItems", 1)) if "items" in shape else []
        return [example_of(document, one, whole=whole) for one in items]
    return _value(shape)


def _value(shape: Node) -> Any:
    kind = shape.get("type")
    if kind == "string":
        return OF_FORMAT.get(shape.get("format", ""), "…")
    if kind in ("integer", "number"):
        return shape.get("minimum", 1)
    return {"boolean": True, "object": {}}.get(str(kind))
