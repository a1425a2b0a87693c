"""Pictures: charts as SVG from one template each, lettered and placed here, and turned into PNG."""
