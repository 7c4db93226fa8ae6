from __future__ import annotations

from typing import TYPE_CHECKING, Final

from package._runtime.lazy import LazyModule
from package._runtime.operation import ApiKey, Basic, Bearer, Operation, Param, Provider

from . import errors

if TYPE_CHECKING:
    from . import models
else:
    models = LazyModule(__package__, "models")

__all__ = [
    "CREATE_CONNECTION",
    "DELETE_CONNECTION",
    "EXCHANGE_CODE",
    "GET_CONNECTION",
    "LIST_CONNECTIONS",
    "OPEN_WEBAUTH",
    "PROVIDER",
]

PROVIDER: Final = Provider(
    name="toy",
    title="Toy",
    base_url="https://{domain}.toy.example/2.0",
    credentials={
        "userToken": Bearer(argument="token"),
        "appId": ApiKey(argument="app_id", place="header", name="App-id"),
        "appSecret": ApiKey(
            argument="app_secret", place="header", name="X-Secret", prefix="Basic ", base64=True
        ),
        "queryKey": ApiKey(argument="query_key", place="query", name="key"),
        "cookieKey": ApiKey(argument="cookie_key", place="cookie", name="sid"),
        "login": Basic(argument="login"),
    },
    error=errors.ToyError,
    errors={
        404: errors.ToyNotFound,
        429: errors.ToyRateLimited,
        "5XX": errors.ToyServerError,
    },
)

GET_CONNECTION: Final[Operation[models.Connection]] = Operation(
    id="getUserConnection",
    name="connections.get",
    method="GET",
    path="/users/me/connections/{connectionId}",
    params=(
        Param("connection_id", "connectionId", "path"),
        Param("expand", "expand", "query", explode=False),
        Param("background", "background", "query", const=True),
    ),
    results={200: lambda: models.Connection, 204: None},
    errors=((lambda: models.ServiceError, (400, 401, 404, "5XX", "default")),),
    security=(("userToken",), ("appId", "appSecret")),
    retry="safe",
)

LIST_CONNECTIONS: Final[Operation[list[models.Connection]]] = Operation(
    id="listUserConnections",
    name="connections.list",
    method="GET",
    path="/users/me/connections",
    results={200: lambda: list[models.Connection]},
    security=(("userToken",), ()),
    timeout=300.0,
    retry="safe",
)

CREATE_CONNECTION: Final[Operation[models.Connection]] = Operation(
    id="createConnection",
    name="connections.create",
    method="POST",
    path="/users/me/connections",
    results={"2XX": lambda: models.Connection},
    errors=((lambda: models.ServiceError, ("4XX",)),),
    security=(("userToken",),),
    body="application/json",
    body_required=True,
    idempotency_header="Idempotency-Key",
    retry="never",
)

DELETE_CONNECTION: Final[Operation[None]] = Operation(
    id="deleteConnection",
    name="connections.delete",
    method="DELETE",
    path="/users/me/connections/{connectionId}",
    params=(Param("connection_id", "connectionId", "path"),),
    results={204: None},
    security=(("userToken",),),
    retry="idempotent",
)

EXCHANGE_CODE: Final[Operation[models.ServiceError]] = Operation(
    id="exchangeCode",
    name="auth.exchange",
    method="POST",
    path="/auth/token",
    results={"default": lambda: models.ServiceError},
    body="application/x-www-form-urlencoded",
    retry="never",
)

OPEN_WEBAUTH: Final[Operation[str]] = Operation(
    id="openWebauth",
    name="auth.webauth_url",
    method="GET",
    path="/webauth",
    params=(Param("client_id", "client_id", "query"), Param("state", "state", "query")),
    results={},
    retry="never",
)
