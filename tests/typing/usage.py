"""What type checkers know of generated clients. Never run; mypy and pyright check it, both strict.

An ignore here is an expectation: if the line stopped being an error, the checker would report the
ignore as unused.
"""

from __future__ import annotations

from decimal import Decimal
from typing import assert_type

from clients import UNSET, Response, errors
from clients.basiq import AsyncBasiq, Basiq
from clients.basiq import models as basiq_models
from clients.codat_expenses import CodatExpenses
from clients.codat_expenses import models as codat_models
from clients.powens import Powens, models
from clients.powens.errors import PowensNotFound
from clients.saltedge import SaltEdge
from clients.saltedge import models as saltedge_models
from clients.testing import FakeApi


def results_are_models(powens: Powens) -> None:
    connection = powens.connections.get(9071, expand=["connector"])
    assert_type(connection, models.Connection)
    assert_type(connection.state, models.ConnectionState | None)
    assert_type(powens.connections.delete(9071), models.Connection | None)
    assert_type(powens.users.delete(), None)
    account = powens.accounts.get(301)
    assert_type(account.balance, Decimal | None)


async def the_async_client_has_the_same_types(basiq: AsyncBasiq) -> None:
    jobs = await basiq.connections.refresh_all("5f2e")
    assert_type(jobs.data, list[basiq_models.JobRef])
    answer = await basiq.raw(basiq.connections.get, "5f2e", "77aa01")
    assert_type(answer, Response[basiq_models.Connection])


def raw_answers_are_typed(basiq: Basiq) -> None:
    answer = basiq.raw(basiq.connections.get, "5f2e", "77aa01")
    assert_type(answer, Response[basiq_models.Connection])
    assert_type(answer.status, int)
    basiq.raw(basiq.connections.get, 5)  # type: ignore[arg-type, call-arg]  # pyright: ignore[reportCallIssue]


def bodies_are_models_or_dictionaries(codat: CodatExpenses) -> None:
    as_dict = codat.connections.create("c", body={"platformKey": "gbol"})
    as_model = codat.connections.create(
        "c", body=codat_models.CreateConnectionRequestBody(platform_key="gbol")
    )
    assert_type(as_dict, codat_models.Connection)
    assert_type(as_model, codat_models.Connection)
    codat.connections.create("c", body={"platform": "gbol"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    codat.connections.unlink("c", "d", body={"status": "Unlinked"})


def path_values_come_first_and_the_rest_by_name(saltedge: SaltEdge) -> None:
    pager = saltedge.connections.list(customer_id="222333444", from_id=UNSET)
    assert_type(next(iter(pager)), saltedge_models.Connection)
    assert_type(pager.first_page().response.value, saltedge_models.ConnectionsResponse)
    assert_type(next(iter(pager.map(lambda connection: connection.id))), str)
    saltedge.connections.list("222333444")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    saltedge.connections.get()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def models_cannot_be_changed(connection: models.Connection) -> None:
    connection.active = False  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def enums_take_plain_strings(powens: Powens) -> None:
    powens.authentication.code(type="singleAccess")
    powens.authentication.code(type=models.AuthCodeRequestType.SINGLE_ACCESS)
    powens.authentication.code(type=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def errors_have_typed_bodies(powens: Powens) -> None:
    try:
        powens.connections.get(1)
    except PowensNotFound as error:
        assert_type(error.body, models.ServiceError | None)
    except errors.NotFound as error:
        assert_type(error.status, int)


def a_page_for_the_browser_is_a_string(powens: Powens) -> None:
    url = powens.connections.webauth_url(client_id=1, token="t", redirect_uri="https://x.example")
    assert_type(url, str)


def fakes_are_typed(fake: FakeApi) -> None:
    from clients.powens.operations import GET_USER_CONNECTION

    fake.on(GET_USER_CONNECTION, {"id": 1})
