"""The fault laboratory: seeded worlds in which the dual-write breaks, and what must be true all the same.

A seed is a list of steps. A step calls a verb that anybody may call, or does what no verb does: it loses a
record on its way, breaks a run off between two commits, takes a database away, changes an amount as the owner
of the tables. After each step both sides are read row by row and compared with a naive model, after each
collection the answers of reconciliation too; at the end all is mended, and everything must have come home.

- ``scenario.py``   what a seed consists of: steps (``steps.csv``), documents, and how they read; pure
- ``drawing.py``    draws a seed; pure
- ``books.py``      what is true, record by record, and how records are called; pure
- ``model.py``      what is true after a step; pure
- ``journalling.py`` what is true after import and posting; pure
- ``invariants.py`` what must hold between two looks, whatever was broken off; pure
- ``findings.py``   what reconciliation must answer then; pure
- ``minimise.py``   the fewest steps that still fail; pure
- ``firm/``         the set-up of the small world
- ``server.py``     a server of the laboratory's own
- ``world.py``      loads the set-up once and brings it back for each seed
- ``sessions.py``   breaks runs off, holds them open, ends their connections
- ``acts.py``       does a step that anybody may do
- ``faults.py``     does what no verb does
- ``injected.py``   does to the records themselves what no verb does, before anybody has collected them
- ``looking.py``    reads what is there, and what reconciliation says
- ``healing.py``    mends all, as an integrator would
- ``actions.py``    runs one seed, or many
- ``broken.py``     the product with one rule broken, to see that the laboratory notices
"""
