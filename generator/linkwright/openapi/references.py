"""Where references lead: within a file, into another, and what an odd one can only mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

from ..diagnostics import Collector, Fix
from ..source.document import Document, Map, Node, Scalar, Seq
from ..source.library import Library
from ..source.span import Span
from ..source.text import shown
from .describe import describe, join
from .versions import Version, declared_version

__all__ = ["References", "Target"]

#: Where Swagger 2.0 keeps what OpenAPI 3 calls components.
_COMPONENTS = {
    "definitions": "schemas",
    "parameters": "parameters",
    "responses": "responses",
    "securityDefinitions": "securitySchemes",
}
#: How many references a pointer may pass through.
_LONGEST = 50
#: What RFC 6901 lets an index be, of a length that a list may have.
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


class Target(NamedTuple):
    """What a reference leads to.

    Attributes:
        node: What stands there.
        pointer: Its canonical JSON pointer, without `#`. What stands in another file than the root
            document has the name of that file before it, as `core.yaml#/components/schemas/Id`
            with slashes of the name escaped. Pointers into Swagger 2.0 are spelled as in 3.1.
    """

    node: Node
    pointer: str


class References:
    """Follows references, and says what is wrong with those that lead nowhere."""

    def __init__(self, library: Library, version: Version, out: Collector) -> None:
        self._library = library
        self._version: Version = version
        self._out = out
        self._found: dict[tuple[str, str], Target] = {}
        self._open: set[tuple[str, str]] = set()
        self._heirs: dict[str, dict[str, list[Target]]] = {}

    def version(self, node: Node) -> Version:
        """The version of the file a node stands in: its own, or that of the root document."""
        document = self._library.holding(node.span)
        if document is self._library.root:
            return self._version
        return declared_version(document) or self._version

    def root(self, node: Node) -> Map:
        """The outermost mapping of the description, whose defaults hold in all of its files."""
        for document in (self._library.holding(node.span), self._library.root):
            root = document.root
            if isinstance(root, Map) and declared_version(document) is not None:
                return root
        return Map({}, {}, node.span)

    def target(self, node: Map, kind: str) -> Target:
        """What a mapping with a `$ref` leads to in the end."""
        found = Target(node, "")
        seen: set[str] = set()
        while isinstance(found.node, Map) and "$ref" in found.node.entries:
            ref, span = self.target_of(found.node, kind)
            found = self.find(ref, span)
            if found.pointer in seen:
                self._out.fail("E204", f"the reference {shown(ref)} leads to itself", span)
            seen.add(found.pointer)
        return found

    def referring_to(self, node: Node, pointer: str) -> Map:
        """A mapping that refers to a node, for objects that are made of others."""
        ref = f"#{pointer}"
        self._found[self._library.holding(node.span).file, ref] = Target(node, pointer)
        value = Scalar(ref, node.span)
        return Map({"$ref": value}, {"$ref": node.span}, node.span)

    def find(self, ref: str, span: Span) -> Target:
        """Follow one reference, or fail with E204.

        Args:
            ref: As it is written.
            span: Where it is written; it counts from that file.
        """
        document = self._library.holding(span)
        key = (document.file, ref)
        if key not in self._found:
            # A pointer may pass through further references, and these through it.
            if key in self._open or len(self._open) > _LONGEST:
                self._out.fail("E204", f"the reference {shown(ref)} leads to itself", span)
            self._open.add(key)
            self._found[key] = self._resolve(document, ref, span)
            self._open.discard(key)
        return self._found[key]

    def find_schema(self, name: str, span: Span) -> Target:
        """Follow what a discriminator maps to: the bare name of a component, or a reference."""
        if "#" not in name and "/" not in name:
            for document in (self._library.holding(span), self._library.root):
                for place in ("components/schemas", "definitions"):
                    fragment = f"/{place}{join('', name)}"
                    if self._stands(document, fragment):
                        return self._walk(document, [*place.split("/"), name], name, span)
            if not self._library.exists(self._library.holding(span), name):
                name = f"#/components/schemas{join('', name)}"
        return self.find(name, span)

    def heirs(self, pointer: str, span: Span) -> list[Target]:
        """Component schemas of a file that are composed of one of them by `allOf`, at any remove.

        Args:
            pointer: Of the base.
            span: Where it stands.
        """
        document = self._library.holding(span)
        if document.file not in self._heirs:
            self._heirs[document.file] = self._composed(document)
        below = self._heirs[document.file]
        found: dict[str, Target] = {}
        waiting = [pointer]
        while waiting:
            for heir in below.get(waiting.pop(), ()):
                if heir.pointer not in found and heir.pointer != pointer:
                    found[heir.pointer] = heir
                    waiting.append(heir.pointer)
        return list(found.values())

    def _composed(self, document: Document) -> dict[str, list[Target]]:
        """Who refers to a component schema in `allOf`, by its pointer. Broken references are none."""
        found: dict[str, list[Target]] = {}
        for place in ("components/schemas", "definitions"):
            parts = place.split("/")
            schemas: Node | None = document.root
            for part in parts:
                schemas = schemas.entries.get(part) if isinstance(schemas, Map) else None
            for name, schema in schemas.entries.items() if isinstance(schemas, Map) else ():
                heir = Target(schema, self._pointer(document, [*parts, name]))
                for base in _bases(schema):
                    found.setdefault(self._pointer(document, base), []).append(heir)
        return found

    def target_of(self, node: Map, kind: str) -> tuple[str, Span]:
        """The `$ref` of a mapping that has one, and its place."""
        target = node.entries["$ref"]
        if not isinstance(target, Scalar) or not isinstance(target.value, str):
            self._out.fail(
                "E202",
                f"$ref of {kind} must be a string, this is {describe(target)}",
                target.span,
            )
        return target.value, target.span

    def _resolve(self, document: Document, ref: str, span: Span) -> Target:
        bare = ref.strip()
        if bare != ref and not (ref.startswith("#") and self._stands(document, ref[1:])):
            self._out.add("W202", f"blanks around the reference {shown(bare)} mean nothing", span)
            ref = bare
        file, _, fragment = self._local(document, ref).partition("#")
        meant = self._meant(document, file, fragment)
        if meant is not None:
            self._out.add("W202", f"the reference {shown(ref)} can only mean {shown(meant)}", span)
            file, fragment = "", meant[1:]
        if file:
            document = self._library.open(document, file, span)
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            self._out.fail(
                "E204",
                f"the reference {shown(ref)} is not a JSON pointer (#/...)",
                span,
                help="anchors are not followed; refer by the place: #/components/schemas/NAME",
            )
        parts = _parts(fragment)
        return self._walk(document, parts, ref, span)

    def _local(self, document: Document, ref: str) -> str:
        """A reference without the base URI that the document gives itself (`$self`, OpenAPI 3.2)."""
        root = document.root
        base = root.entries.get("$self") if isinstance(root, Map) else None
        if isinstance(base, Scalar) and isinstance(base.value, str) and base.value:
            return ref.removeprefix(base.value) if ref.startswith(f"{base.value}#") else ref
        return ref

    def _walk(self, document: Document, parts: list[str], ref: str, span: Span) -> Target:
        node = document.root
        for index, part in enumerate(parts):
            if isinstance(node, Map) and part not in node.entries and "$ref" in node.entries:
                # The pointer goes on behind another reference.
                through, place = self.target_of(node, "what this passes through")
                hash_ = "" if "#" in through else "#"
                rest = quote(join("", *parts[index:]))
                return self.find(f"{through}{hash_}{rest}", place)
            if isinstance(node, Map) and part in node.entries:
                node = node.entries[part]
            elif isinstance(node, Seq) and _INDEX.fullmatch(part) and int(part) < len(node.items):
                node = node.items[int(part)]
            else:
                self._out.fail(
                    "E204",
                    f"nothing stands at {shown(ref)}",
                    span,
                    fix=Fix(value="#/components/..."),
                )
        return Target(node, self._pointer(document, parts))

    def _pointer(self, document: Document, parts: list[str]) -> str:
        if parts and parts[0] in _COMPONENTS and self.version(document.root) == "2.0":
            parts = ["components", _COMPONENTS[parts[0]], *parts[1:]]
        # A slash in a file's name is escaped like any other, so that only `#/` begins the pointer.
        prefix = f"{join('', document.name)[1:]}#" if document.name else ""
        return prefix + join("", *parts)

    def _meant(self, document: Document, file: str, fragment: str) -> str | None:
        """The one thing that a reference which leads nowhere can mean, if there is one."""
        if file and (fragment or self._library.exists(document, file)):
            return None
        spelled = fragment.lstrip("/") if not file else file.lstrip("/")
        if not spelled or (not file and self._stands(document, fragment)):
            return None
        parts = spelled.split("/")
        guesses = [f"/{spelled}"]
        if len(parts) == 1 and not file.startswith("."):
            guesses += [f"/components/schemas/{parts[0]}", f"/definitions/{parts[0]}"]
        elif parts[0] in _COMPONENTS:
            guesses.append(join("/components", _COMPONENTS[parts[0]], *parts[1:]))
        elif parts[0] == "components" and len(parts) > 2:
            old = next((k for k, v in _COMPONENTS.items() if v == parts[1]), parts[1])
            guesses.append(join("", old, *parts[2:]))
        found = [guess for guess in guesses if self._stands(document, guess)]
        return f"#{found[0]}" if len(found) == 1 else None

    def _stands(self, document: Document, fragment: str) -> bool:
        """Whether something stands at a JSON pointer of one document."""
        node: Node | None = document.root
        for part in unquote(fragment).split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            if isinstance(node, Map):
                if part not in node.entries and "$ref" in node.entries:
                    return True  # goes on behind another reference
                node = node.entries.get(part)
            elif isinstance(node, Seq) and _INDEX.fullmatch(part) and int(part) < len(node.items):
                node = node.items[int(part)]
            else:
                return False
        return node is not None


def _parts(fragment: str) -> list[str]:
    """The steps of a JSON pointer that is not percent-encoded."""
    return [p.replace("~1", "/").replace("~0", "~") for p in fragment.split("/")[1:]]


def _bases(schema: Node) -> Iterator[list[str]]:
    """The steps to each schema of the same file that one refers to in its `allOf`."""
    parts = schema.entries.get("allOf") if isinstance(schema, Map) else None
    for part in parts.items if isinstance(parts, Seq) else ():
        ref = part.entries.get("$ref") if isinstance(part, Map) else None
        if isinstance(ref, Scalar) and isinstance(ref.value, str) and ref.value.startswith("#/"):
            yield _parts(unquote(ref.value[1:]))
