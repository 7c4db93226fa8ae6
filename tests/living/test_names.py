"""A name once given stays for a while: recorded, kept as a deprecated alias, and then gone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import REPO, Ran, differences, execute, files_of, python, run

BASE = (REPO / "tests/living/changes/base.yaml").read_text()
#: New names for a method and its constant, a resource, a model, and the client.
RENAMED = (
    BASE.replace("getAccount", "findAccount")
    .replace("tags: [payments]", "tags: [transfers]")
    .replace("name: payments,", "name: transfers,")
    .replace("title: Acme,", "title: Acme, x-linkwright-name: AcmeBank,")
    .replace("PaymentRequest", "Order")
)
_CONFIG = """\
[tool.linkwright]
output = "clients"
{more}
[tool.linkwright.providers.acme]
spec = "acme.yaml"
"""
#: What somebody wrote against the old names.
_USE = """
import json

import clients
from clients.acme import Acme, AsyncAcme, models, operations
from clients.acme.bodies import PaymentRequestDict
from clients.acme.errors import AcmeNotFound
from clients.acme.resources import Payments
from clients.testing import FakeApi

fake = FakeApi()
fake.on(operations.GET_ACCOUNT, {"id": "7", "state": "open"})
fake.on(operations.CREATE_PAYMENT, {"id": "8"}, status=201)
client = Acme(key="x", http_client=fake.http_client())


def owner(account: models.Account) -> str | None:
    return account.owner


owner(client.accounts.get("b", "7"))
order: models.PaymentRequest = models.PaymentRequest(amount=3)
body: PaymentRequestDict = {"amount": 3}
client.payments.create(body=order, mode="x")
client.payments.create(body=body, mode="x")
assert AsyncAcme is not None
assert clients.Acme is Acme
error: type[AcmeNotFound] = AcmeNotFound
payments: Payments = client.payments
"""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the old names."""
    root = tmp_path_factory.mktemp("before")
    (root / "acme.yaml").write_text(BASE)
    _configure(root, 'release = "1.0"')
    assert run("generate", cwd=root).status == 0
    return root


