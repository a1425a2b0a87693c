"""Where the bot remembers. Rows never leave this package: what goes out are the values of `okr` and `chat`."""
