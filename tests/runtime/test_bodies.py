"""Bodies of every kind, sent to a server on loopback and taken apart by somebody else's parsers."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import resource
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from package._runtime.aio import AsyncClient
from package._runtime.client import Client
from package._runtime.errors import ApiError, RequestError, TransportError
from package._runtime.operation import (
    UNTYPED,
    Operation,
    Part,
    Provider,
    RequestOptions,
    Signature,
)
from package._runtime.prepare import prepare
from package._runtime.values import UNSET

from .toyapi import errors
from .uploads import Upload, Uploads, parts_of, uploads

SECRET = "s3cr3t-value"
PROVIDER = Provider(
    name="toy",
    title="Toy",
    base_url="https://toy.example",
    credentials={
        "signed": Signature(
            "signer", "Signature", expires_header="Expires-at", lifetime=60, text="{body}"
        )
    },
    error=errors.ToyError,
    errors={},
)


def operation(body: str, **given: Any) -> Operation[Any]:
    return Operation(
        id="send",
        name="letters.send",
        method=given.pop("method", "POST"),
        path="/letters",
        body=body,
        results={"2XX": UNTYPED},
        retry=given.pop("retry", "never"),
        **given,
    )


MULTIPART = operation(
    "multipart/form-data",
    parts=(
        Part("scan", file=True, media_type="image/png"),
        Part("pages", file=True),
        Part("note", media_type="text/markdown"),
        Part("tags", media_type="application/json"),
    ),
)
BINARY = operation("application/pdf")


@pytest.fixture
def provider() -> Iterator[Uploads]:
    with uploads() as state:
        yield state


Send = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest, provider: Uploads) -> Send:
    """Call an operation with one of the clients."""

    def sync(operation: Operation[Any], body: object, **given: Any) -> Any:
        with _client(provider) as client:
            return client.send(operation, {}, body=body, **given)

    def aio(operation: Operation[Any], body: object, **given: Any) -> Any:
        async def call() -> Any:
            async with AsyncClient(
                PROVIDER, credentials={"signed": _sign}, base_url=provider.url
            ) as client:
                return await client.send(operation, {}, body=body, **given)

        return asyncio.run(call())

    return sync if request.param == "sync" else aio


def _client(provider: Uploads) -> Client:
    return Client(PROVIDER, credentials={"signed": _sign}, base_url=provider.url)


def _sign(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def _disposition(upload: Upload) -> list[tuple[str, str | None, str, bytes]]:
    """Name, file name, media type and content of each part."""
    return [
        (
            str(part.get_param("name", header="content-disposition")),
            part.get_filename(),
            part.get_content_type(),
            part.get_payload(decode=True),  # type: ignore[misc]  # bytes, as it is no multipart
        )
        for part in parts_of(upload)
    ]


class Unrewindable(io.RawIOBase):
    """A pipe: it can be read once, and nobody knows how much is in it."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._rest.readinto(buffer)


def test_multipart(send: Send, provider: Uploads, tmp_path: Path) -> None:
    path = tmp_path / 'sc"an.png'
    path.write_bytes(b"\x89PNG\r\n--\r\n" * 1000)
    with path.open("rb") as file:
        send(
            MULTIPART,
            {
                "scan": file,
                "pages": [b"one", ("two.jpg", io.BytesIO(b"two"), "image/jpeg", {"X-Page": "2"})],
                "note": "né",
                "tags": ["a", "b"],
                "plain": ["x", 7, True],
                "object": {"city": "Köln"},
                "left_out": UNSET,
            },
        )
    (upload,) = provider.received
    assert _disposition(upload) == [
        ("scan", "sc%22an.png", "image/png", path.read_bytes()),
        ("pages", "pages", "application/octet-stream", b"one"),
        ("pages", "two.jpg", "image/jpeg", b"two"),
        ("note", None, "text/markdown", "né".encode()),
        ("tags", None, "application/json", b'["a","b"]'),
        ("plain", None, "text/plain", b"x"),
        ("plain", None, "text/plain", b"7"),
        ("plain", None, "text/plain", b"true"),
        ("object", None, "application/json", '{"city":"Köln"}'.encode()),
    ]
    assert parts_of(upload)[2]["x-page"] == "2"
    assert int(upload.headers["content-length"]) == upload.size


