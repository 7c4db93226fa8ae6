from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from package._runtime.aio import AsyncClient
from package._runtime.client import Client
from package._runtime.values import UNSET, Unset

from . import operations

if TYPE_CHECKING:
    import httpx2

    from package._runtime.operation import AsyncCredential, Credential, RequestOptions

    from .models import Connection

__all__ = ["AsyncToy", "Connections", "Toy"]


class Connections:
    def __init__(self, client: Client) -> None:
        self._client = client

    def get(
        self,
        connection_id: int,
        *,
        expand: Sequence[str] | Unset = UNSET,
        options: RequestOptions | None = None,
    ) -> Connection:
        return self._client.send(
            operations.GET_CONNECTION,
            {"connection_id": connection_id, "expand": expand},
            options=options,
        )

    def list(self, *, options: RequestOptions | None = None) -> list[Connection]:
        return self._client.send(operations.LIST_CONNECTIONS, {}, options=options)

    def create(
        self, *, body: Connection | dict[str, object], options: RequestOptions | None = None
    ) -> Connection:
        return self._client.send(operations.CREATE_CONNECTION, {}, body=body, options=options)

    def delete(self, connection_id: int, *, options: RequestOptions | None = None) -> None:
        return self._client.send(
            operations.DELETE_CONNECTION, {"connection_id": connection_id}, options=options
        )

    def webauth_url(self, *, client_id: int, state: str | Unset = UNSET) -> str:
        return self._client.url(operations.OPEN_WEBAUTH, {"client_id": client_id, "state": state})


class Toy(Client):
    def __init__(
        self,
        *,
        token: Credential | None = None,
        app_id: Credential | None = None,
        app_secret: Credential | None = None,
        domain: str = "demo",
        base_url: str | None = None,
        timeout: float = 60.0,
        retries: int = 2,
        http_client: httpx2.Client | None = None,
        **more: Any,
    ) -> None:
        super().__init__(
            operations.PROVIDER,
            credentials={"userToken": token, "appId": app_id, "appSecret": app_secret},
            server={"domain": domain},
            base_url=base_url,
            timeout=timeout,
            retries=retries,
            http_client=http_client,
            **more,
        )

    @cached_property
    def connections(self) -> Connections:
        return Connections(self)


class AsyncConnections:
    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def get(
        self,
        connection_id: int,
        *,
        expand: Sequence[str] | Unset = UNSET,
        options: RequestOptions | None = None,
    ) -> Connection:
        return await self._client.send(
            operations.GET_CONNECTION,
            {"connection_id": connection_id, "expand": expand},
            options=options,
        )


class AsyncToy(AsyncClient):
    def __init__(
        self,
        *,
        token: AsyncCredential | None = None,
        domain: str = "demo",
        base_url: str | None = None,
        timeout: float = 60.0,
        retries: int = 2,
        http_client: httpx2.AsyncClient | None = None,
        **more: Any,
    ) -> None:
        super().__init__(
            operations.PROVIDER,
            credentials={"userToken": token},
            server={"domain": domain},
            base_url=base_url,
            timeout=timeout,
            retries=retries,
            http_client=http_client,
            **more,
        )

    @cached_property
    def connections(self) -> AsyncConnections:
        return AsyncConnections(self)
