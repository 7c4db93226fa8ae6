"""Tokens that are got, kept and renewed: given to a client in place of a token.

A source is safe to share between threads, tasks, and clients of both kinds. However many of them
want a token at once, one asks for it and all get what it got.
"""

from __future__ import annotations

import os
import threading
import time
from abc import abstractmethod
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, cast

from .auth import SENDABLE, Secret
from .call import Call, recorded
from .errors import ApiError, DecodeError, ResponseError, TimedOut, TransportError
from .expiry import parse, parse_lifetime
from .flights import Flight
from .forking import register
from .operation import Basic, Operation, Provider, RequestOptions, TokenCall
from .settle import Answer
from .values import UNSET

if TYPE_CHECKING:
    from .aio import AsyncClient
    from .client import Client
    from .operation import AsyncCredential

__all__ = ["OperationToken", "TokenRequest", "TokenSource"]

_MARGIN: Final = 30.0
"""Seconds before its end that a token is no longer used."""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What to send for a token.

    Attributes:
        operation: What to call.
        arguments: By Python name.
        body: Sent with it.
        address: Where, if not at the API itself.
        login: User and password, if any.
    """

    operation: Operation[Any]
    arguments: Mapping[str, object] = field(repr=False)
    body: object = field(repr=False)
    address: str | None = None
    login: tuple[str, str] | None = field(default=None, repr=False)

    def place(self, near: Provider) -> tuple[Provider, dict[str, tuple[str, str]]]:
        """Describe to a client what is at `address`, with the credentials for it."""
        schemes = {"client": Basic("client_secret")} if self.login else {}
        provider = replace(near, base_url=self.address or "", credentials=schemes)
        return provider, {"client": self.login} if self.login else {}


class TokenSource(Secret):
    """Gets tokens and renews them: half a minute before their end, and when they are refused."""

    __slots__ = ("__weakref__", "_flight", "_inputs", "_lock", "_token", "_until")

    def __init__(self, inputs: Mapping[str, AsyncCredential | Secret]) -> None:
        super().__init__(None)
        self._inputs = {
            name: value if isinstance(value, Secret) else Secret(value)
            for name, value in inputs.items()
        }
        self._lock = threading.Lock()
        self._flight: Flight | None = None
        self._token: str | None = None
        self._until = 0.0
        register(self)

    @abstractmethod
    def request(self, values: Mapping[str, Any]) -> TokenRequest:
        """Describe what to send, given the values of the inputs."""

    def fields(self) -> tuple[str, str]:
        """Name the fields of an answer that hold the token and its lifetime in seconds."""
        return "access_token", "expires_in"

    def received(self, body: Mapping[str, object]) -> None:
        """Take what else an answer holds."""

    def ask(self, client: Client, call: Call[Any]) -> str:
        """Give a token that is valid, after getting one if need be.

        Raises:
            ApiError: There was none to be had.
        """
        end = time.monotonic() + call.attempt.left()
        while not isinstance(flight := self._board(), str):
            if not flight.leads:
                outcome = flight.wait(end)
                if outcome is not None:
                    return _told(outcome)
                continue
            outcome, began = None, time.monotonic()
            try:
                values = {name: one.ask(client, call) for name, one in self._inputs.items()}
                wanted, options = self.request(values), _options(call, end)
                target: Client = client
                if wanted.address is not None:
                    target = client.sibling(*wanted.place(call.provider))
                with recorded() as answers:
                    target.send(
                        wanted.operation, wanted.arguments, body=wanted.body, options=options
                    )
                outcome = self._keep(call, wanted, answers[-1], began)
                return outcome
            except ApiError as error:
                outcome = _shared(error)
                raise
            finally:
                self._land(flight, outcome)
        return flight

    async def ask_async(self, client: AsyncClient, call: Call[Any]) -> str:
        """Give a token that is valid, after getting one if need be.

        Raises:
            ApiError: There was none to be had.
        """
        end = time.monotonic() + call.attempt.left()
        while not isinstance(flight := self._board(), str):
            if not flight.leads:
                outcome = await flight.wait_async(end)
                if outcome is not None:
                    return _told(outcome)
                continue
            outcome, began = None, time.monotonic()
            try:
                values = {
                    name: await one.ask_async(client, call) for name, one in self._inputs.items()
                }
                wanted, options = self.request(values), _options(call, end)
                target: AsyncClient = client
                if wanted.address is not None:
                    target = client.sibling(*wanted.place(call.provider))
                with recorded() as answers:
                    await target.send(
                        wanted.operation, wanted.arguments, body=wanted.body, options=options
                    )
                outcome = self._keep(call, wanted, answers[-1], began)
                return outcome
            except ApiError as error:
                outcome = _shared(error)
                raise
            finally:
                # Cancelled or not: somebody who waits takes over.
                self._land(flight, outcome)
        return flight

    def expire(self, value: object) -> bool:
        """Forget a token that the provider refuses, unless there is a newer one already."""
        with self._lock:
            if self._token == value:
                self._token = None
        return True

    def after_fork(self) -> None:
        """Forget who holds the lock: it may be a thread that does not exist here."""
        self._lock = threading.Lock()

    def _board(self) -> str | Flight:
        with self._lock:
            if self._token is not None and time.monotonic() < self._until:
                return self._token
            flight = self._flight
            # After a fork, whoever was asking is in the other process.
            if flight is None or flight.process != os.getpid():
                self._flight = flight = Flight.begin()
                return replace(flight, leads=True)
            return flight

    def _land(self, flight: Flight, outcome: str | ApiError | None) -> None:
        with self._lock:
            self._flight = None
        flight.landed.set_result(outcome)

    def _keep(self, call: Call[Any], wanted: TokenRequest, answer: Answer, began: float) -> str:
        body = parse(answer.content)
        members = cast("dict[str, object]", body) if isinstance(body, dict) else {}
        token_field, life_field = self.fields()
        token = members.get(token_field)
        # One that no header can carry would be refused, and kept, for as long as it lives.
        if not isinstance(token, str) or not SENDABLE.fullmatch(token):
            raise DecodeError(
                "the answer holds no token",
                provider=call.provider.name,
                operation=wanted.operation.id,
                status=answer.status,
                headers=answer.headers,
            )
        self.received(members)
        with self._lock:
            self._token = token
            self._until = began + parse_lifetime(members.get(life_field)) - _MARGIN
        return token


class OperationToken(TokenSource):
    """Tokens that an operation of the same API gives.

    Args:
        call: The operation and what is sent with it.
        inputs: The fields of the body that are secret.
    """

    __slots__ = ("_call",)

    def __init__(self, call: TokenCall, inputs: Mapping[str, AsyncCredential | Secret]) -> None:
        super().__init__(inputs)
        self._call = call

    def fields(self) -> tuple[str, str]:
        """As the specification says."""
        return self._call.token, self._call.expires

    def request(self, values: Mapping[str, object]) -> TokenRequest:
        """Describe the call."""
        operation, parameters = self._call.operation(), self._call.parameters
        arguments = {p.name: parameters[p.wire] for p in operation.params if p.wire in parameters}
        body = {**(self._call.body or {}), **values}
        return TokenRequest(operation, arguments, body or UNSET)


def _options(call: Call[Any], end: float) -> RequestOptions:
    left = end - time.monotonic()
    if left <= 0:
        raise TimedOut("no token in time", provider=call.provider.name, operation=call.operation.id)
    return {"timeout": left}


def _shared(error: ApiError) -> ApiError | None:
    """Tell what those who wait shall see; `None` where another of them may have more luck."""
    if isinstance(error, DecodeError):
        # What could not be read is most likely a token.
        error.raw = b""
    if isinstance(error, TimedOut) or not isinstance(
        error, (DecodeError, ResponseError, TransportError)
    ):
        return None
    return error


def _told(outcome: str | ApiError) -> str:
    if isinstance(outcome, str):
        return outcome
    # One for each: a raised error gets a traceback of its own.
    raise copy(outcome)
