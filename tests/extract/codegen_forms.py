"""APIs as pages of openapi-generator and swagger-codegen, in the form of each target language."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .apis import Api, Field, Model, Operation, camel, pascal, snake

__all__ = ["CODEGEN", "Form"]

Words = tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """What differs between the target languages.

    Attributes:
        types: Spelling of the primitives.
        many: Spelling of a list, with `{}` for what is in it.
        shows: Which facts the pages of this language show: enum, model-enum, optional, statuses.
    """

    name: str
    fence: str
    argument: Callable[[Words], str]
    types: dict[str, str]
    many: str
    method: Callable[[Words], str] = camel
    title: str = "# {tag}Api"
    model_title: str = "# {name}"
    heading: str = "# **{name}**"
    anchor: str = ""
    outer: bool = False
    outer_rows: bool = False
    void: str = "null (empty response body)"
    optional: str = " [optional]"
    default: str = " [default to {}]"
    comment: str = "//"
    escaped: bool = True
    link: str = "[**{type}**]({target}.md)"
    model_folder: str = ""
    api_folder: str = ""
    property: Callable[[Words], str] | None = None
    shows: frozenset[str] = frozenset({"optional"})
    extra: dict[str, str] = field(default_factory=dict)

    def pages(self, api: Api) -> dict[str, str]:
        """All pages by name."""
        tags = dict.fromkeys(o.tag for o in api.operations)
        pages = {f"docs/{self.api_folder}{self.file(tag)}.md": self._tag(api, tag) for tag in tags}
        for model in api.models:
            pages[f"docs/{self.model_folder}{model.name}.md"] = self._model(model)
        pages["README.md"] = self._readme(api)
        return pages

    def file(self, tag: str) -> str:
        return (
            self.title.format(tag=tag)
            .split()[-1]
            .replace("\\", ".")
            .replace("::", ".")
            .split(".")[-1]
        )

    def spelled(self, kind: str) -> str:
        if kind.startswith("list of "):
            return self.many.format(self.spelled(kind[8:]))
        return self.types.get(kind, self.extra.get("model", "{}").format(kind))

    def cell(self, kind: str, *, optional: bool = False) -> str:
        inner = kind.removeprefix("list of ")
        text = self.spelled(kind)
        if self.escaped:
            text = html.escape(text)
        primitive = inner in self.types
        if primitive and (kind == inner or "listlink" not in self.extra):
            cell = f"[**{text}**]" if self.fence == "typescript" else f"**{text}**"
        else:
            target = self.types.get(inner, inner)
            cell = self.link.format(type=text, target=f"{self.extra.get('up', '')}{target}")
        return f"Option<{cell}>" if optional and self.fence == "rust" else cell

    def prose(self, text: str) -> str:
        text = text.replace("\n", " ")
        return html.escape(text) if self.escaped else text

    def _table(self, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
        lines = [" | ".join(header), " | ".join("-------------" for _ in header)]
        if self.outer:
            lines = [f"| {line} |" for line in lines]
        for row in rows:
            line = " | ".join(row)
            lines.append(f"| {line} |" if self.outer_rows else f" {line}")
        return "\n".join(lines)

    def _tag(self, api: Api, tag: str) -> str:
        operations = [o for o in api.operations if o.tag == tag]
        index = [
            (
                f"[**{self.method(o.words)}{self.extra.get('call', '')}**]"
                f"({self.file(tag)}.md#{self.method(o.words)})",
                f"**{o.method.capitalize() if self.fence == 'go' else o.method}** {o.path}",
                self.prose(o.summary),
            )
            for o in operations
        ]
        star = self.extra.get("base", "All URIs are relative to *{}*")
        parts = [
            self.title.format(tag=tag),
            "",
            star.format(api.server),
            "",
            self._table(("Method", "HTTP request", "Description"), index),
            "",
        ]
        parts += [self._section(api, o) for o in operations]
        return "\n".join(parts) + "\n"

    def _section(self, api: Api, o: Operation) -> str:
        name = self.method(o.words)
        fields = list(o.fields)
        if o.body:
            body = Field(("body",), o.body, o.body_required, "body")
            fields.append(body)
        names = [self._argument(f) for f in fields]
        lines = [""]
        if self.anchor:
            lines.append(self.anchor.format(name=name, lower=name.lower()))
        lines.append(self.heading.format(name=name))
        if "call" in self.extra:
            lines += ["", f"```{self.fence}", f"{name}({', '.join('$' + n for n in names)})", "```"]
        else:
            lines.append(f"> {name}({', '.join(names)})")
        lines += ["", self.prose(o.summary), "", self.prose(o.text) if o.text else "", ""]
        lines += ["### Example", "", f"```{self.fence}"]
        lines += [self._example(f) for f in fields]
        lines += ["```", ""]
        lines += self._parameters(fields)
        lines += ["", "### Return type", ""]
        lines.append(self.cell(o.returns) if o.returns else self.void)
        lines += ["", "### Authorization", "", f"[{api.scheme}](../README.md#{api.scheme})", ""]
        lines += ["### HTTP request headers", ""]
        lines.append(f" - **Content-Type**: {'application/json' if o.body else 'Not defined'}")
        lines.append(f" - **Accept**: {'application/json' if o.returns else 'Not defined'}")
        if "statuses" in self.shows:
            lines += ["", "### HTTP response details", ""]
            header = ("Status code", "Description", "Response headers")
            rows = [
                ("**200**" if o.returns else "**204**", "Done", " - "),
                ("**404**", "None", " - "),
            ]
            lines.append(self._table(header, rows))
        lines += ["", "[[Back to top]](#) [[Back to README]](../README.md)", ""]
        return "\n".join(lines)

    def _argument(self, f: Field) -> str:
        if f.place == "body":
            return (
                self.argument((self.extra.get("body") or _words(f.kind),))
                if ("body" in self.extra)
                else self.argument(tuple(_words(f.kind).split("_")))
            )
        return self.argument(f.words)

    def _example(self, f: Field) -> str:
        value = {"int32": "56", "int64": "789", "number": "8.14", "boolean": "true"}.get(
            f.kind, '"x"'
        )
        marks = "" if f.required or self.fence != "go" else " (optional)"
        return f"x.{self._argument(f)} = {value} {self.comment} {self.spelled(f.kind)} | {f.text}{marks}"

    def _parameters(self, fields: list[Field]) -> list[str]:
        header: tuple[str, ...] = ("Name", "Type", "Description", "Notes")
        if self.fence == "rust":
            header = ("Name", "Type", "Description", "Required", "Notes")
        if self.fence == "go":
            return self._go_parameters(header, fields)
        if not fields:
            return ["### Parameters", "This endpoint does not need any parameter."]
        rows = [self._row(f) for f in fields]
        return ["### Parameters", "", self._table(header, rows)]

    def _go_parameters(self, header: tuple[str, ...], fields: list[Field]) -> list[str]:
        inside = [f for f in fields if f.place == "path"]
        rest = [f for f in fields if f.place != "path"]
        lines = ["### Path Parameters", ""]
        if inside:
            context = "**ctx** | **context.Context** | context for logging."
            lines += [f"{self._table(header, [])}\n{context}"]
            lines += [" | ".join(self._row(f)) for f in inside]
        lines += ["", "### Other Parameters", "", "Passed through a pointer to a struct.", "", ""]
        if rest:
            lines += [self._table(header, []), ""]  # the blank line is the template's
            lines += [f" {' | '.join(self._row(f))}" for f in rest]
        return lines

    def _row(self, f: Field) -> tuple[str, ...]:
        name = f"**{self._argument(f)}**"
        cell = self.cell(f.kind, optional=not f.required)
        text = self.prose(f.text).replace("\n", " ")
        notes = "" if f.required or self.fence == "go" else self.optional
        if f.values and "enum" in self.shows:
            if self.fence == "typescript":
                cell += "**Array<" + " | ".join(f"'{v}'" for v in f.values) + ">**"
            else:
                notes += f" [enum: {', '.join(f.values)}]"
        if f.default is not None:
            notes += self.default.format(f.default)
        elif self.fence == "typescript":
            notes += " defaults to undefined"
        if self.fence == "rust":
            return (
                name,
                cell,
                text,
                "[required]" if f.required else "",
                notes.replace("[optional]", ""),
            )
        return name, cell, text, notes

    def _model(self, model: Model) -> str:
        lines = [self.model_title.format(name=model.name), ""]
        if model.text:
            lines += [self.prose(model.text), ""]
        if model.values:
            if "model-enum" not in self.shows:
                return "\n".join([*lines, "## Properties", "", self._table(_COLUMNS, []), ""])
            if self.fence == "rust":
                variants = [(v.capitalize(), v) for v in model.values]
                return "\n".join(
                    [*lines, "## Enum Variants", "", self._table(("Name", "Value"), variants), ""]
                )
            indent = "    " if self.fence == "kotlin" else ""
            bullets = [f'{indent}* `{v.upper()}` (value: `"{v}"`)\n' for v in model.values]
            return "\n".join([*lines, "## Enum", "", "", *bullets, ""])
        rows: list[tuple[str, ...]] = []
        for f in model.fields:
            style = self.property or self.argument
            cell = self.cell(f.kind, optional=not f.required)
            if self.fence == "go" and not f.required:
                cell = f"Pointer to {cell}"
            notes = "" if f.required else "[optional]"
            rows.append((f"**{style(f.words)}**", cell, self.prose(f.text), notes))
        lines += ["## Properties", "", self._table(_COLUMNS, rows)]
        if self.fence == "go":
            lines += ["", "## Methods", "", f"### New{model.name}", "", f"`func New{model.name}()`"]
        return "\n".join([*lines, "", "[[Back to Model list]](../README.md)", ""])

    def _readme(self, api: Api) -> str:
        rows = [
            (
                f"*{o.tag}Api*",
                f"[**{self.method(o.words)}**](docs/x.md)",
                f"**{o.method}** {o.path}",
                "",
            )
            for o in api.operations
        ]
        lines = ["# harbour client", "", "## Documentation for API Endpoints", ""]
        lines.append(self._table(("Class", "Method", "HTTP request", "Description"), rows))
        lines += ["", "## Documentation For Authorization", "", f"### {api.scheme}", ""]
        lines += ["- **Type**: API key", f"- **API key parameter name**: {api.key}"]
        lines += ["- **Location**: HTTP header", "", "## Author", "", "nobody"]
        return "\n".join(lines) + "\n"


_COLUMNS = ("Name", "Type", "Description", "Notes")


def _words(name: str) -> str:
    """BoatDraft as boat_draft."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _types(text: str) -> dict[str, str]:
    keys = ("string", "int32", "int64", "boolean", "number", "date", "date-time")
    return dict(zip(keys, text.split(), strict=True))


