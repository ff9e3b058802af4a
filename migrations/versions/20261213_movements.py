"""Movements: lots made of lots, who holds how much of which, deliveries; only a harvest has an area."""

import sqlalchemy as sa
from alembic import op

revision = "20261213_movements"
down_revision = "20261212_native_zpl"
branch_labels = None
depends_on = None

KINDS = ("harvest", "packed", "split", "merged", "processed")


def _text(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _grams(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _words(name: str, longest: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=longest), nullable=nullable)


def upgrade() -> None:
    _let_lots_be_derived()
    _make_movements()
    _make_holdings()
    _make_deliveries()
    _begin_holdings()


def _let_lots_be_derived() -> None:
    with op.batch_alter_table("harvest_lot") as batch:
        batch.add_column(
            sa.Column("kind", sa.String(length=32), nullable=False, server_default="harvest")
        )
        batch.alter_column("area_id", existing_type=sa.Integer(), nullable=True)
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    with op.batch_alter_table("harvest_lot") as batch:
        batch.alter_column("kind", existing_type=sa.String(length=32), server_default=None)
        batch.create_check_constraint(op.f("ck_harvest_lot_kind"), f"kind IN ({listed})")
        batch.create_check_constraint(
            op.f("ck_harvest_lot_area_id"), "(kind = 'harvest') = (area_id IS NOT NULL)"
        )


def _make_movements() -> None:
    op.create_table(
        "party",
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("version"),
        _number("organisation_id"),
        sa.Column(
            "kind",
            _text(
                "kind",
                "wholesaler",
                "retailer",
                "kitchen",
                "processor",
                "exporter",
                "supplier",
                "other",
            ),
            nullable=False,
        ),
        _words("name", 160),
        _words("name_key", 160),
        _words("address", 200),
        _words("code", 40),
        _words("phone", 20),
        _moment("created_at"),
        _refers("party", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("uid", name=op.f("uq_party_uid")),
    )
    op.create_index("ix_party_organisation", "party", ["organisation_id", "name_key", "id"])
    op.create_table(
        "movement",
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("organisation_id"),
        sa.Column(
            "kind",
            _text(
                "kind",
                "packing",
                "splitting",
                "merging",
                "processing",
                "storing",
                "shipping",
                "receiving",
                "selling",
                "returning",
                "destroying",
            ),
            nullable=False,
        ),
        _moment("happened_at"),
        _words("gln", 13, nullable=True),
        _words("place", 160),
        _number("counterparty_id", nullable=True),
        _number("party_id", nullable=True),
        _words("document", 80),
        _words("reason", 500),
        _grams("loss_g"),
        _grams("difference_g"),
        _number("counters_id", nullable=True),
        _moment("recorded_at"),
        _number("ledger_position"),
        sa.CheckConstraint("loss_g >= 0", name=op.f("ck_movement_loss_g")),
        sa.CheckConstraint(
            "counterparty_id IS NULL OR party_id IS NULL", name=op.f("ck_movement_counterparty")
        ),
        sa.CheckConstraint("counters_id < id", name=op.f("ck_movement_counters")),
        _refers("movement", "organisation_id", "organisation"),
        _refers("movement", "counterparty_id", "organisation"),
        _refers("movement", "party_id", "party"),
        _refers("movement", "counters_id", "movement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint("uid", name=op.f("uq_movement_uid")),
        sa.UniqueConstraint("counters_id", name=op.f("uq_movement_counters_id")),
    )
    op.create_index("ix_movement_organisation", "movement", ["organisation_id", "id"])
    op.create_index("ix_movement_happened_at", "movement", ["organisation_id", "happened_at"])
    op.create_index("ix_movement_counterparty", "movement", ["counterparty_id", "id"])
    op.create_index("ix_movement_party", "movement", ["party_id", "id"])
    op.create_table(
        "movement_line",
        _number("id"),
        _number("movement_id"),
        _number("lot_id"),
        sa.Column("direction", _text("direction", "in", "out"), nullable=False),
        _grams("quantity_g"),
        sa.CheckConstraint("quantity_g > 0", name=op.f("ck_movement_line_quantity_g")),
        _refers("movement_line", "movement_id", "movement"),
        _refers("movement_line", "lot_id", "harvest_lot"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement_line")),
        sa.UniqueConstraint(
            "movement_id",
            "lot_id",
            "direction",
            name=op.f("uq_movement_line_movement_id_lot_id_direction"),
        ),
    )
    op.create_index("ix_movement_line_lot", "movement_line", ["lot_id", "movement_id"])


def _make_holdings() -> None:
    op.create_table(
        "lot_edge",
        _number("id"),
        _number("parent_id"),
        _number("child_id"),
        _grams("quantity_g"),
        _number("movement_id"),
        sa.CheckConstraint("child_id > parent_id", name=op.f("ck_lot_edge_child_id")),
        sa.CheckConstraint("quantity_g > 0", name=op.f("ck_lot_edge_quantity_g")),
        _refers("lot_edge", "parent_id", "harvest_lot"),
        _refers("lot_edge", "child_id", "harvest_lot"),
        _refers("lot_edge", "movement_id", "movement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_edge")),
        sa.UniqueConstraint(
            "movement_id",
            "parent_id",
            "child_id",
            name=op.f("uq_lot_edge_movement_id_parent_id_child_id"),
        ),
    )
    op.create_index("ix_lot_edge_parent", "lot_edge", ["parent_id", "child_id", "quantity_g"])
    op.create_index("ix_lot_edge_child", "lot_edge", ["child_id", "parent_id", "quantity_g"])
    op.create_table(
        "holding",
        _number("id"),
        _number("lot_id"),
        _number("organisation_id"),
        sa.Column(
            "state",
            _text(
                "state",
                "in_hand",
                "in_transit",
                "with_party",
                "sold",
                "lost",
                "destroyed",
                "missing",
                "unaccounted",
            ),
            nullable=False,
        ),
        _number("party_id", nullable=True),
        _grams("quantity_g"),
        sa.CheckConstraint("quantity_g >= 0", name=op.f("ck_holding_quantity_g")),
        sa.CheckConstraint(
            "(state = 'with_party') = (party_id IS NOT NULL)", name=op.f("ck_holding_party")
        ),
        _refers("holding", "lot_id", "harvest_lot"),
        _refers("holding", "organisation_id", "organisation"),
        _refers("holding", "party_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holding")),
    )
    _one_holding("uq_holding_own", ["lot_id", "organisation_id", "state"], "party_id IS NULL")
    _one_holding("uq_holding_party", ["lot_id", "party_id"], "party_id IS NOT NULL")
    op.create_index("ix_holding_lot", "holding", ["lot_id", "state"])
    op.create_index("ix_holding_organisation", "holding", ["organisation_id", "state", "lot_id"])
    op.create_index(op.f("ix_holding_party_id"), "holding", ["party_id"])


def _one_holding(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name,
        "holding",
        columns,
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _make_deliveries() -> None:
    op.create_table(
        "delivery",
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("version"),
        _number("movement_id"),
        _number("organisation_id"),
        _number("to_organisation_id", nullable=True),
        _number("party_id", nullable=True),
        sa.Column(
            "state", _text("state", "awaiting", "received", "refused", "closed"), nullable=False
        ),
        _words("token_hash", 64, nullable=True),
        _moment("expires_at", nullable=True),
        _moment("answered_at", nullable=True),
        _number("receiving_id", nullable=True),
        _number("returning_id", nullable=True),
        _words("received_by", 120),
        _words("remark", 500),
        sa.CheckConstraint(
            "(to_organisation_id IS NULL) <> (party_id IS NULL)", name=op.f("ck_delivery_receiver")
        ),
        _refers("delivery", "movement_id", "movement"),
        _refers("delivery", "organisation_id", "organisation"),
        _refers("delivery", "to_organisation_id", "organisation"),
        _refers("delivery", "party_id", "party"),
        _refers("delivery", "receiving_id", "movement"),
        _refers("delivery", "returning_id", "movement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("uid", name=op.f("uq_delivery_uid")),
        sa.UniqueConstraint("movement_id", name=op.f("uq_delivery_movement_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_delivery_token_hash")),
        sa.UniqueConstraint("receiving_id", name=op.f("uq_delivery_receiving_id")),
        sa.UniqueConstraint("returning_id", name=op.f("uq_delivery_returning_id")),
    )
    op.create_index("ix_delivery_organisation", "delivery", ["organisation_id", "id"])
    op.create_index("ix_delivery_to_organisation", "delivery", ["to_organisation_id", "id"])
    op.create_index("ix_delivery_party", "delivery", ["party_id", "id"])
    op.create_table(
        "delivery_line",
        _number("id"),
        _number("delivery_id"),
        _number("lot_id"),
        _grams("sent_g"),
        _grams("received_g", nullable=True),
        _grams("refused_g", nullable=True),
        sa.Column("condition", _text("condition", "good", "damaged", "spoiled"), nullable=True),
        _words("remark", 200),
        sa.CheckConstraint("sent_g > 0", name=op.f("ck_delivery_line_sent_g")),
        sa.CheckConstraint(
            "received_g >= 0 AND refused_g >= 0 AND received_g + refused_g <= sent_g",
            name=op.f("ck_delivery_line_received_g"),
        ),
        _refers("delivery_line", "delivery_id", "delivery"),
        _refers("delivery_line", "lot_id", "harvest_lot"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_line")),
        sa.UniqueConstraint(
            "delivery_id", "lot_id", name=op.f("uq_delivery_line_delivery_id_lot_id")
        ),
    )
    op.create_index("ix_delivery_line_lot", "delivery_line", ["lot_id"])


def _begin_holdings() -> None:
    """Every lot that is not a mistake is somewhere: with its organisation, or gone nobody knows where."""
    op.execute(
        "INSERT INTO holding (lot_id, organisation_id, state, quantity_g) "
        "SELECT id, organisation_id, "
        "CASE WHEN state = 'closed' THEN 'unaccounted' ELSE 'in_hand' END, quantity_g "
        "FROM harvest_lot WHERE state <> 'withdrawn' ORDER BY id"
    )


def downgrade() -> None:
    _give_every_lot_an_area()
    for table in ("delivery_line", "delivery", "holding", "lot_edge", "movement_line", "movement"):
        op.drop_table(table)
    op.drop_table("party")
    with op.batch_alter_table("harvest_lot") as batch:
        batch.drop_constraint(op.f("ck_harvest_lot_area_id"), type_="check")
        batch.drop_constraint(op.f("ck_harvest_lot_kind"), type_="check")
        batch.alter_column("area_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("kind")


def _give_every_lot_an_area() -> None:
    """A derived lot keeps its code and its labels: it is said to be of the area of its first source."""
    with op.batch_alter_table("harvest_lot") as batch:
        batch.drop_constraint(op.f("ck_harvest_lot_area_id"), type_="check")
    connection = op.get_bind()
    homeless = sa.text("SELECT count(*) FROM harvest_lot WHERE area_id IS NULL")
    inherited = sa.text(
        "UPDATE harvest_lot SET area_id = (SELECT parent.area_id FROM lot_edge "
        "JOIN harvest_lot parent ON parent.id = lot_edge.parent_id "
        "WHERE lot_edge.child_id = harvest_lot.id AND parent.area_id IS NOT NULL "
        "ORDER BY lot_edge.quantity_g DESC, parent.id LIMIT 1) WHERE area_id IS NULL"
    )
    # A source is always older than what was made of it: each round reaches one step further.
    while connection.execute(homeless).scalar_one():
        connection.execute(inherited)
    with op.batch_alter_table("harvest_lot") as batch:
        batch.create_check_constraint(op.f("ck_harvest_lot_area_id"), "area_id IS NOT NULL")
