-- question:   Where do lines of general journals land before they are entered?
-- grain:      one row per line of one transaction, by its place; references are resolved to keys, journal is the number
--             of the journal in its company
-- parameters: none
-- index:      its primary key
create temporary table if not exists landed_general_line (
    row_number integer primary key,
    company_code text not null,
    journal text not null,
    line_number integer not null,
    account_type text not null,
    offset_account_type text not null,
    account text not null,
    offset_account text not null,
    debit numeric(20, 4) not null,
    credit numeric(20, 4) not null,
    currency_code text not null,
    accounting_date date not null,
    transaction_date date not null,
    project_id uuid,
    contract_line_id uuid,
    task_id uuid,
    category_id uuid,
    role_id uuid,
    resource_id uuid,
    task_number text,
    resource_code text,
    quantity numeric not null,
    unit_cost numeric,
    sales_price numeric,
    description text not null
) on commit delete rows
