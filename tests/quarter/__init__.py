"""A quarter of a company's life, day by day, over the platforms' wire: what does the bot say unasked, and is it right?"""
