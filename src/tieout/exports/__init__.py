"""Exports: what leaves the product in the field's own formats, so that outside programs can check it.

``ledger`` writes the general ledger of one company as plain text accounting; ``beancount`` and ``hledger``
know how one account, one voucher and one balance are written; ``text`` makes any name of ours harmless in
such a file. Nothing here writes to a database.
"""
