from app.diary.second_looks import second_looks
from app.diary.sync_commands import take_in
from app.diary.writing import Using
from app.models.diary import Work


def test_all(growing, given, session):
    p = growing.planting()
    growing.product()
    e = growing.entry(
        p, Work.SPRAYING, day=-3, uses=Using("thuoc thu 10ec", amount=30_000, unit="ml")
    )
    h = growing.entry(p, Work.HARVEST, day=-1, kilograms=100)
    looks = second_looks(session, growing.line(p), [e, h], today=given.day(0))
    print({k: [str(x.why) for x in v] for k, v in looks.items()})
    b = growing.entry(p, Work.SPRAYING, day=-3, uses="Furadan 3G")
    looks = second_looks(session, growing.line(p), [b], today=given.day(0))
    print({k: [str(x.why) for x in v] for k, v in looks.items()})
    growing.correction(p, h, day=-1, kilograms=120)
    w = growing.writing(p, Work.HARVEST, day=-1, kilograms=130, corrects=h.uid)
    out = take_in(
        session, organisation=growing.home(growing.line(p).area), items=[w, w], pen=growing.pen
    )
    print(out)
