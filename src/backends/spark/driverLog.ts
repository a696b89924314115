/** The log of a driver on the cluster, from its worker's web page, by byte offset. */
import type { BackendEvent, LogStream } from "../backend.js";
import { askHttp, askJson } from "./http.js";
import { exactBytes, logWindow } from "./status.js";

const windowBytes = 1 << 20;

interface MasterState {
  workers: { id: string; webuiaddress: string }[];
}

/** Address of a worker's web page, from the master's; undefined where the master does not list it. */
export async function workerUi(masterUi: string, worker: string, signal?: AbortSignal): Promise<string | undefined> {
  const state = await askJson<MasterState>(`${masterUi}/json/`, signal === undefined ? {} : { signal });
  return state?.workers.find(({ id }) => id === worker)?.webuiaddress;
}

/** Reads one of a driver's two files from an offset on, as far as it goes now. `whole`: the file will not grow any more. */
export async function* readDriverLog(
  worker: string,
  driver: string,
  file: { type: "stdout" | "stderr"; stream: LogStream; offset: number },
  whole: boolean,
  signal?: AbortSignal,
): AsyncGenerator<BackendEvent, void> {
  for (;;) {
    const query = `driverId=${encodeURIComponent(driver)}&logType=${file.type}&offset=${String(file.offset)}&byteLength=${String(windowBytes)}`;
    const { status, body } = await askHttp(`${worker}/log/?${query}`, { timeout: 15000, ...(signal === undefined ? {} : { signal }) });
    const window = status === 200 ? logWindow(body) : undefined;
    // A page without the first line says that the driver has no log yet.
    if (window === undefined || window.start !== file.offset) return;
    const bytes = exactBytes(window, whole && window.end === window.total);
    if (bytes.length === 0) return;
    yield { type: "log", stream: file.stream, offset: file.offset, bytes };
    file.offset += bytes.length;
    if (file.offset >= window.total) return;
  }
}
