-- question:   Where do entries land before they are entered?
-- grain:      one row per entry of one transaction, by its number; references are resolved to keys, custom holds the
--             firm's own fields by name; minutes are of time, quantity and unit of anything else
-- parameters: none
-- index:      its primary key, to find an earlier row of the same landing
create temporary table if not exists landed_entry (
    row_number integer primary key,
    external_id text not null,
    transaction_class text not null,
    company_code text not null,
    resource_id uuid,
    project_id uuid,
    task_id uuid,
    time_type text not null,
    role_id uuid,
    category_id uuid,
    product_id uuid,
    product_name text not null,
    subcontract_id uuid,
    entry_date date not null,
    minutes integer,
    quantity numeric,
    unit text not null,
    price numeric,
    currency_code text not null,
    tax_amount numeric not null,
    description text not null,
    external_description text not null,
    custom jsonb not null
) on commit delete rows
