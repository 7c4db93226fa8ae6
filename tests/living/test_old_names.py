"""Old names of parts: of arguments, fields and members, and of what moved to another resource.

Somebody's code against the old names goes on working, type checkers and warnings point at the very
lines of it that use them, and at no other.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.helpers import REPO, differences, execute, files_of, python, run

BASE = (REPO / "tests/living/changes/base.yaml").read_text()
_CONFIG = """\
[tool.linkwright]
output = "clients"
release = "{release}"
[tool.linkwright.providers.acme]
spec = "acme.yaml"
"""
#: What there is besides the document of all cases of changes.
_MORE = """
paths:
  /payments/{id}:
    get:
      tags: [payments]
      operationId: getPayment
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: It.
          content:
            application/json: {schema: {$ref: '#/components/schemas/Payment'}}
  /limits:
    get:
      tags: [limits]
      operationId: listLimits
      parameters:
      - {name: from, in: query, required: true, schema: {type: string}}
      - {name: until, in: query, required: true, schema: {type: string}}
      responses: {'204': {description: Nothing.}}
    delete:
      tags: [limits]
      operationId: deleteLimits
      responses: {'204': {description: Nothing.}}
webhooks:
  paid:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Payment'}}}}
      responses: {'204': {description: Thanks.}}
"""
#: New names, by where they stand.
_NAMES: dict[tuple[str | int, ...], str] = {
    ("info",): "AcmeBank",
    ("paths", "/accounts", "get", "parameters", 1): "size",
    ("paths", "/accounts/{bank}/{number}", "get", "parameters", 0): "bank_id",
    ("paths", "/accounts/{bank}/{number}", "get"): "find",
    ("paths", "/payments", "post", "parameters", 0): "how",
    ("paths", "/payments", "post", "responses", "201", "links", "got"): "fetch",
    ("paths", "/limits", "get", "parameters", 0): "since",
    ("paths", "/limits", "get", "parameters", 1): "till",
    ("components", "securitySchemes", "key"): "secret",
    ("components", "schemas", "Account", "properties", "owner"): "holder",
    ("components", "schemas", "PaymentRequest", "properties", "amount"): "total",
    ("webhooks", "paid", "post"): "payment",
}


def _documents() -> tuple[str, str]:
    """Before and after everything was renamed."""
    document: dict[str, Any] = yaml.safe_load(BASE)
    more: dict[str, Any] = yaml.safe_load(_MORE)
    document["paths"] |= more["paths"]
    document["webhooks"] = more["webhooks"]
    link = {"operationId": "getPayment", "parameters": {"id": "$response.body#/id"}}
    document["paths"]["/payments"]["post"]["responses"]["201"]["links"] = {"got": link}
    before = yaml.safe_dump(document, sort_keys=False)
    for path, name in _NAMES.items():
        here: Any = document
        for step in path:
            here = here[step]
        here["x-linkwright-name"] = name
    document["components"]["schemas"]["State"]["x-enum-varnames"] = ["UNLOCKED", "LOCKED"]
    # One goes to a resource that is there, and those of another part ways.
    document["paths"]["/payments/{id}"]["get"]["tags"] = ["accounts"]
    document["paths"]["/limits"]["get"]["tags"] = ["accounts"]
    document["paths"]["/limits"]["delete"]["tags"] = ["payments"]
    schemas = document["components"]["schemas"]
    schemas["Order"] = schemas.pop("PaymentRequest")
    after = yaml.safe_dump(document, sort_keys=False)
    return before, after.replace("schemas/PaymentRequest", "schemas/Order")


#: What somebody wrote. The comments say who is to point at a line: mypy, pyright, a warning, or
#: both type checkers with an error.
_USE = """
import asyncio

import clients
from clients.acme import Acme, AsyncAcme  # mypy, pyright, warning
from clients.acme import links, models, operations
from clients.acme.bodies import PaymentRequestDict  # mypy, pyright, warning
from clients.acme.errors import AcmeError, AcmeNotFound  # mypy, pyright, warning
from clients.acme.webhooks import parse_paid  # mypy, pyright
from clients.testing import FakeApi

fake = FakeApi()
fake.on(operations.GET_ACCOUNT, {"id": "7", "state": "open", "owner": "me"})
fake.on(operations.LIST_ACCOUNTS, {"accounts": []})
fake.on(operations.CREATE_PAYMENT, {"id": "8"}, status=201)
fake.on(operations.GET_PAYMENT, {"id": "8"})
fake.on(operations.LIST_LIMITS, None, status=204)
fake.on(operations.DELETE_LIMITS, None, status=204)
client = Acme(key="x", http_client=fake.http_client())  # mypy, pyright, warning
same: Acme = clients.Acme(token="x", http_client=fake.http_client())  # mypy, pyright, warning


def owner(account: models.Account) -> str | None:
    return account.owner  # mypy, pyright, warning


def tell(error: AcmeError) -> int:  # pyright
    return error.status


