"""Tables that people keep in files: CSV and XLSX in, CSV and XLSX out."""
