"""Type cells as they stand on pages of all target languages, and the schema they mean."""

from __future__ import annotations

from typing import Any

import pytest

from linkwright.extract.facts import Api, Model, Place
from linkwright.extract.models import ModelIndex
from linkwright.extract.shapes import read_shape

S: dict[str, Any] = {"type": "string"}
I32 = {"type": "integer", "format": "int32"}
I64 = {"type": "integer", "format": "int64"}
INT = {"type": "integer"}
NUM = {"type": "number"}
BOOL = {"type": "boolean"}
TIME = {"type": "string", "format": "date-time"}
DATE = {"type": "string", "format": "date"}
FILE = {"type": "string", "format": "binary"}
REF = {"$ref": "#/components/schemas/Order"}
GONE = {"$ref": "#/components/schemas/Gone"}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _map(of: object) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": of}


CELLS: list[tuple[str, dict[str, Any]]] = [
    # openapi-generator and swagger-codegen
    ("**kotlin.Long**", I64),
    ("[**kotlin.collections.List&lt;kotlin.String&gt;**](kotlin.String.md)", _list(S)),
    ("[**kotlin.Array&lt;Order&gt;**](Order.md)", _list(REF)),
    ("[**kotlin.collections.Map&lt;kotlin.String, kotlin.Int&gt;**](kotlin.Int.md)", _map(I32)),
    ("**java.time.OffsetDateTime**", TIME),
    ("**kotlinx.datetime.LocalDate**", DATE),
    ("[**list[str]**](str.md)", _list(S)),
    ("[**List[List[int]]**](List.md)", _list(_list(INT))),
    ("**dict(str, list[Order])**", _map(_list(REF))),
    ("**Dict[str, object]**", _map({"type": "object"})),
    ("[**Order**](.md)", REF),
    ("**str, none_type**", {"type": ["string", "null"]}),
    ("**bool, date, datetime, dict, float, int, list, str, none_type**", {}),
    ("**{str: (int,)}**", _map(INT)),
    ("**bytearray**", FILE),
    ("[**[Order]**](Order.md)", _list(REF)),
    ("**'String'**", S),
    ("**{String: Number}**", _map(NUM)),
    ("[**Array.&lt;String&gt;**](String.md)", _list(S)),
    ("[**List&lt;Order&gt;**](Order.md)", _list(REF)),
    ("**byte[]**", FILE),
    ("**UUID**", {"type": "string", "format": "uuid"}),
    ("**bool?**", BOOL),
    ("**System.IO.Stream**", FILE),
    ("**FileParameter****FileParameter**", FILE),
    ("CompletableFuture<[**Order**](Order.md)>", REF),
    ("**[String: Order]**", _map(REF)),
    ("[**NSDictionary&lt;NSString*, Order&gt;***](Order.md)", _map(REF)),
    ("[**NSArray&lt;NSNumber*&gt;***](NSNumber.md)", _list(NUM)),
    ("[**BuiltList&lt;Order&gt;**](Order.md)", _list(REF)),
    ("**DateTime?**", TIME),
    ("[**Dictionary&lt;string, Order&gt;**](Order.md)", _map(REF)),
    ("[**\\Vendor\\Client\\Model\\Order[]**](../Model/Order.md)", _list(REF)),
    ("**\\DateTime**", TIME),
    ("**\\SplFileObject**", FILE),
    ("**map[string,int]**", _map(INT)),
    ("**array&lt;string,bool&gt;**", _map(BOOL)),
    ("Pointer to [**[]Order**](Order.md)", _list(REF)),
    ("Pointer to **NullableString**", {"type": ["string", "null"]}),
    ("[**NullableOrder**](Order.md)", {"anyOf": [REF, {"type": "null"}]}),
    ("**map[string]interface{}**", _map(True)),
    ("**interface{}**", {}),
    ("***os.File**", FILE),
    ("**optional.Int32**", I32),
    ("[**optional.Interface of Order**](Order.md)", REF),
    ("Option<**i32**>", I32),
    ("Option<[**Vec<models::Order>**](Order.md)>", _list(REF)),
    (
        "[**std::collections::HashMap<String, serde_json::Value>**](serde_json::Value.md)",
        _map(True),
    ),
    ("**chrono::DateTime<chrono::FixedOffset>**", TIME),
    ("[**Array&lt;Order&gt;**](Order.md)", _list(REF)),
    ("**Hash&lt;String, Integer&gt;**", _map(INT)),
    ("[**string**]", S),
    ("**Array<Order>**", _list(REF)),
    ("[**string**]**Array<'A' | 'B'>**", {"type": "string", "enum": ["A", "B"]}),
    (
        "[**string**]**Array<&#39;A&#39; &#124; &#39;B&#39;>**",
        {"type": "string", "enum": ["A", "B"]},
    ),
    ("**{ [key: string]: Order; }**", _map(REF)),
    ("**string | null**", {"type": ["string", "null"]}),
    ("`number`", NUM),
    ("[**Gone**](Gone.md)", GONE),
    # Speakeasy
    ("*?string*", S),
    ("[?\\DateTime](https://www.php.net/manual/en/class.datetime.php)", TIME),
    ("?array<[Shared\\Order](../../Models/Shared/Order.md)>", _list(REF)),
    ("*T.nilable(::String)*", S),
    ("T.nilable(T::Array<[Shared::Order](../../models/shared/order.md)>)", _list(REF)),
    ("T.any(*::String*, *::Float*)", {"oneOf": [S, {"type": "number", "format": "float"}]}),
    ("*Optional[str]*", S),
    ("*OptionalNullable[str]*", {"type": ["string", "null"]}),
    ("*Nullable[int]*", {"type": ["integer", "null"]}),
    ("[Optional[shared.Order]](../../models/shared/order.md)", REF),
    ("List[[shared.Order](../../models/shared/order.md)]", _list(REF)),
    ("list[[Order](../../models/shared/order.md)]", _list(REF)),
    ("Dict[str, *Any*]", _map(True)),
    ("*Union[bytes, IO[bytes], io.BufferedReader]*", FILE),
    ("*Union[str, int]*", {"oneOf": [S, INT]}),
    ("[date](https://docs.python.org/3/library/datetime.html#date-objects)", DATE),
    ("*Decimal*", NUM),
    ("_string_", S),
    ("_Optional[str]_", S),
    ("List[_str_]", _list(S)),
    ("**int64*", I64),
    ("[]*string*", _list(S)),
    ("[][components.Order](../../models/components/order.md)", _list(REF)),
    ("map[string][components.Order](../../models/components/order.md)", _map(REF)),
    ("[*time.Time](https://pkg.go.dev/time#Time)", TIME),
    ("[*types.Date](../../types/date.md)", DATE),
    ("**[*components.Order](../../models/components/order.md), error**", REF),
    ("*Optional\\<String>*", S),
    ("List\\<[Order](../../models/components/Order.md)>", _list(REF)),
    ("[Optional\\<? extends Order>](../../models/components/Order.md)", REF),
    (
        "[JsonNullable\\<Order>](../../models/components/Order.md)",
        {"anyOf": [REF, {"type": "null"}]},
    ),
    ("List<[Order](../../Models/Components/Order.md)>", _list(REF)),
    ("*string*[]", _list(S)),
    ("[components.Order](../../models/components/order.md)[]", _list(REF)),
    ("Record<string, *any*>", _map(True)),
    ("**Promise\\<[components.Order[]](../../models/.md)\\>**", _list(REF)),
    ("**Promise\\<[string[]](../../models/.md)\\>**", _list(S)),
    ("[RFCDate](../../types/rfcdate.md)", DATE),
    ("[ReadableStream<Uint8Array>](https://developer.mozilla.org/docs)", FILE),
    ('*"red" \\| "green"*', {"type": "string", "enum": ["red", "green"]}),
    ("", {}),
]


@pytest.mark.parametrize(("cell", "schema"), CELLS, ids=[cell or "empty" for cell, _ in CELLS])
def test_a_type_cell(cell: str, schema: dict[str, Any]) -> None:
    language = "python" if "datetime" in cell else "typescript" if "Promise" in cell else ""
    model = Model(Place("docs/Order.md", 1), "Order")
    index = ModelIndex(Api(models={"docs/Order.md": model}, language=language))
    index.assign_names()
    shape = read_shape(cell.removesuffix(", error**"))
    assert index.schema(shape, "docs/OrdersApi.md") == schema


def test_a_page_of_a_model_wins_over_a_primitive_of_its_name() -> None:
    model = Model(Place("docs/File.md", 1), "File")
    index = ModelIndex(Api(models={"docs/File.md": model}))
    index.assign_names()
    linked = index.schema(read_shape("[**File**](File.md)"), "docs/FilesApi.md")
    assert linked == {"$ref": "#/components/schemas/File"}
    assert index.schema(read_shape("**File**"), "docs/FilesApi.md") == FILE
