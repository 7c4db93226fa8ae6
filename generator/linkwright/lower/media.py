"""Bodies and answers: which of their media types are expressed, and as what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from ..diagnostics import Collector
from ..ir.api import Body, Content, Encoding, Header, Media, Outcome, Style
from ..ir.types import (
    Anything,
    Enumeration,
    ListOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Struct,
    Type,
    Wish,
    is_file,
)
from ..openapi import model
from ..source.text import SpecText
from .schemas import TypeTable
from .streams import STREAMS, carries_json

__all__ = ["MediaLowering", "accept", "essence", "is_json"]

_BYTES = Scalar(ScalarKind.BYTES)
_TEXT = Scalar(ScalarKind.STRING)
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_JSON = SpecText("application/json")
_ANY = ("*/*", "application/*")
#: Statuses whose answers have no body, by HTTP.
_BODILESS = ("204", "205")
#: Which form is the default where several are described.
_SENT_FIRST: tuple[Content, ...] = ("json", "form", "multipart", "text", "binary")


def essence(media_type: SpecText) -> str:
    """A media type without its parameters."""
    return media_type.raw.partition(";")[0].strip().lower()


def is_json(name: str) -> bool:
    """Whether a media type, without parameters, is JSON."""
    return name in ("application/json", "text/json") or (
        name.endswith("+json") and name not in STREAMS
    )


class MediaLowering:
    """Lowers the bodies and answers of a document."""

    def __init__(self, types: TypeTable, out: Collector) -> None:
        self._types = types
        self._out = out

    def body(self, body: model.RequestBody, wish: Wish) -> Body | None:
        """What is sent, with one entry for each form that says something of its own."""
        forms = [
            (media, self._sent(media, wish.inside("Request"), len(body.content)))
            for media in body.content
        ]
        forms = self._sendable(forms)
        if not forms:
            return None
        files = any(
            form.content == "multipart" and self._holds_file(form.type) for _, form in forms
        )
        ranked = sorted(forms, key=lambda pair: _rank(pair[1], files))
        chosen: list[Media] = []
        for media, form in ranked:
            rival = next((one for one in chosen if _same(one, form)), None)
            if rival is None and (not chosen or not _is_xml(form.media_type)):
                chosen.append(form)
                continue
            if rival is not None and rival.media_type == form.media_type:
                continue  # a range that is sent as the very same
            self._out.add(
                "W204",
                f"bodies are sent as {chosen[0].media_type.shown}; "
                f"{media.media_type.shown} is not used",
                media.span,
            )
        return Body(tuple(chosen), body.required, body.description, body.span)

    def outcomes(
        self, operation: model.Operation, wish: Wish
    ) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...]]:
        """The answers that are hoped for, and the others."""
        successes: list[Outcome] = []
        failures: list[Outcome] = []
        documented = [r.status for r in operation.responses]
        several = sum(1 for s in documented if _succeeds(s, documented, operation.browser)) > 1
        for response in operation.responses:
            success = _succeeds(response.status, documented, operation.browser)
            part = ("Response" if success else "Error") + (
                response.status if several or not success else ""
            )
            outcome = Outcome(
                response.status,
                tuple(self._received(operation, response, wish.inside(part), success)),
                tuple(Header(h.wire, h.description, h.listed) for h in response.headers),
                response.description,
                response.span,
            )
            (successes if success else failures).append(outcome)
        if not successes and not operation.browser:
            self._out.add(
                "W203",
                "no successful answer is documented; what comes is given untyped",
                operation.span,
            )
            any_ = Media(SpecText("*/*"), "any", Anything())
            successes.append(Outcome("2XX", (any_,), (), None, operation.span))
        return tuple(successes), tuple(failures)

    def only_pages(self, outcome: Outcome) -> Outcome:
        """An answer that is a page, without the forms in which it is none."""
        for media in outcome.media[1:]:
            self._out.add(
                "W204",
                f"pages are asked for as {outcome.media[0].media_type.shown}; "
                f"{media.media_type.shown} is not read",
                outcome.span,
            )
        return replace(outcome, media=outcome.media[:1])

    def _sent(self, media: model.MediaType, wish: Wish, several: int) -> Media:
        """One form of a request body."""
        name = essence(media.media_type)
        if media.item_schema is not None:
            self._out.add("W204", "itemSchema: what is sent is given as bytes", media.span)
        wish = _told_apart(wish, name, several)
        if name == _FORM:
            return self._fields(media, "form", wish)
        if name == _MULTIPART:
            return self._fields(media, "multipart", wish)
        content, type_ = self._content(media, wish, sending=True)
        media_type = _JSON if content in ("json", "any") and "*" in name else media.media_type
        if content == "any":
            return Media(_JSON, "json", type_)
        return Media(media_type, content, type_)

    def _fields(self, media: model.MediaType, content: Content, wish: Wish) -> Media:
        """A form or a multipart body: an object, whose properties are its fields."""
        type_ = (
            self._types.type_of(media.schema, wish, sending=True) if media.schema else Anything()
        )
        bare = type_.inner if isinstance(type_, Nullable) else type_
        return Media(media.media_type, content, type_, tuple(self._encodings(media, content, bare)))

    def _sendable(
        self, forms: list[tuple[model.MediaType, Media]]
    ) -> list[tuple[model.MediaType, Media]]:
        """Without the forms whose fields nothing describes; others may say the same (E205 if not)."""
        left = [(media, form) for media, form in forms if not self._has_no_fields(form)]
        for media, form in forms:
            if self._has_no_fields(form):
                self._out.add(
                    "W204" if left else "E205",
                    f"a body of {media.media_type.shown} that is no object has no fields to send"
                    + ("; it is not used" if left else ""),
                    media.span,
                    help=None if left else "schema: {type: object, properties: {...}}",
                )
        return left

    def _has_no_fields(self, form: Media) -> bool:
        bare = form.type.inner if isinstance(form.type, Nullable) else form.type
        return form.content in ("form", "multipart") and (
            isinstance(bare, (Scalar, ListOf)) or self._is_enumeration(bare)
        )

    def _encodings(
        self, media: model.MediaType, content: Content, type_: Type
    ) -> Iterator[Encoding]:
        struct = self._types.declarations[type_.key] if isinstance(type_, Named) else None
        fields = struct.fields if isinstance(struct, Struct) else ()
        files = {f.wire: None for f in fields if content == "multipart" and is_file(f.type)}
        described = {one.wire for one in media.encoding}
        for wire in (wire for wire in files if wire not in described):
            yield Encoding(wire, True, None, None, None, False)
        for one in media.encoding:
            if one.headers and content == "multipart":
                self._out.add(
                    "W203",
                    "headers of a part are given with its content: (name, content, type, headers)",
                    one.span,
                )
            wanted = one.content_type
            if wanted is not None and ("," in wanted.raw or "*" in wanted.raw):
                # A choice, which the caller makes.
                wanted = None
            style = cast("Style | None", one.style)
            file = one.wire in files
            yield Encoding(one.wire, file, wanted, style, one.explode, one.reserved)

    def _received(
        self, operation: model.Operation, response: model.Response, wish: Wish, success: bool
    ) -> list[Media]:
        """The forms of an answer: the one that is asked for, and what may be asked for instead."""
        bodiless = operation.method == "HEAD" or response.status in _BODILESS
        if success and bodiless and response.content:
            # By HTTP; a client that waited for the documented one would always fail.
            what = "to HEAD" if operation.method == "HEAD" else f"with status {response.status}"
            self._out.add(
                "W204",
                f"an answer {what} has no body; the one that is documented is not read",
                response.span,
            )
            return []
        forms: list[tuple[model.MediaType, Media]] = []
        for media in response.content:
            name = essence(media.media_type)
            told = _told_apart(wish, name, len(response.content), _first_json(response))
            if success and media.item_schema is not None and name in STREAMS:
                forms.append((media, self._stream(media, media.item_schema, told)))
                continue
            content, type_ = self._content(media, told)
            forms.append((media, Media(media.media_type, content, type_)))
        ranked = sorted(forms, key=lambda pair: _preference(pair[1]))
        chosen: list[Media] = []
        for media, form in ranked:
            if any(_same(one, form) for one in chosen):
                continue  # whichever of them comes, the value is the same
            if chosen and (not success or _is_xml(form.media_type) or "*" in form.media_type.raw):
                self._out.add(
                    "W204",
                    f"answers are asked for as {chosen[0].media_type.shown}; "
                    f"{media.media_type.shown} is not read",
                    media.span,
                )
                continue
            self._say_what_is_lost(media, form)
            chosen.append(form)
        return chosen

    def _stream(self, media: model.MediaType, item: model.Schema, wish: Wish) -> Media:
        """An answer that is one document after another."""
        framing = STREAMS[essence(media.media_type)]
        events = framing == "events"
        type_ = self._types.type_of(item, wish.inside("Item"), opened=events)
        if events and carries_json(item, self._types.schemas):
            framing = "json events"
        return Media(media.media_type, "stream", ListOf(type_), framing=framing)

    def _say_what_is_lost(self, media: model.MediaType, form: Media) -> None:
        name = essence(media.media_type)
        if form.content == "stream":
            return
        if media.item_schema is not None:
            self._out.add(
                "W204",
                f"itemSchema: {media.media_type.shown} is not read item by item here",
                media.span,
            )
        if name in STREAMS:
            self._out.add(
                "W203",
                "the parts of this stream are not typed; `client.stream` gives them as they come",
                media.span,
            )
        elif _is_xml(media.media_type) and media.schema is not None:
            self._out.add("W203", "XML is given as text", media.span)
        elif name.startswith("multipart/"):
            self._out.add("W203", "an answer of several parts is given as bytes", media.span)

    def _content(
        self, media: model.MediaType, wish: Wish, *, sending: bool = False
    ) -> tuple[Content, Type]:
        """What a body that is neither form nor multipart is made of."""
        name = essence(media.media_type)
        schema = media.schema
        binary = schema is not None and self._types.is_binary(schema)
        if name in STREAMS or (binary and not name.startswith("text/")):
            return "binary", _BYTES
        if is_json(name):
            return "json", (
                self._types.type_of(schema, wish, sending=sending) if schema else Anything()
            )
        if name in _ANY:
            if schema is None:
                return "any", Anything()
            return "json", self._types.type_of(schema, wish, sending=sending)
        if _is_xml(media.media_type):
            return "text", _TEXT
        if name.startswith("text/"):
            type_ = self._types.type_of(schema, wish, sending=sending) if schema else _TEXT
            # Frameworks list text/plain for what they write as JSON.
            return ("text", _TEXT) if self._is_text(type_) else ("json", type_)
        return ("text", _TEXT) if name == _FORM else ("binary", _BYTES)

    def _is_text(self, type_: Type) -> bool:
        bare = type_.inner if isinstance(type_, Nullable) else type_
        if isinstance(bare, Scalar):
            return bare.kind not in (ScalarKind.INTEGER, ScalarKind.FLOAT, ScalarKind.BOOLEAN)
        return not isinstance(bare, (ListOf, Named)) or self._is_enumeration(bare)

    def _is_enumeration(self, type_: Type) -> bool:
        return isinstance(type_, Named) and isinstance(
            self._types.declarations[type_.key], Enumeration
        )

    def _holds_file(self, type_: Type) -> bool:
        match type_:
            case Scalar(ScalarKind.FILE):
                return True
            case Nullable(inner) | ListOf(inner):
                return self._holds_file(inner)
            case Named(key):
                found = self._types.declarations[key]
                return isinstance(found, Struct) and any(is_file(f.type) for f in found.fields)
            case _:
                return False


def _same(one: Media, other: Media) -> bool:
    """Whether two forms carry the same fields: only one of them is offered."""
    fields = ("json", "form", "multipart")
    return one.content in fields and other.content in fields and one.type == other.type


def accept(successes: Sequence[Outcome]) -> SpecText:
    """The `Accept` header: what is hoped for; where that is no JSON, errors may be anything."""
    hoped = [o.media[0] for o in successes if o.media]
    if not hoped:
        return _JSON
    names = list(dict.fromkeys(map(_asked, hoped)))
    if "*/*" not in names and not any(media.content == "json" for media in hoped):
        names.append("*/*;q=0.1")
    return SpecText(", ".join(names))


def _asked(media: Media) -> str:
    """A media type as a request names it: without charset, and exact where that is known."""
    if media.content == "json" and media.open:
        return _JSON.raw
    name, *parameters = (part.strip() for part in media.media_type.raw.split(";"))
    kept = [p for p in parameters if p and not p.lower().startswith("charset=")]
    return ";".join([name, *kept])


def _rank(form: Media, files: bool) -> tuple[bool, int]:
    order = _SENT_FIRST
    if files:
        # Only a multipart body can hold them.
        order = ("multipart", *(one for one in _SENT_FIRST if one != "multipart"))
    return _is_xml(form.media_type), order.index(form.content)


def _preference(form: Media) -> tuple[bool, bool, bool]:
    """JSON first, under its own name if there is one; otherwise in the order of the document."""
    json = form.content == "json"
    return not json, json and not is_json(essence(form.media_type)), _is_xml(form.media_type)


def _is_xml(media_type: SpecText) -> bool:
    name = essence(media_type)
    return name in ("application/xml", "text/xml") or name.endswith("+xml")


def _first_json(response: model.Response) -> str:
    names = [essence(media.media_type) for media in response.content]
    return next((name for name in names if is_json(name)), names[0])


def _told_apart(wish: Wish, name: str, several: int, plain: str = "application/json") -> Wish:
    """An inline schema beside others is named after its media type too, unless it is the usual."""
    if several == 1 or name == plain:
        return wish
    return wish.inside(name.partition("/")[2] or name)


def _succeeds(status: str, documented: Sequence[str], browser: bool) -> bool:
    """Whether a documented status is what the caller hopes for."""
    if status.startswith("2"):
        return True
    if status == "default":
        return not any(s.startswith("2") for s in documented)
    # A page for the browser answers with a redirect.
    return browser and status.startswith("3")
