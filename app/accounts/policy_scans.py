"""The lines of the policy table about scans of labels, alerts and shops. Same columns, same cells."""

SCANS: dict[str, str] = {
    # pages
    "scans_page": "- - o o - - -",
    "scans_csv": "- - o o - - -",
    "scan_alerts_page": "- - o o - - -",
    "scan_alert_page": "- - o o - - -",
    "close_scan_alert_form": "- - o o - - -",
    "shops_page": "- - o o - - -",
    "make_shop_form": "- - o o - - -",
    "end_shop_form": "- - o o - - -",
    "desk_scans_page": "- - - - - a a",
    "desk_scans_csv": "- - - - - a a",
    "desk_scan_alerts_page": "- - - - - a a",
    "desk_scan_alert_page": "- - - - - a a",
    "close_desk_scan_alert_form": "- - - - - a a",
    # API
    "list_scans": "- - o o - a a",
    "list_scan_places": "- - o o - a a",
    "list_scan_alerts": "- - o o - a a",
    "read_scan_alert": "- - o o - a a",
    "close_scan_alert": "- - o o - a a",
}