# Arguments, under a method's old name and under its new one.
assert owner(client.accounts.get("b", number="7")) == "me"  # mypy, pyright, warning
client.accounts.find("b", "7")
client.accounts.find(bank="b", number="7")  # mypy, pyright, warning
client.accounts.find("b", bank_id="c", number="7")  # error
client.accounts.find(bank="b", bank_id="c", number="7")  # error
client.accounts.find("b")  # error
client.accounts.list(size=3)
client.accounts.list(limit=3)  # mypy, pyright, warning
client.accounts.list(limit=3, size=3)  # error
client.raw(client.accounts.list, size=3)
client.raw(client.accounts.list, limit=3)  # warning
# Both may be given, in any mixture, and each has to be.
client.limits.list(from_="a", until="b")  # mypy, pyright, warning
client.accounts.list_limits(since="a", till="b")
client.accounts.list_limits(since="a", until="b")  # mypy, pyright, warning
client.accounts.list_limits(from_="a", till="b")  # mypy, pyright, warning
client.accounts.list_limits(from_="a")  # error
client.limits.delete()  # mypy, pyright, warning
client.payments.get("8")  # mypy, pyright, warning

# Fields, by which models are made and read.
order: models.PaymentRequest = models.PaymentRequest(amount=3)  # mypy, pyright, warning
assert order.amount == 3  # mypy, pyright, warning
assert models.Order(total=3).total == 3
assert models.Order(amount=3) == order  # mypy, pyright, warning
assert order.is_set("amount")
assert order.model_dump(by_alias=True, exclude_unset=True) == {"amount": 3}
models.Order(amount=3, total=3)  # error
body: PaymentRequestDict = {"amount": 3}  # pyright
client.payments.create(body=order, mode="x")  # mypy, pyright, warning
client.payments.create(body=body, how="x")

answer = client.raw(client.payments.create, body=body, how="x")
link = links.CREATE_PAYMENT_GOT  # warning
assert client.accounts.get_payment(**link.arguments(answer)).id == "8"

# Members of enumerations.
assert models.State.OPEN is models.State.UNLOCKED  # mypy, pyright, warning
assert models.State["CLOSED"] is models.State.LOCKED  # warning
assert models.State("open") is models.State.UNLOCKED
assert [state.name for state in models.State] == ["UNLOCKED", "LOCKED"]
state: models.State = models.State.CLOSED  # mypy, pyright, warning

assert parse_paid(b'{"id": "8"}').id == "8"  # pyright, warning

try:
    raise AssertionError
except AcmeNotFound as error:  # pyright
    tell(error)
except AssertionError:
    pass


async def main() -> None:
    async with AsyncAcme(key="x", http_client=fake.async_http_client()) as other:  # mypy, pyright, warning
        await other.accounts.find(bank="b", number="7")  # mypy, pyright, warning
        await other.payments.get("8")  # mypy, pyright, warning


asyncio.run(main())
"""


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project after its document was renamed through."""
    root = tmp_path_factory.mktemp("after")
    before, renamed = _documents()
    (root / "pyproject.toml").write_text(_CONFIG.format(release="1.0"))
    (root / "use.py").write_text(_USE)
    (root / "acme.yaml").write_text(before)
    ran = run("generate", cwd=root)
    assert ran.status == 0, ran.err
    (root / "acme.yaml").write_text(renamed)
    ran = run("generate", "--report", "report.json", cwd=root)
    assert ran.status == 0, ran.err
    return root


@pytest.fixture
def project(after: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(after, tmp_path / "project"))


def _marked(word: str) -> list[int]:
    """Lines of the code above whose comment has a word."""
    comments = (re.search(r"#.*$", line) for line in _USE.splitlines())
    return [n for n, found in enumerate(comments, 1) if found and word in found[0].split("# ")[-1]]


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def test_the_old_names_work(after: Path) -> None:
    lines = _USE.splitlines()
    for number in _marked("error"):
        lines[number - 1] = ""
    (after / "works.py").write_text("\n".join(lines))
    ran = python("-W", "always::DeprecationWarning", "works.py", cwd=after)
    assert ran.status == 0, ran.err
    told = re.findall(r"^(.*?):(\d+): DeprecationWarning", ran.err, re.MULTILINE)
    assert {Path(file).name for file, _ in told} == {"works.py"}, ran.err
    assert sorted({int(line) for _, line in told}) == _marked("warning"), ran.err


def test_what_is_given_twice_is_an_error(after: Path) -> None:
    lines = _USE.splitlines()
    wrong = [lines[number - 1] for number in _marked("error")]
    head = lines[: lines.index("# Arguments, under a method's old name and under its new one.")]
    tries = [f"try:\n    {line}\nexcept TypeError:\n    count += 1" for line in wrong]
    (after / "wrong.py").write_text("\n".join([*head, "count = 0", *tries, "print(count)"]))
    assert python("-W", "ignore", "wrong.py", cwd=after).out == f"{len(wrong)}\n"


