"""Business data fetched from other systems, as bot.yaml says."""