@given(
    name=st.text(min_size=1, max_size=20),
    content=st.binary(max_size=50),
    filename=st.text(max_size=20),
)
def test_no_name_and_no_content_ends_its_part(name: str, content: bytes, filename: str) -> None:
    try:
        made = prepare(PROVIDER, MULTIPART, "https://x", {}, {}, body={name: (filename, content)})
    except RequestError:
        return
    assert isinstance(made.content, bytes)
    boundary = dict(made.headers)["Content-Type"].partition("boundary=")[2].encode()
    first, _, rest = made.content.partition(b"\r\n\r\n")
    assert first.count(b"\r\n") == 2, "three lines: boundary, disposition and type"
    assert rest == content + b"\r\n--" + boundary + b"--\r\n"


@pytest.mark.parametrize(
    "body",
    [
        {"scan": 7},
        {"scan": None},
        {"scan": ("a.png", b"", "image/png\r\nX: y")},
        {"scan": ("a.png", b"", "image/png", {"X\r\nY": "1"})},
        {"scan": ("a.png", b"", "image/png", {"X": f"{SECRET}\r\n"})},
        {"scan": ("a\0.png", b"")},
        {"scan": ("a.png",)},
        {"scan": io.StringIO(SECRET)},
        {"\ud800": b""},
        [b""],
        b"",
    ],
)
def test_multipart_that_cannot_be_sent(send: Send, provider: Uploads, body: object) -> None:
    with pytest.raises(RequestError, match="`body`") as caught:
        send(MULTIPART, body)
    assert SECRET not in str(caught.value)
    assert not provider.received


def _split(content: bytes) -> list[bytes]:
    return [content[:2], content[2:]]


BYTES_AS: list[tuple[Callable[[bytes], object], str | None]] = [
    (bytes, "5"),
    (bytearray, "5"),
    (memoryview, "5"),
    (io.BytesIO, "5"),
    (_split, None),
    (Unrewindable, None),
]


@pytest.mark.parametrize(("make", "length"), BYTES_AS)
def test_bytes(
    send: Send, provider: Uploads, make: Callable[[bytes], object], length: str | None
) -> None:
    send(BINARY, make(b"bytes"))
    (upload,) = provider.received
    assert upload.body == b"bytes"
    assert upload.headers["content-type"] == "application/pdf"
    assert upload.headers.get("content-length") == length
    assert upload.headers.get("transfer-encoding") == (None if length else "chunked")


def test_a_file_is_sent_from_where_it_stands(send: Send, provider: Uploads) -> None:
    file = io.BytesIO(b"header,rest")
    file.seek(7)
    send(BINARY, file)
    assert provider.received[0].body == b"rest"


def test_generators(provider: Uploads) -> None:
    async def produced() -> AsyncIterator[bytes]:
        yield b"by"
        yield b"tes"

    async def call() -> None:
        async with AsyncClient(PROVIDER, credentials={}, base_url=provider.url) as client:
            await client.send(BINARY, {}, body=produced())

    asyncio.run(call())
    with _client(provider) as client:
        client.send(BINARY, {}, body=(block for block in (b"by", b"tes")))
        with pytest.raises(RequestError, match="asynchronous client"):
            client.send(BINARY, {}, body=produced())
    assert [upload.body for upload in provider.received] == [b"bytes", b"bytes"]


@pytest.mark.parametrize("status", [0, 503])
@pytest.mark.parametrize("kind", ["bytes", "file", "multipart", "list"])
def test_what_can_be_rewound_is_repeated(
    send: Send, provider: Uploads, kind: str, status: int
) -> None:
    put = operation(
        "multipart/form-data" if kind == "multipart" else "application/pdf",
        method="PUT",
        retry="idempotent",
    )
    content: Mapping[str, object] = {
        "bytes": b"bytes",
        "file": io.BytesIO(b"bytes"),
        "multipart": {"a": io.BytesIO(b"bytes")},
        "list": [b"by", b"tes"],
    }
    provider.status, provider.failures = status, 1
    send(put, content[kind], options={"timeout": 20})
    assert len(provider.received) == 2
    assert len({upload.size for upload in provider.received}) == 1
    assert all(b"bytes" in upload.body for upload in provider.received)


@pytest.mark.parametrize("status", [0, 503])
def test_what_cannot_be_rewound_is_sent_once(send: Send, provider: Uploads, status: int) -> None:
    put = operation("application/pdf", method="PUT", retry="idempotent")
    provider.status, provider.failures = status, 1
    with pytest.raises(ApiError):
        send(put, Unrewindable(b"bytes"))
    assert len(provider.received) == 1


