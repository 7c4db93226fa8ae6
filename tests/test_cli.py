"""The command line: help, options, exit statuses, and what `check` and `validate` print."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.helpers import SMALL_SPEC, Ran, files_of, run

#: Gives a warning each of W204, W201 and W202, and is generated all the same.
WARNING_SPEC = SMALL_SPEC.replace(
    "paths:\n", "webhooks: {ping: {get: {}}}\nmood: cheerful\npaths:\n", 1
).replace("{type: string}}}", "{type: string, nullable: true}}}", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a spec and no output."""
    (tmp_path / "spec.yaml").write_text(SMALL_SPEC)
    return tmp_path


def _generate(folder: Path, *arguments: str) -> Ran:
    return run(
        "generate", "--spec", "spec.yaml", "--name", "shop", "--out", "out", *arguments, cwd=folder
    )


def _check(folder: Path, *arguments: str) -> Ran:
    return run(
        "check", "--spec", "spec.yaml", "--name", "shop", "--out", "out", *arguments, cwd=folder
    )


@pytest.mark.parametrize("command", [(), ("generate",), ("check",), ("validate",)], ids=str)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_shows_how(command: tuple[str, ...], flag: str, tmp_path: Path) -> None:
    """Each help says what the command does, gives an example, and fits a terminal."""
    ran = run(*command, flag, cwd=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert re.search(r"^ +linkwright [a-z]+ ", ran.out, re.M), "there is no example"
    assert max(map(len, ran.out.splitlines())) <= 100
    undescribed = re.findall(r"^  -[^ ]*(?:, --\S+)?(?: [A-Z]+)?$\n(?!  {10})", ran.out, re.M)
    assert undescribed == []


def test_version(tmp_path: Path) -> None:
    assert re.fullmatch(
        r"linkwright, version \d+\.\d+\.\d+\S*\n", run("--version", cwd=tmp_path).out
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("generate", "--name", "a", "--out", "out"), "exactly one --spec"),
        (("generate", "--spec", "a", "--spec", "b", "--name", "c", "--out", "out"), "exactly one"),
        (("generate", "--spec", "a", "--config", "b", "--out", "out"), "exclude each other"),
        (("generate", "--spec", "spec.yaml"), "give --out DIR"),
        (("generate", "--colour"), "No such option"),
        (("validate",), "Missing argument"),
        (("invent",), "No such command"),
    ],
    ids=str,
)
def test_usage_errors(arguments: tuple[str, ...], reason: str, folder: Path) -> None:
    ran = run(*arguments, cwd=folder)
    assert (ran.status, ran.out) == (2, "")
    assert reason in ran.err
    assert files_of(folder) == {"spec.yaml": SMALL_SPEC.encode()}


def test_generate_says_what_it_did(folder: Path) -> None:
    first = _generate(folder)
    assert (first.status, first.err) == (0, "")
    assert re.fullmatch(
        r"out: \d+ files written, 0 unchanged, 0 removed; 1 providers?, \d+ lines, [\d.]+ s\n",
        first.out,
    )
    assert _generate(folder).out == "out is up to date\n"


def test_generate_removes_what_is_gone(folder: Path) -> None:
    """A provider that is no longer asked for leaves the output; so do resources."""
    (folder / "other.yaml").write_text(SMALL_SPEC.replace("items]", "things]"))
    assert (
        run(
            "generate", "--spec", "spec.yaml", "--spec", "other.yaml", "--out", "out", cwd=folder
        ).status
        == 0
    )
    assert (folder / "out/other/resources/things.py").exists()
    ran = run("generate", "--spec", "spec.yaml", "--out", "out", "--verbose", cwd=folder)
    assert "removed other/resources/things.py\n" in ran.out
    assert not (folder / "out/other").exists()


@pytest.mark.parametrize(
    ("file", "package"),
    [
        ("Small Shop.v2.yaml", "small_shop_v2"),
        ("smallShop.json", "small_shop"),
        ("2fast.yaml", "api_2fast"),
        ("---.yaml", "api"),
    ],
)
def test_provider_is_called_after_its_file(file: str, package: str, folder: Path) -> None:
    (folder / "spec.yaml").rename(folder / file)
    ran = run("generate", "--spec", f"./{file}", "--out", "out", cwd=folder)
    assert (ran.status, ran.err) == (0, "")
    assert (folder / "out" / package / "client.py").exists()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Shop",
        "1shop",
        "shop-api",
        "../shop",
        "sh/op",
        "class",
        "auth",
        "testing",
        "errors",
        "_runtime",
        "shop_",
        "shöp",
        "a" * 61,
        "con",
        "com1",
        "facade",
    ],
)
def test_names_that_cannot_be_packages(name: str, folder: Path) -> None:
    ran = run("generate", "--spec", "spec.yaml", "--name", name, "--out", "out", cwd=folder)
    assert ran.status == 2
    assert ran.err.startswith("error[E302]: ")
    assert not (folder / "out").exists()


