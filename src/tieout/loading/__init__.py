"""Loading: how a stranger's file becomes records of ours, and how every row of it is accounted for.

A file passes through four steps, each pure and each a module: ``files`` (bytes to rows), ``profile`` (foreign
headers to our fields), ``rows`` (text to typed values, or a rejection with reasons), ``totals`` (read =
loaded + already there + rejected, in rows and in money). Only then does a stage write. The canonical formats
are one table, ``formats.csv``.
"""
