import csv, time, structlog, logging, resource, os
from collections import defaultdict
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
from pathlib import Path
from tests.journeys import council
from tests.journeys.limit_tmp import measure
from tieout.loading.actions import load
from tieout.database import sql, landing
import tieout.loading.entering as ent
def w(p,h,rows):
    with open(p,"w",newline="") as f:
        c=csv.writer(f); c.writerow(h.split(",")); c.writerows(rows)
def test_bench(databases,tmp_path,monkeypatch):
    s=council.set_up_files(tmp_path/"s")
    w(s/"vendor.csv","company,account_number",[("GBOC",f"V{i:05}") for i in range(2000)])
    w(s/"category.csv","code",[(f"C{i:03}",) for i in range(60)])
    w(s/"project.csv","number,company,contracting_unit,stage",[(f"P{i:04}","GBOC","GBOC","internal") for i in range(400)])
    council.load_set_up(actor=council.OPERATOR,folder=s)
    spent=defaultdict(float); srv=defaultdict(float)
    from django.db import connections
    with connections["finance"].cursor() as c: c.execute("select pg_backend_pid()"); pid=c.fetchone()[0]
    hz=os.sysconf("SC_CLK_TCK")
    def scpu():
        try: x=Path(f"/proc/{pid}/stat").read_text().rsplit(")",1)[1].split(); return (int(x[11])+int(x[12]))/hz
        except OSError: return 0
    real=sql.rows
    def rows(alias,st,**p):
        t=time.perf_counter(); c=scpu(); r=real(alias,st,**p); srv[st.name.rsplit('.',1)[1]]+=scpu()-c; spent[st.name.rsplit(".",1)[1]]+=time.perf_counter()-t; return r
    monkeypatch.setattr(sql,"rows",rows)
    import tieout.finance.documents.actions as da
    rl=da.land
    def land(*a):
        t=time.perf_counter(); c=scpu(); rl(*a); srv["land"]+=scpu()-c; spent["land"]+=time.perf_counter()-t
    monkeypatch.setattr(da,"land",land)
    f=Path(os.environ.get("BENCH","/tmp/load/v200k.csv"))
    cpus=[]
    def timed(f):
        a=time.process_time(); b=scpu(); f(); cpus.append((time.process_time()-a, scpu()-b))
    got=[]
    m=measure("load",200000,("finance",),lambda: timed(lambda: got.append(load(actor=council.CLERK,entity="vendor_invoice_line",files=[f],rejected=tmp_path/"r.csv"))))
    print(got[0].totals.render()); print(got[0].codes)
    print("CPU python, server", cpus, {k:round(v,2) for k,v in srv.items()}, {k:round(v,2) for k,v in spent.items()})
    print(f"ours {m.ours:.2f} limit {m.limit:.2f} bare {m.limit_bare:.2f} ratio {m.limit/m.ours:.3f}", m.written, "rss MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)
    t=time.perf_counter(); r=load(actor=council.CLERK,entity="vendor_invoice_line",files=[f],rejected=tmp_path/"r.csv"); print("again",time.perf_counter()-t); print(r.totals.render())
