"""Stand-ins for the five providers: small, stateful, and written from what the wire is known to be.

They know nothing of the generator. Each holds connections in a dictionary and changes them as the
provider would: what is created is listed, work takes a few looks, and what is gone is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qs

from tests.behaviour.server import Answer, Received, answer_json

__all__ = ["SERVERS", "BasiqServer", "CodatServer", "PowensServer", "SaltEdgeServer", "Server"]

Json: TypeAlias = dict[str, Any]
Script: TypeAlias = list[Json]
Handler: TypeAlias = Callable[..., Answer]
#: Looks that a piece of work takes.
LOOKS = 2


def _query(request: Received) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(request.query, keep_blank_values=True).items()}


def _body(request: Received) -> Json:
    found: Any = request.json if request.body else {}
    assert isinstance(found, dict)
    return cast("Json", found)


@dataclass
class Server:
    """One provider. Subclasses say what its paths do."""

    connections: dict[str, Json] = field(default_factory=dict[str, Json])
    calls: list[str] = field(default_factory=list[str])
    bodies: list[Json] = field(default_factory=list[Json])
    retry_after: int = 0
    made: int = 0

    def __call__(self, request: Received) -> Answer:
        """Answer one request."""
        self.calls.append(f"{request.method} {request.path}")
        if request.body and request.body[:1] == b"{":
            self.bodies.append(_body(request))
        if self.retry_after:
            self.retry_after -= 1
            return self.limited()
        for pattern, handler in self.routes().items():
            method, _, path = pattern.partition(" ")
            match = re.fullmatch(path, request.path)
            if match and method == request.method:
                refused = self.refused(request)
                return refused or handler(request, *match.groups())
        return Answer(404, b"")

    def routes(self) -> Mapping[str, Handler]:
        """Handlers by method and path."""
        raise NotImplementedError

    def refused(self, request: Received) -> Answer | None:
        """An answer to a request without valid credentials."""
        raise NotImplementedError

    def limited(self) -> Answer:
        """An answer to one request too many."""
        raise NotImplementedError


@dataclass
class PowensServer(Server):
    """The token is the user: 412, whatever anybody says."""

    def routes(self) -> Mapping[str, Handler]:
        one = r"/users/me/connections/(\d+)"
        return {
            "GET /users/me": self.user,
            "GET /users/me/connections": self.list,
            "POST /users/me/connections": self.create,
            f"GET {one}": self.get,
            f"POST {one}": self.update,
            f"DELETE {one}": self.delete,
            "GET /auth/token/code": self.code,
        }

    def user(self, _request: Received) -> Answer:
        return answer_json(200, {"id": 412, "signin": "2024-05-14 09:00:00"})

    def code(self, _request: Received) -> Answer:
        code = {"code": "tmp-1", "type": "temporary", "access": "single", "expires_in": 1800}
        return answer_json(200, code)

    def refused(self, request: Received) -> Answer | None:
        if request.header("authorization") == "Bearer user-token":
            return None
        return answer_json(403, {"code": "unauthorized", "description": "no"})

    def limited(self) -> Answer:
        return Answer(429, b"{}", {"Retry-After": "0", "Content-Type": "application/json"})

    def add(self, **more: object) -> Json:
        self.made += 1
        made: Json = {
            "id": 9_007_199_254_740_993 + self.made,
            "id_user": 412,
            "id_connector": 40,
            "state": None,
            "error": None,
            "error_message": None,
            "last_update": "2024-05-14 09:31:07",
            "created": "2024-05-14 09:30:41",
            "active": True,
            "expire": None,
            "next_try": None,
        }
        made.update(more)
        self.connections[str(made["id"])] = made
        return made

    def list(self, request: Received) -> Answer:
        return answer_json(
            200, {"connections": [self._shown(c, request) for c in self.connections.values()]}
        )

    def _shown(self, connection: Json, request: Received) -> Json:
        shown = {k: v for k, v in connection.items() if not k.startswith("_")}
        if "connector" in _query(request).get("expand", "").split(","):
            shown["connector"] = {
                "id": 40,
                "uuid": "0c9f3c1e-52d6-4a7c-9a61-1f6f4d0b7a11",
                "name": "Connecteur de test",
                "charged": False,
                "beta": False,
                "capabilities": ["transfer", "bank"],
                "auth_mechanism": "credentials",
                "restricted": False,
            }
        return shown

    def create(self, request: Received) -> Answer:
        body = _body(request)
        if body.get("password") == "wrong":
            return answer_json(
                400, {"code": "wrongpass", "description": "refused", "request_id": "8831204"}
            )
        if body.get("website") == "otp":
            return answer_json(200, self.add(**_asking("otp_sms"), last_update=None))
        return answer_json(200, self.add(id_connector=body.get("id_connector", 40)))

    def get(self, request: Received, id_: str) -> Answer:
        found = self.connections.get(id_)
        if found is None:
            return answer_json(404, {"code": "noConnection", "description": "unknown"})
        self._work(found)
        return answer_json(200, self._shown(found, request))

    def _work(self, connection: Json) -> None:
        looks = connection.get("_looks")
        if looks is None:
            return
        connection["_looks"] = looks - 1
        if looks == LOOKS:
            connection["state"] = "validating"
        if looks <= 1:
            connection.update(connection.pop("_then"))
            del connection["_looks"]

    def update(self, request: Received, id_: str) -> Answer:
        found = self.connections.get(id_)
        if found is None:
            return answer_json(404, {"code": "noConnection", "description": "unknown"})
        if found.get("_busy"):
            return answer_json(400, {"code": "tooManySync", "description": "one runs"})
        body, before = _body(request), self._shown(found, request)
        then: Json = {"state": None, "fields": None, "last_update": "2024-06-01 08:00:00"}
        if body.get("otp_sms", "482913") != "482913":
            then = _asking("otp_sms")
        # One more look shows the state of before: the work has not even begun.
        found.update(_looks=LOOKS + 1, _then=then)
        assert "background" in _query(request)
        return answer_json(200, before)

    def delete(self, _request: Received, id_: str) -> Answer:
        if self.connections.pop(id_, None) is None:
            return answer_json(404, {"code": "noConnection", "description": "unknown"})
        return Answer(204)


def _asking(name: str) -> Json:
    return {
        "state": "additionalInformationNeeded",
        "error": "additionalInformationNeeded",
        "error_message": "Code sent",
        "fields": [
            {
                "name": name,
                "type": "number",
                "auth_mechanisms": ["credentials"],
                "label": "SMS code",
                "description": None,
                "required": True,
                "regex": "^\\d{6}$",
                "values": None,
            }
        ],
    }


@dataclass
class BasiqServer(Server):
    """Users own connections; everything that takes time is a job."""

    jobs: dict[str, Json] = field(default_factory=dict[str, Json])
    tokens: int = 0
    expired: set[str] = field(default_factory=set[str])

    def routes(self) -> Mapping[str, Handler]:
        one = r"/users/(\w+)/connections/(\w+)"
        return {
            "POST /token": self.token,
            r"GET /users/(\w+)/connections": self.list,
            r"POST /users/(\w+)/connections": self.create,
            r"POST /users/(\w+)/connections/refresh": self.refresh_all,
            f"GET {one}": self.get,
            f"POST {one}": self.update,
            f"DELETE {one}": self.delete,
            f"POST {one}/refresh": self.refresh,
            f"POST {one}/purge": self.purge,
            r"GET /jobs/(\w+)": self.job,
            r"POST /jobs/(\w+)/mfa": self.answer,
        }

    def refused(self, request: Received) -> Answer | None:
        given = request.header("authorization") or ""
        if request.path == "/token":
            assert request.header("basiq-version") == "3.0"
            return None if given == "Basic a2V5" else _basiq(404, "resource-not-found")
        if given.removeprefix("Bearer ") in self.expired:
            return _basiq(403, "access-denied")
        return None if given.startswith("Bearer token-") else _basiq(401, "unauthorized-access")

    def limited(self) -> Answer:
        answer = _basiq(429, "too-many-requests")
        return Answer(429, answer.content, {**answer.headers, "Retry-After": "0"})

    def token(self, _request: Received) -> Answer:
        self.tokens += 1
        return answer_json(
            200,
            {"access_token": f"token-{self.tokens}", "expires_in": 3600, "token_type": "Bearer"},
        )

    def add(self, user: str = "5f2e", **more: object) -> Json:
        self.made += 1
        made: Json = {
            "type": "connection",
            "id": f"77aa0{self.made}",
            "method": "web",
            "status": "active",
            "createdDate": "2024-10-02T01:00:04Z",
            "expiryDate": "",
            "lastUsed": "2024-10-03T20:15:00Z",
            "institution": {
                "type": "institution",
                "id": "AU00000",
                "links": {"self": "https://x/i"},
            },
            "_user": user,
        }
        made.update(more)
        self.connections[made["id"]] = made
        return made

    def _shown(self, connection: Json, *, listed: bool) -> Json:
        shown = {k: v for k, v in connection.items() if not k.startswith("_")}
        self_ = (
            f"https://au-api.basiq.io/users/{connection['_user']}/connections/{connection['id']}"
        )
        links = (
            {"self": self_, "institution": "https://x/i"}
            if listed
            else {"self": self_, "user": "u"}
        )
        return {**shown, "links": links}

    def _of(self, user: str) -> list[Json]:
        return [c for c in self.connections.values() if c["_user"] == user]

    def _found(self, user: str, id_: str) -> Json | None:
        found = self.connections.get(id_)
        return found if found is not None and found["_user"] == user else None

    def list(self, _request: Received, user: str) -> Answer:
        data = [self._shown(c, listed=True) for c in self._of(user)]
        return answer_json(200, {"type": "list", "data": data, "links": {"self": "https://x"}})

    def get(self, _request: Received, user: str, id_: str) -> Answer:
        found = self._found(user, id_)
        if found is None:
            return _basiq(404, "resource-not-found")
        return answer_json(200, self._shown(found, listed=False))

    def start(self, user: str, connection: Json | None, *scripts: Script) -> Json:
        """A job that shows one script after the other."""
        id_ = f"b41c77d{len(self.jobs)}"
        self.jobs[id_] = {"user": user, "connection": connection, "scripts": list(scripts)}
        return {"type": "job", "id": id_, "links": {"self": f"https://au-api.basiq.io/jobs/{id_}"}}

    def create(self, request: Received, user: str) -> Answer:
        body = _body(request)
        if body["institution"]["id"] == "MFA":
            made = self.add(user, status="pending")
            job = self.start(user, made, ASKING)
            self.jobs[job["id"]]["late"] = True
            return answer_json(202, job)
        if body["password"] == "wrong":
            return answer_json(202, self.start(user, None, RUNNING, failing("invalid-credentials")))
        made = self.add(user, status="pending")
        return answer_json(202, self.start(user, made, RUNNING, RUNNING, DONE))

    def update(self, _request: Received, user: str, id_: str) -> Answer:
        found = self._found(user, id_)
        if found is None:
            return _basiq(404, "resource-not-found")
        return answer_json(202, self.start(user, found, RUNNING, DONE))

    def refresh(self, _request: Received, user: str, id_: str) -> Answer:
        found = self._found(user, id_)
        if found is None:
            return _basiq(404, "resource-not-found")
        running = [
            i for i, j in self.jobs.items() if j["connection"] is found and len(j["scripts"]) > 1
        ]
        if running:
            return answer_json(
                200, {"type": "job", "id": running[0], "links": {"self": "https://x"}}
            )
        script = found.get("_script", DONE)
        return answer_json(202, self.start(user, found, RUNNING, script))

    def refresh_all(self, _request: Received, user: str) -> Answer:
        data = [self.start(user, c, RUNNING, DONE) for c in self._of(user)]
        return answer_json(202, {"type": "list", "data": data})

    def job(self, _request: Received, id_: str) -> Answer:
        job = self.jobs.get(id_)
        if job is None:
            return _basiq(404, "resource-not-found")
        steps = job["scripts"][0]
        if len(job["scripts"]) > 1:
            job["scripts"].pop(0)
        links: Json = {"self": f"https://au-api.basiq.io/jobs/{id_}"}
        connection = job["connection"]
        if steps is DONE and connection is not None:
            connection["status"] = "active"
        if connection is not None and (steps is not RUNNING) and not job.get("late"):
            links["source"] = f"/users/{job['user']}/connections/{connection['id']}"
        return answer_json(
            200,
            {
                "type": "job",
                "id": id_,
                "created": "2024-10-02T01:00:00Z",
                "updated": "2024-10-02T01:00:04Z",
                "steps": steps,
                "links": links,
            },
        )

    def answer(self, request: Received, id_: str) -> Answer:
        job = self.jobs[id_]
        right = _body(request)["mfa-response"] == ["914022", "blue"]
        job["late"] = False
        job["scripts"] = [RUNNING, DONE if right else failing("invalid-credentials")]
        return answer_json(
            202, {"type": "job", "id": id_, "links": {"self": f"https://x/jobs/{id_}"}}
        )

    def delete(self, _request: Received, user: str, id_: str) -> Answer:
        if self._found(user, id_) is None:
            return _basiq(404, "resource-not-found")
        del self.connections[id_]
        return Answer(204)

    def purge(self, _request: Received, user: str, id_: str) -> Answer:
        return Answer(204) if self._found(user, id_) else _basiq(404, "resource-not-found")


def _basiq(status: int, code: str) -> Answer:
    data = [{"type": "error", "code": code, "title": code, "detail": "Said in English"}]
    return answer_json(status, {"type": "list", "correlationId": "c7d1f0aa", "data": data})


def _step(title: str, status: str, result: object = None) -> Json:
    return {"title": title, "status": status, "result": result}


RUNNING = [_step("verify-credentials", "in-progress"), _step("retrieve-accounts", "pending")]
DONE = [
    # Some results are arrays of one.
    _step("verify-credentials", "success", [{"type": "link", "url": "/users/5f2e/connections/x"}]),
    _step("retrieve-accounts", "success"),
]
ASKING = [
    _step("verify-credentials", "success"),
    _step(
        "mfa-challenge",
        "in-progress",
        [
            {
                "type": "mfa",
                "method": "token",
                "description": "Enter both",
                "input": ["code", "colour"],
            }
        ],
    ),
    _step("retrieve-accounts", "pending"),
]


def failing(code: str) -> list[Json]:
    """A job that failed: what comes later stays pending for ever."""
    return [
        _step("verify-credentials", "failed", {"code": code, "title": "No", "detail": "It failed"}),
        _step("retrieve-accounts", "pending"),
    ]


@dataclass
class SaltEdgeServer(Server):
    """Connections are found by id alone; the customer is told with them."""

    def routes(self) -> Mapping[str, Handler]:
        one = r"/connections/(\d+)"
        return {
            "GET /connections": self.list,
            "POST /connections": self.create,
            f"GET {one}": self.get,
            f"PUT {one}": self.update,
            f"DELETE {one}": self.delete,
            f"PUT {one}/refresh": self.refresh,
            f"PUT {one}/reconnect": self.reconnect,
            f"PUT {one}/interactive": self.interactive,
            "POST /connect_sessions/create": self.session,
            "POST /connect_sessions/reconnect": self.session,
        }

    def refused(self, request: Received) -> Answer | None:
        if request.header("app-id") == "app" and request.header("secret") == "hush":
            return None
        return saltedge_error(400, "ApiKeyNotFound")

    def limited(self) -> Answer:
        answer = saltedge_error(429, "RateLimitExceeded")
        return Answer(429, answer.content, {**answer.headers, "Retry-After": "0"})

    def add(self, customer: str = "222333444", **more: object) -> Json:
        self.made += 1
        made: Json = {
            "id": str(111_222_333_444_555_666 + self.made),
            "secret": "MADE_UP_SECRET",
            "provider_id": "1234",
            "provider_code": "fakebank_simple_xf",
            "provider_name": "Fake Bank Simple",
            "customer_id": customer,
            "country_code": "XF",
            "status": "active",
            "daily_refresh": False,
            "store_credentials": True,
            "show_consent_confirmation": False,
            "last_consent_id": "555000111",
            "created_at": "2024-03-01T10:20:30Z",
            "updated_at": "2024-03-01T10:20:31Z",
            "last_success_at": "2024-03-01T10:22:00Z",
            "next_refresh_possible_at": "2024-03-01T11:20:30Z",
            "last_attempt": _attempt(
                "1", "finish", finished=True, success_at="2024-03-01T10:22:00Z"
            ),
        }
        made.update(more)
        self.connections[made["id"]] = made
        return made

    def _answer(self, connection: Json) -> Answer:
        return answer_json(200, {"data": {k: v for k, v in connection.items() if k[0] != "_"}})

    def _found(self, id_: str) -> Json | None:
        return self.connections.get(id_)

    def list(self, request: Received) -> Answer:
        query = _query(request)
        own = sorted(
            (c for c in self.connections.values() if c["customer_id"] == query["customer_id"]),
            key=lambda c: c["id"],
        )
        rest = [c for c in own if c["id"] >= query.get("from_id", "")]
        page, more = rest[:2], rest[2:]
        meta = {"next_id": more[0]["id"] if more else None, "next_page": None}
        data = [{k: v for k, v in c.items() if k[0] != "_"} for c in page]
        return answer_json(200, {"data": data, "meta": meta})

    def get(self, _request: Received, id_: str) -> Answer:
        found = self._found(id_)
        if found is None:
            return saltedge_error(404, "ConnectionNotFound")
        if script := found.get("_script"):
            found["last_attempt"] = script.pop(0)
        return self._answer(found)

    def run(self, connection: Json, *script: Json) -> Answer:
        """Begin an attempt; later looks see one stage after the other."""
        first, *later = script
        connection["last_attempt"] = first
        connection["_script"] = later
        return self._answer(connection)

    def create(self, request: Received) -> Answer:
        data = _body(request)["data"]
        made = self.add(data["customer_id"], provider_code=data["provider_code"])
        if data["provider_code"].startswith("interactive"):
            return self.run(
                made, _attempt("2", "start"), _attempt("2", "interactive", fields=["sms"])
            )
        if data["credentials"]["password"] == "wrong":
            failed: Json = {"fail_at": "2024-03-01T10:21:00Z"}
            failed["fail_error_class"] = "InvalidCredentials"
            last = _attempt("2", "finish", finished=True, fail_message="Wrong", **failed)
            return self.run(made, _attempt("2", "start"), last)
        return self.run(
            made, _attempt("2", "start"), _attempt("2", "fetch_recent"), _attempt_done("2")
        )

    def update(self, request: Received, id_: str) -> Answer:
        found = self._found(id_)
        if found is None:
            return saltedge_error(404, "ConnectionNotFound")
        found.update(_body(request)["data"])
        return self._answer(found)

    def refresh(self, _request: Received, id_: str) -> Answer:
        found = self._found(id_)
        if found is None:
            return saltedge_error(404, "ConnectionNotFound")
        earliest = found["next_refresh_possible_at"]
        if earliest is None or earliest > "2026":
            return saltedge_error(
                406, "ConnectionCannotBeRefreshed", next_refresh_possible_at=earliest
            )
        # The first look still sees the attempt of before.
        before = found["last_attempt"]
        return self.run(found, before, before, _attempt("9", "connect"), _attempt_done("9"))

    def reconnect(self, request: Received, id_: str) -> Answer:
        found = self._found(id_)
        if found is None:
            return saltedge_error(404, "ConnectionNotFound")
        assert _body(request)["data"]["consent"]["scopes"]
        found["status"] = "active"
        return self.run(found, _attempt("8", "start"), _attempt_done("8"))

    def interactive(self, request: Received, id_: str) -> Answer:
        found = self._found(id_)
        if found is None:
            return saltedge_error(404, "ConnectionNotFound")
        assert _body(request)["data"]["credentials"] == {"sms": "123456"}
        return self.run(found, _attempt("2", "fetch_accounts"), _attempt_done("2"))

    def delete(self, _request: Received, id_: str) -> Answer:
        if self.connections.pop(id_, None) is None:
            return saltedge_error(404, "ConnectionNotFound")
        return answer_json(200, {"data": {"id": id_, "removed": True}})

    def session(self, _request: Received) -> Answer:
        url = "https://www.saltedge.com/connect?token=MADE_UP"
        return answer_json(
            200, {"data": {"expires_at": "2024-03-01T11:20:30Z", "connect_url": url}}
        )


def _attempt(id_: str, stage: str, fields: list[str] | None = None, **more: object) -> Json:
    last: Json = {"id": "999", "name": stage, "interactive_html": None}
    last["interactive_fields_names"] = fields
    return {"id": id_, "finished": False, "last_stage": last, **more}


def _attempt_done(id_: str) -> Json:
    return _attempt(id_, "finish", finished=True, success_at="2024-03-02T10:22:00Z")


def saltedge_error(status: int, class_: str, **more: object) -> Answer:
    error = {"class": class_, "message": "Said in English", "request_id": "f2a-77"}
    return answer_json(status, {"error": error, "request": {}, **more})


@dataclass
class CodatServer(Server):
    """Companies own connections; the user links them in a browser."""

    keys: set[str] = field(default_factory=set[str])
    pulls: dict[str, Json] = field(default_factory=dict[str, Json])
    linking: int | None = None

    def routes(self) -> Mapping[str, Handler]:
        base = r"/companies/([\w-]+)"
        one = rf"{base}/connections/([\w-]+)"
        return {
            f"GET {base}": self.company,
            f"GET {base}/connections": self.list,
            f"POST {base}/connections": self.create,
            f"GET {one}": self.get,
            f"PATCH {one}": self.unlink,
            f"DELETE {one}": self.delete,
            f"POST {base}/sync/expenses/connections/partnerExpense": self.partner,
            f"POST {base}/data/all": lambda *_: Answer(204),
            rf"POST {base}/data/queue/(\w+)": self.refresh,
            rf"GET {base}/data/history/([\w-]+)": self.pull,
        }

    def refused(self, request: Received) -> Answer | None:
        ok = request.header("authorization") == "Basic a2V5"
        return None if ok else _codat(401, "Unauthorized")

    def limited(self) -> Answer:
        answer = _codat(429, "Too many requests")
        return Answer(429, answer.content, {**answer.headers, "Retry-After": "0"})

    def add(self, company: str = "1e2d3c4b-5a69-4788-9796-a5b4c3d2e1f0", **more: object) -> Json:
        self.made += 1
        id_ = f"5b7e2c1a-0d4f-4a9b-8f11-9d2f3c4b5a6{self.made}"
        made: Json = {
            "id": id_,
            "integrationId": "0a1b2c3d-1111-4222-8333-944455556666",
            "integrationKey": "gbol",
            "sourceId": "7c7d7e7f-aaaa-4bbb-8ccc-0123456789ab",
            "sourceType": "Accounting",
            "platformName": "Xero",
            "linkUrl": f"https://link-api.codat.io/connections/{id_}/start?otp=000000",
            "status": "Linked",
            "lastSync": "2024-06-02T03:10:11",
            "created": "2024-06-01T08:00:00.1234567Z",
            "_company": company,
        }
        made.update(more)
        self.connections[id_] = made
        return made

    def _shown(self, connection: Json) -> Json:
        return {k: v for k, v in connection.items() if k[0] != "_"}

    def _found(self, company: str, id_: str) -> Json | None:
        found = self.connections.get(id_)
        return found if found is not None and found["_company"] == company else None

    def company(self, _request: Received, company: str) -> Answer:
        redirect = f"https://link.codat.io/company/{company}"
        return answer_json(200, {"id": company, "name": "Test Bakery", "redirect": redirect})

    def list(self, request: Received, company: str) -> Answer:
        own = [self._shown(c) for c in self.connections.values() if c["_company"] == company]
        page = int(_query(request).get("page", 1))
        links: Json = {"self": {"href": "/x"}, "current": {"href": "/x"}}
        if len(own) > page * 2:
            links["next"] = {"href": f"/companies/{company}/connections?page={page + 1}"}
        results = own[(page - 1) * 2 : page * 2]
        counters = {"pageNumber": page, "pageSize": 2, "totalResults": len(own)}
        return answer_json(200, {"results": results, **counters, "_links": links})

    def create(self, request: Received, company: str) -> Answer:
        key = request.header("idempotency-key")
        if key:
            self.keys.add(key)
        if len(_body(request)["platformKey"]) != 4:
            return _codat(400, "Unknown platform")
        return answer_json(200, self._shown(self.add(company, status="PendingAuth")))

    def partner(self, request: Received, company: str) -> Answer:
        assert not request.body
        return answer_json(200, self._shown(self.add(company, sourceType="Expense", lastSync=None)))

    def get(self, _request: Received, company: str, id_: str) -> Answer:
        found = self._found(company, id_)
        if found is None:
            return _codat(404, "No such connection")
        if found["status"] == "PendingAuth" and self.linking is not None:
            self.linking -= 1
            if self.linking <= 0:
                found["status"] = "Linked"
        return answer_json(200, self._shown(found))

    def unlink(self, request: Received, company: str, id_: str) -> Answer:
        found = self._found(company, id_)
        if found is None:
            return _codat(404, "No such connection")
        assert _body(request) == {"status": "Unlinked"}
        found["status"] = "Unlinked"
        return answer_json(200, self._shown(found))

    def delete(self, _request: Received, company: str, id_: str) -> Answer:
        if self._found(company, id_) is None:
            return _codat(404, "No such connection")
        del self.connections[id_]
        return Answer(200)

    def refresh(self, request: Received, company: str, kind: str) -> Answer:
        if self._found(company, _query(request)["connectionId"]) is None:
            return _codat(404, "No such connection")
        id_ = f"aaaaaaaa-0000-4000-8000-00000000000{len(self.pulls)}"
        statuses = ["Queued", "Fetching", "AuthError" if kind == "bills" else "Complete"]
        self.pulls[id_] = {"connectionId": _query(request)["connectionId"], "statuses": statuses}
        return self.pull(request, company, id_)

    def pull(self, _request: Received, company: str, id_: str) -> Answer:
        pull = self.pulls[id_]
        status = pull["statuses"][0]
        if len(pull["statuses"]) > 1:
            pull["statuses"].pop(0)
        return answer_json(
            200,
            {
                "id": id_,
                "companyId": company,
                "connectionId": pull["connectionId"],
                "dataType": "invoices",
                "status": status,
                "requested": "2024-06-02T03:05:00Z",
                "progress": 10,
                "isCompleted": status == "Complete",
                "isErrored": status.endswith("Error"),
            },
        )


def _codat(status: int, error: str) -> Answer:
    return answer_json(
        status,
        {
            "statusCode": status,
            "error": error,
            "correlationId": "1f0c9a2b",
            "canBeRetried": "False",
        },
    )


SERVERS: Mapping[str, type[Server]] = {
    "basiq": BasiqServer,
    "codat_expenses": CodatServer,
    "codat_lending": CodatServer,
    "powens": PowensServer,
    "saltedge": SaltEdgeServer,
}
