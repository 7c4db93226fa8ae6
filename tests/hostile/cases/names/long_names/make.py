"""One long name everywhere."""

from tests.hostile.documents import operation, write

long = "Long" * 2_500
schema = {
    "type": "object",
    "title": long,
    "properties": {long: {"$ref": "#/components/schemas/" + long}},
}
enum = {"type": "string", "enum": [long, "other"]}
parameters = [{"name": long, "in": "query", "schema": enum}]
paths = {
    "/" + long: {"post": operation(schema, body=schema, id=long, tag=long, parameters=parameters)}
}
write(paths, {long: {"type": "object", "properties": {long: enum}}})
