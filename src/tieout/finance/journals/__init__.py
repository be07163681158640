"""The project integration journal: imported from staging, posted to vouchers."""
