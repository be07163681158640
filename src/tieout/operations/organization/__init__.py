"""Who works for whom: units, companies, resources, roles, customers, contracts, projects, categories."""
