"""The board: the bot's own web page, where people look, report, tick and approve at no cost to a chat's quota."""
