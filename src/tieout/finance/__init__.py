"""SIDE 2: the books. Legal entities, periods, documents, staging, integration journals, vouchers."""
