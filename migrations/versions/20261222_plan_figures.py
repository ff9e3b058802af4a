"""The plan's actual figures: cells, land, what is due, prices, axes, model groups."""

import sqlalchemy as sa
from alembic import op

revision = "20261222_plan_figures"
down_revision = "20261221_drills"
branch_labels = None
depends_on = None

CONFIDENCE = ("V", "S", "I", "U")
CELL_SUMS = (
    "sown_m2",
    "sown_noted_m2",
    "sown_certified_m2",
    "sown_safe_m2",
    "sown_coded_m2",
    "sown_diary_m2",
    "expected_g",
    "declared_g",
    "gap_g",
    "harvested_g",
    "certified_g",
    "safe_g",
    "coded_g",
    "diary_g",
    "labelled_g",
    "scanned_g",
    "priced_g",
    "value_contract",
    "value_entered",
    "value_general",
)


def _text(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _refers(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _large(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _words(name: str, longest: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=longest), nullable=False)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _placed() -> list[sa.Column[object]]:
    return [
        _number("organisation_id"),
        _words("province", 2),
        _words("former_commune", 5),
        _words("district", 3),
        _words("commune", 5),
        _words("axis", 20),
    ]


def upgrade() -> None:
    _make_cells()
    _make_land()
    _make_prices()
    _make_groups()
    _make_axes()


def _make_cells() -> None:
    op.create_table(
        "plan_cell",
        *_placed(),
        _number("id"),
        _number("area_id"),
        _number("crop_id"),
        _words("crop_group", 32),
        _number("year"),
        _number("month"),
        _number("land_m2"),
        *(_large(name) for name in CELL_SUMS),
        _number("seasons"),
        _number("lots"),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_plan_cell_month")),
        _refers("plan_cell", "organisation_id", "organisation"),
        _refers("plan_cell", "area_id", "planting_area", "CASCADE"),
        _refers("plan_cell", "crop_id", "crop"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_cell")),
        sa.UniqueConstraint(
            "area_id", "crop_id", "year", "month", name="uq_plan_cell_area_id_crop_id_year_month"
        ),
    )
    with op.batch_alter_table("plan_cell", schema=None) as batch:
        batch.create_index("ix_plan_cell_year", ["year", "district"], unique=False)
        batch.create_index("ix_plan_cell_organisation", ["organisation_id", "year"], unique=False)
        batch.create_index(batch.f("ix_plan_cell_crop_id"), ["crop_id"], unique=False)


def _make_land() -> None:
    op.create_table(
        "plan_land",
        *_placed(),
        _number("area_id"),
        _number("year"),
        *(
            _number(name)
            for name in (
                "land_m2",
                "drawn_m2",
                "certified_m2",
                "safe_m2",
                "coded_m2",
                "diary_m2",
            )
        ),
        _refers("plan_land", "organisation_id", "organisation"),
        _refers("plan_land", "area_id", "planting_area", "CASCADE"),
        sa.PrimaryKeyConstraint("area_id", "year", name=op.f("pk_plan_land")),
    )
    with op.batch_alter_table("plan_land", schema=None) as batch:
        batch.create_index("ix_plan_land_year", ["year", "district"], unique=False)
    op.create_table(
        "plan_due",
        _number("area_id"),
        _number("position"),
        _refers("plan_due", "area_id", "planting_area", "CASCADE"),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_plan_due")),
    )
    with op.batch_alter_table("plan_due", schema=None) as batch:
        batch.create_index(batch.f("ix_plan_due_position"), ["position"], unique=False)
    op.create_table(
        "plan_cursor",
        _number("id"),
        _number("position"),
        _day("scanned_until"),
        _number("year"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_cursor")),
    )


def _make_prices() -> None:
    op.create_table(
        "crop_price",
        _number("version"),
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("crop_id"),
        _number("organisation_id", nullable=True),
        _day("from_day"),
        _day("ended_on", nullable=True),
        _large("dong_per_kg"),
        _text("source", "contract", "entered"),
        _words("note", 300),
        _moment("recorded_at"),
        _moment("withdrawn_at", nullable=True),
        sa.CheckConstraint("dong_per_kg > 0", name=op.f("ck_crop_price_dong_per_kg")),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= from_day", name=op.f("ck_crop_price_ended_on")
        ),
        _refers("crop_price", "crop_id", "crop"),
        _refers("crop_price", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crop_price")),
        sa.UniqueConstraint("uid", name=op.f("uq_crop_price_uid")),
    )
    with op.batch_alter_table("crop_price", schema=None) as batch:
        batch.create_index(batch.f("ix_crop_price_crop_id"), ["crop_id"], unique=False)
        batch.create_index(
            batch.f("ix_crop_price_organisation_id"), ["organisation_id"], unique=False
        )
    one = ["crop_id", "organisation_id", "source", "from_day"]
    own = sa.text("withdrawn_at IS NULL AND organisation_id IS NOT NULL")
    general = sa.text("withdrawn_at IS NULL AND organisation_id IS NULL")
    op.create_index(
        "uq_crop_price_of_one",
        "crop_price",
        one,
        unique=True,
        sqlite_where=own,
        postgresql_where=own,
    )
    op.create_index(
        "uq_crop_price_general",
        "crop_price",
        [name for name in one if name != "organisation_id"],
        unique=True,
        sqlite_where=general,
        postgresql_where=general,
    )


def _make_groups() -> None:
    op.create_table(
        "model_group",
        _number("version"),
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _words("plan", 40),
        _number("organisation_id"),
        _number("certificate_id"),
        _day("since"),
        _day("until", nullable=True),
        _words("note", 300),
        _moment("recorded_at"),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_model_group_period")),
        _refers("model_group", "organisation_id", "organisation"),
        _refers("model_group", "certificate_id", "certificate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_group")),
        sa.UniqueConstraint("uid", name=op.f("uq_model_group_uid")),
    )
    with op.batch_alter_table("model_group", schema=None) as batch:
        for name in ("organisation_id", "certificate_id"):
            batch.create_index(batch.f(f"ix_model_group_{name}"), [name], unique=False)
    standing = sa.text("until IS NULL")
    op.create_index(
        "uq_model_group_standing",
        "model_group",
        ["plan", "organisation_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _make_axes() -> None:
    op.create_table(
        "plan_axis_place",
        _number("id"),
        _words("plan", 40),
        _text("axis", "west", "north_east", "south"),
        _words("district", 3),
        _words("former_commune", 5),
        _words("legal_ref", 300),
        _text("confidence", *CONFIDENCE),
        _words("note", 300),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_axis_place")),
        sa.UniqueConstraint(
            "plan",
            "district",
            "former_commune",
            name="uq_plan_axis_place_plan_district_former_commune",
        ),
    )
    op.create_table(
        "plan_axis_crop",
        _number("id"),
        _words("plan", 40),
        _text("axis", "west", "north_east", "south"),
        _words("crop", 40),
        _words("district", 3),
        _words("legal_ref", 300),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_axis_crop")),
        sa.UniqueConstraint(
            "plan", "axis", "crop", "district", name="uq_plan_axis_crop_plan_axis_crop_district"
        ),
    )


def downgrade() -> None:
    for table in (
        "plan_axis_crop",
        "plan_axis_place",
        "model_group",
        "crop_price",
        "plan_cursor",
        "plan_due",
        "plan_land",
        "plan_cell",
    ):
        op.drop_table(table)
