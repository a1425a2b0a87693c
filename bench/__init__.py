"""How fast: every row a ratio, both sides measured in one run, each in a process of its own."""
