"""The description of the API (OpenAPI): who may call, which headers are needed, an example of everything."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from app.accounts.policy import access_to
from app.api.problems import MEDIA_TYPE

Json = dict[str, Any]

# Said to be optional, so that leaving them out is answered in the reader's language; yet needed.
NEEDED_HEADERS = {"idempotency-key": "thu-hoach-2026-11-20-01", "if-match": '"1"'}
KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key (`ngk_…`); it may do what the membership it was made for may do.",
}
# What stands for a field that has no example of its own, by its name, its form, or its type.
BY_NAME: Json = {
    "version": 1,
    "organisation_name": "Hợp tác xã Rau an toàn Bản Phố",
    "holder_name": "Hợp tác xã Rau an toàn Bản Phố",
    "producer": "Hợp tác xã Rau an toàn Bản Phố",
    "body_name": "Trung tâm Chứng nhận Tây Bắc",
    "account_name": "Lý Thị Mẩy",
    "name": "Đồi Sân Chùa",
    "area_name": "Đồi Sân Chùa",
    "login": "may.ly",
    "crop": "BAP_CAI",
    "commune": "02839",
    "market": "VNM",
    "quantity_g": 250_000,
    "area_m2": 20_000,
    "legal_ref": "NĐ 38/2026/NĐ-CP",
    "reason": "Kiểm tra thấy sai sót.",
    "link": "https://txng.laocai.gov.vn/welcome/kq3…",
    "secret": "ngk_Zp3xYq…",
    "code": "LC123456789ABCD",
    "code_in_groups": "LC12 3456 789A BCD",
    "page": "https://txng.laocai.gov.vn/t/LC123456789ABCD",
    "certificate_number": "VietGAP-TT-13-09-10-0001",
    "state_reason": "",
    "mend": "",
    "note": "",
}
BY_FORM = {
    "uuid": "019a9f3e-7c1d-7b52-9d53-2f6a8c1e4b70",
    "date": "2026-11-20",
    "date-time": "2026-11-20T03:00:00Z",
    "binary": "(file)",
}
BY_TYPE: Json = {"string": "…", "integer": 1, "number": 1.5, "boolean": True, "null": None}
DEEPEST = 6
PROBLEM = "#/components/schemas/Problem"


def described(app: FastAPI) -> Json:
    """The description, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _completed(FastAPI.openapi(app))
    return app.openapi_schema


def _completed(schema: Json) -> Json:
    parts = schema["components"]["schemas"]
    schema["components"]["securitySchemes"] = {"key": KEY}
    for operation in _operations(schema):
        access = access_to(operation["operationId"])
        if access is not None and not access.public:
            operation["security"] = [{"key": []}]
        for parameter in operation.get("parameters", []):
            if parameter["name"] in NEEDED_HEADERS:
                example = NEEDED_HEADERS[parameter["name"]]
                parameter |= {"required": True, "schema": {"type": "string"}, "example": example}
        for status, said in operation["responses"].items():
            if status.startswith(("4", "5")):
                said["content"] = {MEDIA_TYPE: {"schema": {"$ref": PROBLEM}}}
        for media in _media(operation):
            media["example"] = example_of(media["schema"], parts)
    return schema


def _operations(schema: Json) -> Iterator[Json]:
    for path in schema["paths"].values():
        yield from path.values()


def _media(operation: Json) -> Iterator[Json]:
    """What is sent and what is answered when all goes well, where it has a schema."""
    told = [operation.get("requestBody", {})]
    told += [said for status, said in operation["responses"].items() if status.startswith("2")]
    for said in told:
        for media in said.get("content", {}).values():
            if media.get("schema"):
                yield media


def example_of(schema: Json, parts: Json, name: str = "", depth: int = 0) -> Any:
    """A value that the schema allows, told by its own examples where it has any."""
    if "$ref" in schema:
        return example_of(parts[schema["$ref"].rpartition("/")[2]], parts, name, depth)
    for told in ("examples", "enum"):
        if schema.get(told):
            return schema[told][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        kinds = [one for one in schema["anyOf"] if one.get("type") != "null"]
        return example_of(kinds[0], parts, name, depth)
    return _of_type(schema, parts, name, depth)


def _of_type(schema: Json, parts: Json, name: str, depth: int) -> Any:
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {}).items()
            return {field: example_of(one, parts, field, depth + 1) for field, one in fields}
        case "array":
            return [example_of(schema["items"], parts, name, depth + 1)] if depth < DEEPEST else []
        case None:
            return None
        case kind:
            fitting = BY_NAME.get(name) if type(BY_NAME.get(name)) is type(BY_TYPE[kind]) else None
            form = BY_FORM.get(str(schema.get("format", "")))
            return form or (fitting if fitting is not None else BY_TYPE[kind])
