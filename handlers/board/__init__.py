"""What somebody sees at the board: each page a function of who asks and when, as a command is."""
