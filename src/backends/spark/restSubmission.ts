/** The REST server of a standalone master (org.apache.spark.deploy.rest, protocol v1): it runs drivers on workers. */
import { SlingshotError } from "../../base/errors.js";
import { askHttp } from "./http.js";
import type { DriverState } from "./status.js";

export interface DriverRequest {
  version: string;
  /** What spark-submit would get after its name, the program first. */
  appArgs: string[];
  properties: Record<string, string>;
  env: Record<string, string>;
}

export interface DriverStatus {
  state: DriverState;
  /** `worker-…`, once the driver has one. */
  worker: string | undefined;
  /** `host:port` of that worker. */
  address: string | undefined;
  message: string | undefined;
}

interface Answer {
  action?: string;
  success?: boolean;
  message?: string;
  submissionId?: string;
  serverSparkVersion?: string;
  driverState?: DriverState;
  workerId?: string;
  workerHostPort?: string;
}

/** Version of the master. */
export async function serverVersion(rest: string, signal?: AbortSignal): Promise<string> {
  const answer = await ask(rest, "GET", "status/slingshot-probe", undefined, signal);
  return answer.serverSparkVersion ?? "";
}

/** Returns the driver's id. Can't be interrupted: a driver that was accepted has to be known, to be ended. */
export async function createDriver(rest: string, request: DriverRequest): Promise<string> {
  const answer = await ask(rest, "POST", "create", {
    action: "CreateSubmissionRequest",
    clientSparkVersion: request.version,
    // The master starts Python drivers only as arguments of spark-submit itself.
    mainClass: "org.apache.spark.deploy.SparkSubmit",
    appResource: "",
    appArgs: request.appArgs,
    environmentVariables: request.env,
    sparkProperties: request.properties,
  });
  if (answer.success === true && answer.submissionId !== undefined) return answer.submissionId;
  throw new SlingshotError("unavailable", "driver-refused", `The Spark master refused the driver: ${answer.message ?? "it gave no reason"}.`, "Check the target's conf and the master's log.");
}

/** `NOT_FOUND` where the master does not know the driver (any more); throws where it can't tell, as a master on standby. */
export async function driverStatus(rest: string, driver: string, signal?: AbortSignal): Promise<DriverStatus> {
  const answer = await ask(rest, "GET", `status/${encodeURIComponent(driver)}`, undefined, signal);
  const words = answer.message ?? "";
  if (answer.driverState === undefined && (answer.action !== "SubmissionStatusResponse" || words !== "")) {
    throw new SlingshotError("unavailable", "driver-unknown", `The Spark master does not tell the state of ${driver}: ${words === "" ? "it gave no reason" : words}.`, "It is asked again; check the master's log if this lasts.");
  }
  return { state: answer.driverState ?? "NOT_FOUND", worker: answer.workerId, address: answer.workerHostPort, message: answer.message };
}

export async function killDriver(rest: string, driver: string): Promise<void> {
  await ask(rest, "POST", `kill/${encodeURIComponent(driver)}`, {});
}

async function ask(rest: string, method: "GET" | "POST", path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const url = `${rest}/v1/submissions/${path}`;
  try {
    const answer = await askHttp(url, { method, timeout: 8000, ...(body === undefined ? {} : { body }), ...(signal === undefined ? {} : { signal }) });
    return JSON.parse(answer.body.toString("utf8")) as Answer;
  } catch (error) {
    const why = error instanceof SyntaxError ? "it does not answer as one" : error instanceof Error ? error.message : String(error);
    throw new SlingshotError(
      "unavailable",
      "rest-unreachable",
      `The REST server of the Spark master at ${rest} can't be used: ${why}.`,
      "Start the master with spark.master.rest.enabled=true, or set `restUrl` of the target.",
      { cause: error },
    );
  }
}