@pytest.fixture
def project(before: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(before, tmp_path / "project"))


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project after its document was renamed through."""
    root = Path(shutil.copytree(before, tmp_path_factory.mktemp("after") / "project"))
    (root / "use.py").write_text(_USE)
    _rename(root)
    return root


def _configure(root: Path, more: str) -> None:
    (root / "pyproject.toml").write_text(_CONFIG.format(more=more))


def _rename(root: Path) -> Ran:
    (root / "acme.yaml").write_text(RENAMED)
    ran = run("generate", "--report", "report.json", cwd=root)
    assert ran.status == 0, ran.err
    return ran


def _kept(root: Path) -> dict[str, list[str]]:
    record = json.loads((root / "clients/linkwright.names.json").read_text())
    return {name: seen for _, _, name, seen in record["providers"]["acme"]["kept"]}


_OLD = {
    "Acme",
    "GET_ACCOUNT",
    "Payments",
    "PaymentRequest",
    "accounts.get",
    "payments",
    "transfers.create",
}


def test_old_names_work_and_warn(after: Path) -> None:
    assert python("-W", "ignore", "use.py", cwd=after) == Ran(0, "", "")
    ran = python("-W", "always::DeprecationWarning:__main__", "use.py", cwd=after)
    assert ran.status == 0
    for text in (
        "Acme is now called AcmeBank",
        "AsyncAcme is now called AsyncAcmeBank",
        "PaymentRequest is now called Order",
        "PaymentRequestDict is now called OrderDict",
        "GET_ACCOUNT is now called FIND_ACCOUNT",
        "AcmeNotFound is now called AcmeBankNotFound",
        "payments is now called transfers",
        "Payments is now called Transfers",
        "get is now called find",
        "create is now called create_payment",
    ):
        assert f"DeprecationWarning: {text}" in ran.err


def test_type_checkers_accept_old_names_and_show_them(after: Path) -> None:
    """Methods and resources are struck through; names of types stay plain aliases, see decision 0022."""
    tools = Path(sys.executable).parent
    mypy = subprocess.run(
        [tools / "mypy", "--strict", "--enable-error-code=deprecated", "use.py"],
        cwd=after,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = [line for line in mypy.stdout.splitlines() if line.startswith("use.py")]
    assert all("[deprecated]" in line for line in lines), mypy.stdout
    for name in ("Accounts.get ", "Transfers.create ", "AcmeBank.payments "):
        assert any(name in line for line in lines), mypy.stdout
    pyright = execute(tools / "basedpyright", "--level", "error", "use.py", cwd=after, timeout=300)
    assert "0 errors" in pyright.out, pyright.out
    shown = execute(tools / "basedpyright", "use.py", cwd=after, timeout=300).out
    assert shown.count("reportDeprecated") >= 3, shown


def test_the_report_says_so(after: Path) -> None:
    report = json.loads((after / "report.json").read_text())
    assert report["verdict"] == "additive"
    kinds = {c["kind"] for c in report["changes"] if c["verdict"] == "additive"}
    assert kinds == {
        f"{kind}-alias-kept" for kind in ("client", "resource", "operation", "model", "constant")
    }


def test_the_record_says_what_is_kept(after: Path) -> None:
    assert _kept(after) == {name: ["1.0"] for name in _OLD}
    assert run("check", "--full", cwd=after).status == 0


def test_names_are_kept_for_two_releases(project: Path) -> None:
    _rename(project)
    for release, kept in (("1.0", True), ("1.1", True), ("1.2", False)):
        _configure(project, f'release = "{release}"')
        assert run("generate", "--report", "report.json", cwd=project).status == 0
        assert set(_kept(project)) == (_OLD if kept else set())
    report = json.loads((project / "report.json").read_text())
    gone = {c["path"] for c in report["changes"] if c["kind"] == "alias-removed"}
    assert {
        "acme.accounts.get",
        "acme.models.PaymentRequest",
        "acme.operations.GET_ACCOUNT",
    } <= gone
    assert report["verdict"] == "breaking"


def test_without_releases_nothing_expires(project: Path) -> None:
    _configure(project, "")
    _rename(project)
    for number in range(4):
        (project / "acme.yaml").write_text(f"{RENAMED}# {number}\n")
        assert run("generate", cwd=project).status == 0
    assert set(_kept(project)) == _OLD


def test_none_are_kept_where_none_are_wanted(project: Path) -> None:
    _configure(project, "keep_names = 0")
    _rename(project)
    assert _kept(project) == {}
    report = json.loads((project / "report.json").read_text())
    assert report["verdict"] == "breaking"


def test_a_name_that_means_something_else_now_is_not_kept(project: Path) -> None:
    """`accounts.get` comes to be another operation: the alias would hide it."""
    text = BASE.replace("getAccount", "findAccount").replace("listAccounts", "getAccount")
    (project / "acme.yaml").write_text(text)
    assert run("generate", cwd=project).status == 0
    assert "accounts.get" not in _kept(project)


def test_renaming_back_ends_it(project: Path) -> None:
    first = files_of(project / "clients")
    _rename(project)
    (project / "acme.yaml").write_text(BASE)
    assert run("generate", cwd=project).status == 0
    kept = _kept(project)
    assert _OLD.isdisjoint(kept)
    assert {"AcmeBank", "FIND_ACCOUNT", "Order", "transfers"} <= kept.keys()
    assert first["acme/models.py"] != (project / "clients/acme/models.py").read_bytes()


def test_a_new_release_is_news_only_while_names_are_kept(project: Path) -> None:
    _configure(project, 'release = "2.0"')
    assert run("check", cwd=project).status == 0
    _rename(project)
    assert run("check", cwd=project).status == 0
    _configure(project, 'release = "3.0"')
    ran = run("check", cwd=project)
    assert ran.status == 1
    assert "release" in ran.err


def test_the_cache_changes_nothing(before: Path, tmp_path: Path) -> None:
    results: list[dict[str, bytes]] = []
    for name, cache in (
        ("a", "off"),
        ("b", str(tmp_path / "cache")),
        ("c", str(tmp_path / "cache")),
    ):
        root = Path(shutil.copytree(before, tmp_path / name))
        (root / "acme.yaml").write_text(RENAMED)
        assert run("generate", cwd=root, env={"LINKWRIGHT_CACHE": cache}).status == 0
        results.append(files_of(root / "clients"))
    assert differences(results[0], results[1]) == ""
    assert differences(results[0], results[2]) == ""


@pytest.mark.parametrize(
    "change",
    [
        ('"client": "Acme"', '"client": "Acme = 1; import os; X"'),
        ('"accounts.get"', '"accounts.class"'),
        ('"format": 2', '"format": 1.5'),
        ('"format": 2,', '"format": 2'),
        ('"kept": []', '"kept": [["evil"]]'),
        ('"query limit": "limit"', '"query limit": "limit=print()"'),
        ('["id", "state"', '["id", ["state", "a.b"]'),
        ('"GET_ACCOUNT"', '"GET.ACCOUNT"'),
        ('"accounts.get"', '"get"'),
        ('"kept": []', '"kept": [["constant", ["GET /accounts"], "a.b", []]]'),
        ('"kept": []', '"kept": [["resource", ["x y"], "a", []]]'),
        ('"kept": []', '"kept": [["magic", ["GET /accounts"], "a", []]]'),
    ],
    ids=str,
)
def test_a_record_that_was_tampered_with_is_refused(change: tuple[str, str], project: Path) -> None:
    path = project / "clients/linkwright.names.json"
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change))
    (project / "acme.yaml").write_text(RENAMED)
    before = files_of(project)
    ran = run("generate", cwd=project)
    assert ran.status == 2
    assert "linkwright.names.json" in ran.err
    assert files_of(project) == before


def test_a_record_of_a_newer_linkwright_is_not_called_damaged(project: Path) -> None:
    path = project / "clients/linkwright.names.json"
    path.write_text(path.read_text().replace('"format": 2', '"format": 3'))
    (project / "acme.yaml").write_text(RENAMED)
    before = files_of(project)
    ran = run("generate", cwd=project)
    assert ran.status == 6
    assert "newer" in ran.err
    assert files_of(project) == before


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("field", ["/components/schemas/Account", "owner"], "model_dump"),
        ("field", ["/components/schemas/Account", "owner"], "__init__"),
        ("argument", ["GET /accounts", "query limit"], "self"),
        ("argument", ["GET /accounts", "query limit"], "options"),
        ("member", ["/components/schemas/State", '"open"'], "mro"),
        ("method", ["POST /payments"], "close.get"),
        ("method", ["POST /payments"], "accounts._client"),
        ("resource", ["accounts"], "raw"),
        ("option", ["credential key"], "timeout"),
        ("model", ["/components/schemas/Account"], "Acme"),
    ],
)
def test_a_name_that_would_hide_something_is_not_kept(
    kind: str, key: list[str], name: str, project: Path
) -> None:
    """The record may say so; nothing of it comes into the output."""
    path = project / "clients/linkwright.names.json"
    entry = json.dumps([kind, key, name, []])
    path.write_text(path.read_text().replace('"kept": []', f'"kept": [{entry}]'))
    (project / "acme.yaml").write_text(f"{BASE}# again\n")
    ran = run("generate", "--force", cwd=project)
    assert ran.status == 0, ran.err
    assert _kept(project) == {}


def test_a_record_of_the_first_form_is_read(project: Path) -> None:
    """It knew no arguments, fields and members, so that these have no old names yet."""
    path = project / "clients/linkwright.names.json"
    record = json.loads(path.read_text())
    own = record["providers"]["acme"]
    own["operations"] = {key: names[:2] for key, names in own["operations"].items()}
    own["models"] = {key: [name, "0123456789ab"] for key, (name, *_) in own["models"].items()}
    acme = {key: own[key] for key in ("client", "operations", "models")}
    acme["kept"] = [
        ["constant", "GET /accounts", "ACCOUNTS", ["1.0"]],
        ["client", "", "Bank", []],
    ]
    first = {"format": 1, "providers": {"acme": acme}}
    path.write_text(json.dumps(first))
    (project / "acme.yaml").write_text(BASE.replace("getAccount", "findAccount"))
    ran = run("generate", "--force", cwd=project)
    assert ran.status == 0, ran.err
    assert _kept(project).keys() == {"ACCOUNTS", "Bank", "GET_ACCOUNT", "accounts.get"}


def test_many_renamed_arguments_and_a_field_called_self(before: Path, tmp_path: Path) -> None:
    """Checkers are told some mixtures of old and new names; at run time all of them work."""
    root = Path(shutil.copytree(before, tmp_path / "project"))
    params = "".join(
        f"      - {{name: p{n}, in: query, required: true, schema: {{type: string}}}}\n"
        for n in range(4)
    )
    text = BASE.replace(
        "      parameters:\n      - {name: mode", f"      parameters:\n{params}      - {{name: mode"
    )
    text = text.replace("code: {type: string}", "code: {type: string}, self: {type: string}")
    (root / "acme.yaml").write_text(text)
    assert run("generate", cwd=root).status == 0
    for n in range(4):
        text = text.replace(f"name: p{n},", f"name: p{n}, x-linkwright-name: q{n},")
    text = text.replace("self: {", "self: {x-linkwright-name: me, ")
    (root / "acme.yaml").write_text(text)
    ran = run("generate", cwd=root)
    assert ran.status == 0, ran.err
    resource = (root / "clients/acme/resources/payments.py").read_text()
    assert resource.count("@deprecated(") == 5  # each alone, and all of them
    (root / "use.py").write_text(f"{_HEAD}\n" + """
client.payments.create(body={"amount": 3}, p0="a", q1="b", p2="c", q3="d", mode="x")
assert models.Problem(code="1", self="x").me == "x"
assert models.Problem(code="1", me="x").self == "x"
""")
    ran = python("-W", "ignore", "use.py", cwd=root)
    assert (ran.status, ran.err) == (0, "")
    checked = execute(
        Path(sys.executable).parent / "mypy", "--strict", "clients/acme", cwd=root, timeout=300
    )
    assert checked.status == 0, checked.out


_HEAD = """
from clients.acme import Acme, models, operations
from clients.testing import FakeApi

fake = FakeApi()
fake.on(operations.CREATE_PAYMENT, {"id": "8"}, status=201)
client = Acme(key="x", http_client=fake.http_client())
"""
