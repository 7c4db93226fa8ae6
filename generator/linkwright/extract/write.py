"""What was found, as an OpenAPI 3.1 document of plain data, with the provenance of every fact.

`x-linkwright-source` of an operation or schema holds `page`, `line` and `rule`. Inside of one,
`offset` counts lines from there, so that a line added to a page does not move every fact behind
it in a diff. What was concluded stands under `inferred` (fact to rule), what is not known under
`missing`. The report has the same facts with absolute lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

from .facts import Api, Grade, Operation, Property, Scheme, Status
from .models import ModelIndex, Schema
from .provenance import Fact, Flow, Trace
from .resolve import METHODS, success_code
from .schemas import SchemaWriter
from .values import base_url, component_key

__all__ = ["Writer"]

_ERRORS = {
    "400": "Bad request",
    "401": "Unauthorized",
    "402": "Payment required",
    "403": "Forbidden",
    "404": "Not found",
    "409": "Conflict",
    "422": "Unprocessable content",
    "429": "Too many requests",
    "500": "Internal server error",
    "503": "Service unavailable",
}


@dataclass(slots=True)
class Writer:
    """Writes one document.

    Attributes:
        api: Resolved facts.
        index: Its models.
        prose: Whether summaries and descriptions are written.
        trace: Every fact that was written or is missing.
    """

    api: Api
    index: ModelIndex
    prose: bool
    trace: Trace = field(default_factory=Trace)
    schemas: SchemaWriter = field(init=False)

    def __post_init__(self) -> None:
        self.schemas = SchemaWriter(self.api, self.index, self.trace, self.prose)

    def document(self, title: str) -> dict[str, object]:
        """The whole document."""
        info: dict[str, object] = {"title": self.api.title or title}
        # No SDK page tells the version of the API.
        info["version"] = "unknown"
        self.schemas.add_prose(info, self.api.description)
        info["x-linkwright-source"] = Flow(inferred=Flow(version="not-on-sdk-pages"))
        self.trace.facts.append(
            Fact("", 0, "document", "version", Grade.INFERRED, "not-on-sdk-pages")
        )
        paths, unplaced = self._paths()
        schemas = self.schemas.all_models()
        out: dict[str, object] = {"openapi": "3.1.0", "info": info}
        servers = self._servers()
        if servers:
            out["servers"] = servers
        tags = self._tags()
        if tags:
            out["tags"] = tags
        if self.api.global_security:
            out["security"] = self._security(self.api.global_security)
        out["paths"] = paths
        components: dict[str, object] = {}
        schemas.update(self.schemas.unresolved())
        if schemas:
            components["schemas"] = schemas
        schemes = {component_key(s.name): self._scheme(s) for s in self.api.schemes.values()}
        if schemes:
            components["securitySchemes"] = schemes
        if components:
            out["components"] = components
        if unplaced:
            out["x-linkwright-unplaced"] = unplaced
        return out

    def _servers(self) -> list[object]:
        out: list[object] = []
        for server in self.api.servers.values():
            url, variables = base_url(server.url)
            entry: dict[str, object] = {"url": url}
            self.schemas.add_prose(entry, server.description)
            if variables:
                entry["variables"] = {name: {"default": name} for name in variables}
                server.missing("variables", "defaults of the variables of the base URL")
            if not url:
                self.trace.missing(
                    server.place, "document", "server", "localhost stands for one not known"
                )
                continue
            entry["x-linkwright-source"] = self.trace.source(server.url, server)
            out.append(entry)
        return out

    def _tags(self) -> list[object]:
        names = dict.fromkeys(t for o in self.api.operations for t in o.tags)
        out: list[object] = []
        for name in names:
            entry: dict[str, object] = {"name": name}
            self.schemas.add_prose(entry, self.api.tags.get(name, ""))
            out.append(entry)
        return out

    def _paths(self) -> tuple[dict[str, dict[str, object]], list[object]]:
        paths: dict[str, dict[str, object]] = {}
        unplaced: list[object] = []
        for operation in self.api.operations:
            method, path = operation.method.lower(), operation.path
            item = paths.get(path, {})
            if method not in METHODS or not path.startswith("/"):
                operation.missing("method", "no page shows it")
                operation.missing("path", "no page shows it")
                entry: dict[str, object] = {"call": operation.call or operation.name}
                unplaced.append({**entry, **self._operation(operation)})
            elif method in item:
                raise AssertionError("operations of one method and path were merged before")
            else:
                paths.setdefault(path, item)[method] = self._operation(operation)
        return paths, unplaced

    def _operation(self, operation: Operation) -> dict[str, object]:
        subject = operation.operation_id
        out: dict[str, object] = {}
        if operation.tags:
            out["tags"] = list(operation.tags)
        out["operationId"] = subject
        self.schemas.add_prose(out, operation.summary, "summary")
        self.schemas.add_prose(out, operation.description)
        if operation.deprecated:
            out["deprecated"] = True
        parameters = [
            self._parameter(subject, operation, p)
            for p in operation.parameters
            if p.location != "form"
        ]
        if parameters:
            out["parameters"] = parameters
        body = self._body(operation)
        if body is not None:
            out["requestBody"] = body
        out["responses"] = self._responses(operation)
        if operation.servers:
            out["servers"] = [{"url": url} for url in operation.servers]
        if operation.security is not None:
            out["security"] = self._security(operation.security)
            if len(operation.security) > 1:
                operation.inferred("security", self._together(operation.security))
        out["x-linkwright-source"] = self.trace.source(subject, operation)
        return out

    def _security(self, names: list[str]) -> list[object]:
        if len(names) > 1 and self._together(names) == "keys-go-together":
            return [{component_key(n): [] for n in names}]
        return [{component_key(n): []} for n in names]

    def _together(self, names: list[str]) -> str:
        """Pages do not tell AND from OR: several API keys in headers of their own go together."""
        schemes = [self.api.schemes[n] for n in names if n in self.api.schemes]
        keys = {s.key.lower() for s in schemes if s.kind == "apiKey"}
        if len(keys) == len(names) and "authorization" not in keys:
            return "keys-go-together"
        return "any-of-the-schemes"

    def _parameter(self, subject: str, operation: Operation, found: Property) -> dict[str, object]:
        out: dict[str, object] = {"name": found.wire or found.name}
        if found.location is not None:
            out["in"] = found.location
        self.schemas.add_prose(out, found.description)
        if found.required:
            out["required"] = True
        if found.deprecated:
            out["deprecated"] = True
        out["schema"] = self.schemas.schema(found)
        out["x-linkwright-source"] = self.trace.source(
            f"{subject}.{found.name}", found, operation.place
        )
        return out

    def _body(self, operation: Operation) -> dict[str, object] | None:
        subject = f"{operation.operation_id}.body"
        forms = [p for p in operation.parameters if p.location == "form"]
        fields = forms or operation.body_fields
        if fields:
            schema = self.schemas.object_of(subject, fields, operation.place)
            media = operation.consumes or ("application/json",)
            out: dict[str, object] = {}
            if any(p.required for p in fields):
                out["required"] = True
            out["content"] = {m: {"schema": schema} for m in media}
            out["x-linkwright-source"] = Flow(
                offset=fields[0].place.line - operation.place.line, rule="fields-of-the-body"
            )
            return out
        body = operation.body
        if body is None:
            return None
        out = {}
        self.schemas.add_prose(out, body.description)
        if body.required:
            out["required"] = True
        schema = self.schemas.schema(body)
        media = operation.consumes
        if not media:
            media = (
                ("multipart/form-data",)
                if self.schemas.holds_file(body.shape, body.place.page)
                else (
                    ("application/octet-stream",)
                    if schema.get("format") == "binary"
                    else ("application/json",)
                )
            )
            body.inferred("media", "no-content-type-shown")
        out["content"] = {m: {"schema": schema} for m in media}
        out["x-linkwright-source"] = self.trace.source(subject, body, operation.place)
        return out

    def _responses(self, operation: Operation) -> dict[str, object]:
        out: dict[str, object] = {}
        statuses = list(operation.statuses)
        good = next((s for s in statuses if s.code[0] == "2"), None)
        if good is None and not any(s.code[0] == "3" for s in statuses):
            good = Status(operation.place, success_code(operation))
            statuses.insert(0, good)
        for status in statuses:
            if status.code in out:
                self._another(out[status.code], status)
                continue
            entry: dict[str, object] = {}
            text = status.description or _ERRORS.get(status.code, "")
            entry["description"] = text if self.prose and text else _ERRORS.get(status.code, "")
            if status is good:
                self._content(entry, operation)
            elif status.shape is not None:
                schema = self.index.schema(status.shape, status.place.page)
                entry["content"] = {m: {"schema": schema} for m in status.media}
            subject = f"{operation.operation_id}.{status.code}"
            if status.facts:
                entry["x-linkwright-source"] = self.trace.source(subject, status, operation.place)
            out[status.code] = entry
        return out

    def _another(self, entry: object, status: Status) -> None:
        """A second row for one status: its body is one of both."""
        if status.shape is None:
            return
        content = cast("dict[str, dict[str, object]]", cast("Schema", entry).get("content", {}))
        schema = self.index.schema(status.shape, status.place.page)
        for media in (m for m in status.media if m in content):
            known = content[media].get("schema")
            both = cast("Schema", known).get("oneOf", [known])
            options = cast("list[object]", both)
            if schema not in options:
                content[media]["schema"] = {"oneOf": [*options, schema]}
        self.trace.note(status.code, status)

    def _content(self, entry: dict[str, object], operation: Operation) -> None:
        entry["description"] = entry["description"] or "Success"
        if operation.returns is None or operation.void:
            return
        page = operation.returns_page or operation.place.page
        schema = self.index.schema(operation.returns, page)
        media = operation.produces
        if not media:
            binary = schema.get("format") == "binary"
            media = ("application/octet-stream" if binary else "application/json",)
            operation.inferred("produces", "no-content-type-shown")
        entry["content"] = {m: {"schema": schema} for m in media}

    def _scheme(self, scheme: Scheme) -> dict[str, object]:
        out: dict[str, object] = {"type": scheme.kind}
        if scheme.kind == "apiKey":
            out["name"], out["in"] = scheme.key, scheme.location
        elif scheme.kind == "http":
            out["scheme"] = scheme.scheme
        elif scheme.kind == "oauth2":
            scheme.missing("flows", "token URL")
            out["flows"] = {}
            if scheme.flow == "implicit" and re.match(r"https?://", scheme.url):
                flow = {"authorizationUrl": scheme.url, "scopes": dict(scheme.scopes)}
                out["flows"] = {"implicit": flow}
                del scheme.facts["flows"]
        elif scheme.kind == "openIdConnect":
            scheme.missing("openIdConnectUrl", "no page shows it")
            out["openIdConnectUrl"] = "/.well-known/openid-configuration"
        out["x-linkwright-source"] = self.trace.source(scheme.name, scheme)
        return out
