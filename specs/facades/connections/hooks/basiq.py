"""What the mapping of Basiq cannot say with paths and tables: jobs, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...._runtime.failures import InvalidArgument, dig
from ....basiq import models
from ...models import ConnectionStatus, FieldKind, FormField

__all__ = [
    "answers",
    "challenge",
    "connection_of",
    "connection_of_event",
    "detail",
    "failed_code",
    "failure",
    "owner_of",
    "owner_of_event",
    "progress",
    "prompts",
    "visit",
]

_FAILED = models.JobStepStatus.FAILED
_SUCCESS = models.JobStepStatus.SUCCESS
_RUNNING = models.JobStepStatus.IN_PROGRESS
_VISITS = (
    models.StepResultCode.USER_ACTION_REQUIRED,
    models.StepResultCode.ACCOUNT_NOT_ACCESSIBLE_REQUIRES_USER_ACTION,
)


def _results(step: models.JobStep) -> list[models.StepResult]:
    """The results of a step: one object, an array of one, or null."""
    result = step.result
    if result is None:
        return []
    return result if isinstance(result, list) else [result]


def _failed(job: models.Job) -> models.JobStep | None:
    """The first step that failed; later ones stay `pending` for ever."""
    return next((s for s in job.steps or () if s.status == _FAILED), None)


def failure(job: models.Job) -> models.StepResult | None:
    """What the first failed step says."""
    step = _failed(job)
    if step is None:
        return None
    return next(iter(_results(step)), models.StepResult())


def failed_code(job: models.Job) -> models.StepResultCode | None:
    """Why a job failed; None if it did not."""
    found = failure(job)
    if found is None:
        return None
    return found.code or models.StepResultCode.UNKNOWN_ERROR


def progress(job: models.Job) -> ConnectionStatus:
    """How far a job is that has not failed."""
    steps = job.steps or ()
    if challenge(job) is not None:
        return ConnectionStatus.ACTION_REQUIRED
    if steps and all(step.status == _SUCCESS for step in steps):
        return ConnectionStatus.ACTIVE
    return ConnectionStatus.SYNCING


def detail(job: models.Job) -> str | None:
    """The step that matters and its state, with the code of a failure."""
    step = _failed(job) or next((s for s in job.steps or () if s.status != _SUCCESS), None)
    if step is None:
        return None
    code = failed_code(job)
    return "/".join(str(part) for part in (step.title, step.status, code) if part)


def challenge(job: models.Job) -> models.StepResult | None:
    """What the user is asked for, while a job waits for it."""
    for step in job.steps or ():
        if step.title == models.JobStepTitle.MFA_CHALLENGE and step.status == _RUNNING:
            asked = [r for r in _results(step) if r.type == models.StepResultType.MFA or r.input]
            return next(iter(asked), None)
    return None


def visit(job: models.Job) -> models.StepResult | None:
    """The failure of a job that asks the user to go to the bank's own site."""
    found = failure(job)
    return found if found is not None and found.code in _VISITS else None


def prompts(asked: models.StepResult) -> list[FormField]:
    """One field for each prompt, named by it."""
    return [
        FormField(
            name=prompt, label=prompt, kind=FieldKind.TEXT, required=True, pattern=None, options=()
        )
        for prompt in asked.input or ()
    ]


def answers(job: models.Job, values: Mapping[str, str] | None) -> list[str]:
    """The answers in the order of the prompts."""
    asked = challenge(job)
    wanted = asked.input or [] if asked is not None else []
    given = values or {}
    if not wanted:
        raise InvalidArgument("the job asks for nothing (any more)")
    if set(wanted) != set(given):
        raise InvalidArgument("`values` must have one answer for each prompt, and no other")
    return [given[prompt] for prompt in wanted]


def _after(word: str, url: str | None) -> str | None:
    """The part of a path that follows a word; URLs are absolute or not."""
    parts = (url or "").partition("?")[0].rstrip("/").split("/")
    return parts[parts.index(word) + 1] if word in parts[:-1] else None


def _links(job: models.Job) -> Iterator[str | None]:
    yield job.links.source if job.links is not None else None
    for step in job.steps or ():
        if step.title == models.JobStepTitle.VERIFY_CREDENTIALS:
            yield from (result.url for result in _results(step))


def connection_of(job: models.Job) -> str | None:
    """The connection a job works on; it may be missing until the first step is done."""
    return next((found for link in _links(job) if (found := _after("connections", link))), None)


def owner_of(job: models.Job) -> str | None:
    """The user a job works for, where a link tells."""
    return next((found for link in _links(job) if (found := _after("users", link))), None)


def connection_of_event(payload: object) -> str | None:
    """The connection an event is about, by its link."""
    found = dig(payload, ("links", "eventEntity"))
    return _after("connections", found) if isinstance(found, str) else None


def owner_of_event(payload: object) -> str | None:
    """The user an event is about, by its link."""
    found = dig(payload, ("links", "eventEntity"))
    return _after("users", found) if isinstance(found, str) else None
