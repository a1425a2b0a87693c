"""The bot, killed at random moments under load: nothing acknowledged may be lost, nothing done twice.

`make crash`, or `python -m tests.crash --rounds 100 --database postgres`.
"""
