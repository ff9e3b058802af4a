"""One label from click to PDF, on the server, against an empty route of the same server."""

import statistics
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.commands import Invitation, create_api_key, invite_account
from app.accounts.queries import find_caller_of_key
from app.db import engine_for, transaction
from app.kit.clock import system_clock
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.lots import HarvestLot, LotState
from app.models.registry import Organisation
from benchmarks.harness import Result, interleaved, side
from benchmarks.servers import Server, burst, running
from benchmarks.worlds import world

ROUNDS = 5
REQUESTS = 240
