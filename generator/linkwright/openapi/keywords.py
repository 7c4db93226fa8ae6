"""Which keywords of which object are read, which have no effect, and which are refused.

Every keyword of a document is in one of three states: read; without effect on the output for a
reason given here; or unknown, which is a warning. Extensions (`x-...`) of others are ignored, as
the OpenAPI specification asks; an unknown `x-linkwright-...` is a mistake and refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ANYWHERE", "KEYWORDS", "Keywords"]


@dataclass(frozen=True, slots=True)
class Keywords:
    """The keywords of one kind of object.

    Attributes:
        read: They shape the output.
        silent: They have no effect, which loses nothing a typed client expresses.
        lossy: They have no effect and the output says less than the document: keyword to reason.
        refused: The output would be wrong without them: keyword to reason.
    """

    read: frozenset[str]
    silent: frozenset[str] = frozenset()
    lossy: Mapping[str, str] = field(default_factory=dict[str, str])
    refused: Mapping[str, str] = field(default_factory=dict[str, str])


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Allowed in every object, without effect on the output: where `linkwright extract` found it.
ANYWHERE = frozenset({"x-linkwright-source"})


_NAME = "x-linkwright-name x-speakeasy-name-override"

KEYWORDS: dict[str, Keywords] = {
    "document": Keywords(
        _words("openapi info servers tags paths components security webhooks"),
        # Operations that `linkwright extract` could not place; `read.py` counts them.
        _words("externalDocs jsonSchemaDialect $self x-linkwright-unplaced"),
    ),
    "info": Keywords(
        _words("title version summary description x-linkwright-name"),
        _words("contact license termsOfService"),
    ),
    "server": Keywords(_words("url variables description name")),
    "server variable": Keywords(_words("default description enum")),
    "tag": Keywords(
        _words("name description x-linkwright-name"), _words("externalDocs summary parent kind")
    ),
    "components": Keywords(
        _words("schemas securitySchemes"),
        # Reached through references only.
        _words("responses parameters examples requestBodies headers links callbacks pathItems")
        | _words("mediaTypes"),
    ),
    "path item": Keywords(
        _words("$ref get put post delete options head patch trace query parameters")
        | _words("additionalOperations servers"),
        _words("summary description"),
    ),
    "additional operations": Keywords(frozenset()),
    "operation": Keywords(
        _words("operationId tags summary description deprecated parameters requestBody responses")
        | _words("security servers")
        | _words("x-linkwright-retry x-linkwright-browser x-linkwright-timeout")
        | _words("x-linkwright-paging")
        | _words("x-speakeasy-group callbacks x-speakeasy-retries x-speakeasy-pagination")
        | _words(_NAME),
        _words("externalDocs"),
    ),
    # Its keys are expressions that give an address.
    "callback": Keywords(frozenset()),
    "paging": Keywords(_words("style items next parameter size")),
    "parameter": Keywords(
        _words("name in required description deprecated schema content x-linkwright-secret")
        | _words("style explode allowReserved allowEmptyValue")
        | _words(_NAME),
        _words("example examples"),
    ),
    "request body": Keywords(_words("content required description")),
    "response": Keywords(
        _words("description content headers links"),
        _words("summary"),
    ),
    "link": Keywords(
        _words("operationId operationRef parameters requestBody description x-linkwright-name"),
        lossy={"server": "what a link leads to is called where it is called otherwise"},
    ),
    "media type": Keywords(
        _words("schema itemSchema encoding"),
        _words("example examples"),
        {
            "prefixEncoding": "per-part encoding is not applied",
            "itemEncoding": "per-part encoding is not applied",
        },
    ),
    "encoding": Keywords(_words("contentType headers style explode allowReserved")),
    # Values are given as they come, by `raw()`; what is known of them stands in docstrings.
    "header": Keywords(
        _words("description"),
        _words("required deprecated schema content style explode example examples allowEmptyValue"),
    ),
    "security scheme": Keywords(
        _words("type in name scheme x-linkwright-name x-linkwright-credential description")
        | _words("x-linkwright-token x-linkwright-expired x-linkwright-signature flows"),
        _words("bearerFormat openIdConnectUrl oauth2MetadataUrl deprecated"),
    ),
    "oauth flows": Keywords(
        _words("clientCredentials authorizationCode password implicit deviceAuthorization")
    ),
    "oauth flow": Keywords(
        _words("tokenUrl refreshUrl"),
        # Those are for a browser, and scopes are asked for as far as operations want them.
        _words("authorizationUrl deviceAuthorizationUrl scopes"),
    ),
    "discriminator": Keywords(
        _words("propertyName mapping"),
        lossy={"defaultMapping": "what no variant is named for is kept as it is"},
    ),
    "credential form": Keywords(_words("prefix encoding")),
    "token source": Keywords(_words("operation parameters body inputs token expires")),
    "expired answer": Keywords(_words("status path value")),
    "signature form": Keywords(_words("expires lifetime text")),
    "schema": Keywords(
        _words("$ref type format enum const default properties required additionalProperties items")
        | _words("allOf oneOf anyOf discriminator title description deprecated nullable")
        | _words("patternProperties prefixItems additionalItems unevaluatedProperties")
        | _words("then else dependentSchemas readOnly writeOnly maxItems")
        # Where server-sent events carry JSON.
        | _words("contentMediaType contentSchema")
        | _words("x-linkwright-name x-linkwright-secret x-linkwright-timestamp")
        | _words("x-enum-varnames x-enumNames x-enum-descriptions x-enumDescriptions"),
        # Constraints never reject an answer, and the provider checks requests itself.
        _words("minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum")
        | _words("multipleOf minItems uniqueItems minProperties maxProperties if")
        | _words("example examples externalDocs xml $comment $schema")
        | _words("contentEncoding definitions $defs"),
        # These say which values there are at all, and no type says so.
        {
            "not": "`not` is not checked",
            "contains": "`contains` is not checked",
            "minContains": "`minContains` is not checked",
            "maxContains": "`maxContains` is not checked",
            "propertyNames": "names of properties are not checked",
            "dependentRequired": "`dependentRequired` is not checked",
            "unevaluatedItems": "`unevaluatedItems` is not checked",
        },
        {
            "$id": "a schema with its own base URI is not supported",
            "$anchor": "anchors are not supported; refer by JSON pointer",
            "$dynamicRef": "dynamic references are not supported",
            "$dynamicAnchor": "dynamic references are not supported",
            "$recursiveRef": "dynamic references are not supported",
        },
    ),
}
