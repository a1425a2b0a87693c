"""Jobs that keep the house in order and write to nobody."""
