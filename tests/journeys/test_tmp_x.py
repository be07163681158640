import time
from pathlib import Path
from django.db import connections, transaction
from tests.journeys import council
from tieout.loading.actions import load
from tieout.database import sql
import structlog, logging
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
def test_x(databases, tmp_path, monkeypatch):
    s=council.set_up_files(tmp_path/"s")
    (s/"vendor.csv").write_text("company,account_number\n"+"".join(f"GBOC,V{i:05}\n" for i in range(2000)))
    (s/"category.csv").write_text("code\n"+"".join(f"C{i:03}\n" for i in range(60)))
    (s/"project.csv").write_text("number,company,contracting_unit,stage\n"+"".join(f"P{i:04},GBOC,GBOC,internal\n" for i in range(400)))
    council.load_set_up(actor=council.OPERATOR,folder=s)
    real=sql.rows
    n=0
    def rows(alias, st, **p):
        nonlocal n
        if st.name.endswith("enter_vendor_invoice_lines"):
            n+=1
            if n==8:
                with connections[alias].cursor() as c:
                    c.execute("savepoint x"); c.execute("explain (analyze, buffers off) "+st.text,p)
                    print("\n".join(r[0] for r in c.fetchall())); c.execute("rollback to x")
        return real(alias, st, **p)
    monkeypatch.setattr(sql,"rows",rows)
    load(actor=council.CLERK,entity="vendor_invoice_line",files=[Path("/tmp/load/v200k.csv")],rejected=tmp_path/"r.csv")
