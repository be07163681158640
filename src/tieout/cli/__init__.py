"""The command line ``tieout``: a thin door over the same verbs as the workspace (DESIGN D13).

It answers people in sentences and tables, machines with ``--json``, and both with an exit code.
"""
