"""A make-believe office in the browser: fake platforms that speak the real wire, and a page to sit in it."""
