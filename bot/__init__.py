"""The running bot: the platforms at one end, the house at the other."""
