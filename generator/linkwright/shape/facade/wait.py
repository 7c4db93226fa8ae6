"""The method of an adapter that waits."""

from __future__ import annotations

from ...ir.facade import Adapter, Done
from ..flavors import ASYNC, Flavor
from ..literals import Code, docstring, entry, prose, string_of
from ..names import known_name
from .gathered import Module, may_be_null
from .names import known_class

__all__ = ["wait_method"]


def wait_method(done: Done, adapter: Adapter, module: Module, flavor: Flavor) -> Code:
    """Write it; the judging of what is seen is the facade's and stands in its `waiting` module."""
    wait = done.operation.wait
    assert wait is not None
    by_name = {d.operation.name: d for d in adapter.operations}
    look, track = by_name[wait.look], by_name.get(wait.track or "")
    track = track if track is not None and track.level != "unsupported" else None
    handle = f"{known_class(wait.handle)}[{native_of(module)}]"
    outcome = f"{known_class(wait.outcome)}[{native_of(module)}]"
    await_, def_ = flavor.await_, flavor.def_
    asynchronous = flavor is ASYNC
    owner = next((a for a in look.operation.arguments if a.name == "owner"), None)
    required = owner is not None and "owner" not in look.optional and not may_be_null(owner.type)
    arguments = ["self", f"target: str | {handle}", "*"]
    if owner is not None:
        arguments.append("owner: str | None = None")
    arguments.append("timeout: float = 300.0")
    if not asynchronous:
        arguments.append("cancel: Event | None = None")
    arguments.append("options: RequestOptions | None = None")
    passed = ""
    if owner is not None:
        passed = ", owner=" + ('needed(goal.owner, "owner")' if required else "goal.owner")
    lines: list[str] = [docstring(_doc(done, asynchronous, owner is not None), 0)]
    lines.append(f"goal = waiting.started(target, {'owner' if owner is not None else 'None'})")
    inside: list[str] = []
    jobs = "()"
    connection = 'needed(goal.id, "target")'
    if track is not None:
        jobs = "jobs"
        connection = "waiting.place(goal, jobs)"
        inside += [
            f"jobs = [{await_}self.{known_name(track.operation.name)}(job_id{passed}, "
            "options=run.options) for job_id in goal.job_ids]",
            "asked = waiting.asked(jobs)",
            "if asked is not None or waiting.busy(jobs):",
            "    return asked",
        ]
    inside += [
        f"found = {await_}self.{known_name(wait.look)}({connection}{passed}, options=run.options)",
        f"return waiting.judged(found, {jobs}, goal, run)",
    ]
    lines.append(f"{def_} look(run: Wait) -> {outcome} | None:")
    lines += ["    " + line for line in inside]
    names = f"{string_of(adapter.provider)}, {string_of(done.operation.name)}"
    run = f"Wait(PACE, timeout, {names}, options)"
    call = f"await wait_async({run}, look)" if asynchronous else f"wait({run}, look, cancel)"
    lines += [
        f"with RULES.during({string_of(done.operation.name)}):",
        f"    return {call}",
    ]
    head = f"{def_} {known_name(done.operation.name)}({', '.join(arguments)}) -> {outcome}:"
    indented = ["\n".join(f"    {p}" if p else "" for p in line.split("\n")) for line in lines]
    return Code("\n".join([head, *indented]))


def native_of(module: Module) -> Code:
    """The native model of the adapter."""
    return module.annotate.native


def _doc(done: Done, asynchronous: bool, owned: bool) -> list[str]:
    lines = prose(done.operation.summary, 88)
    if done.reason is not None:
        lines += ["", *prose(done.reason, 88)]
    lines += [
        "",
        "Args:",
        *entry("target: What an operation gave back, or the id of a connection."),
    ]
    if owned:
        lines += entry("owner: Owner, where the target does not say.")
    lines += entry("timeout: Seconds to wait in all.")
    if not asynchronous:
        lines += entry("cancel: Ends the waiting when another thread sets it.")
    lines += entry("options: Timeout, retries and further headers of each look.")
    lines += ["", "Raises:"]
    lines += entry("WaitFailed: It ended badly; see its `error`.")
    lines += entry("WaitTimeout: It did not end in time.")
    lines += entry("FacadeError: See `errors` for the kinds.")
    return lines
