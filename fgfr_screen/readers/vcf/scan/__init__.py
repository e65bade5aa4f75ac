"""Which records of a VCF can touch FGFR1-3.

`gate` answers for one line; `search` finds the lines of a big file that are worth asking about by byte search alone
(`numbers` writes the patterns, `finder` does the searching); `bodies` walks over a file and keeps the count.
"""
