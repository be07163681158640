-- question:   Change the amount with which a vendor invoice line has arrived in operations.
-- grain:      one row
-- parameters: key, amount
-- index:      operations_vendor_invoice_line_pkey
update operations_vendor_invoice_line set accounting_amount = %(amount)s where id = %(key)s