def test_what_cannot_be_rewound_is_tried_again_while_it_was_not_begun(send: Send) -> None:
    put = operation("application/pdf", method="PUT", retry="idempotent")
    body = Unrewindable(b"bytes")
    with pytest.raises(TransportError):
        send(put, body, options={"timeout": 3}, url="http://127.0.0.1:9/")
    assert body.read() == b"bytes"


def test_signatures_see_bytes_or_refuse(send: Send, provider: Uploads) -> None:
    signed = operation("application/pdf", security=(("signed",),))
    with pytest.raises(RequestError, match="`body` must be bytes here"):
        send(signed, io.BytesIO(b"bytes"))
    assert not provider.received
    send(signed, b"bytes")
    assert provider.received[0].headers["signature"]
    form = operation("multipart/form-data", security=(("signed",),))
    send(form, {"a": b"bytes"})
    assert provider.received[1].headers["signature"]


def test_a_body_that_breaks_while_it_is_read(send: Send, provider: Uploads) -> None:
    def broken() -> Iterator[bytes]:
        yield b"begun"
        raise ValueError(SECRET)

    with pytest.raises(RequestError, match=r"`body` could not be read \(ValueError\)") as caught:
        send(BINARY, broken())
    assert caught.value.__context__ is None
    with pytest.raises(RequestError, match="`body` gave something else than bytes"):
        send(BINARY, iter(["text"]))
    assert not provider.received


class Large(io.RawIOBase):
    """A file that nobody has on disk."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        length = min(len(buffer), self._size - self._at)
        self._at += length
        return length


def test_a_large_file_does_not_fill_the_memory(send: Send, provider: Uploads) -> None:
    size = 200_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    send(MULTIPART, {"scan": ("large.png", Large(size))}, options={"timeout": 60})
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    (upload,) = provider.received
    assert size < upload.size < size + 1000
    assert int(upload.headers["content-length"]) == upload.size
    assert grown * 1024 < size / 5


def test_forms(send: Send, provider: Uploads) -> None:
    form = operation(
        "application/x-www-form-urlencoded",
        parts=(
            Part("address", style="deepObject", explode=True),
            Part("expand", style="form", explode=False),
            Part("link", reserved=True),
            Part("tags", media_type="application/json"),
        ),
    )
    send(
        form,
        {
            "name": "a b&c",
            "address": {"city": "Köln", "lines": ["1", "2"]},
            "expand": ["a", "b,c"],
            "link": "https://x/?y=1&z#f",
            "tags": ["a"],
            "plain": ["x", True],
            "object": {"a": 1},
        },
    )
    (upload,) = provider.received
    text = upload.body.decode()
    assert "link=https://x/?y=1%26z%23f" in text
    assert "expand=a,b%2Cc" in text
    assert parse_qs(text, strict_parsing=True) == {
        "name": ["a b&c"],
        "address[city]": ["Köln"],
        "address[lines][0]": ["1"],
        "address[lines][1]": ["2"],
        "expand": ["a,b,c"],
        "link": ["https://x/?y=1&z#f"],
        "tags": ['["a"]'],
        "plain": ["x", "true"],
        "object": ['{"a":1}'],
    }


def test_text(send: Send, provider: Uploads) -> None:
    send(operation("text/plain"), "né")
    send(operation("text/plain; charset=iso-8859-1"), "né")
    send(operation("application/xml"), b"<a/>")
    assert [upload.body for upload in provider.received] == ["né".encode(), b"n\xe9", b"<a/>"]
    with pytest.raises(RequestError, match="`body` holds text that its charset cannot write"):
        send(operation("text/plain; charset=ascii"), "né")


def test_the_caller_chooses_among_what_is_documented(send: Send, provider: Uploads) -> None:
    several = operation("application/json", bodies=("text/csv", "image/*"))
    send(several, {"a": 1})
    send(several, "a,b", content_type="text/csv")
    send(several, b"png", content_type="image/png")
    assert [(u.headers["content-type"], u.body) for u in provider.received] == [
        ("application/json", json.dumps({"a": 1}, separators=(",", ":")).encode()),
        ("text/csv", b"a,b"),
        ("image/png", b"png"),
    ]
    for wrong in ("text/html", "image/*", "image/png\r\nX: y", "image/", ""):
        with pytest.raises(RequestError, match="`content_type` must be one of"):
            send(several, b"png", content_type=wrong)


def test_options_still_replace_the_content_type(send: Send, provider: Uploads) -> None:
    options: RequestOptions = {"headers": {"Content-Type": "application/x-other"}}
    send(BINARY, b"x", options=options)
    assert provider.received[0].headers["content-type"] == "application/x-other"
