"""A well-formed body or form for every route."""

from dataclasses import dataclass
from typing import Any

DAY = "2026-11-18"
WITNESS_KEY = "nhan-chung.test+658c66c9+BAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
NOBODY = "01a2141d-6be2-7b24-84fa-20b17a3ddee0"
REASON = {"reason": "Kiểm tra thấy sai sót."}
CHANGE = {"effective_on": DAY, **REASON}
WORDS = {"words": "Chúng tôi đã xem và xin đổi hàng."}
LAB_REPORT = {
    "laboratory": "Trung tâm Kiểm nghiệm",
    "number": "KN-1",
    "sampled_on": DAY,
    "reported_on": DAY,
    "results": [{"analyte": "Cypermethrin", "value": "0.02", "unit": "mg/kg", "limit": "1"}],
}


@dataclass(frozen=True)
class Place:
    """Ids of one organisation's objects, by what they are."""

    ids: dict[str, str]

    def __getitem__(self, what: str) -> str:
        return self.ids[what]


def json_for(name: str, place: Place) -> dict[str, Any] | None:
    """A well-formed body of an API route."""
    area = {
        "name": "Vùng mới",
        "commune": "02839",
        "crops": ["BAP_CAI"],
        "area_m2": 5000,
        "established_on": "2024-01-01",
    }
    season = {
        "crop": "BAP_CAI",
        "starts_on": "2026-09-01",
        "harvest_from": "2026-11-01",
        "harvest_to": "2026-11-30",
        "area_m2": 900,
        "expected_output_g": 3_000_000,
    }
    bodies: dict[str, dict[str, Any]] = {
        "invite_account": {
            "login": "moi.nguoi",
            "name": "Người mới",
            "role": "staff",
            "organisation": place["organisation"],
        },
        "create_api_key": {"name": "Kho"},
        "set_legal_rule": {
            "valid_from": "2027-01-01",
            "value": 24,
            "legal_ref": "NĐ 109/2018/NĐ-CP",
            "confidence": "V",
        },
        "register_organisation": {"kind": "cooperative", "name": "HTX mới", "commune": "02839"},
        "amend_organisation": {"name": "HTX đổi tên", "commune": "02839"},
        "register_grower": {
            "name": "Sùng A Mới",
            "commune": "02839",
            "phone": "0987000001",
            "member_since": "2026-01-01",
        },
        "amend_grower": {"name": "Sùng A Cũ", "commune": "02839"},
        "end_grower_membership": {"last_day": DAY},
        "merge_grower": {"other": place["grower"]},
        "tell_twins_apart": {
            "noun": "plot",
            "one": place["plot"],
            "other": place["plot"],
        },
        "register_plot": {
            "name": "Thửa mới",
            "grower": place["grower"],
            "commune": "02839",
            "area_m2": 900,
        },
        "register_area": area,
        "amend_area": area,
        "declare_season": season,
        "amend_season": season,
        "end_season": {"actual_output_g": 2_500_000, "ended_on": DAY},
        "keep_dossier": {"markets": ["VNM"], "households": 3},
        "issue_many": {
            "scheme": "ND38_2026",
            "decided_on": DAY,
            "number": "1/QĐ",
            "applications": [place["application"]],
        },
        "return_application": REASON,
        "record_site_check": {"checked_on": DAY, "finding": "fit"},
        "warn_code": CHANGE,
        "cancel_code": CHANGE,
        "reissue_code": {"scheme": "ND38_2026", "decided_on": DAY, "number": "2/QĐ"},
        "issue_code": {"scheme": "ND38_2026", "decided_on": DAY, "number": "1/QĐ"},
        "reject_application": REASON,
        "suspend_code": CHANGE,
        "restore_code": CHANGE,
        "revoke_code": CHANGE,
        "record_certificate": {
            "holder": place["organisation"],
            "standard": "VIETGAP_2017",
            "number": "VietGAP-TT-13-09-10-9999",
            "issued_on": "2026-01-05",
            "valid_from": "2026-01-05",
            "valid_to": "2027-01-04",
            "crops": ["BAP_CAI"],
            "areas": [place["area"]],
            "body_name": "Trung tâm",
        },
        "amend_certificate": {
            "standard": "VIETGAP_2017",
            "number": "VietGAP-TT-13-09-10-9998",
            "issued_on": "2026-01-05",
            "valid_from": "2026-01-05",
            "valid_to": "2027-01-04",
            "crops": ["BAP_CAI"],
            "areas": [place["area"]],
            "body_name": "Trung tâm",
        },
        "extend_certificate": {"valid_to": "2027-12-01", **REASON},
        "confirm_certificate": {"words": "Đã xem bản gốc."},
        "dispute_certificate": {"words": "Số này không phải của chúng tôi."},
        "change_certificate_scope": {
            **CHANGE,
            "joins": {"areas": [place["area"]]},
        },
        "add_cosignatures": {"note": "truyxuat.test/log"},
        "register_witness": {"key": WITNESS_KEY, "who": "Trung tâm"},
        "register_body_period": {"number": "12/CN", "valid_from": DAY},
        "suspend_certificate": CHANGE,
        "restore_certificate": CHANGE,
        "withdraw_certificate": CHANGE,
        "record_lot": {
            "area": place["area"],
            "crop": "BAP_CAI",
            "harvested_on": DAY,
            "quantity_g": 90000,
        },
        "record_movement": {
            "kind": "packing",
            "inputs": [{"lot": place["code"], "quantity_g": 1000}],
            "outputs": [{"quantity_g": 1000}],
        },
        "undo_movement_by_counter": REASON,
        "reopen_delivery": REASON,
        "receive_delivery": {"lines": [{"lot": place["shipped_lot"], "received_g": 1000}]},
        "register_party": {"name": "Chợ đầu mối", "kind": "wholesaler"},
        **_contracting(place),
        **_planned(place),
        "amend_party": {"name": "Chợ đầu mối", "kind": "wholesaler"},
        "amend_lot": {"quantity_g": 80000, "packed_on": None, "best_before": None, "note": ""},
        "withdraw_lot": REASON,
        "recall_lot": REASON,
        "record_lab_report": LAB_REPORT,
        "correct_lab_report": LAB_REPORT,
        "withdraw_lab_report": REASON,
        "answer_report": WORDS,
        "note_report_done": WORDS,
        "ask_about_report": WORDS,
        "close_report": REASON,
        "hold_lot": REASON,
        "release_lot": REASON,
        "print_labels": {"form": "png_203"},
        "begin_importing": {"whole": True},
        **_growing(place),
        **_recalling(place),
        **_trading(place),
        **_reporting(),
        "add_label_stock": {
            "name": "Cuộn 45 × 25",
            "kind": "roll",
            "page_width_um": 45_000,
            "page_height_um": 25_000,
            "width_um": 45_000,
            "height_um": 25_000,
        },
        "save_label_layout": {"name": "Tem của chúng tôi", "body": {}},
        "preview_label_layout": {"body": {}},
        "add_printer": {"name": "Máy in kho", "stock": "roll-50x30", "output": "tspl"},
        "change_printer": {"name": "Máy in kho", "stock": "roll-50x30", "output": "tspl"},
        "check_print_run": {
            "lots": [{"lot": place["code"], "labels": 2}],
            "layout": "l1-50x30",
            "stock": "roll-50x30",
        },
        "start_print_run": {
            "lots": [{"lot": place["code"], "labels": 2}],
            "layout": "l1-50x30",
            "stock": "roll-50x30",
            "reason": "In lại",
        },
        "mark_printed_labels": {"kind": "applied", "first": 1, "last": 1},
        **_inspecting(place),
        "close_scan_alert": {"outcome": "explained", **REASON},
        "prove_print_run": {"which": "first", "read": place["code"]},
    }
    return bodies.get(name)


