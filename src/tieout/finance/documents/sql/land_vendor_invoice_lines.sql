-- question:   Where do vendor invoice lines land before they are entered?
-- grain:      one row per line of one transaction, by its number; lines of one invoice have one document number; references are resolved to keys, the exchange
--             rate (per 100) is known, accounting_digits are the decimals of the accounting currency
-- parameters: none
-- index:      its primary key, to find an earlier row of the same landing
create temporary table if not exists landed_vendor_invoice_line (
    row_number integer primary key,
    document integer not null,
    company_code text not null,
    vendor_id uuid not null,
    invoice_number text not null,
    line_number integer not null,
    invoice_date date not null,
    accounting_date date not null,
    project_id uuid not null,
    category_id uuid not null,
    description text not null,
    quantity numeric(34, 16) not null,
    unit text not null,
    stocked boolean not null,
    subcontract_id uuid,
    manual_verification boolean, -- null: as the company has it
    block_payment boolean,
    unit_price numeric(34, 16) not null,
    amount numeric(20, 4) not null,
    tax_amount numeric(20, 4) not null,
    currency_code text not null,
    exchange_rate numeric(34, 16) not null,
    accounting_digits integer not null
) on commit delete rows
