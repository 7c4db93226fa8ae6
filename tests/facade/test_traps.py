"""The traps of the providers, one test for each, by the number it has in our notes."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

import pytest

from clients.facade import (
    ConflictError,
    ConnectionStatus,
    FacadeError,
    ForeignOwner,
    InvalidArgument,
    NotFound,
    NotRefreshableYet,
    UnsupportedOperation,
    WaitFailed,
    capabilities,
    models,
)
from tests.behaviour.server import answer_json
from tests.facade.conftest import Behind
from tests.facade.servers import ASKING, DONE, RUNNING, failing, saltedge_error

powens = pytest.mark.providers("powens")
basiq = pytest.mark.providers("basiq")
saltedge = pytest.mark.providers("saltedge")
codat = pytest.mark.providers("codat_expenses", "codat_lending")


def _add(behind: Behind, **more: object) -> str:
    server: Any = behind.server
    made: dict[str, Any] = server.add(**more)
    return str(made["id"])


@basiq
def test_trap_01_a_job_is_no_connection(behind: Behind) -> None:
    started = behind.own("create", "AU00000", credentials={"loginId": "a", "password": "b"})
    (job_id,) = started.job_ids
    assert started.connection_id is None
    with pytest.raises(NotFound):
        behind.own("get", job_id)
    outcome = behind.call("wait_until_ready", started, timeout=10)
    assert outcome.connection.id in behind.server.connections
    # The link may be absolute as well, or stand with the first step only.
    for link in ("https://au-api.basiq.io/users/5f2e/connections/c9", "/users/5f2e/connections/c9"):
        step = {
            "title": "verify-credentials",
            "status": "success",
            "result": [{"type": "link", "url": link}],
        }
        behind.server.jobs["j9"] = {"user": "x", "connection": None, "scripts": [[step]]}  # type: ignore[attr-defined]
        assert behind.call("track", "j9", owner="5f2e").connection_id == "c9"


@basiq
def test_trap_02_a_refresh_may_give_the_job_that_runs(behind: Behind) -> None:
    id_ = _add(behind)
    first, second = behind.own("refresh", id_), behind.own("refresh", id_)
    assert first.job_ids == second.job_ids


@basiq
def test_trap_03_version_3_sends_the_user_to_a_page(behind: Behind) -> None:
    assert "2.x" in (capabilities()["basiq"]["create"].reason or "")
    url = behind.own("authorize_url", connection_id=_add(behind))
    # `update` could delete every connection of the user.
    assert "action=update" not in url
    assert "action=reauthorise" in url


@basiq
def test_trap_04_steps_after_a_failed_one_are_not_waited_for(behind: Behind) -> None:
    id_ = _add(behind, _script=failing("connector-error"))
    with pytest.raises(WaitFailed) as caught:
        behind.call("wait_until_ready", behind.own("refresh", id_), timeout=10)
    assert caught.value.error.code == "connector-error"
    assert caught.value.resource.status is ConnectionStatus.ERROR


@basiq
def test_trap_05_an_expired_token_is_403_and_renewed_once(behind: Behind) -> None:
    id_ = _add(behind)
    behind.own("get", id_)
    behind.server.expired.add("token-1")  # type: ignore[attr-defined]
    assert behind.own("get", id_).id == id_
    assert behind.server.tokens == 2  # type: ignore[attr-defined]


def test_trap_06_what_delete_does_to_the_data_is_said(behind: Behind) -> None:
    row = capabilities()[behind.provider]
    for operation in ("delete", "purge"):
        assert (row[operation].data is None) is (row[operation].level == "unsupported")
    expected = {"basiq": "Keeps", "powens": "Destroys", "saltedge": "destroys"}
    assert expected.get(behind.provider, "for good") in (row["delete"].data or "")


@basiq
def test_trap_06_purge_needs_what_is_still_there(behind: Behind) -> None:
    id_ = _add(behind)
    behind.own("purge", id_)
    behind.own("delete", id_)
    with pytest.raises(NotFound):
        behind.own("purge", id_)


def test_trap_07_every_answer_to_delete_is_taken(behind: Behind) -> None:
    id_ = _add(behind)
    assert behind.own("delete", id_) is None
    if behind.provider == "powens":
        made = behind.server.connections[id_ := _add(behind)]
        behind.loopback.respond = lambda request: (
            answer_json(200, made) if request.method == "DELETE" else behind.server(request)
        )
        assert behind.own("delete", id_) is None


@powens
def test_trap_08_an_empty_body_synchronises_and_stray_keys_are_credentials(behind: Behind) -> None:
    id_ = _add(behind)
    behind.own("refresh", id_, user_present=False)
    assert behind.server.bodies == []
    assert behind.loopback.received[-1].query.count("psu_requested=false") == 1
    sent = behind.sent
    for wrong in ({}, {"resume": "x", "password": "y"}, {"active": "x"}):
        with pytest.raises(InvalidArgument):
            behind.own("update", id_, credentials=wrong)
    assert "POST" not in "".join(behind.server.calls[sent:])


@powens
def test_trap_09_the_reply_shows_the_old_state(behind: Behind) -> None:
    id_ = _add(behind, state="wrongpass")
    started = behind.own("update", id_, credentials={"password": "n3w"})
    assert started.connection.status is ConnectionStatus.CREDENTIALS_INVALID
    outcome = behind.call("wait_until_ready", started, timeout=10)
    assert outcome.connection.status is ConnectionStatus.ACTIVE


@powens
def test_trap_10_the_page_is_built_and_never_fetched(behind: Behind) -> None:
    url = behind.own(
        "authorize_url", connection_id="7", return_url="https://me.example/b?x=1", state="s"
    )
    assert "webview.powens.com/reconnect?" in url
    assert "code=tmp-1" in url
    assert "connection_id=7" in url
    assert "token=" not in url
    assert "id_connection" not in url
    assert "redirect_uri=https%3A%2F%2Fme.example%2Fb%3Fx%3D1" in url
    assert not [c for c in behind.server.calls if "webauth" in c or "webview" in c]


@powens
@pytest.mark.parametrize(
    ("active", "last_update", "status"),
    [
        (True, "2024-05-14 09:31:07", ConnectionStatus.ACTIVE),
        (True, None, ConnectionStatus.SYNCING),
        (False, "2024-05-14 09:31:07", ConnectionStatus.DISCONNECTED),
    ],
)
def test_trap_11_no_state_is_a_good_state(
    behind: Behind, active: bool, last_update: str | None, status: ConnectionStatus
) -> None:
    id_ = _add(behind, active=active, last_update=last_update, error="bug")
    assert behind.own("get", id_).status is status


@saltedge
def test_trap_12_a_refresh_too_early_is_refused(behind: Behind) -> None:
    id_ = _add(behind, next_refresh_possible_at="2999-01-01T00:00:00Z")
    with pytest.raises(NotRefreshableYet) as caught:
        behind.own("refresh", id_)
    assert (caught.value.http_status, caught.value.code) == (406, "ConnectionCannotBeRefreshed")
    assert caught.value.retry_at is not None
    assert caught.value.retry_at.year == 2999
    with pytest.raises(InvalidArgument):
        behind.own("reconnect", id_)  # which supplies the consent anew


@saltedge
def test_trap_13_active_says_nothing_of_the_last_attempt(behind: Behind) -> None:
    attempt = {"id": "3", "finished": True, "fail_error_class": "ProviderUnavailable"}
    found = behind.own("get", _add(behind, last_attempt=attempt))
    assert found.status is ConnectionStatus.DEGRADED
    assert found.error.retryable
    behind.own("unlink", found.id)
    assert behind.server.bodies[-1] == {"data": {"status": "inactive"}}


@saltedge
def test_trap_14_every_attempt_is_signed_anew(behind: Behind) -> None:
    id_ = _add(behind)
    signed: list[bytes] = []

    def signer(text: bytes) -> bytes:
        signed.append(text)
        return b"signature"

    client = type(behind.facade.client)(
        app_id="app", secret="hush", signer=signer, base_url=behind.loopback.url
    )
    behind.facade.client, behind.facade.connections._client = client, client
    behind.server.retry_after = 1
    behind.own("get", id_)
    assert len(signed) == 2
    expires, method, url, body = signed[0].decode().split("|")
    assert expires.isdecimal()
    assert (method, url, body) == ("GET", f"{behind.loopback.url}/connections/{id_}", "")


@saltedge
def test_trap_15_errors_are_told_by_their_class(behind: Behind) -> None:
    id_ = _add(behind)
    for class_, kind in (
        ("ConnectionAlreadyProcessing", ConflictError),
        ("ConnectionNotFound", NotFound),
    ):
        answer = saltedge_error(400, class_)
        behind.loopback.respond = lambda _, answer=answer: answer  # type: ignore[misc]
        with pytest.raises(kind) as caught:
            behind.own("get", id_)
        assert (caught.value.code, caught.value.request_id) == (class_, "f2a-77")
        assert caught.value.message == "Said in English"


@codat
def test_trap_16_a_new_connection_waits_for_its_user(behind: Behind) -> None:
    started = behind.own("create", "gbol", idempotency_key="k-1")
    assert behind.server.keys == {"k-1"}  # type: ignore[attr-defined]
    assert started.connection.status is ConnectionStatus.PENDING
    assert started.connection.action.kind is models.ActionKind.REDIRECT
    before = behind.server.connections[started.connection_id]
    before["linkUrl"] = "https://link-api.codat.io/fresh"
    again = behind.own("reconnect", started.connection_id)
    assert again.connection.authorize_url == "https://link-api.codat.io/fresh"


@pytest.mark.providers("codat_expenses")
def test_trap_17_a_partner_connection_is_linked_at_once(behind: Behind) -> None:
    started = behind.own("create_partner_expense")
    assert started.connection.status is ConnectionStatus.ACTIVE
    assert started.connection.institution_kind == "Expense"
    assert started.connection.authorize_url is None


@codat
def test_trap_18_data_are_pulled_by_company_and_kind(behind: Behind) -> None:
    id_ = _add(behind)
    with pytest.raises(InvalidArgument):
        behind.own("refresh", id_)
    started = behind.own("refresh", id_, data_types=["invoices", "bills"])
    assert len(started.job_ids) == 2
    outcome = behind.call("wait_until_ready", started, timeout=10)
    assert not outcome.ready
    assert outcome.connection.status is ConnectionStatus.DEAUTHORIZED
    assert outcome.connection.error.category is models.ErrorCategory.CONSENT


@codat
def test_trap_19_the_key_alone_is_encoded(behind: Behind) -> None:
    behind.own("list")
    header = behind.loopback.received[-1].header("authorization")
    assert header == "Basic " + base64.b64encode(b"key").decode()


@powens
def test_trap_20_ids_are_text_and_checked(behind: Behind) -> None:
    id_ = _add(behind)
    assert int(id_) > 2**53
    assert behind.own("get", id_).id == id_
    for wrong in ("", "0", "-1", "1e3", "a", "../users", "1" * 20, "\u0661"):
        with pytest.raises(InvalidArgument):
            behind.call("get", wrong)


@saltedge
def test_trap_20_long_ids_are_never_numbers(behind: Behind) -> None:
    id_ = _add(behind)
    assert behind.own("get", id_).id == id_ == str(int(id_))


def test_trap_21_times_are_what_the_provider_says(behind: Behind) -> None:
    found = behind.own("get", _add(behind))
    assert found.created_at is not None
    assert (found.created_at.tzinfo is None) is (behind.provider == "powens")
    if "codat" in behind.provider:
        assert found.created_at.microsecond == 123456
        assert found.last_synced_at.utcoffset().total_seconds() == 0
    if behind.provider == "basiq":
        assert found.expires_at is None


@powens
def test_trap_22_money_stays_exact(behind: Behind) -> None:
    account = {
        "id": 301,
        "id_connection": 1,
        "id_user": 412,
        "id_source": 1,
        "name": "x",
        "id_type": 2,
        "original_name": "x",
        "balance": 0.1,
        "type": "checking",
        "usage": "PRIV",
        "display": True,
        "bookmarked": False,
    }
    found = behind.own("get", _add(behind, accounts=[account]))
    assert found.native.accounts[0].balance == Decimal("0.1")


def test_trap_23_what_is_new_never_breaks(behind: Behind) -> None:
    found = behind.own("get", _add(behind, brand_new={"deep": [1]}))
    assert found.raw["brand_new"] == {"deep": [1]}


@pytest.mark.providers("basiq", "saltedge")
def test_trap_24_required_is_not_always_there(behind: Behind) -> None:
    made = behind.server.connections[_add(behind)]
    for name in ("status", "createdDate", "lastUsed", "last_attempt"):
        if name != "status" or behind.provider == "basiq":
            made.pop(name, None)
    found = behind.own("get", made["id"])
    assert found.status is (
        ConnectionStatus.UNKNOWN if behind.provider == "basiq" else ConnectionStatus.ACTIVE
    )


@basiq
def test_trap_24_jobs_without_ids_are_refused(behind: Behind) -> None:
    behind.loopback.respond = lambda r: answer_json(
        200, {"access_token": "t", "expires_in": 3600} if r.path == "/token" else {"type": "job"}
    )
    with pytest.raises(FacadeError, match="documented"):
        behind.own("refresh", "77aa01")


@codat
def test_trap_25_samples_that_are_noise_are_not_sent(behind: Behind) -> None:
    id_ = _add(behind)
    behind.own("list")
    assert "query" not in behind.loopback.received[-1].query
    behind.own("unlink", id_)
    assert behind.server.bodies[-1] == {"status": "Unlinked"}


def test_trap_26_links_with_secrets_are_not_shown(behind: Behind) -> None:
    found = behind.own(
        "get", _add(behind, status="PendingAuth") if "codat" in behind.provider else _add(behind)
    )
    for secret in ("otp=", "MADE_UP_SECRET"):
        assert secret not in repr(found)
        assert secret not in f"{found.action!r} {found.native!r}"


@powens
def test_trap_27_the_token_is_the_owner(behind: Behind) -> None:
    _add(behind)
    assert len(behind.call("list")) == len(behind.call("list", owner="412")) == 1
    for operation in ("list", "iterate", "refresh_all"):
        with pytest.raises(ForeignOwner):
            behind.call(operation, owner="413")
    with pytest.raises(ForeignOwner):
        behind.call("create", "40", owner="413", credentials={"login": "x"})
    # The token is asked about once, not for every call.
    assert behind.server.calls.count("GET /users/me") == 1


def test_trap_28_delete_is_forgiving_only_when_asked(behind: Behind) -> None:
    missing = "404404404"
    with pytest.raises(NotFound):
        behind.own("delete", missing)
    assert behind.own("delete", missing, missing_ok=True) is None


@basiq
@pytest.mark.parametrize(
    ("script", "status"),
    [
        (RUNNING, ConnectionStatus.SYNCING),
        (DONE, ConnectionStatus.ACTIVE),
        (ASKING, ConnectionStatus.ACTION_REQUIRED),
    ],
    ids=["running", "done", "asking"],
)
def test_jobs_are_read_step_by_step(behind: Behind, script: Any, status: ConnectionStatus) -> None:
    behind.server.jobs["j1"] = {"user": "5f2e", "connection": None, "scripts": [script]}  # type: ignore[attr-defined]
    assert behind.own("track", "j1").status is status


def test_what_powens_cannot_is_said_with_an_alternative() -> None:
    from clients import Powens
    from clients.facade import connect

    with pytest.raises(UnsupportedOperation, match="nearest alternative is `delete`"):
        connect("powens", Powens(token="x")).connections.unlink("1")  # type: ignore[attr-defined]  # it lacks it
