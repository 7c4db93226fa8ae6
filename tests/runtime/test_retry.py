from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from package._runtime.operation import Retry
from package._runtime.retry import Outcome, RetryBudget, RetryPolicy, parse_retry_after

POLICY = RetryPolicy(2)


@pytest.mark.parametrize("outcome", ["lost", 408, 429, 500, 502, 503, 504])
def test_passing_trouble(outcome: Outcome) -> None:
    assert POLICY.delay("safe", outcome, attempt=1) is not None
    assert POLICY.delay("idempotent", outcome, attempt=2) is not None
    assert POLICY.delay("safe", outcome, attempt=3) is None
    assert POLICY.delay("never", outcome, attempt=1) is None
    assert POLICY.delay("never", outcome, attempt=1, keyed=True) is not None


@pytest.mark.parametrize("outcome", [200, 204, 302, 400, 401, 403, 404, 409, 422, 501])
def test_final_answers(outcome: int) -> None:
    assert POLICY.delay("safe", outcome, attempt=1, keyed=True) is None


@pytest.mark.parametrize("retry", ["safe", "idempotent", "never"])
def test_nothing_sent_is_always_safe_to_repeat(retry: Retry) -> None:
    assert POLICY.delay(retry, "not sent", attempt=1) is not None
    assert POLICY.delay(retry, "not sent", attempt=3) is None
    assert RetryPolicy(0).delay(retry, "not sent", attempt=1) is None


@given(st.integers(1, 10_000))
def test_jitter_grows_to_a_bound(attempt: int) -> None:
    delay = RetryPolicy(10_000).delay("safe", "lost", attempt=attempt)
    assert delay is not None
    assert 0 <= delay <= min(8, 0.5 * 2 ** min(attempt - 1, 9))


def test_retry_after_is_honoured_up_to_a_minute() -> None:
    assert POLICY.delay("safe", 503, attempt=1, retry_after=60.0) == 60.0
    assert POLICY.delay("safe", 503, attempt=1, retry_after=0.0) == 0.0
    assert POLICY.delay("safe", 503, attempt=1, retry_after=60.1) is None


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("3", 3), (" 120 ", 120), ("1.5", 1.5)])
def test_seconds(text: str, seconds: float) -> None:
    assert parse_retry_after(text) == seconds


def test_dates() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=30)
    assert 27 < (parse_retry_after(format_datetime(soon, usegmt=True)) or 0) <= 30
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00") == 0
    assert parse_retry_after("Wednesday, 21-Oct-15 07:28:00 GMT") == 0


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "-1",
        "nan",
        "inf",
        "1e3",
        ".",
        "1.2.3",
        "9" * 400,
        "٣",
        "0x10",
        "soon",
        "Wed, 99 Oct 2015 07:28:00 GMT",
        "Wed, 21 Oct 100000 07:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 +999999999",
        "\x00",
        ",",
        "()",
        "(" * 1000,
    ],
)
def test_nonsense(text: str | None) -> None:
    assert parse_retry_after(text) is None


@given(st.text())
def test_any_text(text: str) -> None:
    seconds = parse_retry_after(text)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("-1", None),
        ("-0", None),
        ("+5", None),
        ("nan", None),
        ("-inf", None),
        ("1e400", None),
        ("1_000", None),
        ("99999999999999999999", None),
        ("1, 2", None),
        ("5; 6", None),
        ("Fri, 31 Dec 100000 23:59:59 GMT", None),
        ("Xyz, 21 Oct 2015 07:28:00 GMT", 0),
        ("Fri, 00 Jan 2016 07:28:00 GMT", None),
        ("Fri, 29 Feb 2015 07:28:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("61", 61),
        ("999999999", 999999999),
    ],
)
def test_hostile_wishes(text: str, seconds: float | None) -> None:
    assert parse_retry_after(text) == seconds
    delay = POLICY.delay("safe", 429, attempt=1, retry_after=seconds)
    # Above a minute the caller gets the error; nonsense means a pause of our own.
    assert delay is None if seconds and seconds > 60 else delay is not None and delay <= 60


def test_budget_ends_and_comes_back_with_success() -> None:
    budget = RetryBudget()
    assert sum(1 for _ in range(1000) if budget.take()) == 100
    for _ in range(4):
        budget.succeeded(0)
    assert not budget.take()
    budget.succeeded(0)
    assert budget.take() == 5
    assert not budget.take()


def test_a_retry_that_helps_costs_nothing_and_time_outs_cost_double() -> None:
    budget = RetryBudget()
    for _ in range(1000):
        budget.succeeded(budget.take())
    assert sum(1 for _ in range(1000) if budget.take(timed_out=True)) == 50


def test_budget_is_never_more_than_full() -> None:
    budget = RetryBudget()
    for _ in range(10_000):
        budget.succeeded(0)
    assert sum(1 for _ in range(1000) if budget.take()) == 100


def test_threads_share_a_budget() -> None:
    budget = RetryBudget()
    with ThreadPoolExecutor(16) as pool:
        taken = [pool.submit(budget.take) for _ in range(5000)]
    assert sum(one.result() for one in taken) == 500
