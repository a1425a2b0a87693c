"""What the bot shows: one file a card, its sentences in a template beside it."""
