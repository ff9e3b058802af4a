"""What a request carried, as far as telling it from another goes."""

import hashlib

from fastapi import Request
from starlette.datastructures import UploadFile


async def body_of(request: Request) -> bytes:
    """What tells one body from another: its bytes, or of a form with files all it holds."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await request.body()
    digest = hashlib.sha256()
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            digest.update(f"{name}={value.filename}".encode("utf-8", "surrogatepass"))
            digest.update(await value.read())
            await value.seek(0)
        else:
            digest.update(f"{name}={value}".encode("utf-8", "surrogatepass"))
    return digest.digest()
