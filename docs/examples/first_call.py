"""A generated client makes its first call, against a stand-in for Powens on this machine.

Run it with the folder that holds the generated `clients` package:

    python docs/examples/first_call.py build/demo
"""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

sys.path.insert(0, sys.argv[1] if len(sys.argv) > 1 else "generated")

from clients.powens import Powens

ANSWER = b"""{"connections": [{"id": 9071, "id_connector": 40, "state": "webauthRequired",
    "last_update": "2024-05-14 09:31:07", "created": "2024-05-14 09:30:41", "active": true}]}"""


class StandIn(BaseHTTPRequestHandler):
    """Says what the API would say."""

    def do_GET(self) -> None:
        print(f"server got:  {self.command} {self.path}")
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *arguments: object, **more: object) -> None:
        """Say nothing more."""


with HTTPServer(("127.0.0.1", 0), StandIn) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/2.0"
    with Powens(token="made-up", base_url=address) as powens:
        answer = powens.connections.list(expand=["connector"])
    for connection in answer.connections:
        print(f"client has:  {connection!r}")
        print(f"its state:   {connection.state!r}, last updated {connection.last_update}")
    server.shutdown()