def test_two_documents_of_one_name(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other/spec.yaml").write_text(SMALL_SPEC)
    specs = ("--spec", "spec.yaml", "--spec", "other/spec.yaml")
    ran = run("generate", *specs, "--out", "out", cwd=folder)
    assert ran.status == 2
    assert "error[E110]: two documents want the provider name 'spec'" in ran.err


def test_errors_of_all_documents_are_shown(folder: Path) -> None:
    (folder / "a.yaml").write_text("openapi: 3.0.0\n")
    (folder / "b.yaml").write_text("[]\n")
    ran = run("generate", "--spec", "a.yaml", "--spec", "b.yaml", "--out", "out", cwd=folder)
    assert ran.status == 2
    assert re.findall(r"--> (\S+?):", ran.err) == ["a.yaml", "b.yaml"]


def test_warnings_are_counted_and_shown_on_demand(folder: Path) -> None:
    (folder / "spec.yaml").write_text(WARNING_SPEC)
    strict = _generate(folder, "--strict")
    assert strict.status == 2
    assert "--strict" in strict.err
    assert not (folder / "out").exists()
    short, long = _generate(folder), _generate(folder, "--verbose", "--force")
    assert (short.status, long.status) == (0, 0)
    for code in ("W201", "W202", "W204"):
        assert f"warning[{code}]: " in short.err
        assert f"warning[{code}]: " in long.err
    assert "spec.yaml:" not in short.err
    assert len(re.findall(r"--> spec\.yaml:\d+:\d+\n", long.err)) == 3
    assert "; nothing was written" in strict.err
    check = run("check", "--strict", "--spec", "spec.yaml", "--out", "out", cwd=folder)
    assert check.status == 2
    assert "and --strict is given\n" in check.err  # it never writes


def test_check_without_output(folder: Path) -> None:
    ran = _check(folder)
    assert (ran.status, ran.out) == (4, "")
    assert ran.err == (
        "error: missing: out holds no linkwright.lock\n  help: run linkwright generate\n"
    )
    assert not (folder / "out").exists()


@pytest.mark.parametrize("full", [(), ("--full",)], ids=["quick", "full"])
def test_check_of_what_is_right(full: tuple[str, ...], folder: Path) -> None:
    _generate(folder)
    ran = _check(folder, *full)
    assert (ran.status, ran.out, ran.err) == (0, "out is up to date\n", "")


@pytest.mark.parametrize("full", [(), ("--full",)], ids=["quick", "full"])
def test_check_of_what_was_changed(full: tuple[str, ...], folder: Path) -> None:
    """Edited, missing and extra files, each once; a unified diff; nothing is written."""
    _generate(folder)
    out = folder / "out"
    with (out / "shop/client.py").open("a") as stream:
        stream.write("# my own line\n")
    (out / "shop/errors.py").unlink()
    (out / "shop/notes.txt").write_text("mine")
    before = files_of(folder)
    ran = _check(folder, *full)
    assert ran.status == 3
    lines = ran.out.splitlines()
    for line in ("edited: shop/client.py", "missing: shop/errors.py", "extra: shop/notes.txt"):
        assert lines.count(line) == 1
    assert {"--- a/shop/client.py", "+++ b/shop/client.py", "-# my own line"} <= set(lines)
    assert files_of(folder) == before


def test_check_of_what_is_stale(folder: Path) -> None:
    _generate(folder)
    (folder / "spec.yaml").write_text(SMALL_SPEC.replace("listItems", "findItems"))
    before = files_of(folder)
    ran = _check(folder)
    assert ran.status == 1
    assert "\n+    def find(" in ran.out
    assert '\n+    @deprecated("list is now called find")' in ran.out
    assert ran.err.startswith("stale: changed since this was generated: spec:shop\n  help: ")
    assert "edited" not in ran.out
    assert files_of(folder) == before


def test_check_of_a_comment_in_the_document(folder: Path) -> None:
    """The output would be the same, but for the digest in the lock: still stale."""
    _generate(folder)
    (folder / "spec.yaml").write_text(f"# a remark\n{SMALL_SPEC}")
    ran = _check(folder)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("stale: ")


def test_check_of_bad_input(folder: Path) -> None:
    _generate(folder)
    (folder / "spec.yaml").write_text("openapi: [")
    assert _check(folder).status == 2


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 2), ("{}", 2), ("<<<<<<< HEAD\n", 2), ('{"format": 99, "generator": "9"}', 6)],
)
def test_broken_lock(text: str, status: int, folder: Path) -> None:
    """Nothing that stands in the folder is believed to be ours."""
    _generate(folder)
    (folder / "out/linkwright.lock").write_text(text)
    before = files_of(folder)
    for ran in (_check(folder), _generate(folder)):
        assert ran.status == status
        assert "linkwright.lock" in ran.err
    assert files_of(folder) == before
    assert _generate(folder, "--force").status == 0


