"""The demonstration province: real communes and crops, fictional people and organisations."""

from app.demo.story import DemoPerson, load

__all__ = ["DemoPerson", "load"]
