"""The load generator: a process of its own that plays both platforms with as little work as possible."""
