-- question:   Let a posted journal line have cleared another account than the integration account.
-- grain:      one row: the entry on the integration account
-- parameters: key, account
-- index:      finance_voucher_document_id_key
update finance_voucher_line e
set account = %(account)s
from finance_voucher v
where v.document_id = %(key)s
    and e.voucher_id = v.id
    and e.posting_type in ('procurement_integration', 'expense_integration')
