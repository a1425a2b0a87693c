"""The board's pages: what they show as values, and the HTML it becomes."""
