"""Every state a provider is known to have, value by value, and what it means."""

from __future__ import annotations

from typing import Any

import pytest

from clients.basiq import models as basiq
from clients.codat_lending import models as codat
from clients.facade import ConnectionStatus, models
from clients.facade.providers.basiq import mapping as basiq_mapping
from clients.facade.providers.codat_expenses import mapping as expenses_mapping
from clients.facade.providers.codat_lending import mapping as lending_mapping
from clients.facade.providers.powens import mapping as powens_mapping
from clients.facade.providers.saltedge import mapping as saltedge_mapping
from clients.powens import models as powens
from clients.saltedge import models as saltedge

POWENS = {
    "SCARequired": "action_required",
    "webauthRequired": "action_required",
    "additionalInformationNeeded": "action_required",
    "decoupled": "action_required",
    "validating": "syncing",
    "actionNeeded": "action_required",
    "passwordExpired": "credentials_invalid",
    "wrongpass": "credentials_invalid",
    "rateLimiting": "degraded",
    "websiteUnavailable": "degraded",
    "bug": "error",
    "new": "unknown",
}
POWENS_ACTIONS = {
    "SCARequired": "redirect",
    "webauthRequired": "redirect",
    "additionalInformationNeeded": "form",
    "wrongpass": "form",
    "decoupled": "approve_elsewhere",
    "actionNeeded": "visit_provider",
    "passwordExpired": "visit_provider",
}
BASIQ = {
    "pre-init": "pending",
    "init": "syncing",
    "pending": "pending",
    "active": "active",
    "invalid": "credentials_invalid",
    "deleted": "deleted",
    "new": "unknown",
    None: "unknown",
}
BASIQ_JOBS = {
    "credentials_invalid": "invalid-credentials missing-required-field missing-required-field-value "
    "invalid-field-value",
    "deauthorized": "authorization-failed",
    "action_required": "user-action-required account-not-accessible-requires-user-action",
    "degraded": "system-unavailable service-unavailable maintenance institution-not-available "
    "job-timed-out",
    "disabled": "institution-disabled institution-not-found",
    "error": "connector-error unknown-error invalid-connection invalid-csv-row row-count-exceeded "
    "account-data-differs empty-file bank-statement-invalid bank-statement-new-product "
    "bank-statement-parsing-error bank-statement-not-supported txn-after-last-updated-date new",
    "active": "success",
}
SALTEDGE_FAILURES = {
    "credentials_invalid": "InvalidCredentials InvalidInteractiveCredentials CredentialsNotMatch",
    "deauthorized": "AispConsentExpired AispConsentRevoked AispConsentAlreadyRevoked "
    "ProviderAccessNotGranted",
    "action_required": "InteractiveTimeout InteractiveAdapterTimeout",
    "degraded": "ProviderError ProviderUnavailable ExecutionTimeout FetchingTimeout ConnectionFailed "
    "ConnectionLost BackgroundFetchLimitExceeded RateLimitExceeded TooManyRequests "
    "ConnectionFetchingStopped",
    "disabled": "ProviderDisabled ProviderInactive ConnectionDisabled",
    "error": "AllAccountsExcluded InternalServerError Brand-new",
}
CODAT = {
    "PendingAuth": "pending",
    "Linked": "active",
    "Deauthorized": "deauthorized",
    "Unlinked": "disconnected",
    "new": "unknown",
}
PULLS = {
    "active": "Complete",
    "syncing": "Initial Queued Fetching MapQueued Mapping ProcessingQueued Processing "
    "ValidationQueued Validating",
    "deauthorized": "AuthError",
    "degraded": "RateLimitError",
    "action_required": "PermissionsError PrerequisiteNotMet",
    "error": "FetchError MapError InternalError ProcessingError ValidationError",
    "": "Cancelled NotSupported",
}


def _powens(**more: object) -> Any:
    known = {"id": 1, "id_connector": 40, "created": "2024-05-14 09:30:41", "active": True}
    return powens_mapping.connection(powens.Connection.model_validate({**known, **more}))


@pytest.mark.parametrize("state", POWENS)
def test_states_of_powens(state: str) -> None:
    found = _powens(state=state, active=False)
    assert found.status == POWENS[state]
    assert found.status_detail == state
    kind = found.action.kind if found.action else None
    assert kind == POWENS_ACTIONS.get(state)
    assert (found.error is None) is (state == "validating")


def test_all_states_of_powens_are_tried() -> None:
    assert set(powens.ConnectionState) <= set(POWENS)


@pytest.mark.parametrize("status", BASIQ)
def test_statuses_of_basiq(status: str | None) -> None:
    item: dict[str, Any] = {
        "type": "connection",
        "id": "1",
        "institution": {"type": "institution", "id": "AU00000", "links": {"self": "x"}},
        "links": {"self": "x", "institution": "x", "user": "x"},
    }
    if status is not None:
        item["status"] = status
    listed = basiq_mapping.connection(basiq.ConnectionListItem.model_validate(item), owner="u")
    single = basiq_mapping.connection(basiq.Connection.model_validate(item), owner="u")
    assert listed.status == single.status == BASIQ[status]


def test_all_statuses_of_basiq_are_tried() -> None:
    assert set(basiq.ConnectionStatus) <= set(BASIQ)
    assert set(basiq.StepResultCode) <= {c for codes in BASIQ_JOBS.values() for c in codes.split()}


