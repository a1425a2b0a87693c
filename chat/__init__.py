"""The words every chat platform shares: what people do, what they are shown, and how a platform is spoken to."""
