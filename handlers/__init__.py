"""What people can ask: from what was said to an answer. Nothing here sends."""