def _growing(place: Place) -> dict[str, dict[str, Any]]:
    """Bodies of the diary and of inputs."""
    entry = {"planting": place["planting"], "work": "watering", "done_on": DAY}
    planting = {"planting_area": place["area"], "crop": "BAP_CAI", "sown_on": "2026-10-01"}
    product = {"kind": "pesticide", "name": "Thuốc mới 5EC"}
    return {
        "start_planting": planting,
        "amend_planting": planting,
        "end_planting": {"ended_on": DAY},
        "write_entry": entry,
        "write_many": {"items": [entry]},
        "correct_entry": entry,
        "void_entry": REASON,
        "sync_diary": {"person": place.ids.get("person", NOBODY), "items": []},
        "settle_conflict": {"choice": "kept_standing"},
        "add_input": product,
        "amend_input": product,
        "set_input_use": {"crop_words": "rau"},
        "set_input_permission": {
            "status": "removed",
            "valid_from": DAY,
            "legal_ref": "TT 28/2026/TT-BNNMT",
            "confidence": "S",
        },
        "except_input": {
            "crop": "SU_SU",
            "reason": "Chưa có thuốc đăng ký cho cây này.",
            "valid_from": DAY,
        },
    }


def _inspecting(place: Place) -> dict[str, dict[str, Any]]:
    """Bodies of plans, visits, findings and samples."""
    return {
        "plan_visit": {
            "organisation": place["organisation"],
            "checklist": "vietgap",
            "due_on": "2026-12-31",
        },
        "drop_plan": REASON,
        "sync_visits": {"person": place.ids.get("person", NOBODY), "items": []},
        "publish_checklist": {
            "valid_from": "2026-12-31",
            "legal_ref": "TCVN 11892-1:2026",
            "items": [{"key": "store", "severity": "major", "text_vi": "Kho có khoá."}],
        },
        "show_finding_evidence": WORDS,
        "send_finding_back": WORDS,
        "close_finding": WORDS,
        "take_finding_measure": {"kind": "hold_lot", "target": place["code"], **REASON},
        "hand_sample_on": {"kind": "handed_over", "giver": "Hải", "taker": "Bưu điện"},
        "attach_sample_result": {"report": place["lab_report"]},
    }


