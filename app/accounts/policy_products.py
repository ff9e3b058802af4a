"""The lines of the policy table about products and GS1 keys. Same columns, same cells."""

PRODUCTS: dict[str, str] = {
    # pages
    "products_page": "- - o o - a a",
    "new_product_page": "- - o o - - -",
    "register_product_form": "- - o o - - -",
    "product_page": "- - o o - a a",
    "edit_product_page": "- - o o - - -",
    "change_product_form": "- - o o - - -",
    "show_product_form": "- - o o - - -",
    "withdraw_product_form": "- - o o - - -",
    "gs1_keys_page": "- - o o - - -",
    "register_prefix_form": "- - - o - - -",
    "remove_prefix_form": "- - - o - - -",
    "number_location_form": "- - - o - - -",
    "remove_location_number_form": "- - - o - - -",
    # API
    "list_products": "- - o o - a a",
    "read_product": "- - o o - a a",
    "register_product": "- - o o - - -",
    "change_product": "- - o o - - -",
    "show_product": "- - o o - - -",
    "withdraw_product": "- - o o - - -",
    "list_company_prefixes": "- - o o - a a",
    "register_company_prefix": "- - - o - - -",
    "remove_company_prefix": "- - - o - - -",
    "propose_gtin": "- - o o - - -",
    "list_location_numbers": "- - o o - a a",
    "register_location_number": "- - - o - - -",
    "remove_location_number": "- - - o - - -",
}
