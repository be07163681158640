"""tieout: project operations, the project ledger, and the proof that the two tie out."""