def test_mypy_shows_the_lines(after: Path) -> None:
    ran = execute(
        _tool("mypy"),
        "--strict",
        "--enable-error-code=deprecated",
        "--output=json",
        "use.py",
        "clients",
        cwd=after,
        timeout=600,
    )
    found: list[dict[str, Any]] = [json.loads(line) for line in ran.out.splitlines()]
    assert {one["file"] for one in found} == {"use.py"}, ran.out
    shown = {one["line"] for one in found if one["code"] == "deprecated"}
    assert sorted(shown) == _marked("mypy"), ran.out
    wrong = {
        one["line"] for one in found if one["code"] != "deprecated" and one["severity"] == "error"
    }
    assert sorted(wrong) == _marked("error"), ran.out


def test_pyright_shows_the_lines(after: Path) -> None:
    settings: dict[str, Any] = {"include": ["use.py", "clients"], "typeCheckingMode": "strict"}
    settings |= {"reportDeprecated": "error", "deprecateTypingAliases": False}
    # The tests of the whole output see to these.
    settings |= {"reportUnusedImport": False, "reportPrivateUsage": False}
    (after / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [_tool("basedpyright"), "--outputjson", "--pythonpath", sys.executable],
        cwd=after,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    found = cast("list[dict[str, Any]]", report["generalDiagnostics"])
    shown = [one for one in found if one.get("rule") == "reportDeprecated"]
    mine = [one for one in shown if one["file"].endswith("use.py")]
    assert sorted({one["range"]["start"]["line"] + 1 for one in mine}) == _marked("pyright")
    others = [one for one in shown if one not in mine and "is now called" in one["message"]]
    assert others == []
    wrong = [one for one in found if one["severity"] == "error" and one not in shown]
    assert sorted({one["range"]["start"]["line"] + 1 for one in wrong}) == _marked("error"), wrong


def test_the_report_says_until_when(after: Path) -> None:
    report = json.loads((after / "report.json").read_text())
    assert report["verdict"] == "additive"
    kept = [c for c in report["changes"] if c["kind"].endswith("-alias-kept")]
    assert all(c["alias"] == {"releases": ["1.0"], "left": 1} for c in kept)
    told = {(c["kind"].removesuffix("-alias-kept"), c["before"], c["after"]) for c in kept}
    assert told == {
        ("client", "Acme", "AcmeBank"),
        ("client-argument", "key", "secret"),
        ("operation", "accounts.get", "accounts.find"),
        ("operation", "limits.delete", "payments.delete_limits"),
        ("operation", "limits.list", "accounts.list_limits"),
        ("operation", "payments.get", "accounts.get_payment"),
        ("parameter", "bank", "bank_id"),
        ("parameter", "limit", "size"),
        ("parameter", "mode", "how"),
        ("parameter", "from_", "since"),
        ("parameter", "until", "till"),
        ("model", "PaymentRequest", "Order"),
        ("api", "CREATE_PAYMENT_GOT", "FETCH"),
        ("field", "owner", "holder"),
        ("field", "amount", "total"),
        ("enum-member", "OPEN", "UNLOCKED"),
        ("enum-member", "CLOSED", "LOCKED"),
    }
    # A configuration brings the record of its output along: what is kept there is kept.
    ran = run("diff", "--json", "--fail-on", "never", "clients", "pyproject.toml", cwd=after)
    assert json.loads(ran.out)["verdict"] == "none", ran.out


def test_each_goes_when_its_time_is_up(project: Path) -> None:
    """Release by release, with another name given up on the way."""
    for release, verdict in (("1.1", "none"), ("1.2", "breaking"), ("1.3", "none")):
        (project / "pyproject.toml").write_text(_CONFIG.format(release=release))
        ran = run("generate", "--report", "report.json", cwd=project)
        assert ran.status == 0, ran.err
        report = json.loads((project / "report.json").read_text())
        assert report["verdict"] == verdict, report
    assert run("check", "--full", cwd=project).status == 0
    again = project.parent / "again"
    again.mkdir()
    for name in ("acme.yaml", "pyproject.toml"):
        shutil.copy(project / name, again / name)
    assert run("generate", cwd=again).status == 0
    # Nothing of what was given up is left.
    assert differences(files_of(project / "clients"), files_of(again / "clients")) == ""


def test_what_goes_is_said(project: Path) -> None:
    (project / "pyproject.toml").write_text(_CONFIG.format(release="1.1"))
    assert run("generate", cwd=project).status == 0
    (project / "pyproject.toml").write_text(_CONFIG.format(release="1.2"))
    assert run("generate", "--report", "report.json", cwd=project).status == 0
    report = json.loads((project / "report.json").read_text())
    gone = {c["path"] for c in report["changes"] if c["verdict"] == "breaking"}
    assert {
        "acme.Acme",
        "acme.AcmeBank(key)",
        "acme.accounts.find(bank)",
        "acme.accounts.get",
        "acme.accounts.list(limit)",
        "acme.bodies.PaymentRequestDict",
        "acme.errors.AcmeNotFound",
        "acme.limits",
        "acme.models.Account.owner",
        "acme.models.Order.amount",
        "acme.models.PaymentRequest",
        "acme.models.State.CLOSED",
        "acme.payments.get",
    } <= gone
