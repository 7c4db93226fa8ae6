"""Bodies that are no JSON: forms, multipart, text and bytes. Imported with the first of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast
from urllib.parse import quote_plus

from .operation import Param
from .streams import Source, Stream, source
from .styles import query_pairs
from .wire import (
    CHARSET,
    HEADER_NAME,
    HEADER_VALUE,
    Unsendable,
    dumped,
    entries,
    is_list,
    json_bytes,
    scalar,
)

if TYPE_CHECKING:
    from .errors import RequestError
    from .operation import Operation, Part

__all__ = ["write"]

Kind: TypeAlias = Literal["form", "multipart", "text", "binary"]

# As browsers write names in `Content-Disposition`.
_ESCAPES: Final = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
_OCTETS: Final = "application/octet-stream"


def write(
    kind: Kind,
    operation: Operation[object],
    media_type: str,
    body: object,
    refuse: Callable[[str], RequestError],
) -> tuple[str, bytes | Stream]:
    """Write a body.

    Args:
        kind: What it is made of.
        operation: Describes its fields.
        media_type: Of the body.
        body: What the caller gave.
        refuse: Makes the error of a body that turns out to be unusable while it is sent.

    Returns:
        The `Content-Type` to send, and the content.

    Raises:
        Unsendable: It has no such form.
    """
    parts = {part.wire: part for part in operation.parts}
    match kind:
        case "form":
            return media_type, _form(body, parts)
        case "multipart":
            # Nobody can know it beforehand, so no content can end its part.
            boundary = os.urandom(16).hex()
            pieces = list(_joined(_multipart(body, parts, boundary)))
            essence = media_type.partition(";")[0].strip()
            return f"{essence}; boundary={boundary}", _content(pieces, refuse)
        case "text" if isinstance(body, str):
            return media_type, _encoded(body, media_type)
        case "text" if not _is_content(body):
            return media_type, json_bytes(body)
        case _:
            return media_type, _content([source(body)], refuse)


def _content(
    pieces: Sequence[bytes | Source], refuse: Callable[[str], RequestError]
) -> bytes | Stream:
    if len(pieces) == 1 and isinstance(pieces[0], bytes):
        return pieces[0]
    return Stream(pieces, refuse)


def _encoded(text: str, media_type: str) -> bytes:
    found = CHARSET.search(media_type)
    try:
        return text.encode(found[1] if found else "utf-8")
    except (LookupError, UnicodeError):
        raise Unsendable("holds text that its charset cannot write") from None


def _fields(body: object) -> list[tuple[str, object]]:
    given = dumped(body) if hasattr(body, "model_dump") else body
    if not isinstance(given, Mapping):
        raise Unsendable("must be a mapping")
    return entries(cast("Mapping[object, object]", given))


def _form(body: object, parts: Mapping[str, Part]) -> bytes:
    """Write a URL-encoded form; a list repeats its name, an object is JSON."""
    pairs: list[str] = []
    for name, value in _fields(body):
        part = parts.get(name)
        if part is not None and (part.style or part.explode is not None or part.reserved):
            how = Param(
                name, name, "query", style=part.style, explode=part.explode, reserved=part.reserved
            )
            pairs += query_pairs(how, value)
            continue
        whole = part is not None and _is_json(part.media_type)
        items = (value,) if whole or not is_list(value) else cast("Iterable[object]", value)
        key = quote_plus(scalar(name))
        pairs += (f"{key}={quote_plus(_text(item, whole))}" for item in items)
    return "&".join(pairs).encode()


def _text(value: object, whole: bool = False) -> str:
    return json_bytes(value).decode() if whole or _is_object(value) else scalar(value)


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping) or hasattr(value, "model_dump")


def _is_json(media_type: str | None) -> bool:
    essence = (media_type or "").partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def _multipart(body: object, parts: Mapping[str, Part], boundary: str) -> Iterator[bytes | Source]:
    for name, value in _fields(body):
        part = parts.get(name)
        whole = part is not None and _is_json(part.media_type)
        for item in (value,) if whole else _items(value):
            yield f"--{boundary}\r\n".encode()
            yield from _part(name, part, item, whole)
            yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _items(value: object) -> Iterable[object]:
    """The members of a list, each of which is a part; a tuple is one file, with its name."""
    if _is_file(value) or not is_list(value):
        return [value]
    return cast("Iterable[object]", value)


def _is_file(value: object) -> bool:
    return isinstance(value, tuple)


def _part(name: str, part: Part | None, value: object, whole: bool) -> Iterator[bytes | Source]:
    """One part: its headers, and its content."""
    media_type = part.media_type if part else None
    filename: str | None = None
    headers: Mapping[str, str] = {}
    if isinstance(value, tuple):
        filename, value, media_type, headers = _file(cast("tuple[object, ...]", value), media_type)
    content: bytes | Source
    if whole or _is_object(value) or is_list(value):
        media_type, content = media_type or "application/json", json_bytes(value)
    elif _is_content(value) or (part is not None and part.file and not isinstance(value, str)):
        content = source(value)
    else:
        content = scalar(value).encode()
    if filename is None and (not isinstance(content, bytes) or (part is not None and part.file)):
        filename = _name_of(value) or name
    if filename is not None and media_type is None:
        media_type = _OCTETS
    yield _head(name, filename, media_type, headers)
    yield content


def _is_content(value: object) -> bool:
    return isinstance(value, (bytes, bytearray, memoryview)) or callable(
        getattr(value, "read", None)
    )


def _file(
    given: tuple[object, ...], usual: str | None
) -> tuple[str, object, str | None, Mapping[str, str]]:
    if not 2 <= len(given) <= 4:
        raise Unsendable("holds a file that is not (name, content, media type, headers)")
    name, content = given[:2]
    media_type = given[2] if len(given) > 2 else usual
    headers: object = given[3] if len(given) > 3 else {}
    named = isinstance(name, str) and (media_type is None or isinstance(media_type, str))
    if not named or not isinstance(headers, Mapping):
        raise Unsendable("holds a file that is not (name, content, media type, headers)")
    found = entries(cast("Mapping[object, object]", headers))
    written = {key: scalar(item) for key, item in found}
    return str(name), content, cast("str | None", media_type), written


def _name_of(value: object) -> str | None:
    """The name of an open file, without its folder, which is nobody else's business."""
    name = getattr(value, "name", None)
    return PurePath(name).name or None if isinstance(name, str) else None


def _head(
    name: str, filename: str | None, media_type: str | None, headers: Mapping[str, str]
) -> bytes:
    lines = [f'Content-Disposition: form-data; name="{scalar(name).translate(_ESCAPES)}"']
    if filename is not None:
        lines[0] += f'; filename="{scalar(filename).translate(_ESCAPES)}"'
    given = {"Content-Type": media_type} if media_type else {}
    for key, value in (*given.items(), *headers.items()):
        if not HEADER_NAME.fullmatch(key) or not HEADER_VALUE.fullmatch(value):
            raise Unsendable("holds a part with a header that cannot be sent")
        lines.append(f"{key}: {value}")
    return "\r\n".join([*lines, "", ""]).encode()


def _joined(pieces: Iterable[bytes | Source]) -> Iterator[bytes | Source]:
    """Join what lies next to each other and is bytes already."""
    held: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            held.append(piece)
            continue
        yield b"".join(held)
        held.clear()
        yield piece
    yield b"".join(held)
