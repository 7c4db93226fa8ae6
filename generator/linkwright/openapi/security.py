"""Reading of security schemes, and of what requires them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from ..diagnostics import Fix
from ..source.document import Map
from ..source.text import SpecText, shown
from .credentials import expired_forms, signature_form, token_form
from .cursor import TOKEN, Cursor, Source, describe, join, plain
from .flows import flows_form
from .security_model import CredentialForm, SchemeKind, SecurityScheme

__all__ = ["SecurityReader"]

_SCOPE = re.compile(r"[!#-\[\]-~]+")
_KINDS: tuple[Literal["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"], ...] = (
    "apiKey",
    "http",
    "mutualTLS",
    "oauth2",
    "openIdConnect",
)


class SecurityReader:
    """Reads the schemes of a document once, and checks every requirement against them."""

    def __init__(self, source: Source, root: Cursor) -> None:
        self._source = source
        self._out = source.out
        self._declared: list[str] = []
        self.schemes = tuple(self._read(root))
        # With those that are refused, of which enough is said there.
        self._keys = frozenset(SpecText(key) for key in self._declared)
        self._scopes: dict[SpecText, dict[str, None]] = {}

    @property
    def scopes(self) -> dict[SpecText, tuple[SpecText, ...]]:
        """What the requirements that were read so far want of each scheme."""
        return {key: tuple(map(SpecText, names)) for key, names in self._scopes.items()}

    def _note_scopes(self, key: SpecText, listed: object) -> None:
        names = cast("list[object]", listed) if isinstance(listed, list) else []
        wanted = self._scopes.setdefault(key, {})
        # Whatever is no word of a scope (RFC 6749, 3.3) cannot be asked for.
        wanted.update((n, None) for n in names if isinstance(n, str) and _SCOPE.fullmatch(n))

    def required(self, cursor: Cursor) -> tuple[tuple[SpecText, ...], ...] | None:
        """The `security` of a document or operation; None where it says nothing."""
        if "security" not in cursor:
            return None
        alternatives: list[tuple[SpecText, ...]] = []
        for node, _ in cursor.items("security"):
            if not isinstance(node, Map):
                self._out.add(
                    "E202",
                    f"a security requirement is a mapping, this is {describe(node)}",
                    node.span,
                )
                continue
            keys = tuple(SpecText(key) for key in node.entries)
            for key in keys:
                if key not in self._keys:
                    self._out.add(
                        "E207",
                        f"there is no security scheme {key.shown!r}",
                        node.keys[key.raw],
                        help="security schemes stand in components.securitySchemes",
                        fix=_declared(key.raw),
                    )
                self._note_scopes(key, plain(node.entries[key.raw]))
            alternatives.append(keys)
        return tuple(alternatives)

    def _read(self, root: Cursor) -> Iterator[SecurityScheme]:
        if "components" not in root:
            return
        node = root.node.entries["components"]
        components = self._source.cursor(node, join(root.pointer, "components"), "components")
        components.account()
        for key, _, node, at in components.members("securitySchemes"):
            self._declared.append(key)
            cursor = self._source.follow(node, at, "security scheme")
            cursor.account()
            scheme = self._scheme(SpecText(key), cursor)
            if scheme is not None:
                yield scheme

    def _scheme(self, key: SpecText, cursor: Cursor) -> SecurityScheme | None:
        cursor.need("type")
        kind = cursor.choice("type", _KINDS)
        place: Literal["header", "query", "cookie"] | None = None
        wire: SpecText | None = None
        resolved: SchemeKind
        match kind:
            case None:
                return None
            case "apiKey":
                cursor.need("in")
                place = cursor.choice("in", ("header", "query", "cookie"))
                wire = cursor.need_text("name")
                if not TOKEN.fullmatch(wire.raw):
                    self._out.add(
                        "E202", f"{wire.shown!r} cannot be the name of a credential", cursor.span
                    )
                if place is None:
                    return None
                resolved = "apiKey"
            case "http":
                cursor.need("scheme")
                scheme = (cursor.string("scheme") or "").lower()
                if scheme in ("bearer", "basic"):
                    resolved = "bearer" if scheme == "bearer" else "basic"
                else:
                    resolved, place, wire = "apiKey", "header", SpecText("Authorization")
                    self._out.add(
                        "W203",
                        f"http authentication {shown(scheme)!r} is not worked out: the credential "
                        "is sent as it is given, as the whole `Authorization` header",
                        cursor.span,
                    )
            case "mutualTLS":
                resolved = kind
                self._out.add(
                    "W203",
                    "a certificate belongs to the connection: give an `http_client` that has it",
                    cursor.span,
                )
            case "oauth2" | "openIdConnect":
                resolved = kind
        return SecurityScheme(
            span=cursor.span,
            key=key,
            kind=resolved,
            place=place,
            wire=wire,
            form=self._credential_form(cursor),
            token=token_form(self._source, cursor, resolved),
            expired=expired_forms(self._source, cursor, resolved),
            signature=signature_form(self._source, cursor, resolved, place),
            flows=flows_form(self._source, cursor, resolved),
            description=cursor.text("description"),
            name=cursor.text("x-linkwright-name"),
        )

    def _credential_form(self, cursor: Cursor) -> CredentialForm | None:
        node = cursor.node.entries.get("x-linkwright-credential")
        if node is None:
            return None
        form = self._source.cursor(
            node, join(cursor.pointer, "x-linkwright-credential"), "credential form"
        )
        form.account()
        encoding = form.choice("encoding", ("base64", "none"))
        return CredentialForm(form.text("prefix") or SpecText(""), encoding == "base64")


def _declared(key: str) -> Fix:
    scheme = {"type": "http", "scheme": "bearer"}
    return Fix({"components": {"securitySchemes": {key: scheme}}}, target="$")
