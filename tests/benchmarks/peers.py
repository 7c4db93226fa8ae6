"""Clients that others make for the same documents, in environments of their own below `build/`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .pairs import ROOT

__all__ = ["LENDING", "LENDING_ANSWER", "PEERS", "POWENS", "Peer", "measured"]

BUILD = ROOT / "build" / "peers"
POWENS = ROOT / "specs" / "providers" / "powens.yaml"
LENDING = ROOT.parent / "shared" / "corpus" / "openapi" / "Codat-Lending.yaml"
LENDING_ANSWER = json.dumps(
    {"id": "8a210b68-6988-11ed-a1eb-0242ac120002", "name": "Shop", "redirect": "https://x.example"}
).encode()

_SCRIPT = """
import json, time
begun = time.perf_counter()
{setup}
{call}
first = time.perf_counter() - begun
def many(calls):
    begun = time.perf_counter()
    for _ in range(calls):
        {call}
    return (time.perf_counter() - begun) / calls
many(20)
print(json.dumps([first, min(many(50) for _ in range(6))]))
"""


@dataclass(frozen=True)
class Peer:
    """A client, and how it gets a connection of Powens, or a company of Codat Lending.

    Attributes:
        name: For the table.
        requirements: What pip installs.
        generate: Commands that make the client, run below `build/peers`; none if it is installed.
        setup: Statements that import and make the client, with `{origin}` of the provider.
        call: A single expression.
        codat: Whether it is a client of Codat Lending.
    """

    name: str
    requirements: tuple[str, ...]
    generate: tuple[str, ...]
    setup: str
    call: str
    codat: bool = False

    def ready(self) -> Path | None:
        """Install and generate, once. Gives its Python, or None where that fails."""
        home = BUILD / self.name.replace(" ", "-")
        python = home / "bin" / "python"
        done = home / "done"
        if done.exists():
            return python
        environment = {**os.environ, "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
        commands = [
            [sys.executable, "-m", "venv", str(home)],
            [str(python), "-m", "pip", "install", "--quiet", *self.requirements],
            *(["sh", "-ec", line.format(spec=POWENS)] for line in self.generate),
        ]
        for command in commands:
            home.mkdir(parents=True, exist_ok=True)
            ran = subprocess.run(
                command, cwd=home, env=environment, capture_output=True, timeout=600, check=False
            )
            if ran.returncode:
                sys.stdout.write(f"\n{self.name}: {' '.join(command)[:80]} failed\n")
                return None
        done.touch()
        return python


def measured(python: Path | str, setup: str, call: str, origin: str, path: Path) -> list[float]:
    """Seconds of import, construction and first call together, and of a later call at best."""
    code = _SCRIPT.format(setup=setup.format(origin=origin), call=call)
    ran = subprocess.run(
        [str(python), "-c", code],
        env={
            **os.environ,
            "PYTHONPATH": str(path),
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "bytecode"),
        },
        capture_output=True,
        timeout=120,
        check=True,
    )
    found: list[float] = json.loads(ran.stdout)
    return found


PEERS = (
    Peer(
        "codat-lending 11.0.1",
        ("codat-lending==11.0.1",),
        (),
        "from codat_lending import CodatLending\n"
        "from codat_lending.models import shared\n"
        "client = CodatLending(shared.Security(auth_header='Basic eA=='), server_url='{origin}')",
        "client.companies.get(request={'company_id': 'c'})",
        codat=True,
    ),
    Peer(
        "codat-lending 12.0.0",
        ("codat-lending==12.0.0",),
        (),
        "import codat_lending\n"
        "from codat_lending.api.companies import Companies\n"
        "made = codat_lending.Configuration(host='{origin}')\n"
        "client = codat_lending.ApiClient(made)",
        "Companies(client).get(request={'company_id': 'c'})",
        codat=True,
    ),
    Peer(
        "openapi-python-client",
        ("openapi-python-client", "ruff"),
        (
            "echo 'literal_enums: true' > opc.yaml",
            "openapi-python-client generate --path {spec} --output-path opc --meta none"
            " --config opc.yaml",
        ),
        "from opc import AuthenticatedClient\n"
        "from opc.api.connections import get_user_connection\n"
        "client = AuthenticatedClient(base_url='{origin}', token='t')",
        "get_user_connection.sync(7, client=client)",
    ),
    Peer(
        "datamodel-code-generator",
        ("datamodel-code-generator[http]>=0.89", "httpx2", "pydantic"),
        (
            "datamodel-codegen --input {spec} --input-file-type openapi --output dmcg/models.py"
            " --generate-client httpx2 --client-output dmcg/client --client-package dmcg.client"
            " --client-model-package dmcg.models --output-model-type pydantic_v2.BaseModel",
        ),
        "from dmcg.client import Client\n" "client = Client(base_url='{origin}', user_token='t')",
        "client.connections.get_user_connection(connectionId=7)",
    ),
    Peer(
        "openapi-generator",
        ("openapi-generator-cli",),
        (
            # Two values of an enum that differ by case give it a module that does not import.
            "sed /wrongPass/d {spec} > powens.yaml",
            "openapi-generator-cli generate -g python -i powens.yaml -o oag"
            " --package-name oag_powens",
            "pip install --quiet ./oag",
        ),
        "import oag_powens\n"
        "made = oag_powens.Configuration(host='{origin}', access_token='t')\n"
        "client = oag_powens.ApiClient(made)",
        "oag_powens.ConnectionsApi(client).get_user_connection(7)",
    ),
)
