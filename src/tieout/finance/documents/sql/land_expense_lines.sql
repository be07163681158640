-- question:   Where do expense lines land before they are entered?
-- grain:      one row per line of one transaction, by its number; lines of one report have one document number; references are resolved to keys, the exchange
--             rate (per 100) is known, accounting_digits are the decimals of the accounting currency
-- parameters: none
-- index:      its primary key, to find an earlier row of the same landing
create temporary table if not exists landed_expense_line (
    row_number integer primary key,
    document integer not null,
    company_code text not null,
    report_number text not null,
    resource_code text not null,
    line_number integer not null,
    distribution integer not null,
    line_amount numeric(20, 4),
    transaction_date date not null,
    project_id uuid not null,
    category_id uuid not null,
    description text not null,
    amount numeric(20, 4) not null,
    tax_amount numeric(20, 4) not null,
    currency_code text not null,
    payment_method text not null,
    exchange_rate numeric(34, 16) not null,
    accounting_digits integer not null
) on commit delete rows
