"""`linkwright extract`: options, exit statuses, the report, and inputs that are no reference pages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from tests.helpers import Ran, run

CASES = Path(__file__).parent / "cases"


def _extract(cwd: Path, *arguments: str) -> Ran:
    return run("extract", *arguments, cwd=cwd)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with `docs` and a README, in a form that shows methods and paths."""
    shutil.copytree(CASES / "codegen-kotlin" / "pages", tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def unplaced(tmp_path: Path) -> Path:
    """Likewise in a form that shows neither."""
    shutil.copytree(CASES / "speakeasy-python-2023-09" / "pages", tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_the_document_goes_to_standard_output_and_the_table_to_standard_error(pages: Path) -> None:
    ran = _extract(pages, "docs", "README.md")
    assert ran.status == 0
    assert yaml.safe_load(ran.out)["openapi"] == "3.1.0"
    assert "documented" in ran.err
    assert "ignored lines" in ran.err


def test_the_same_pages_give_the_same_bytes_whatever_the_folder_is_called(pages: Path) -> None:
    one = _extract(pages, "docs", "README.md", "-o", "api.yaml")
    assert (one.status, one.out) == (0, "")
    other = pages / "elsewhere"
    other.mkdir()
    shutil.copytree(pages / "docs", other / "docs")
    shutil.copy(pages / "README.md", other)
    absolute = _extract(pages, str(other / "docs"), str(other / "README.md"), "-o", "b.yaml")
    assert absolute.status == 0
    assert (pages / "api.yaml").read_bytes() == (pages / "b.yaml").read_bytes()


def test_what_is_extracted_can_be_validated_and_generated(pages: Path) -> None:
    assert _extract(pages, "docs", "README.md", "-o", "api.yaml").status == 0
    assert run("validate", "--strict", "api.yaml", cwd=pages).status == 0
    ran = run("generate", "--spec", "api.yaml", "--name", "harbour", "--out", "out", cwd=pages)
    assert ran.status == 0, ran.err


def test_without_prose_no_sentence_of_the_pages_is_in_the_document(pages: Path) -> None:
    assert "Add a boat" in _extract(pages, "docs").out
    bare = _extract(pages, "docs", "--no-prose").out
    for sentence in ("Add a boat", "Boats in the harbour", "Painted on the pier", "A vessel"):
        assert sentence not in bare
    assert "createBoat" in bare


def test_the_report_traces_every_fact_to_its_line(pages: Path) -> None:
    assert _extract(pages, "docs", "README.md", "--report", "r.json", "-o", "a.yaml").status == 0
    report = json.loads((pages / "r.json").read_text())
    facts = {(f["subject"], f["fact"]): f for f in report["facts"]}
    enum = facts["listBoats.sailKind", "enum"]
    assert (enum["grade"], enum["rule"]) == ("documented", "parameter-row")
    line = (pages / enum["page"]).read_text().split("\n")[enum["line"] - 1]
    assert "[enum: gaff, lug, square]" in line
    assert facts["listBoats.sailKind", "in"]["grade"] == "inferred"
    documented = [f for f in report["facts"] if f["grade"] == "documented"]
    assert all((pages / f["page"]).is_file() and f["line"] > 0 for f in documented)
    kinds = {p["role"] for p in report["pages"]}
    assert kinds == {"operations", "model", "readme"}


def test_missing_facts_fail_a_strict_run_only(unplaced: Path) -> None:
    lenient = _extract(unplaced, "docs", "README.md", "-o", "a.yaml")
    assert lenient.status == 0
    assert "x-linkwright-unplaced" in lenient.err
    strict = _extract(unplaced, "docs", "README.md", "--strict", "-o", "b.yaml")
    assert strict.status == 1
    assert "method: no page shows it" in strict.err
    assert (unplaced / "a.yaml").read_bytes() == (unplaced / "b.yaml").read_bytes()


ENDPOINTS = """\
operations:
  - {call: boats.list_boats, method: get, path: /boats}
  - {page: sdks/boats/README.md, name: create_boat, method: POST, path: /boats}
  - {page: sdks/boats/README.md, anchor: get_boat, method: GET, path: '/boats/{boatId}'}
  - {call: boats.sink_boat, method: DELETE, path: '/boats/{boatId}'}
  - {call: berths.assign_berth, method: PUT, path: '/berths/{berthCode}/boat'}
"""


def test_a_list_of_endpoints_places_operations(unplaced: Path) -> None:
    (unplaced / "e.yaml").write_text(ENDPOINTS)
    arguments = ("docs", "README.md", "--endpoints", "e.yaml", "-o", "a.yaml")
    ran = _extract(unplaced, *arguments, "--strict")
    assert ran.status == 0, ran.err
    document = yaml.safe_load((unplaced / "a.yaml").read_text())
    assert "x-linkwright-unplaced" not in document
    get = document["paths"]["/boats/{boatId}"]["get"]
    assert [(p["name"], p["in"]) for p in get["parameters"]] == [
        ("boatId", "path"),
        ("seenSince", "query"),
    ]
    assert get["x-linkwright-source"]["page"] == "docs/sdks/boats/README.md"
    # An OpenAPI document serves as well: the one that came out, for one.
    again = _extract(unplaced, "docs", "README.md", "--endpoints", "a.yaml", "-o", "b.yaml")
    assert again.status == 0
    paths = yaml.safe_load((unplaced / "b.yaml").read_text())["paths"]
    assert {p: set(i) for p, i in paths.items()} == {
        p: set(i) for p, i in document["paths"].items()
    }


def test_the_first_pages_call_a_method_as_its_operation_id(tmp_path: Path) -> None:
    shutil.copytree(CASES / "speakeasy-typescript-2023-05" / "pages", tmp_path, dirs_exist_ok=True)
    (tmp_path / "e.yaml").write_text("""\
openapi: 3.0.3
paths:
  /v1/boats/{boat_id}: {get: {operationId: get-v1-boats-boat_id}}
  /v1/boats: {post: {operationId: post-v1-boats}}
""")
    ran = _extract(tmp_path, "docs", "--endpoints", "e.yaml", "-o", "a.yaml")
    assert ran.status == 0
    document = yaml.safe_load((tmp_path / "a.yaml").read_text())
    assert set(document["paths"]) == {"/v1/boats/{boat_id}", "/v1/boats"}
    assert "x-linkwright-unplaced" not in document


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("operations: {}\n", "e.yaml:1:13"),
        ("operations: [7]\n", "an operation is expected here"),
        ("operations: [{call: a.b, method: GET}]\n", "a `path` that begins with /"),
        ("operations: [{call: a.b, method: EAT, path: /a}]\n", "`method` and a `path`"),
        ("operations: [{method: GET, path: /a}]\n", "which operation"),
        ("operations: [{cal: a, method: GET, path: /a}]\n", "cal is not known here"),
        ("operations: [\n", "E102"),
    ],
)
def test_a_wrong_list_of_endpoints_is_one_clear_error(
    unplaced: Path, text: str, message: str
) -> None:
    (unplaced / "e.yaml").write_text(text)
    ran = _extract(unplaced, "docs", "--endpoints", "e.yaml", "-o", "a.yaml")
    assert ran.status == 2
    assert message in ran.err
    assert not (unplaced / "a.yaml").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\x7fELF\x00\x01", "not text"),
        (b"# Hello\n\nJust a page.\n", "no operation was found"),
        (b"Caf\xe9\n", "Windows-1252"),
        (b"```\n" * 3_000, "no operation was found"),
        (b"[" * 20_000, "no operation was found"),
        (b"> " * 20_000, "no operation was found"),
        (b"| a | b |\n| - | - |\n" + b"|" * 200_000, "no operation was found"),
    ],
    ids=lambda v: repr(v[:12]) if isinstance(v, bytes) else "",
)
def test_what_is_no_reference_page_is_told_so(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "page.md").write_bytes(content)
    ran = _extract(tmp_path, "page.md", "-o", "a.yaml")
    assert ran.status == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "a.yaml").exists()


