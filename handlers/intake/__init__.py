"""What a table that somebody sends may be: one file a kind, each reads, tries and writes its own."""
