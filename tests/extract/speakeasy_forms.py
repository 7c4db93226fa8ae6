"""APIs as pages of Speakeasy, in the form of each vintage and target language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .apis import Api, Field, Model, Operation, camel, pascal, snake

__all__ = ["SPEAKEASY", "Vintage"]

_TICK, _DASH = ":heavy_check_mark:", ":heavy_minus_sign:"


@dataclass(frozen=True)
class Vintage:
    """What differs.

    Attributes:
        types: Spelling of primitives.
        many, maybe: Spelling of a list and of an optional type, with `{}` inside.
        snippet: Whether a comment tells method and path.
        errors: Title of the first column of the error table; empty without such tables.
        wrapped: Whether responses are always objects of the SDK.
        flat: Whether arguments stand in the table, instead of one request object.
    """

    name: str
    fence: str
    style: Callable[[tuple[str, ...]], str]
    types: dict[str, str]
    many: str
    maybe: str
    spaces: tuple[str, str] = ("operations.", "components.")
    folders: tuple[str, str] = ("models/operations", "models/components")
    snippet: bool = True
    errors: str = "Error Type"
    wrapped: bool = False
    flat: bool = False
    lower: bool = True
    response: str = "**{}**"
    accessor: bool = True

    def pages(self, api: Api) -> dict[str, str]:
        """All pages by name."""
        pages: dict[str, str] = {}
        for tag in dict.fromkeys(o.tag for o in api.operations):
            pages[f"docs/sdks/{tag.lower()}/README.md"] = self._tag(api, tag)
        for operation in api.operations:
            for name, text in self._objects(operation):
                pages[self._file(0, name)] = text
        for model in api.models:
            pages[self._file(1, model.name)] = self._model(model)
        pages[self._file(1, "Problem")] = self._fields("Problem", [Field(("reason",), "string")])
        pages["README.md"] = self._readme(api)
        return pages

    def endpoints(self, api: Api) -> list[dict[str, str]]:
        """What places the operations where the pages do not."""
        return [
            {"call": f"{o.tag.lower()}.{self.style(o.words)}", "method": o.method, "path": o.path}
            for o in api.operations
        ]

    def _file(self, which: int, name: str) -> str:
        return f"docs/{self.folders[which]}/{name.lower() if self.lower else name}.md"

    def _link(self, which: int, name: str) -> str:
        file = self._file(which, name).removeprefix("docs/")
        return f"[{self.spaces[which]}{name}](../../{file})"

    def cell(self, kind: str, *, required: bool = True) -> str:
        if kind.startswith("list of "):
            text = self.many.format(self.cell(kind[8:]))
        elif kind in self.types:
            text = self.types[kind] if "](" in self.types[kind] else f"*{self.types[kind]}*"
        else:
            text = self._link(1, kind)
        if required or (kind.startswith("list of ") and self.fence == "python"):
            return text
        if text.startswith("*"):
            return f"*{self.maybe.format(text.strip('*'))}*"
        if text.startswith("[") and text.endswith(")") and not kind.startswith("list of "):
            label, target = text[1:].rsplit("](", 1)
            return f"[{self.maybe.format(label)}]({target}"
        return self.maybe.format(text)

    def _table(self, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
        widths = [max(len(r[at]) for r in [header, *rows]) for at in range(len(header))]
        lines = ["| " + " | ".join("-" * w for w in widths) + " |"]
        padded = [
            "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
            for row in [header, *rows]
        ]
        return "\n".join([padded[0], *lines, *padded[1:]])

    def _rows(self, fields: list[Field]) -> list[tuple[str, ...]]:
        return [
            (
                f"`{self.style(f.words)}`",
                self.cell(f.kind, required=f.required),
                _TICK if f.required else _DASH,
                f.text.replace("|", "\\|") or "N/A",
            )
            for f in fields
        ]

    def _fields(self, name: str, fields: list[Field], text: str = "") -> str:
        header = ("Field", "Type", "Required", "Description")
        lines = [
            f"# {name}",
            "",
            text,
            "",
            "## Fields",
            "",
            self._table(header, self._rows(fields)),
        ]
        return "\n".join(lines)

    def _model(self, model: Model) -> str:
        if not model.values:
            return self._fields(model.name, list(model.fields), model.text)
        lines = [f"# {model.name}", "", model.text, "", "## Values", ""]
        if self.fence == "typescript":
            union = " | ".join(f'"{v}"' for v in model.values)
            return "\n".join([*lines, "```typescript", union, "```", ""])
        rows = [(f"`{v.upper()}`", v) for v in model.values]
        return "\n".join([*lines, self._table(("Name", "Value"), rows)])

    def _objects(self, o: Operation) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        name = pascal(o.words)
        if not self.flat and o.fields:
            fields = list(o.fields)
            if o.body:
                fields.insert(0, Field(("request", "body"), o.body, o.body_required))
            found.append((f"{name}Request", self._fields(f"{name}Request", fields)))
        if self.wrapped:
            rows = self._rows(
                [Field(("content", "type"), "string"), Field(("status", "code"), "int32")]
            )
            raw = self.style(("raw", "response"))
            rows.append((f"`{raw}`", "[http.Response](https://example.com/)", _DASH, "N/A"))
            if o.returns:
                rows[1:1] = self._rows(
                    [Field(("boat", "value"), o.returns, required=False, text="OK")]
                )
            header = ("Field", "Type", "Required", "Description")
            text = f"# {name}Response\n\n\n## Fields\n\n{self._table(header, rows)}"
            found.append((f"{name}Response", text))
        return found

    def _tag(self, api: Api, tag: str) -> str:
        operations = [o for o in api.operations if o.tag == tag]
        lines = [f"# {tag}"]
        if self.accessor:
            lines.append(f"(*{tag.lower()}*)")
        lines += ["", "## Overview", "", f"All about {tag}.", "", "### Available Operations", ""]
        lines += [
            f"* [{self.style(o.words)}](#{self.style(o.words).lower()}) - {o.summary}"
            for o in operations
        ]
        lines += ["", *(self._section(o) for o in operations)]
        return "\n".join(lines)

    def _section(self, o: Operation) -> str:
        name = self.style(o.words)
        # A description may have a heading of its own.
        lines = [f"## {name}", "", o.text, "", "### Example Usage", ""]
        if self.snippet:
            lines.append(
                f'<!-- UsageSnippet language="{self.fence}" operationID="{"-".join(o.words)}" '
                f'method="{o.method.lower()}" path="{o.path}" -->'
            )
        lines += [f"```{self.fence}", f"res = s.{o.tag.lower()}.{name}()", "```", ""]
        if self.fence == "typescript":
            lines += ["### Standalone function", "", "```typescript", "boats();", "```", ""]
        rows = self._arguments(o)
        header = ("Parameter", "Type", "Required", "Description")
        lines += ["### Parameters", "", self._table(header, rows), ""]
        if self.wrapped:
            lines += [
                "### Response",
                "",
                self.response.format(self._link(0, f"{pascal(o.words)}Response")),
                "",
            ]
        elif o.returns:
            lines += ["### Response", "", self.response.format(self.cell(o.returns)), ""]
        if self.errors:
            catch_all = ("errors.SDKError", "4XX, 5XX", "\\*/\\*")
            errors = [(f"{self.spaces[1]}Problem", "401, 404", "application/json"), catch_all]
            columns = (self.errors, "Status Code", "Content Type")
            lines += ["### Errors", "", self._table(columns, errors), ""]
        return "\n".join(lines)

    def _arguments(self, o: Operation) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        if self.fence == "go":
            rows.append(
                ("`ctx`", "[context.Context](https://pkg.go.dev/context)", _TICK, "Context.")
            )
        if self.flat or not o.fields:
            rows += self._rows(list(o.fields))
            if o.body:
                link = self.cell(o.body, required=o.body_required)
                name = "request" if not o.fields else self.style(tuple(_split(o.body)))
                rows.append((f"`{name}`", link, _TICK if o.body_required else _DASH, "N/A"))
        else:
            rows.append(
                ("`request`", self._link(0, f"{pascal(o.words)}Request"), _TICK, "The request.")
            )
        if self.fence == "python":
            retry = "[Optional[utils.RetryConfig]](../../models/utils/retryconfig.md)"
            rows.append(("`retries`", retry, _DASH, "Retries."))
        elif self.fence == "typescript":
            rows.append(("`options`", "RequestOptions", _DASH, "Options."))
            rows.append(
                ("`options.retries`", "[RetryConfig](../../lib/utils/retryconfig.md)", _DASH, "R.")
            )
        elif self.fence == "go":
            rows.append(
                ("`opts`", "[][operations.Option](../../models/operations/option.md)", _DASH, "O.")
            )
        return rows

    def _readme(self, api: Api) -> str:
        server = self._table(("#", "Server", "Variables"), [("0", f"`{api.server}`", "None")])
        scheme = self._table(("Name", "Type", "Scheme"), [(f"`{api.scheme}`", "apiKey", "API key")])
        lines = ["# harbour", "", "## SDK Installation", "", "## Server Selection", "", server, ""]
        return "\n".join([*lines, "## Authentication", "", scheme, ""])


def _split(name: str) -> list[str]:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).split()


def _types(*spelled: str) -> dict[str, str]:
    keys = ("string", "int32", "int64", "boolean", "number", "date", "date-time")
    return dict(zip(keys, spelled, strict=True))


_DATE = "[date](https://docs.python.org/3/library/datetime.html#date-objects)"
_TIME = "[datetime](https://docs.python.org/3/library/datetime.html#datetime-objects)"
_PYTHON = _types("str", "int", "int", "bool", "float", _DATE, _TIME)
_GO = _types(
    "string",
    "int",
    "int64",
    "bool",
    "float64",
    "[types.Date](../../types/date.md)",
    "[time.Time](https://pkg.go.dev/time#Time)",
)
_TS = _types(
    "string",
    "number",
    "number",
    "boolean",
    "number",
    "[RFCDate](../../types/rfcdate.md)",
    "[Date](https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/Date)",
)
_JAVA = _types(
    "String",
    "int",
    "long",
    "boolean",
    "double",
    "[LocalDate](https://docs.oracle.com/LocalDate)",
    "[OffsetDateTime](https://docs.oracle.com/OffsetDateTime)",
)
_CSHARP = _types(
    "string",
    "int",
    "long",
    "bool",
    "double",
    "[LocalDate](https://nodatime.org/LocalDate)",
    "[DateTime](https://learn.microsoft.com/DateTime)",
)

SPEAKEASY = (
    Vintage(
        "python-2023-09",
        "python",
        snake,
        _PYTHON,
        "list[{}]",
        "Optional[{}]",
        snippet=False,
        errors="",
        wrapped=True,
        accessor=False,
        spaces=("operations.", "shared."),
        folders=("models/operations", "models/shared"),
    ),
    Vintage(
        "python-2023-12",
        "python",
        snake,
        _PYTHON,
        "List[{}]",
        "Optional[{}]",
        snippet=False,
        errors="Error Object",
        wrapped=True,
        spaces=("operations.", "shared."),
        folders=("models/operations", "models/shared"),
    ),
    Vintage("python-2025", "python", snake, _PYTHON, "List[{}]", "Optional[{}]", accessor=False),
    Vintage("python-flat", "python", snake, _PYTHON, "List[{}]", "Optional[{}]", flat=True),
    Vintage(
        "go",
        "go",
        pascal,
        _GO,
        "[]{}",
        "*{}",
        wrapped=True,
        response="**{}, error**",
    ),
    Vintage(
        "typescript",
        "typescript",
        camel,
        _TS,
        "{}[]",
        "{}",
        response="**Promise\\<{}\\>**",
    ),
    Vintage(
        "java",
        "java",
        camel,
        _JAVA,
        "List\\<{}>",
        "Optional\\<{}>",
        wrapped=True,
        lower=False,
        spaces=("org.harbour.models.operations.", "org.harbour.models.components."),
    ),
    Vintage(
        "csharp",
        "csharp",
        pascal,
        _CSHARP,
        "List<{}>",
        "{}",
        wrapped=True,
        lower=False,
        spaces=("", ""),
        folders=("Models/Requests", "Models/Components"),
    ),
)
