-- question:   Which lines that wait to be verified have these names: the voucher of the invoice, a slash, the line number?
-- grain:      one row per name that a line of the company has; one that does not wait has none
-- parameters: company, names
-- index:      operations_open_verification_o, operations_vendor_invoice_line_pkey; reads what waits in the company
select line.voucher || '/' || line.line_number as name, waiting.line_id
from operations_open_verification as waiting
cross join lateral (
    select found.voucher, found.line_number
    from operations_vendor_invoice_line as found
    where found.id = waiting.line_id
    offset 0
) as line
where waiting.company_code = %(company)s
    and line.voucher || '/' || line.line_number = any(%(names)s)
