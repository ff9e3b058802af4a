"""What wire shapes share: strict inputs, cleaned text."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from app.kit.text import clean


class In(BaseModel):
    """A request body: unknown fields are refused, numbers are not guessed from text."""

    model_config = ConfigDict(extra="forbid", strict=False, str_max_length=10_000)


class Out(BaseModel):
    """A response body: every field is always there."""

    model_config = ConfigDict(from_attributes=True)


def _short(value: str) -> str:
    return clean(value, longest=160)


def _code(value: str) -> str:
    return clean(value, longest=80)


def _long(value: str) -> str:
    return clean(value, longest=500, multiline=True)


Name = Annotated[str, AfterValidator(_short)]
Code = Annotated[str, AfterValidator(_code)]
Words = Annotated[str, AfterValidator(_long)]