_ALL = frozenset({"optional", "enum", "model-enum", "statuses"})
_PYTHON = _types("str int int bool float date datetime")
_JS = _types("String Number Number Boolean Number Date Date")
_JAVA = _types("String Integer Long Boolean BigDecimal LocalDate OffsetDateTime")
_KOTLIN = _types(
    "kotlin.String kotlin.Int kotlin.Long kotlin.Boolean java.math.BigDecimal java.time.LocalDate "
    "java.time.OffsetDateTime"
)
_CSHARP = _types("string int long bool decimal DateOnly DateTime")
_GO = _types("string int32 int64 bool float32 string time.Time")
_RUST = _types("String i32 i64 bool f64 chrono::NaiveDate String")
_RUBY = _types("String Integer Integer Boolean Float Date Time")
_TS = _types("string number number boolean number string Date")
_PHP = _types("string int int bool float \\DateTime \\DateTime")

CODEGEN = (
    Form(
        "python",
        "python",
        snake,
        _PYTHON,
        "List[{}]",
        snake,
        comment="#",
        escaped=False,
        title="# harbour.{tag}Api",
        void="void (empty response body)",
        shows=frozenset({"optional", "model-enum", "statuses"}),
        extra={"listlink": "yes"},
    ),
    Form(
        "swagger-python",
        "python",
        snake,
        _PYTHON,
        "list[{}]",
        snake,
        comment="#",
        escaped=False,
        title="# swagger_client.{tag}Api",
        void="void (empty response body)",
        extra={"listlink": "yes", "body": "body"},
    ),
    Form(
        "swagger-javascript",
        "javascript",
        camel,
        _JS,
        "[{}]",
        escaped=False,
        title="# HarbourApi.{tag}Api",
        model_title="# HarbourApi.{name}",
        anchor='<a name="{name}"></a>',
        shows=frozenset({"optional", "model-enum"}),
        extra={"listlink": "yes"},
    ),
    Form(
        "javascript",
        "javascript",
        camel,
        _JS,
        "[{}]",
        escaped=False,
        heading="## {name}\n",
        title="# Harbour.{tag}Api",
        extra={"listlink": "yes"},
    ),
    Form(
        "swagger-java",
        "java",
        camel,
        _JAVA,
        "List<{}>",
        anchor='<a name="{name}"></a>',
        shows=_ALL - {"statuses"},
        extra={"listlink": "yes", "body": "body"},
    ),
    Form(
        "java",
        "java",
        camel,
        _JAVA,
        "List<{}>",
        anchor='<a id="{name}"></a>',
        outer=True,
        outer_rows=True,
        shows=_ALL,
        extra={"listlink": "yes"},
    ),
    Form(
        "kotlin",
        "kotlin",
        camel,
        _KOTLIN,
        "kotlin.collections.List<{}>",
        anchor='<a id="{name}"></a>',
        shows=_ALL - {"statuses"},
        extra={"listlink": "yes"},
    ),
    Form(
        "kotlin-4",
        "kotlin",
        camel,
        _KOTLIN,
        "kotlin.Array<{}>",
        anchor='<a name="{name}"></a>',
        shows=_ALL - {"statuses"},
        extra={"listlink": "yes"},
    ),
    Form(
        "csharp",
        "csharp",
        camel,
        _CSHARP,
        "List<{}>",
        pascal,
        title="# Harbour.Api.{tag}Api",
        model_title="# Harbour.Model.{name}",
        anchor='<a id="{lower}"></a>',
        outer=True,
        outer_rows=True,
        void="void (empty response body)",
        property=pascal,
        shows=frozenset({"optional", "statuses"}),
        extra={"listlink": "yes"},
    ),
    Form(
        "go",
        "go",
        camel,
        _GO,
        "[]{}",
        pascal,
        title="# \\{tag}API",
        heading="## {name}\n",
        void=" (empty response body)",
        property=pascal,
        shows=frozenset({"optional", "model-enum"}),
    ),
    Form(
        "rust",
        "rust",
        snake,
        _RUST,
        "Vec<{}>",
        snake,
        title="# \\{tag}Api",
        heading="## {name}\n",
        void=" (empty response body)",
        escaped=False,
        shows=frozenset({"optional", "model-enum"}),
        extra={"listlink": "yes", "model": "models::{}"},
    ),
    Form(
        "ruby",
        "ruby",
        snake,
        _RUBY,
        "Array<{}>",
        snake,
        title="# Harbour::{tag}Api",
        model_title="# Harbour::{name}",
        heading="## {name}\n",
        outer=True,
        outer_rows=True,
        void="nil (empty response body)",
        comment="#",
        optional="[optional]",
        default="[default to {}]",
        extra={"listlink": "yes"},
    ),
    Form(
        "typescript",
        "typescript",
        camel,
        _TS,
        "Array<{}>",
        title="# .{tag}Api",
        escaped=False,
        void="void (empty response body)",
        optional=" (optional)",
        default=" defaults to {}",
        link="**{type}**",
        shows=frozenset({"optional", "enum", "statuses"}),
        extra={"listlink": "yes"},
    ),
    Form(
        "swagger-php",
        "php",
        snake,
        _PHP,
        "{}[]",
        title="# Swagger\\Client\\{tag}Api",
        void="void (empty response body)",
        escaped=False,
        api_folder="Api/",
        model_folder="Model/",
        link="[**{type}**]({target}.md)",
        extra={"up": "../Model/", "model": "\\Swagger\\Client\\Model\\{}"},
    ),
    Form(
        "php",
        "php",
        snake,
        _PHP,
        "{}[]",
        title="# Harbour\\{tag}Api",
        outer=True,
        outer_rows=True,
        heading="## `{name}()`",
        void="void (empty response body)",
        escaped=False,
        api_folder="Api/",
        model_folder="Model/",
        model_title="# # {name}",
        extra={
            "up": "../Model/",
            "model": "\\Harbour\\Model\\{}",
            "call": "()",
            "base": "All URIs are relative to {}, except if the operation defines another base path.",
        },
    ),
)
