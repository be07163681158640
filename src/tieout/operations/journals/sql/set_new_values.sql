-- question:   Say what is to be different of all actuals that a correction journal holds; null or blank: as it was.
-- grain:      one row per draft; reports their number
-- parameters: journal_id, project_id, task_id, role_id, resource_id, category_id, product_id, product_name, date, custom, subcontract_id, clears_subcontract
-- index:      operations_open_journal_pkey
update operations_open_journal
set
    project_id = %(project_id)s::uuid, task_id = %(task_id)s::uuid, role_id = %(role_id)s::uuid,
    resource_id = %(resource_id)s::uuid, category_id = %(category_id)s::uuid, product_id = %(product_id)s::uuid,
    product_name = %(product_name)s, date = %(date)s::date, custom = %(custom)s::jsonb,
    subcontract_id = %(subcontract_id)s::uuid, clears_subcontract = %(clears_subcontract)s
where journal_id = %(journal_id)s::uuid
