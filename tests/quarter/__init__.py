"""A quarter of the market, played against the rules with everything that goes wrong; the same dice give the same quarter."""
