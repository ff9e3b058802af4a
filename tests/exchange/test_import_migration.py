"""Going back to the schema before lists of harvests: these imports go, what they registered stays."""

from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.migrating import MIGRATIONS, migrate
from app.models.exchange import ImportBatch, ImportLayout
from app.models.lots import HarvestLot
from tests.exchange.sending import count


def steps_since(revision):
    history = ScriptDirectory(str(MIGRATIONS)).iterate_revisions("head", revision)
    return len(list(history))


def test_imports_the_former_schema_has_no_word_for_go_and_their_lots_stay(
    sender, engine, session, given, home
):
    given.area(home, name="Đồi Sân Chùa")
    session.commit()
    rows = [["Ngày", "Sản phẩm", "Khối lượng"], [given.day(-1), "Bắp cải", 100]]
    sender.send(rows, ImportLayout.HARVESTS).run()
    kept = sender.send([["Họ và tên", "Xã"], ["Lý Thị Mẩy", "Xã Bắc Hà"]])
    session.close()
    migrate(engine, f"-{steps_since('20261128_second_factor')}")
    with engine.connect() as connection:
        left = connection.execute(text("SELECT layout FROM import_batch")).scalars().all()
    assert left == ["growers"]
    migrate(engine)
    assert kept.counts == (1, 0, 0)
    assert count(engine, ImportBatch) == 1
    assert count(engine, HarvestLot) == 1
    assert sender.send(rows, ImportLayout.HARVESTS).counts == (0, 1, 0)