def test_a_page_of_fifty_megabytes_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "big.md").open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    ran = _extract(tmp_path, "big.md")
    assert ran.status == 2
    assert "larger than 2 MiB" in ran.err


def test_a_folder_without_operations_is_described(pages: Path) -> None:
    for page in (pages / "docs").glob("*Api.md"):
        page.unlink()
    ran = _extract(pages, "docs", "README.md")
    assert ran.status == 2
    assert "3 describe models and 1 are READMEs" in ran.err
    assert "give the folder with the API pages too" in ran.err
    assert _extract(pages, "README.md").status == 2
    missing = _extract(pages, "nowhere")
    assert missing.status == 2
    assert "E101" in missing.err


def test_a_latin_1_page_is_read_all_the_same(pages: Path) -> None:
    page = pages / "docs" / "BoatsApi.md"
    page.write_bytes(page.read_text().replace("Add a boat", "Café").encode("latin-1"))
    ran = _extract(pages, "docs")
    assert ran.status == 0
    assert "not UTF-8" in ran.err
    assert yaml.safe_load(ran.out)["paths"]["/boats"]["post"]["summary"] == "Café"


def test_a_changed_page_is_a_small_diff(pages: Path) -> None:
    before = _extract(pages, "docs", "README.md").out.splitlines()
    page = pages / "docs" / "BoatsApi.md"
    page.write_text(
        page.read_text().replace("The", "The\n\nnew").replace("How many.", "How\\|many.")
    )
    page.write_text("<!-- moved down -->\n\n" + page.read_text())
    after = _extract(pages, "docs", "README.md").out.splitlines()
    assert len(before) == len(after)
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    # The text, and the line on which each of the four operations begins.
    assert len(changed) <= 6
