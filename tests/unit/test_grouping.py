"""Operations without tags: what their paths and ids are about, one by one and by the thousand."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest

from linkwright.lower.grouping import groups
from linkwright.openapi.model import Operation
from linkwright.source.span import Span
from linkwright.source.text import SpecText

_SPAN = Span("spec.yaml")


def operation(path: str, id_: str | None = None, method: str = "GET", tag: str = "") -> Operation:
    """An operation that has nothing else."""
    return Operation(
        span=_SPAN,
        method=method,
        path=SpecText(path),
        operation_id=SpecText(id_) if id_ else None,
        name=None,
        suggested_name=None,
        group=None,
        tags=(SpecText(tag),) if tag else (),
        summary=None,
        description=None,
        deprecated=False,
        parameters=(),
        body=None,
        responses=(),
        security=None,
        retry=None,
        browser=False,
        timeout=None,
        servers=(),
        paging=None,
        callbacks=(),
    )


def group_of(path: str, id_: str | None) -> str:
    (found,) = groups([operation(path, id_)], {}).values()
    return found.raw


@pytest.mark.parametrize(
    ("path", "id_", "group"),
    [
        ("/users/{id}", None, "users"),
        ("/users/{id}/avatar", None, "users"),
        ("/users/{id}/keys/{key}", None, "users keys"),
        ("/orgs/{o}/teams/{t}/members/{m}", None, "teams members"),
        ("/api/v2/users", None, "users"),
        ("/rest-service/reviews-v1/{id}", None, "reviews-v1"),
        ("/2015-02-01/file-systems", None, "file-systems"),
        ("/v1beta1/projects", None, "projects"),
        ("/v1", None, "v1"),
        ("/3ds/cards", None, "3ds cards"),
        ("/dcim/console-ports/{id}/", None, "dcim console-ports"),
        ("/pets/findByTags", None, "pets"),
        ("/users.list", None, "users"),
        ("/.well-known/openid", None, ".well-known"),
        ("/create-billing-group", "CreateBillingGroup", "billing"),
        ("/describe-app-version", "DescribeAppVersion", "app"),
        ("/describe-app-version", None, "describe-app-version"),
        ("/", "Encrypt", "root"),
        ("/", None, "root"),
        ("/#Action=X", "CreateKey", "key"),
        ("/#Action=X", "GET_ListAliases", "alias"),
        ("/#Action=X", "BatchWriteItem", "item"),
        ("/#Action=X", "DescribeStatuses", "status"),
        ("/{Bucket}/{Key}", "PutObject", "object"),
        ("/{Bucket}/{Key}", None, "root"),
    ],
)
def test_what_an_operation_is_about(path: str, id_: str | None, group: str) -> None:
    assert group_of(path, id_) == group


def test_a_tag_decides_alone() -> None:
    tagged = operation("/v1/users/{id}/keys", "getKeys", tag="Access")
    assert [group.raw for group in groups([tagged], {}).values()] == ["Access"]


def test_a_thousand_operations_without_tags() -> None:
    """Each group is about one thing, whatever else there is, and in whatever order."""
    areas = ["billing", "crm", "warehouse", "people"]
    things = [
        "orders",
        "invoices",
        "items",
        "contacts",
        "deals",
        "shelves",
        "teams",
        "roles",
        "notes",
        "files",
    ]
    parts = ["comments", "labels", "lines", "events"]
    paths = [f"/api/v1/{area}/{thing}" for area, thing in itertools.product(areas, things)]
    paths += [f"{path}/{{id}}" for path in paths] + [f"{path}/{{id}}/archive" for path in paths]
    paths += [
        f"/api/v1/{area}/{thing}/{{id}}/{part}{member}"
        for area, thing, part in itertools.product(areas, things, parts)
        for member in ("", "/{part}")
    ]
    found = [operation(p, method=m) for p in paths for m in ("GET", "PUT", "DELETE")]
    assert len(found) > 1_000
    grouped = groups(found, {})
    sizes = Counter(group.raw for group in grouped.values())
    assert len(sizes) == len(areas) * len(things) + len(things) * len(parts)
    assert max(sizes.values()) < 0.03 * len(found)
    few = random.Random(7).sample(found, 50)
    assert groups(few, {}).items() <= grouped.items()
