"""Answers that are one document after another: JSON lines, JSON sequences, server-sent events.

Pure: bytes go in as they come, documents come out as soon as they are complete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from .bodies import Items
from .decode import Undecodable, decode
from .errors import BodyTooLarge, DecodeError
from .settle import Answer, result_type
from .values import Headers, Issue

if TYPE_CHECKING:
    from .call import Call

__all__ = ["Framing", "ItemReader", "TooLong", "items_of"]

#: How server-sent events end their lines, also where one `\r\n` comes in two pieces.
_ENDS: Final = re.compile(rb"\r\n|\n|\r")
#: Fields of an event besides its data, and what may stand in them.
_FIELDS: Final = {
    "event": re.compile(r".*", re.S),
    "id": re.compile(r"[^\0]*"),
    "retry": re.compile(r"[0-9]{1,15}"),
}
_NEVER: Final = re.compile(r"(?!)")
_BOM: Final = b"\xef\xbb\xbf"


class TooLong(ValueError):
    """A document that is larger than the limit, or does not end within it."""


class Framing:
    """Cuts a stream into documents, each as JSON.

    Args:
        items: How they follow each other.
        longest: Bytes that a document may have before `TooLong` is raised.
    """

    def __init__(self, items: Items, longest: int) -> None:
        self._form = items.form
        self._longest = longest
        self._held = bytearray()
        self._begun = False
        self._half = False
        self._event: dict[str, str] = {}
        self._data: list[str] = []
        self._size = 0

    def feed(self, chunk: bytes, *, last: bool = False) -> Iterator[bytes]:
        """Give the documents that are complete now.

        Args:
            chunk: What came.
            last: Whether nothing follows; what has begun is then all there is of it.
        """
        ends = {"lines": b"\n", "sequence": b"\x1e"}.get(self._form)
        # What has been looked at is not looked at again until something can have ended.
        ended = (
            last or self._half or any(end in chunk for end in ([ends] if ends else (b"\r", b"\n")))
        )
        self._held += chunk
        if ended:
            held, self._held = bytes(self._held), bytearray()
            cut = self._events(held, last) if ends is None else self._documents(held, ends, last)
            for document in cut:
                if len(document) > self._longest:
                    raise TooLong
                yield document
        if len(self._held) + self._size > self._longest:
            raise TooLong

    def _documents(self, held: bytes, end: bytes, last: bool) -> Iterator[bytes]:
        *complete, rest = held.split(end)
        if last:
            complete.append(rest)
        else:
            self._held += rest
        for one in complete:
            if document := one.strip(b" \t\r\n"):
                yield document

    def _events(self, held: bytes, last: bool) -> Iterator[bytes]:
        start = 0
        self._half = False
        for end in _ENDS.finditer(held):
            if end[0] == b"\r" and end.end() == len(held) and not last:
                self._half = True  # perhaps: its other half may come
                break
            line = held[start : end.start()]
            yield from self._line(line if self._begun else line.removeprefix(_BOM))
            self._begun = True
            start = end.end()
        # An event without the empty line behind it is incomplete, and is none.
        self._held += b"" if last else held[start:]

    def _line(self, line: bytes) -> Iterator[bytes]:
        if not line:
            event, data = self._event, self._data
            self._event, self._data, self._size = {}, [], 0
            if data:
                event["data"] = "\n".join(data)
                yield _written(event, as_json=self._form == "json events")
            return
        name, _, text = line.decode("utf-8", "replace").partition(":")
        text = text.removeprefix(" ")
        self._size += len(line)
        if name == "data":
            self._data.append(text)
        elif _FIELDS.get(name, _NEVER).fullmatch(text):
            self._event[name] = text


def _written(event: dict[str, str], *, as_json: bool) -> bytes:
    """Write an event as the object that its documentation describes."""
    parts = {name: json.dumps(text) for name, text in event.items() if name != "retry"}
    if "retry" in event:
        parts["retry"] = event["retry"].lstrip("0") or "0"
    if as_json and _is_json(event["data"]):
        # As it came: numbers may have more digits than any number of Python keeps.
        parts["data"] = event["data"]
    return ("{" + ",".join(f'"{name}":{text}' for name, text in parts.items()) + "}").encode()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def items_of(items: Items, content: bytes, *, strict: bool) -> tuple[list[Any], tuple[Issue, ...]]:
    """Decode a whole stream. Gives its items, and what in them is not as documented.

    Raises:
        Undecodable: As `decode`, for the first item that is none.
    """
    found: list[Any] = []
    issues: list[Issue] = []
    for document in Framing(items, len(content) + 1).feed(content, last=True):
        value, notes = decode(items.source, document, strict=strict)
        issues += (Issue((len(found), *note.path), note.kind) for note in notes)
        found.append(value)
    return found, tuple(issues)


class ItemReader:
    """Reads the items of an answer as its bytes come.

    Args:
        call: What was called.
        status: Of its answer.
        headers: Likewise.

    Raises:
        TypeError: The answer is not documented as a stream of documents.
    """

    def __init__(self, call: Call[Any], status: int, headers: Headers) -> None:
        accept = None if headers.get("content-type") else call.accept
        source = result_type(call.operation, Answer(status, headers, b""), accept)
        if not isinstance(source, Items):
            raise TypeError("iter_items() needs an answer that is documented item by item")
        self._source = source.source
        self._framing = Framing(source, call.max_body)
        self._call = call
        self._status = status
        self._headers = headers

    def read(self, chunk: bytes, *, last: bool = False) -> Iterator[Any]:
        """Give the items that are complete now; as `Framing.feed`.

        Raises:
            DecodeError: One of them is no JSON, or not even of the documented kind.
            BodyTooLarge: One is larger than the answers the client takes.
        """
        strict = self._call.strict
        failure: type[DecodeError | BodyTooLarge] = DecodeError
        try:
            for document in self._framing.feed(chunk, last=last):
                yield decode(self._source, document, strict=strict)[0]
            return
        except Undecodable as error:
            problem = f"does not match the specification: {error}"
        except TooLong:
            failure, problem = (
                BodyTooLarge,
                f"a document is larger than {self._call.max_body} bytes",
            )
        # Raised out here so that no context hangs on to what came.
        raise failure(
            problem,
            provider=self._call.provider.name,
            operation=self._call.operation.id,
            status=self._status,
            headers=self._headers,
        )
