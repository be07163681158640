-- Whether an actual is of a document that finance has posted: a vendor invoice, an expense report, a general journal. It
-- is no beginning balance, however it is dated: what the document posted stands in the ledger, and its actual belongs
-- beside it (decision 0020).
create or replace function finance_is_born_here(source_kind text)
returns boolean
language sql immutable parallel safe as $$
    select source_kind in ('vendor_invoice_line', 'stocked_invoice_line', 'expense', 'general_journal_line')
$$;
