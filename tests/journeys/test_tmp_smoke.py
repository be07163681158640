import time, structlog, logging
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
from pathlib import Path
from tests.journeys import council
def test_smoke(databases, tmp_path):
    for one in council.set_up(tmp_path/"setup"): print(one.entity, one.totals.render().split("\n")[2], one.codes)
    files=sorted(Path("/work/shared/data/council_spend").glob("*.csv"))
    for dry in (True,False,False):
        t=time.perf_counter()
        r=council.load_spend(files,tmp_path/"rej",dry_run=dry)
        print(time.perf_counter()-t); print(r.totals.render()); print(r.created,r.codes,r.rejected_files)
