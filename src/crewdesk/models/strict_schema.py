"""A JSON Schema as providers want it for structured output: every field required, nothing extra, no exotic rules.

OpenAI's strict mode is the narrowest dialect in use: https://platform.openai.com/docs/guides/structured-outputs
What it does not know is moved into the description, where the model still reads it; the typed output
checks the answer against the full schema afterwards.
"""

from __future__ import annotations

from crewdesk.domain.canonical import Json, JsonObject

_RULES_LEFT_OUT = ("minLength", "maxLength", "uniqueItems", "minProperties", "maxProperties")
_COMPOSITIONS_NOT_KNOWN = frozenset({"allOf", "not", "if", "then", "else", "patternProperties", "prefixItems"})
_MAPS_OF_SCHEMAS = ("properties", "$defs")
_LISTS_OF_SCHEMAS = ("anyOf",)


class _NotStrict(Exception):
    """The schema says something that strict mode cannot say."""


def response_format(schema: JsonObject) -> JsonObject:
    """Wrap a schema as OpenAI's `response_format`; strict where the schema can be said strictly, else as it is."""
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in str(schema.get("title", "answer")))[:64]
    try:
        wrapped: JsonObject = {"name": name, "schema": _strict(schema), "strict": True}
    except _NotStrict:
        wrapped = {"name": name, "schema": schema, "strict": False}
    return {"type": "json_schema", "json_schema": wrapped}


def _strict(schema: JsonObject) -> JsonObject:
    if _COMPOSITIONS_NOT_KNOWN & schema.keys():
        raise _NotStrict
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    result = {**schema}
    result.pop("default", None)
    result.pop("discriminator", None)
    if "oneOf" in result:
        result["anyOf"] = result.pop("oneOf")
    _close(result)
    _move_rules(result)
    _descend(result)
    return result


def _close(schema: JsonObject) -> None:
    if schema.get("type") != "object":
        return
    properties = schema.get("properties")
    if not isinstance(properties, dict) or schema.get("additionalProperties") not in (None, False):
        raise _NotStrict
    schema["additionalProperties"] = False
    schema["required"] = list(properties)


def _move_rules(schema: JsonObject) -> None:
    rules = [f"{rule} {schema.pop(rule)}" for rule in _RULES_LEFT_OUT if rule in schema]
    if rules:
        schema["description"] = f"{schema.get('description', '')} ({', '.join(rules)})".strip()


def _descend(schema: JsonObject) -> None:
    for name in _MAPS_OF_SCHEMAS:
        parts = schema.get(name)
        if isinstance(parts, dict):
            schema[name] = {key: _part(part) for key, part in parts.items()}
    for name in _LISTS_OF_SCHEMAS:
        parts = schema.get(name)
        if isinstance(parts, list):
            schema[name] = [_part(part) for part in parts]
    if "items" in schema:
        schema["items"] = _part(schema["items"])


def _part(part: Json) -> Json:
    if not isinstance(part, dict):
        raise _NotStrict
    return _strict(part)
