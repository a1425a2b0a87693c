"""What is measured: the bot with a look inside, and the bare bots it is held against."""
