"""The description of the API in OpenAPI 3.1, made from the table of endpoints and the types of their answers."""

import re
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from crm.views.api import Endpoint
from crm.views.params import Param

Schema = dict[str, Any]
SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
    list: {"type": "array", "items": {"type": "string"}},
    dict: {"type": "object"},
    Any: {},
}
ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "message"],
            "properties": {"status": {"type": "integer"}, "message": {"type": "string"}},
        }
    },
}
REFUSALS = {
    "401": "No valid token.",
    "403": "The token's user may not do this.",
    "404": "There is no such thing, or the user may not know of it.",
    "409": "Somebody else was faster; the message says what is to be done.",
    "422": "A parameter cannot be taken; the message says which and why.",
    "429": "Too many calls; Retry-After says how long to wait.",
    "503": "The data cannot be reached just now; Retry-After says when to try again.",
}


def describe(endpoints: Iterable[Endpoint]) -> Schema:
    """The whole document."""
    schemas: dict[str, Schema] = {"Error": ERROR}
    paths: dict[str, Schema] = {}
    for entry in sorted(endpoints, key=lambda e: (e.path, e.method)):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", entry.path)
        paths.setdefault(path, {})[entry.method.lower()] = _operation(entry, path, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Many Knocks", "version": "1", "description": "The region's outreach, as JSON."},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(entry: Endpoint, path: str, schemas: dict[str, Schema]) -> Schema:
    parts = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    operation: Schema = {"operationId": entry.name, "summary": entry.summary, "parameters": parts}
    if entry.files:
        operation["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": _form(entry.params)}},
        }
    elif entry.method == "GET":
        parts += [_parameter(param) for param in entry.params]
    elif entry.params:
        operation["requestBody"] = {"required": True, "content": _json(_body(entry.params))}
    if entry.audience == "public":
        operation["security"] = []
    operation["responses"] = {
        "200": {"description": "The answer.", "content": _json(schema_of(entry.answer, schemas))},
        **(
            {"202": {"description": "The work goes on.", "content": _json(schema_of(entry.later, schemas))}}
            if entry.later
            else {}
        ),
        **{
            status: {"description": words, "content": _json({"$ref": "#/components/schemas/Error"})}
            for status, words in REFUSALS.items()
        },
    }
    return operation


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _form(params: tuple[Param, ...]) -> Schema:
    """A multipart form: files beside the parameters."""
    schema = _body(params)
    file = {"type": "string", "format": "binary"}
    schema["properties"]["file"] = {"type": "array", "items": file, "description": "The files, one or several."}
    return schema | {"required": ["file", *schema["required"]]}


def _parameter(param: Param) -> Schema:
    return {
        "name": param.name,
        "in": "query",
        "required": param.required,
        "description": param.help,
        "schema": _param_schema(param),
    }


def _body(params: tuple[Param, ...]) -> Schema:
    return {
        "type": "object",
        "required": [param.name for param in params if param.required],
        "properties": {param.name: {**_param_schema(param), "description": param.help} for param in params},
        "additionalProperties": False,
    }


def _param_schema(param: Param) -> Schema:
    schema: Schema = (
        {"type": "string", "enum": list(param.kind)} if isinstance(param.kind, tuple) else dict(SIMPLE[param.kind])
    )
    if isinstance(param.default, str | int | float | bool):
        schema["default"] = param.default
    return schema


def schema_of(kind: Any, schemas: dict[str, Schema]) -> Schema:
    """The JSON schema of a type; a dataclass or TypedDict goes into `schemas` under its name and is referred to."""
    if kind in SIMPLE:
        return dict(SIMPLE[kind])
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(argument, schemas) for argument in arguments]}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is NotRequired:
        return schema_of(arguments[0], schemas)
    if origin is tuple and arguments[-1] is not Ellipsis:
        items = [schema_of(argument, schemas) for argument in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(arguments[1], schemas)}
    if isinstance(origin, type) and issubclass(origin, Sequence | set | frozenset):
        return {"type": "array", "items": schema_of(arguments[0], schemas)}
    if is_dataclass(kind) or is_typeddict(kind):
        return _object(kind, schemas)
    raise TypeError(f"{kind!r} has no JSON schema")


def _object(kind: Any, schemas: dict[str, Schema]) -> Schema:
    name = kind.__name__
    if name not in schemas:
        schemas[name] = {}  # For a type that holds itself.
        hints = get_type_hints(kind)
        names = [field.name for field in fields(kind)] if is_dataclass(kind) else list(hints)
        schemas[name] = {
            "type": "object",
            "required": sorted(getattr(kind, "__required_keys__", names)),
            "properties": {key: schema_of(hints[key], schemas) for key in names},
        }
    return {"$ref": f"#/components/schemas/{name}"}
