"""Whatever a provider does, a call ends in time, in a value or in an error of our own."""

from __future__ import annotations

import logging
import pickle
import ssl
import subprocess
import traceback
from pathlib import Path
from time import monotonic

import pytest

from package._runtime import errors

from ..runtime.toyapi import Toy
from ..runtime.toyapi.models import Connection
from .conftest import SECRET, Get
from .server import FOUND, Fault, Peer, answer, faulty, reset


def sends(*pieces: bytes, rst: bool = False, wait: bool = False) -> Fault:
    """Answer every request with some bytes, and then close, hard if asked to."""

    def fault(peer: Peer) -> None:
        peer.request()
        for piece in pieces:
            peer.send(piece)
        if wait:
            peer.wait(3)
        if rst:
            reset(peer)

    return fault


def before_the_request(peer: Peer) -> None:
    reset(peer)


def mid_request(peer: Peer) -> None:
    peer.sock.recv(10)
    reset(peer)


def redirect(status: int, target: str) -> Fault:
    return sends(answer(b"", f"Location: {target}", status=status))


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in chunks) + end


LOST = errors.TransportError
WRONG = errors.DecodeError
ELSEWHERE = "http://127.0.0.1:9/elsewhere"

# What is sent, and what a call ends in: an error, or None for the connection that was asked for.
FAULTS: dict[str, tuple[Fault, type[errors.ApiError] | None]] = {
    "reset before the request": (before_the_request, LOST),
    "reset within the request": (mid_request, LOST),
    "reset after the request": (sends(rst=True), LOST),
    "close after the request": (sends(), LOST),
    "reset in the status line": (sends(b"HTTP/1.1 2", rst=True), LOST),
    "close in the status line": (sends(b"HTTP/1.1 2"), LOST),
    "reset in the headers": (sends(b"HTTP/1.1 200 OK\r\nX-A", rst=True), LOST),
    "close in the headers": (sends(b"HTTP/1.1 200 OK\r\nX-A: b\r\n"), LOST),
    "reset before the body": (sends(answer(b"", length=26), rst=True), LOST),
    "reset in the body": (sends(answer(FOUND[:9], length=26), rst=True), LOST),
    "close in the body": (sends(answer(FOUND[:9], length=26)), LOST),
    "close in a chunk": (sends(chunked(FOUND, end=b"ff\r\nabc")), LOST),
    "chunk size that is no number": (sends(chunked(end=b"xyz\r\n")), LOST),
    "chunks that end early": (sends(chunked(FOUND, end=b"")), LOST),
    "chunks": (sends(chunked(FOUND[:5], FOUND[5:])), None),
    "no http": (sends(b"SSH-2.0-OpenSSH_9.6\r\n"), LOST),
    "http/0.9": (sends(FOUND), LOST),
    "status of four digits": (sends(b"HTTP/1.1 2000 OK\r\n\r\n"), LOST),
    "status 0": (sends(b"HTTP/1.1 000 OK\r\n\r\n"), LOST),
    "status 999": (sends(answer(b"", status=999)), errors.ResponseError),
    "header without colon": (sends(b"HTTP/1.1 200 OK\r\nrubbish\r\n\r\n"), LOST),
    "header of a megabyte": (sends(answer(FOUND, "X-A: " + "b" * 1_000_000)), LOST),
    "header that is not ascii": (sends(answer(FOUND, "X-A: \u00e9")), None),
    "header with a NUL": (sends(answer(FOUND, "X-A: a\0b")), LOST),
    "two lengths": (sends(answer(FOUND, "Content-Length: 3")), LOST),
    "length that is no number": (sends(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), LOST),
    "negative length": (sends(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), LOST),
    "no length": (sends(b"HTTP/1.1 200 OK\r\n\r\n" + FOUND), None),
    "100 first": (sends(b"HTTP/1.1 100 Continue\r\n\r\n" + answer()), None),
    "103 first": (sends(b"HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n" + answer()), None),
    "101": (sends(b"HTTP/1.1 101 Up\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), LOST),
    "second answer": (sends(answer() + answer(b"[]")), None),
    "more body than said": (sends(answer(FOUND + b"rubbish", length=len(FOUND))), None),
    "truncated JSON": (sends(answer(FOUND[:-4])), WRONG),
    "no JSON": (sends(answer(b"<html>")), WRONG),
    "two documents": (sends(answer(FOUND + FOUND)), WRONG),
    "deep JSON": (sends(answer(b"[" * 200_000)), WRONG),
    "deep JSON object": (sends(answer(b'{"a":' * 200_000)), WRONG),
    # Odd, and still readable: what cannot be typed is kept as it came.
    "number of 5,000 digits": (sends(answer(b'{"id":7,"x":%b}' % (b"9" * 5000))), None),
    "invalid UTF-8": (sends(answer(b'{"id":7,"x":"\xff\xfe"}')), WRONG),
    "UTF-16": (sends(answer(FOUND.decode().encode("utf-16"))), None),
    "lone surrogate": (sends(answer(b'{"id":7,"status":"\\ud800"}')), None),
    "wrong content type": (sends(answer(FOUND, "Content-Type: text/html")), None),
    "content type that is none": (sends(answer(FOUND, "Content-Type: ;;=")), None),
    "wrong charset": (sends(answer(FOUND, "Content-Type: application/json; charset=x")), None),
    "odd charset": (sends(answer(FOUND, "Content-Type: text/a; charset=utf-7")), None),
    "unknown encoding": (sends(answer(FOUND, "Content-Encoding: rot13")), None),
    "six encodings": (sends(answer(FOUND, "Content-Encoding:" + " gzip," * 6)), LOST),
    "gzip that is none": (sends(answer(FOUND, "Content-Encoding: gzip")), LOST),
    "empty 200": (sends(answer(b"")), None),
    "204 with a body": (sends(answer(FOUND, status=204)), None),
    "205": (sends(answer(b"", status=205)), None),
    "304": (sends(b"HTTP/1.1 304 Not Modified\r\n\r\n"), errors.ResponseError),
    "redirect": (redirect(302, ELSEWHERE), errors.ResponseError),
    "redirect with a bad target": (redirect(307, "http://[:::/\\"), errors.ResponseError),
    "redirect to a bad port": (redirect(308, "http://a:99999999/"), errors.ResponseError),
    "redirect to another scheme": (redirect(301, "file:///etc/passwd"), errors.ResponseError),
    "redirect to a bad host": (redirect(301, "http://xn--\u00e9.\u00e9/"), errors.ResponseError),
    "odd cookie": (sends(answer(FOUND, "Set-Cookie: =;=;expires=x", "Set-Cookie: \u00e9")), None),
    "wild retry-after": (
        sends(answer(b"{}", "Retry-After: 1e400", status=429)),
        errors.RateLimited,
    ),
    "long retry-after": (
        sends(answer(b"{}", "Retry-After: 3600", status=429)),
        errors.RateLimited,
    ),
    "error with a wrong body": (sends(answer(b"<html>", status=404)), errors.NotFound),
    "error cut short": (sends(answer(b"{", status=401, length=99)), errors.ResponseError),
    "error with bad gzip": (
        sends(answer(b"{", "Content-Encoding: gzip", status=503)),
        errors.ServerError,
    ),
    "an echo": (sends(answer(SECRET.encode(), status=500)), errors.ServerError),
}


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> tuple[Fault, type[errors.ApiError] | None]:
    return FAULTS[request.param]


def shown(error: BaseException) -> str:
    parts = [*traceback.format_exception(error), str(error), repr(error), repr(error.args)]
    return " ".join([*parts, repr(vars(error))])


@pytest.mark.parametrize("retries", [0, 1])
def test_every_fault_ends_in_a_value_or_an_error_of_ours(
    fault: tuple[Fault, type[errors.ApiError] | None],
    retries: int,
    get: Get,
    caplog: pytest.LogCaptureFixture,
) -> None:
    script, expected = fault
    caplog.set_level(logging.DEBUG)
    with faulty(script) as server:
        if expected is None:
            found = get(server.url, retries=retries)
            assert found is None or (isinstance(found, Connection) and found.id == 7)
        else:
            with pytest.raises(expected) as caught:
                get(server.url, retries=retries)
            assert caught.value.operation == "getUserConnection"
            assert caught.value.__cause__ is None
            assert SECRET not in shown(caught.value)
            assert SECRET.encode() not in pickle.dumps(caught.value)
        assert len(server.requests) <= 1 + retries
        # No connection is left: the client is closed, and nothing else holds one.
        assert server.settled()
    assert SECRET not in caplog.text


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder: Path = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    san = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run([*command.split(), *san], check=True, capture_output=True, timeout=30)
    except FileNotFoundError:
        pytest.skip("openssl makes the certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_a_certificate_nobody_vouches_for(self_signed: ssl.SSLContext, get: Get) -> None:
    with faulty(sends(answer()), tls=self_signed) as server:
        with pytest.raises(errors.ConnectionFailed, match=r"(?i)certificate") as caught:
            get(server.url)
        assert SECRET not in shown(caught.value)
        assert not server.requests


def test_tls_where_there_is_none(get: Get) -> None:
    def plain(peer: Peer) -> None:
        peer.sock.recv(1000)
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with faulty(plain) as server, pytest.raises(errors.ConnectionFailed):
        get(server.url.replace("http:", "https:"))


def test_a_handshake_that_never_ends(get: Get) -> None:
    with faulty(lambda peer: peer.wait()) as server:
        began = monotonic()
        with pytest.raises(errors.ConnectionFailed):
            get(server.url.replace("http:", "https:"), 0.5)
        assert monotonic() - began < 1.0
        assert server.settled()


def test_no_unsafe_request_is_sent_twice_in_300_lost_answers() -> None:
    scripts = [
        sends(),
        sends(rst=True),
        sends(b"HTTP/1.1 2", rst=True),
        sends(answer(b"", length=9)),
        sends(answer(b"{}", "Connection: close", status=503)),
        sends(answer(b"{}", "Retry-After: 0", "Connection: close", status=429)),
    ]

    def fault(peer: Peer) -> None:
        scripts[peer.server.connections % len(scripts)](peer)

    with faulty(fault) as server:
        with Toy(token=SECRET, base_url=server.url, retries=5) as client:
            for number in range(300):
                with pytest.raises(errors.ApiError):
                    client.connections.create(body={"id": number})
        assert len(server.requests) == 300
        assert len({one.rpartition(b"\r\n")[2] for one in server.requests}) == 300


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have retries come at once."""
    pauses: list[float] = []
    monkeypatch.setattr("package._runtime.client.time.sleep", pauses.append)


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(
    "script",
    [sends(rst=True), sends(answer(b"{}", "Connection: close", status=503))],
    ids=["lost", "503"],
)
def test_a_dead_provider_is_not_stormed(script: Fault) -> None:
    with faulty(script) as server, Toy(token=SECRET, base_url=server.url) as client:
        for number in range(1000):
            with pytest.raises(errors.ApiError):
                client.connections.get(number)
        assert 1000 < len(server.requests) < 1150


def test_a_storm_of_429_is_answered_with_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("package._runtime.client.time.sleep", pauses.append)
    script = sends(answer(b"{}", "Retry-After: 7", "Connection: close", status=429))
    with faulty(script) as server, Toy(token=SECRET, base_url=server.url) as client:
        for _ in range(200):
            with pytest.raises(errors.RateLimited) as caught:
                client.connections.get(7)
            assert caught.value.retry_after == 7.0
        assert len(server.requests) == 300
    assert pauses == [7.0] * 100
