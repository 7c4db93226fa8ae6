"""A second look at the wire: framing, compression and streams that lie, ended in time and unharmed."""

from __future__ import annotations

import gzip
import pickle
import socket
import zlib
from typing import Final

import pytest

from package._runtime import errors

from ..runtime.toyapi.models import Connection
from .conftest import SECRET, Get
from .server import FOUND, Fault, Peer, answer, faulty
from .test_faults import LOST, WRONG, sends, shown

CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ZIPPED: Final = gzip.compress(FOUND)
_packed: Final = zlib.compressobj(9, zlib.DEFLATED, 31)
#: A hundred megabytes, packed once, twice and three times.
BOMB: Final = b"".join(_packed.compress(b" " * 1_000_000) for _ in range(100)) + _packed.flush()
BOMB_2: Final = gzip.compress(BOMB, 9)
BOMB_3: Final = gzip.compress(BOMB_2)


def head(*lines: str, status: str = "HTTP/1.1 200 OK", body: bytes = FOUND) -> Fault:
    """Answer with a status line and headers as they are given, and a body without length."""
    return sends("\r\n".join([status, *lines, "", ""]).encode("latin-1") + body)


def packed(encoding: str, body: bytes) -> Fault:
    return sends(answer(body, f"Content-Encoding: {encoding}"))


def endless(start: bytes, piece: bytes) -> Fault:
    def fault(peer: Peer) -> None:
        peer.request()
        peer.send(start)
        while True:
            peer.send(piece)

    return fault


def half_closed(peer: Peer) -> None:
    peer.request()
    peer.send(answer())
    peer.sock.shutdown(socket.SHUT_WR)
    peer.wait(1)


def before_the_request(peer: Peer) -> None:
    peer.send(answer())
    peer.request()


FAULTS: Final[dict[str, tuple[Fault, type[errors.ApiError] | None]]] = {
    "no reason": (head(status="HTTP/1.1 200"), None),
    "two spaces": (head(status="HTTP/1.1  200 OK"), LOST),
    "status in other digits": (head(status="HTTP/1.1 \xb2\xb0\xb0 OK"), LOST),
    "negative status": (head(status="HTTP/1.1 -200 OK"), LOST),
    "status 600": (head(status="HTTP/1.1 600 ?"), errors.ResponseError),
    "megabyte of reason": (head(status="HTTP/1.1 200 " + "x" * 1_000_000), LOST),
    "NULs first": (sends(b"\0" * 50 + answer()), LOST),
    "ten thousand headers": (head(*(f"X-{n}: y" for n in range(10_000))), None),
    "header with an empty name": (head(": y"), LOST),
    "header with a space": (head("X A: y"), LOST),
    "folded header": (head("X-A: y", " z"), None),
    "length with a sign": (head("Content-Length: +26"), LOST),
    "length of 400 digits": (head("Content-Length: " + "9" * 400), LOST),
    "length too short": (sends(answer(FOUND, length=9)), WRONG),
    "length and chunks": (
        head(
            "Content-Length: 3", "Transfer-Encoding: chunked", body=b"1a\r\n" + FOUND + b"\r\n0\r\n"
        ),
        LOST,
    ),
    "unknown transfer encoding": (head("Transfer-Encoding: gzip, chunked"), LOST),
    "chunk of negative size": (sends(CHUNKED + b"-5\r\nabcde\r\n"), LOST),
    "chunk of a thousand digits": (sends(CHUNKED + b"f" * 1000 + b"\r\n"), LOST),
    "chunk with a long extension": (sends(CHUNKED + b"1;" + b"a" * 1_000_000), LOST),
    "bad trailer": (sends(CHUNKED + b"0\r\nrubbish\r\n\r\n"), LOST),
    "endless 100": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), errors.TimedOut),
    "endless headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), LOST),
    "endless trailers": (endless(CHUNKED + b"0\r\n", b"T: 1\r\n"), LOST),
    "endless chunks of a byte": (endless(CHUNKED, b"1\r\n \r\n" * 100), errors.ApiError),
    "endless error": (endless(b"HTTP/1.1 500 E\r\n\r\n", b" " * 65_536), errors.ServerError),
    "gzip in capitals": (packed("GZIP", ZIPPED), None),
    "gzip twice": (packed("gzip, gzip", gzip.compress(ZIPPED)), None),
    "gzip with a wrong checksum": (packed("gzip", ZIPPED[:-8] + b"\0" * 8), LOST),
    "gzip with something after it": (packed("gzip", ZIPPED + b"rubbish"), None),
    "raw deflate": (packed("deflate", zlib.compress(FOUND)[2:-4]), None),
    "list of no encodings": (packed(", ,", FOUND), None),
    "five thousand encodings": (packed("gzip," * 5_000, ZIPPED), LOST),
    "bomb": (packed("gzip", BOMB), errors.BodyTooLarge),
    "bomb in a bomb": (packed("gzip, gzip", BOMB_2), errors.BodyTooLarge),
    "bomb in a bomb in a bomb": (packed("gzip, gzip, gzip", BOMB_3), errors.BodyTooLarge),
    "half closed": (half_closed, None),
    "answer before the request": (before_the_request, None),
    "byte order mark": (sends(answer(b"\xef\xbb\xbf" + FOUND)), None),
    "UTF-32": (sends(answer(FOUND.decode().encode("utf-32"))), None),
    "integer of 300,000 digits": (sends(answer(b'{"id":7,"status":%b}' % (b"9" * 300_000))), None),
}


@pytest.fixture(params=FAULTS)
def case(request: pytest.FixtureRequest) -> tuple[Fault, type[errors.ApiError] | None]:
    return FAULTS[request.param]


def test_it_ends_in_a_value_or_an_error_of_ours(
    case: tuple[Fault, type[errors.ApiError] | None], get: Get
) -> None:
    script, expected = case
    with faulty(script) as server:
        if expected is None:
            found = get(server.url, 1.0, max_body=2_000_000)
            assert isinstance(found, Connection)
            assert found.id == 7
        else:
            with pytest.raises(expected) as caught:
                get(server.url, 1.0, max_body=2_000_000)
            assert caught.value.__cause__ is None
            assert SECRET not in shown(caught.value)
            assert SECRET.encode() not in pickle.dumps(caught.value)
        assert server.settled()


@pytest.mark.parametrize(
    "when",
    [
        "-1",
        "NaN",
        "inf",
        "1e400",
        "9" * 400,
        "0x10",
        "1_000",
        "60.0.0",
        "Fri, 32 Foo 1 9:9 GMT",
        "",
    ],
)
def test_a_wish_to_wait_that_makes_no_sense_is_none(when: str, get: Get) -> None:
    with faulty(sends(answer(b"{}", f"Retry-After: {when}", status=429))) as server:
        with pytest.raises(errors.RateLimited) as caught:
            get(server.url)
        assert caught.value.retry_after is None