def _reporting() -> dict[str, dict[str, Any]]:
    """Bodies of reports on the plan and of units' parts."""
    part = {"group": "legume", "sown_m2": 1_000, "output_g": 900_000, "value_dong": None}
    return {
        "start_plan_report": {"year": 2026, "quarter": 2},
        "word_plan_report": {"assessment": "Sản xuất tiếp tục mở rộng."},
        "approve_plan_report": {"knowing": 0},
        "withdraw_plan_report_approval": REASON,
        "send_plan_report": {"number": "412/BC", "sent_on": DAY},
        "send_plan_part": {"year": 2026, "land_m2": 1_000, "groups": [part]},
        "make_part_links_of_communes": {"year": 2026},
        "date_plan": {"in_force_on": "2024-02-01"},
    }


def _recalling(place: Place) -> dict[str, dict[str, Any]]:
    """Bodies of recalls."""
    return {
        "open_recall": {"lots": [place["code"]], "decide": False, **REASON},
        "write_recall_decision": {"number": "12/QĐ", "decided_on": DAY},
        "extend_recall": {"lots": [], **REASON},
        "answer_recall": {"remaining_g": 500, "answered_by": "Chị Hoa"},
        "take_back_recalled": {"quantity_g": 100},
        "dispose_recalled": {
            "lot": place["recalled_lot"],
            "way": "destroy",
            "quantity_g": 100,
            "done_on": "2026-11-20",
            "document": "BB-1",
        },
        "release_fixed_goods": REASON,
        "start_drill": {"q": place["code"]},
        "answer_drill": {"remaining_g": 100, "passed_on_g": 0},
        "end_drill": {"lessons": "Gọi sớm hơn."},
        "agree_recall": {"number": "310/CV", "agreed_on": "2026-11-20"},
        "reopen_recall": REASON,
        "lift_recall": REASON,
        "report_recall": {"cause": "Phun quá liều.", "prevention": "Tập huấn lại."},
    }


def _contracting(place: Place) -> dict[str, dict[str, Any]]:
    """Bodies of contracts."""
    terms = {
        "number": "HĐ-1",
        "party": place["party"],
        "crop": "BAP_CAI",
        "quantity_g": 20_000_000,
        "starts_on": DAY,
        "ends_on": "2027-03-31",
    }
    return {
        "draft_contract": terms,
        "amend_contract": {**terms, "number": "HĐ-2"},
        "sign_contract": {"signed_on": DAY},
        "end_contract": REASON,
        "cancel_contract": REASON,
    }


def _planned(place: Place) -> dict[str, dict[str, Any]]:
    """Bodies of prices and model groups."""
    return {
        "enter_crop_price": {"crop": "BAP_CAI", "dong_per_kg": 9000, "from_day": "2026-11-02"},
        "name_model_group": {
            "organisation": place["organisation"],
            "certificate": place["certificate"],
            "since": DAY,
        },
        "end_model_group": {"until": DAY},
    }


def _trading(place: Place) -> dict[str, dict[str, Any]]:
    """Bodies of products and GS1 keys."""
    product = {"crop": "BAP_CAI", "name_vi": "Bắp cải", "pack_g": 800, "best_before_days": 7}
    return {
        "register_product": {**product, "gtin": "9529999000011", "storage": "nơi thoáng mát"},
        "change_product": {**product, "holds": place["product"], "holds_count": 12},
        "register_company_prefix": {"prefix": "9529998"},
        "register_location_number": {"gln": "9529999000028", "area": place["area"]},
    }


def form_for(name: str) -> dict[str, str]:
    """Fields of a page's form; what is missing is refused beside its field, which is an answer."""
    return {"version": "1", "agreed": "yes", "last_day": DAY, "login": "x", "password": "y"} | (
        {"effective_on": DAY, "reason": REASON["reason"]} if "code" in name else {}
    )
