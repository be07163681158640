"""The demo: a small firm from a seeded generator, its year run through the chain, some of it gone wrong.

A door like the command line: it writes files in the formats that anybody loads, loads them, and calls the
verbs that anybody calls. What it breaks it knows, so that it can say what reconciliation has to find.

- ``firm/``       the firm itself in the canonical formats, with a few columns more that the generator reads
- ``firm.py``     reads them
- ``dates.py``    the year, its fiscal calendars, and the stretches in which it is run
- ``prices.py``   exchange rates and price lists
- ``documents.py``  vendor invoices, expense reports and time
- ``world.py``    all of it together, the same for the same seed and day; and what it must come to
- ``files.py``    the world as CSV files
- ``actions.py``  runs the world through the chain
- ``queries.py``  what it came to
"""
