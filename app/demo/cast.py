"""Who and where: cooperatives of the nine former districts, their growers, what they grow. All fictional."""

from dataclasses import dataclass

SURNAMES = (
    "Lý", "Giàng", "Vàng", "Sùng", "Thào", "Tẩn", "Chảo", "Lù", "Hoàng", "Nông", "Má", "Ly",
    "Hạng", "Cư", "Lồ", "Phàn",
)  # fmt: skip
GIVEN = (
    "Thị Mẩy", "A Sử", "Thị Dợ", "Seo Pao", "Thị Say", "Văn Thắng", "A Páo", "Thị Chú", "Láo Tả",
    "Thị Xuân", "Văn Hùng", "Seo Lử", "Thị Pàng", "A Dình", "Thị Hoa", "Mìn Phủ",
)  # fmt: skip


@dataclass(frozen=True)
class Home:
    """A cooperative: its name, former commune (by its code before the merger), crops and areas.

    `areas` are (name, crops, hectares as a tenth).
    """

    key: str
    name: str
    former_commune: str
    growers: int
    areas: tuple[tuple[str, tuple[str, ...], int], ...]


HOMES: tuple[Home, ...] = (
    Home(
        "bac-ha",
        "Hợp tác xã Rau an toàn Bản Phố (minh hoạ)",
        "02866",
        9,
        (
            ("Đồi Sân Chùa", ("BAP_CAI", "SU_HAO"), 34),
            ("Ruộng Bản Phố 1", ("CAI_MEO", "CAI_NGONG"), 21),
            ("Ruộng Bản Phố 2", ("DAU_HA_LAN", "DAU_CO_VE"), 18),
            ("Vườn Háng Dù", ("SUP_LO",), 12),
            ("Nương Phố Cũ", ("CAI_MEO",), 9),
        ),
    ),
    Home(
        "sa-pa",
        "Hợp tác xã Rau hữu cơ Tả Phìn (minh hoạ)",
        "03013",
        8,
        (
            ("Thung Sả Séng", ("BAP_CAI", "SUP_LO"), 42),
            ("Giàn su su Can Ngài", ("SU_SU",), 55),
            ("Vườn Tả Chải", ("CAI_MEO", "CU_KHOI"), 11),
            ("Nương Suối Thầu", ("CA_CHUA",), 16),
            ("Ruộng Lủ Khấu", ("SU_HAO",), 13),
        ),
    ),
    Home(
        "bat-xat",
        "Hợp tác xã Nông sản Y Tý (minh hoạ)",
        "02701",
        7,
        (
            ("Lũng Choản Thèn", ("PHA_PHI", "CAI_MEO"), 15),
            ("Ruộng Mò Phú Chải", ("BAP_CAI",), 27),
            ("Nương Ngải Trồ", ("SU_HAO",), 19),
            ("Vườn Lao Chải", ("SUP_LO", "BAP_CAI"), 14),
        ),
    ),
    Home(
        "muong-khuong",
        "Hợp tác xã Rau Tung Chung Phố (minh hoạ)",
        "02758",
        6,
        (
            ("Cánh đồng Lũng Pâu", ("CAI_MEO", "PAC_NAM"), 17),
            ("Ruộng Vả Thàng", ("DAU_CO_VE", "DAU_BEO"), 12),
            ("Đồi Tả Chu Phùng", ("BAP_CAI",), 22),
            ("Vườn Séo Tủng", ("NGU_GIA_BI",), 8),
        ),
    ),
    Home(
        "si-ma-cai",
        "Hợp tác xã Rau Cán Cấu (minh hoạ)",
        "02821",
        6,
        (
            ("Đồi Cu Dề", ("BAP_CAI",), 20),
            ("Ruộng Mù Tráng Phìn", ("DAU_HA_LAN",), 14),
            ("Nương Chư Sang", ("CAI_MEO",), 10),
            ("Vườn Khuấn Phùng", ("SU_HAO", "SUP_LO"), 12),
        ),
    ),
    Home(
        "bao-thang",
        "Hợp tác xã Rau Gia Phú (minh hoạ)",
        "02923",
        7,
        (
            ("Bãi Soi Cờ", ("CA_CHUA", "DAU_CO_VE"), 48),
            ("Đồng Bến Phà", ("CAI_NGONG", "RAU_CAI"), 36),
            ("Đồng Hùng Thắng", ("BAP_CAI",), 31),
            ("Bãi Phú Xuân", ("SU_HAO",), 24),
            ("Vườn Nậm Hẻn", ("DAU_CO_VE",), 15),
        ),
    ),
    Home(
        "bao-yen",
        "Tổ hợp tác Rau Nghĩa Đô (minh hoạ)",
        "02953",
        6,
        (
            ("Đồng Bản Lằng", ("CAI_NGONG",), 18),
            ("Ruộng Nà Khương", ("BAP_CAI", "SU_HAO"), 26),
            ("Bãi Bản Hón", ("DAU_CO_VE",), 11),
            ("Vườn Thâm Mạ", ("CA_CHUA",), 9),
        ),
    ),
    Home(
        "van-ban",
        "Hợp tác xã Rau rừng Liêm Phú (minh hoạ)",
        "03118",
        5,
        (
            ("Rừng măng Khổi Nghè", ("MANG_BOI",), 60),
            ("Vườn Ỏ", ("BO_KHAI",), 22),
            ("Đồng Hin", ("RAU_CAI",), 19),
            ("Ruộng Giằng", ("CAI_NGONG",), 12),
        ),
    ),
    Home(
        "tp-lao-cai",
        "Hợp tác xã Rau sạch Kim Tân (minh hoạ)",
        "02647",
        6,
        (
            ("Bãi Soi Lần", ("CAI_NGONG", "RAU_CAI"), 28),
            ("Vườn Ngòi Đường", ("CA_CHUA",), 13),
            ("Nhà màng Kim Tân", ("SUP_LO", "CAI_NGONG"), 6),
            ("Bãi Sông Hồng", ("DAU_CO_VE",), 17),
            ("Vườn Xóm Mới", ("SU_SU",), 12),
        ),
    ),
)


@dataclass(frozen=True)
class Seat:
    """An account to sign in with."""

    role: str
    login: str
    name: str


SEATS: tuple[Seat, ...] = (
    Seat("grower", "nong-dan", "Lý Thị Mẩy"),
    Seat("staff", "ke-toan", "Giàng Thị Dợ"),
    Seat("coop_admin", "giam-doc", "Vàng Seo Pao"),
    Seat("certifier", "chung-nhan", "Nguyễn Thu Hà"),
    Seat("inspector", "thanh-tra", "Trần Quốc Việt"),
    Seat("province_admin", "quan-tri", "Đỗ Minh Anh"),
)
SEATED_HOME = "bac-ha"
AUTHORITY = "Sở Nông nghiệp và Môi trường tỉnh Lào Cai (minh hoạ)"
BODY = "Trung tâm Chứng nhận Nông nghiệp Tây Bắc (minh hoạ)"
# Enough yield to be believed, grams a square metre and picking.
GRAMS_PER_M2 = 120
# A household with a code of its own.
HOUSEHOLD = Home(
    "ho", "Hộ Giàng A Páo (minh hoạ)", "02866", 0, (("Nương nhà Páo", ("CAI_MEO",), 2),)
)
