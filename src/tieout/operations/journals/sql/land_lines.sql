-- question:   Where do lines of entry journals land before they are entered?
-- grain:      one row per line of one transaction, by its place; references are resolved to keys, journal is the number
--             of the journal in its company
-- parameters: none
-- index:      its primary key
create temporary table if not exists landed_journal_line (
    row_number integer primary key,
    company_code text not null,
    journal text not null,
    line_number integer not null,
    transaction_type text not null,
    transaction_class text not null,
    billing_type text not null,
    amount_method text not null,
    quantity numeric not null,
    unit text not null,
    typed_price numeric,
    tax_amount numeric not null,
    currency_code text not null,
    transaction_date date not null,
    accounting_date date not null,
    project_id uuid not null,
    task_id uuid,
    role_id uuid,
    category_id uuid,
    product_id uuid,
    product_name text not null,
    resource_id uuid,
    contract_line_id uuid,
    customer_id uuid,
    description text not null,
    external_description text not null,
    custom jsonb not null
) on commit delete rows
