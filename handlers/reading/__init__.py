"""Reading what people type: words, numbers, days, ids and names, before anybody knows what is to be done.

Pure functions: no database, no clock. What is not said stays unsaid; what can be
read in two ways is not read.
"""