def test_validate(folder: Path) -> None:
    (folder / "odd.yaml").write_text(WARNING_SPEC)
    (folder / "bad.yaml").write_text("openapi: 3.1.0\npaths: {}\n")
    good = run("validate", "spec.yaml", cwd=folder)
    assert (good.status, good.err) == (0, "")
    odd = run("validate", "spec.yaml", "odd.yaml", cwd=folder)
    assert (odd.status, len(re.findall(r"^warning\[", odd.err, re.M))) == (0, 3)
    assert run("validate", "--strict", "odd.yaml", cwd=folder).status == 2
    bad = run("validate", "odd.yaml", "bad.yaml", "missing.yaml", cwd=folder)
    assert bad.status == 2
    assert re.findall(r"^error\[(\w+)\]", bad.err, re.M) == ["E203", "E101"]


def test_validate_as_json(folder: Path) -> None:
    """An object on standard output, whatever was found; statuses as without."""
    (folder / "bad.yaml").write_text("openapi: 3.1.0\npaths: {}\n")
    ran = run("validate", "--json", "bad.yaml", "spec.yaml", cwd=folder)
    assert (ran.status, ran.err) == (2, "")
    told = json.loads(ran.out)
    assert told["diagnostics"] == [
        {
            "code": "E203",
            "severity": "error",
            "message": "this document has no 'info'",
            "file": "bad.yaml",
            "line": 1,
            "column": 1,
            "help": None,
        }
    ]
    good = run("validate", "--json", "spec.yaml", cwd=folder)
    assert (good.status, good.err) == (0, "")
    assert json.loads(good.out) == {"diagnostics": [], "overlays": []}
    # What it proposes is an overlay that can be applied.
    (proposed,) = told["overlays"]
    assert proposed["document"] == "bad.yaml"
    corrected = proposed["overlay"].replace("'...'", "Shop").replace("...", "x")
    (folder / "overlay.yaml").write_text(corrected)
    again = run("validate", "--json", "--overlay", "overlay.yaml", "bad.yaml", cwd=folder)
    assert "E203" in again.out
    assert "no 'info'" not in again.out


CONFIG = """\
[tool.linkwright]
output = "src/apis"
accept = [{ code = "W204", message = "nothing to parse", reason = "We do not listen." }]

[tool.linkwright.providers.shop]
spec = "specs/shop.yaml"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a configuration, and a folder deep inside it."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/shop.yaml").write_text(
        SMALL_SPEC.replace("paths:", "webhooks: {ping: {get: {}}}\npaths:", 1)
    )
    (tmp_path / "pyproject.toml").write_text(CONFIG)
    (tmp_path / "deep/inside").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("below", [".", "deep/inside"])
def test_config_is_found_and_paths_are_relative_to_it(below: str, project: Path) -> None:
    ran = run("generate", cwd=project / below)
    assert (ran.status, ran.err) == (0, "")
    assert (project / "src/apis/shop/client.py").exists()
    assert run("check", cwd=project / below).status == 0


def test_config_of_another_project_is_passed_by(project: Path) -> None:
    (project / "deep/pyproject.toml").write_text("[tool.other]\n")
    assert run("generate", cwd=project / "deep/inside").status == 0
    assert (project / "src/apis/shop/client.py").exists()


def test_out_wins_over_the_config(project: Path) -> None:
    assert run("generate", "--out", "mine", cwd=project).status == 0
    assert (project / "mine/shop/client.py").exists()
    assert not (project / "src").exists()


def test_config_may_name_a_bundled_spec(project: Path) -> None:
    config = '[tool.linkwright.providers.lending]\nspec = "bundled:codat_lending"\n'
    (project / "other.toml").write_text(config)
    ran = run("generate", "--config", "other.toml", "--out", "out", cwd=project)
    assert ran.status == 0
    assert "class CodatLending(Client)" in (project / "out/lending/client.py").read_text()
    assert {path.parent.name for path in project.glob("out/*/client.py")} == {"_runtime", "lending"}


def test_accepted_warning_is_silent(project: Path) -> None:
    assert run("generate", "--strict", cwd=project).status == 0


@pytest.mark.parametrize("code", ["W201", "W204"])
def test_acceptance_of_nothing_is_an_error(code: str, project: Path) -> None:
    """Neither another code nor another message matches; the place is in the configuration."""
    message = "nothing to parse" if code == "W201" else "callbacks"
    old = 'code = "W204", message = "nothing to parse"'
    config = CONFIG.replace(old, f'code = "{code}", message = "{message}"')
    (project / "pyproject.toml").write_text(config)
    ran = run("generate", cwd=project)
    assert ran.status == 2
    assert re.search(r"error\[E110\]: .*\n  --> \S*pyproject\.toml:3:\d+", ran.err)
    assert not (project / "src").exists()