@pytest.mark.parametrize(
    ("code", "status"), [(c, s) for s, codes in BASIQ_JOBS.items() for c in codes.split()]
)
def test_failures_of_jobs_of_basiq(code: str, status: str) -> None:
    failed = {
        "title": "verify-credentials",
        "status": "failed",
        "result": {"code": code, "details": "d"},
    }
    later = {"title": "retrieve-accounts", "status": "pending", "result": None}
    job = {"type": "job", "id": "1", "steps": [failed, later], "links": {"self": "x"}}
    found = basiq_mapping.job(basiq.Job.model_validate(job))
    assert found.status == status
    assert found.error is not None
    assert (found.error.code, found.error.message) == (code, "d")


def _saltedge(status: str, attempt: dict[str, object] | None) -> Any:
    known = {
        "id": "1",
        "provider_id": "1",
        "provider_code": "p",
        "provider_name": "P",
        "customer_id": "2",
        "country_code": "XF",
        "daily_refresh": False,
        "store_credentials": True,
        "show_consent_confirmation": False,
        "last_consent_id": None,
        "created_at": "2024-03-01T10:20:30Z",
        "updated_at": "2024-03-01T10:20:30Z",
        "last_success_at": None,
        "status": status,
    }
    if attempt is not None:
        known |= {"last_attempt": attempt}
    return saltedge_mapping.connection(saltedge.Connection.model_validate(known))


@pytest.mark.parametrize(
    ("failure", "status"), [(f, s) for s, fs in SALTEDGE_FAILURES.items() for f in fs.split()]
)
def test_failures_of_salt_edge(failure: str, status: str) -> None:
    attempt: dict[str, object] = {"id": "1", "finished": True, "fail_error_class": failure}
    found = _saltedge("active", attempt)
    assert found.status == status
    assert found.error.code == failure
    lost = {"credentials_invalid", "deauthorized"}
    assert _saltedge("inactive", attempt).status == (status if status in lost else "disconnected")
    assert _saltedge("disabled", attempt).status == "disabled"
    assert _saltedge("new", attempt).status == "unknown"


@pytest.mark.parametrize("stage", list(saltedge.StageName))
@pytest.mark.parametrize("status", ["active", "inactive"])
def test_stages_of_salt_edge(stage: str, status: str) -> None:
    running = _saltedge(status, {"id": "1", "last_stage": {"id": "2", "name": stage}})
    ended = "active" if status == "active" else "disconnected"
    expected = {"interactive": "action_required", "finish": ended}.get(stage, "syncing")
    assert running.status == expected
    assert running.status_detail == f"{status}/{stage}"
    partial: dict[str, object] = {
        "id": "1",
        "finished": True,
        "partial": True,
        "last_stage": {"id": "2", "name": stage},
    }
    assert _saltedge(status, partial).status == ended
    assert _saltedge(status, None).status == ended
    done: dict[str, object] = {"id": "1", "success_at": "2024-03-01T10:20:30Z"}
    assert _saltedge(status, done).status == ended


@pytest.mark.parametrize(
    "mapping", [expenses_mapping, lending_mapping], ids=["expenses", "lending"]
)
@pytest.mark.parametrize("status", CODAT)
def test_statuses_of_codat(mapping: Any, status: str) -> None:
    def connection(errors: list[Any] | None) -> Any:
        known = {
            "id": "1",
            "integrationId": "2",
            "sourceId": "3",
            "sourceType": "Accounting",
            "platformName": "X",
            "linkUrl": "",
            "created": "2024-06-01T08:00:00",
            "status": status,
            "dataConnectionErrors": errors,
        }
        package = __import__(mapping.__name__.replace("facade.providers.", "").replace(
            ".mapping", ".models"), fromlist=["Connection"])  # fmt: skip
        return mapping.connection(package.Connection.model_validate(known), owner="c")

    assert connection(None).status == CODAT[status]
    # An empty link is none.
    assert connection(None).authorize_url is None
    over = {"statusCode": "401", "status": "Resolved", "erroredOnUtc": "2024-06-03T02:00:00Z"}
    old = {"statusText": "Slow", "status": None, "erroredOnUtc": "2024-06-01T02:00:00Z"}
    new = {"statusCode": "503", "status": "Active", "erroredOnUtc": "2024-06-02T02:00:00Z"}
    found = connection([over, old])
    assert (found.status, found.error.code) == (CODAT[status], "Slow")
    found = connection([new, over, old])
    assert found.status == ("degraded" if status == "Linked" else CODAT[status])
    assert (found.error.code, found.error.retryable) == ("503", True)


@pytest.mark.parametrize(
    ("pull", "status"), [(p, s) for s, ps in PULLS.items() for p in ps.split()]
)
def test_pulls_of_codat(pull: str, status: str) -> None:
    known = {
        "id": "1",
        "companyId": "2",
        "connectionId": "3",
        "dataType": "bills",
        "status": pull,
        "requested": "2024-06-01T08:00:00Z",
        "progress": 1,
        "isCompleted": False,
        "isErrored": pull.endswith("Error"),
    }
    found = lending_mapping.job(codat.PullOperation.model_validate(known))
    assert (found.status or "") == status
    assert (found.error is not None) is pull.endswith("Error")


def test_all_values_of_codat_are_tried() -> None:
    assert set(codat.DataConnectionStatus) <= set(CODAT)
    assert set(codat.PullOperationStatus) == {p for ps in PULLS.values() for p in ps.split()}
    assert {models.ConnectionStatus(s) for s in CODAT.values()} < set(ConnectionStatus)
