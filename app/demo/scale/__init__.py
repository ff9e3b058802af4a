"""A synthetic province of any size, for measuring: seeded, so that it can be made again."""

from app.demo.scale.ground import Size
from app.demo.scale.province import NotEmptyError, generate
from app.demo.scale.seats import seat_people

__all__ = ["NotEmptyError", "Size", "generate", "seat_people"]
