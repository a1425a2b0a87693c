"""How exactly numbers are kept."""

AMOUNT = {"max_digits": 24, "decimal_places": 6}
