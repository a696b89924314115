/** Which of a master's drivers is a job's, for a job whose submission was never recorded. */
import { SlingshotError } from "../../base/errors.js";
import { askHttp, askJson } from "./http.js";

interface Driver {
  id: string;
  state: string;
  /** `None` while it waits for one. */
  worker: string;
}

interface MasterState {
  workers: { id: string; webuiaddress: string }[];
  activedrivers: Driver[];
  completeddrivers: Driver[];
}

/** Ended drivers that are looked at, the last ones first. */
const endedLooked = 20;

/**
 * The driver whose command names the job: the head of its standard error on the worker holds that command. Undefined
 * where none does; throws where that can't be told yet, since a driver that waits for a worker has no such head.
 * `patient`: a running driver whose worker does not answer counts as one that can't be told yet.
 */
export async function findDriver(masterUi: string, job: string, patient: boolean): Promise<string | undefined> {
  const state = await askJson<MasterState>(`${masterUi}/json/`);
  if (state === undefined) throw unknown(`the master's page ${masterUi} does not answer as one`, "Set `masterUi` of the target.");
  const pages = new Map(state.workers.map(({ id, webuiaddress }) => [id, webuiaddress]));
  const names = async (driver: Driver): Promise<boolean | undefined> => {
    const page = pages.get(driver.worker);
    return page === undefined ? undefined : namesJob(page, driver.id, job);
  };
  const newest = [...state.completeddrivers].sort((a, b) => b.id.localeCompare(a.id)).slice(0, endedLooked);
  let open = false;
  for (const driver of [...state.activedrivers, ...newest]) {
    const found = await names(driver);
    if (found === true) return driver.id;
    if (found === undefined && state.activedrivers.includes(driver)) open ||= patient || driver.state !== "RUNNING";
  }
  if (open) throw unknown("drivers wait at the master, and one of them may be this job", "It is looked at again until they have started; cancel the job to end it then.");
  return undefined;
}

/** Undefined where the worker does not tell (yet). */
async function namesJob(page: string, driver: string, job: string): Promise<boolean | undefined> {
  const url = `${page}/log/?driverId=${encodeURIComponent(driver)}&logType=stderr&offset=0&byteLength=65536`;
  const answer = await askHttp(url, { timeout: 3000 }).catch(() => undefined);
  const head = answer?.status === 200 ? answer.body.toString("utf8") : "";
  return head.includes("Launch Command:") ? head.includes(job) : undefined;
}

function unknown(why: string, remedy: string): SlingshotError {
  return new SlingshotError("unavailable", "driver-unknown", `Whether the job was submitted is not known yet: ${why}.`, remedy);
}
