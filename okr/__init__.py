"""The rules of OKR: pure functions over frozen values. No database, no clock, no library."""
