"""Double entry: a voucher is balanced and whole, or the database refuses it."""
