"""What every adapter must do, whatever its provider: one suite, synchronous and asynchronous."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from clients._runtime.waiting import Pace, Target, Wait
from clients.errors import ApiError
from clients.facade import (
    AuthenticationError,
    ConnectionStatus,
    CredentialsError,
    FacadeError,
    ForeignOwner,
    InvalidArgument,
    NotFound,
    RateLimitError,
    UnsupportedArgument,
    UnsupportedOperation,
    ValidationError,
    WaitCancelled,
    WaitFailed,
    WaitTimeout,
    capabilities,
    models,
    protocols,
)
from clients.facade.waiting import judged
from tests.behaviour.server import Answer, Received, answer_json
from tests.facade.conftest import Behind
from tests.facade.servers import saltedge_error

CREATE: dict[str, tuple[str, dict[str, Any]]] = {
    "powens": ("40", {"credentials": {"login": "jdoe", "password": "right"}}),
    "basiq": ("AU00000", {"credentials": {"loginId": "jdoe", "password": "right"}}),
    "saltedge": (
        "fakebank_simple_xf",
        {
            "credentials": {"login": "jdoe", "password": "right"},
            "country": "XF",
            "scopes": ["account_details"],
        },
    ),
    "codat_expenses": ("gbol", {}),
    "codat_lending": ("gbol", {}),
}


def _add(behind: Behind, **more: object) -> str:
    server: Any = behind.server
    made: dict[str, Any] = server.add(**more)
    return str(made["id"])


def _create(behind: Behind, **more: object) -> Any:
    institution, arguments = CREATE[behind.provider]
    return behind.own("create", institution, **{**arguments, **more})


def test_what_is_created_is_listed(behind: Behind) -> None:
    started = _create(behind)
    listed = behind.own("list")
    assert [c.provider for c in listed] == [behind.provider]
    if behind.provider == "basiq":
        assert started.connection_id is None
        assert started.job_ids
    else:
        assert started.connection_id == listed[0].id
    assert behind.own("get", listed[0].id).id == listed[0].id


def test_a_page_is_not_the_end_and_everything_comes_once(behind: Behind) -> None:
    ids = [_add(behind) for _ in range(5)]
    assert [c.id for c in behind.own("iterate")] == ids
    assert [c.id for c in behind.own("list")] == ids


def test_after_delete_nothing_is_found(behind: Behind) -> None:
    id_ = _add(behind)
    assert behind.own("delete", id_) is None
    with pytest.raises(NotFound) as caught:
        behind.own("get", id_)
    assert caught.value.http_status == 404
    assert caught.value.provider == behind.provider
    assert behind.own("list") == []


def test_a_second_delete_fails_unless_that_is_fine(behind: Behind) -> None:
    id_ = _add(behind)
    behind.own("delete", id_)
    with pytest.raises(NotFound):
        behind.own("delete", id_)
    behind.own("delete", id_, missing_ok=True)


@pytest.mark.parametrize("operation", ["get", "refresh", "delete", "unlink", "purge"])
def test_a_foreign_owner_is_refused(behind: Behind, operation: str) -> None:
    if capabilities()[behind.provider][operation].level == "unsupported":
        with pytest.raises(UnsupportedOperation):
            behind.call(operation, "1", owner="1")
        return
    id_ = _add(behind)
    more = (
        {"data_types": ["invoices"]}
        if "codat" in behind.provider and operation == "refresh"
        else {}
    )
    with pytest.raises((ForeignOwner, NotFound)):
        behind.call(operation, id_, owner="99999", **more)
    assert id_ in behind.server.connections


def test_what_is_refused_never_leaves(behind: Behind) -> None:
    for operation, capability in capabilities()[behind.provider].items():
        if capability.level == "unsupported":
            assert not hasattr(behind.facade.connections, operation)
            with pytest.raises(UnsupportedOperation) as caught:
                behind.call(operation)
            assert (caught.value.provider, caught.value.operation) == (behind.provider, operation)
            assert caught.value.reason == capability.reason
            assert caught.value.alternative == capability.alternative
    assert behind.sent == 0


def test_an_argument_that_cannot_be_given_is_refused(behind: Behind) -> None:
    refuses = capabilities()[behind.provider]["create"].refuses
    for name in refuses:
        with pytest.raises(UnsupportedArgument) as caught:
            _create(behind, **{name: "x"})
        assert caught.value.argument == name
    assert behind.sent == 0


def test_the_adapter_has_what_the_matrix_says(behind: Behind) -> None:
    for operation, capability in capabilities()[behind.provider].items():
        words = "".join(w.title() for w in operation.split("_"))
        prefix = "Async" if behind.asynchronous else ""
        protocol = getattr(protocols, f"{prefix}Can{words}")
        supported = capability.level != "unsupported"
        assert isinstance(behind.facade.connections, protocol) is supported
    assert behind.facade.capabilities() == capabilities()[behind.provider]


def test_wrong_credentials_of_the_program_are_told_apart(behind: Behind) -> None:
    refusal = _refusal(behind.provider)
    behind.loopback.respond = lambda _: refusal
    with pytest.raises(AuthenticationError) as caught:
        behind.own("list")
    assert isinstance(caught.value, ApiError)


def _refusal(provider: str) -> Any:
    from tests.behaviour.server import answer_json

    if provider == "saltedge":
        return answer_json(400, {"error": {"class": "SecretNotProvided", "message": "m"}})
    return answer_json(401, {})


def test_too_many_requests_are_waited_for(behind: Behind) -> None:
    id_ = _add(behind)
    behind.server.retry_after = 1
    assert behind.own("get", id_).id == id_
    behind.server.retry_after = 50
    with pytest.raises(RateLimitError) as caught:
        behind.own("get", id_, options={"retries": 0})
    assert caught.value.retryable
    assert caught.value.retry_after == 0


def test_nothing_secret_is_shown(behind: Behind) -> None:
    """Trap 26."""
    id_ = _add(behind)
    connection = behind.own("get", id_)
    for text in (
        repr(connection),
        str(connection),
        repr(behind.facade),
        repr(behind.facade.connections),
    ):
        for secret in ("MADE_UP_SECRET", "otp=000000", "user-token", "a2V5", "hush"):
            assert secret not in text
    with pytest.raises(ApiError) as caught:
        behind.own("get", "404404")
    assert "English" not in str(caught.value)


def test_native_is_all_that_came(behind: Behind) -> None:
    id_ = _add(behind, surprise={"a": 1})
    connection = behind.own("get", id_)
    assert type(connection.native).__module__.endswith(f"{behind.provider}.models")
    assert connection.raw["surprise"] == {"a": 1}
    assert str(connection.raw["id"]) == id_
    with pytest.raises(AttributeError):
        connection.id = "other"


def test_a_state_that_is_new_is_unknown_and_kept(behind: Behind) -> None:
    """Trap 23."""
    field = "state" if behind.provider == "powens" else "status"
    id_ = _add(behind, **{field: "Brand-new"})
    connection = behind.own("get", id_)
    assert connection.status is ConnectionStatus.UNKNOWN
    assert "Brand-new" in connection.status_detail


def test_work_is_waited_for(behind: Behind) -> None:
    if "codat" in behind.provider:
        behind.server.linking = 3  # type: ignore[attr-defined]
    outcome = behind.call("wait_until_ready", _create(behind), timeout=10)
    assert outcome.ready
    assert outcome.connection.status is ConnectionStatus.ACTIVE
    assert outcome.action is None


def test_a_refresh_is_waited_for(behind: Behind) -> None:
    id_ = _add(behind)
    more = {"data_types": ["invoices", "suppliers"]} if "codat" in behind.provider else {}
    started = behind.own("refresh", id_, **more)
    outcome = behind.call("wait_until_ready", started, timeout=10)
    assert outcome.ready
    assert outcome.connection.id == id_
    if behind.provider == "powens":
        assert outcome.connection.native.last_update.month == 6
    if behind.provider == "saltedge":
        assert outcome.connection.revision == "9"


def test_waiting_ends_in_time(behind: Behind) -> None:
    id_ = _add(behind, **_never(behind.provider))
    begun = time.monotonic()
    with pytest.raises(WaitTimeout):
        behind.own("wait_until_ready", id_, timeout=0.3)
    assert time.monotonic() - begun < 3


def test_a_short_wait_looks_once_more_before_it_gives_up() -> None:
    run = Wait(Pace(first=10, factor=1.5, longest=60), 3, "codat_lending", "wait_until_ready")
    assert 1.5 < run.pause(None) < 3
    with pytest.raises(WaitTimeout):
        run.pause(None)
    # Nothing is asked earlier than the provider wants to be asked.
    with pytest.raises(WaitTimeout):
        Wait(run.pace, 3, "codat_lending", "wait_until_ready").pause(5)


def test_looks_have_the_options_of_the_wait(behind: Behind) -> None:
    id_ = _add(behind)
    behind.own("wait_until_ready", id_, timeout=10, options={"headers": {"X-Trace": "41"}})
    looks = [request for request in behind.loopback.received if request.method == "GET"]
    assert looks
    assert all(request.header("x-trace") == "41" for request in looks)


def test_a_look_takes_no_longer_than_the_wait() -> None:
    pace = Pace(first=1, factor=1, longest=1)
    long = Wait(pace, 5, "basiq", "wait_until_ready", {"timeout": 60.0, "retries": 0})
    assert long.options.get("timeout", 60) <= 5
    assert long.options.get("retries") == 0
    short = Wait(pace, 5, "basiq", "wait_until_ready", {"timeout": 0.5})
    assert short.options == {"timeout": 0.5}


def _never(provider: str) -> dict[str, object]:
    if provider == "powens":
        return {"state": "validating"}
    if provider == "saltedge":
        return {"last_attempt": {"id": "5", "last_stage": {"id": "1", "name": "connect"}}}
    return {"status": "init" if provider == "basiq" else "PendingAuth"}


def test_waiting_can_be_given_up(behind: Behind) -> None:
    id_ = _add(behind, **_never(behind.provider))
    if behind.asynchronous:
        _cancel_task(behind, id_)
        return
    event = threading.Event()
    threading.Timer(0.1, event.set).start()
    with pytest.raises(WaitCancelled):
        behind.own("wait_until_ready", id_, timeout=20, cancel=event)


def _cancel_task(behind: Behind, id_: str) -> None:
    """Cancelling the task leaves nothing running, and nothing is sent any more."""
    import asyncio

    async def run() -> None:
        waiting = behind.facade.connections.wait_until_ready(id_, owner=behind.owner, timeout=20)
        task = asyncio.create_task(waiting)
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await asyncio.sleep(0.2)  # what was on its way when the task ended is counted late
        sent = behind.sent
        await asyncio.sleep(0.2)
        assert behind.sent == sent

    behind.loop.run_until_complete(run())


def test_a_poll_that_is_refused_for_a_moment_is_repeated(behind: Behind) -> None:
    id_ = _add(behind)
    behind.server.retry_after = 3
    assert behind.own("wait_until_ready", id_, timeout=20).ready


def test_what_is_gone_is_not_waited_for(behind: Behind) -> None:
    with pytest.raises(NotFound):
        behind.own("wait_until_ready", "404404404", timeout=5)


@pytest.mark.providers("powens", "basiq", "saltedge")
def test_wrong_credentials_of_the_user_end_the_wait_or_the_call(behind: Behind) -> None:
    arguments = dict(CREATE[behind.provider][1]["credentials"], password="wrong")
    if behind.provider == "powens":
        with pytest.raises(CredentialsError) as caught:
            _create(behind, credentials=arguments)
        assert (caught.value.code, caught.value.request_id) == ("wrongpass", "8831204")
        return
    started = _create(behind, credentials=arguments)
    if behind.provider == "basiq":
        with pytest.raises(WaitFailed) as failed:
            behind.call("wait_until_ready", started, timeout=10)
        error = failed.value.error
    else:
        outcome = behind.call("wait_until_ready", started, timeout=10)
        assert not outcome.ready
        assert outcome.connection.status is ConnectionStatus.CREDENTIALS_INVALID
        error = outcome.connection.error
    assert error.category is models.ErrorCategory.CREDENTIALS
    assert not error.retryable


@pytest.mark.providers("powens", "basiq", "saltedge")
def test_a_user_who_is_asked_answers(behind: Behind) -> None:
    """The round trip of a second factor."""
    institution, arguments = CREATE[behind.provider]
    answers = {"powens": {"otp_sms": "482913"}, "saltedge": {"sms": "123456"}}.get(
        behind.provider, {"colour": "blue", "code": "914022"}
    )
    if behind.provider == "powens":
        arguments = {"credentials": {**arguments["credentials"], "website": "otp"}}
    institution = {"basiq": "MFA", "saltedge": "interactive_xf"}.get(behind.provider, institution)
    started = behind.own("create", institution, **arguments)
    outcome = behind.call("wait_until_ready", started, timeout=10)
    assert not outcome.ready
    action = outcome.action
    assert action.kind is models.ActionKind.FORM
    assert {f.name for f in action.fields} == set(answers)
    assert all(f.required for f in action.fields)
    started = behind.own("submit_interactive", action.id, values=answers)
    assert behind.call("wait_until_ready", started, timeout=10).ready


@pytest.mark.providers("powens", "basiq", "saltedge")
def test_credentials_that_are_missing_are_missed_before_anything_is_sent(behind: Behind) -> None:
    operation = "reconnect" if behind.provider != "saltedge" else "create"
    with pytest.raises(InvalidArgument):
        behind.own(operation, "1")
    assert behind.sent == 0


@pytest.mark.providers("codat_expenses", "codat_lending", "saltedge")
def test_unlinking_keeps_the_connection(behind: Behind) -> None:
    id_ = _add(behind)
    assert behind.own("unlink", id_).status is ConnectionStatus.DISCONNECTED
    assert [c.id for c in behind.own("list")] == [id_]


def test_all_can_be_refreshed(behind: Behind) -> None:
    ids = {_add(behind) for _ in range(3)}
    early = ""
    if behind.provider == "saltedge":
        early = _add(behind, next_refresh_possible_at="2999-01-01T00:00:00Z")
    started = behind.own("refresh_all")
    if "codat" in behind.provider:
        assert started == []
        assert any(call.endswith("/data/all") for call in behind.server.calls)
        return
    reached = {behind.call("wait_until_ready", s, timeout=10).connection.id for s in started}
    assert reached == ids
    if behind.provider == "saltedge":
        assert f"PUT /connections/{early}/refresh" not in behind.server.calls


@pytest.mark.providers("powens", "saltedge")
def test_what_was_started_is_not_lost_when_the_rest_is_refused(behind: Behind) -> None:
    ids = [_add(behind) for _ in range(3)]
    respond = behind.loopback.respond
    put = {"powens": "POST", "saltedge": "PUT"}[behind.provider]

    def refusing(request: Received) -> Answer | None:
        if request.method == put and ids[1] in request.path:
            return answer_json(503, {})
        return respond(request)

    behind.loopback.respond = refusing
    with pytest.raises(ApiError) as caught:
        behind.own("refresh_all")
    (first,) = caught.value.started
    assert first.connection_id == ids[0]
    assert behind.call("wait_until_ready", first, timeout=10).ready


def test_an_answer_without_an_id_is_refused(behind: Behind) -> None:
    made = behind.server.connections[_add(behind)]
    asked, made["id"] = str(made["id"]), None
    with pytest.raises(FacadeError, match="documented") as caught:
        behind.own("get", asked)
    assert (caught.value.provider, caught.value.operation) == (behind.provider, "get")


@pytest.mark.providers("basiq", "saltedge")
def test_an_answer_that_cannot_be_read_is_an_error_of_the_tree(behind: Behind) -> None:
    broken = {"basiq": {"institution": "AU00000"}, "saltedge": {"last_attempt": "none"}}
    id_ = _add(behind, **broken[behind.provider])
    with pytest.raises(FacadeError, match="not what is documented"):
        behind.own("get", id_)
    # How it is called is another matter.
    with pytest.raises(TypeError):
        behind.own("get", id_, conection=1)


@pytest.mark.providers("saltedge")
def test_an_owner_that_the_answer_leaves_out_is_no_match(behind: Behind) -> None:
    id_ = _add(behind)
    del behind.server.connections[id_]["customer_id"]
    for operation in ("get", "delete"):
        with pytest.raises(FacadeError):
            behind.own(operation, id_)
    assert id_ in behind.server.connections


def _job(connection_id: str, state: str, status: str) -> models.Job[Any]:
    kind: Any = models.Job
    made: models.Job[Any] = kind(
        id=state,
        provider="codat_lending",
        status=ConnectionStatus[status],
        status_detail=state,
        connection_id=connection_id,
        error=None,
        action=None,
        native=None,
    )
    return made


@pytest.mark.providers("codat_lending")
def test_the_worst_of_several_jobs_counts_whatever_their_order(behind: Behind) -> None:
    id_ = _add(behind)
    for order in (["AuthError", "RateLimitError"], ["RateLimitError", "AuthError"]):
        jobs = [_job(id_, s, "DEAUTHORIZED" if s == "AuthError" else "DEGRADED") for s in order]
        run = Wait(Pace(1, 1, 1), 10, "codat_lending", "wait_until_ready")
        target = Target(behind.owner, id_, (), None)
        outcome: Any = judged(behind.own("get", id_), jobs, target, run)
        assert outcome is not None
        assert not outcome.ready
        assert outcome.connection.status_detail == "AuthError"


@pytest.mark.parametrize("known", [False, True])
def test_there_is_a_page_to_authorise_on(behind: Behind, known: bool) -> None:
    more: dict[str, object] = {"connection_id": _add(behind)} if known else {}
    if behind.provider == "saltedge":
        more["scopes"] = ["account_details"]
    if behind.provider == "powens":
        more["return_url"] = "https://me.example/back?a=b"
    url = behind.own("authorize_url", **more)
    expected = {
        "powens": "https://webview.powens.com/" + ("reconnect?" if known else "connect?"),
        "basiq": "https://consent.basiq.io/home?token=token-",
        "saltedge": "https://www.saltedge.com/connect?token=",
    }.get(
        behind.provider, "https://link-api.codat.io/" if known else "https://link.codat.io/company/"
    )
    assert url.startswith(expected)


@pytest.mark.providers("powens", "basiq", "saltedge")
def test_settings_and_credentials_can_be_changed(behind: Behind) -> None:
    id_ = _add(behind)
    more: dict[str, object] = {"auto_refresh": True}
    if behind.provider != "saltedge":
        more = {"credentials": {"password": "n3w"}}
    outcome = behind.call("wait_until_ready", behind.own("update", id_, **more), timeout=10)
    assert outcome.ready
    expected = {"powens": {"password": "n3w"}, "basiq": {"password": "n3w"}}
    assert behind.server.bodies[-1] == expected.get(
        behind.provider, {"data": {"daily_refresh": True}}
    )


@pytest.mark.providers("saltedge")
def test_a_refused_request_is_told_apart(behind: Behind) -> None:
    answer = saltedge_error(400, "WrongRequestFormat")
    behind.loopback.respond = lambda _: answer
    with pytest.raises(ValidationError):
        behind.own("list")
