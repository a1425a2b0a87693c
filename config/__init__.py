"""bot.yaml, read and checked."""
