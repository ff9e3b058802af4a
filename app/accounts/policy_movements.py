"""The lines of the policy table about movements, deliveries and outside parties. Same columns, same cells."""

MOVEMENTS: dict[str, str] = {
    # pages
    "movements_page": "- - o o - a a",
    "movements_file": "- - o o - a a",
    "movement_page": "- - o o - a a",
    "new_movement_page": "- - o o - - -",
    "record_movement_form": "- - o o - - -",
    "undo_movement_form": "- - o o - - -",
    "holdings_page": "- - o o - a a",
    "holdings_file": "- - o o - a a",
    "deliveries_page": "- - o o - a a",
    "delivery_page": "- - o o - a a",
    "receive_delivery_form": "- - o o - - -",
    "reopen_delivery_form": "- - o o - - -",
    "take_back_delivery_form": "- - o o - - -",
    "renew_delivery_link_form": "- - o o - - -",
    "parties_page": "- - o o - a a",
    "register_party_form": "- - o o - - -",
    # Whoever has the secret of the link, which works once.
    "delivery_door_page": "a a a a a a a",
    "confirm_delivery_form": "a a a a a a a",
    # API
    "list_movements": "- - o o - a a",
    "read_movement": "- - o o - a a",
    "record_movement": "- - o o - - -",
    "undo_movement_by_counter": "- - o o - - -",
    "list_stock": "- - o o - a a",
    "list_deliveries": "- - o o - a a",
    "read_delivery": "- - o o - a a",
    # Only the receiver says what arrived; only the sender has what came back, and makes links.
    "receive_delivery": "- - o o - - -",
    "reopen_delivery": "- - o o - - -",
    "take_back_delivery": "- - o o - - -",
    "renew_delivery_link": "- - o o - - -",
    "list_parties": "- - o o - a a",
    "read_party": "- - o o - a a",
    "register_party": "- - o o - - -",
    "amend_party": "- - o o - - -",
}
