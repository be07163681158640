-- Vouchers are sealed by posting batch (finance/seals): what one transaction posted in one company.
create or replace function finance_note_unsealed_batch() returns trigger
language plpgsql as $unsealed$
begin
    insert into finance_unsealed_batch (company_code, batch)
    select distinct v.company_code, v.xid from inserted_voucher v
    on conflict do nothing;
    return null;
end
$unsealed$;

drop trigger if exists finance_voucher_unsealed on finance_voucher;
create trigger finance_voucher_unsealed after insert on finance_voucher
referencing new table as inserted_voucher
for each statement execute function finance_note_unsealed_batch();

-- What a batch holds, and the SHA-256 of all of it: each voucher with each of its ledger entries as a row in the
-- server's own writing (which quotes, so that no two contents read alike), one per line, in the order of the books.
-- Dates and moments are written one way whatever the session says.
create or replace function finance_batch_content(of_company text, of_batch xid8)
returns table (vouchers bigint, entries bigint, content text)
language sql stable
set datestyle = 'ISO, YMD'
set timezone = 'UTC'
as $$
    select
        count(distinct v.id),
        count(l.voucher_id),
        encode(
            sha256(
                convert_to(
                    coalesce(
                        string_agg(
                            row(
                                v.company_code, v.number, v.accounting_date, v.document_kind, v.document_id,
                                v.posted_by, v.posted_at, l.line_no, l.line_count, l.company_code,
                                l.accounting_date, l.account, l.posting_type, l.amount, l.currency_code,
                                l.accounting_amount, l.reporting_amount, l.project_id, l.source_line_id,
                                d.combination
                            )::text,
                            e'\n'
                            order by v.id, l.line_no
                        ),
                        ''
                    ),
                    'UTF8'
                )
            ),
            'hex'
        )
    from finance_voucher v
    left join finance_voucher_line l on l.voucher_id = v.id
    left join finance_dimension_set d on d.id = l.dimension_set_id
    where v.xid = of_batch and v.company_code = of_company
$$;

-- The seal of a batch: the SHA-256 of its place, its content and the seal before it.
create or replace function finance_seal_of(
    of_company text, place integer, vouchers bigint, entries bigint, content text, previous text
) returns text
language sql immutable parallel safe as $$
    select encode(
        sha256(convert_to(row(of_company, place, vouchers, entries, content, previous)::text, 'UTF8')), 'hex'
    )
$$;
