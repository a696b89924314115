/** One request to Spark's own web servers. `node:http` and not `fetch`: plain requests, no headers of a browser. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

export interface HttpOptions {
  method?: "GET" | "POST";
  /** Sent as JSON. */
  body?: unknown;
  /** Milliseconds for the whole exchange. */
  timeout?: number;
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  body: Buffer;
}

/** Rejects when the server can't be reached or does not answer in time. Bodies above 64 MB are refused. */
export function askHttp(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const { method = "GET", body, timeout = 5000 } = options;
  return new Promise((resolve, reject) => {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const send = url.startsWith("https:") ? requestHttps : requestHttp;
    const headers: Record<string, string | number> = { accept: "application/json, text/plain" };
    if (content !== undefined) Object.assign(headers, { "content-type": "application/json;charset=UTF-8", "content-length": content.length });
    const request = send(url, { method, headers, ...(options.signal === undefined ? {} : { signal: options.signal }) }, (response) => {
      const pieces: Buffer[] = [];
      let size = 0;
      response.on("data", (piece: Buffer) => {
        size += piece.length;
        if (size > 64e6) request.destroy(new Error(`the answer of ${url} is too large`));
        else pieces.push(piece);
      });
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces) });
      });
    });
    request.on("error", reject);
    const timer = setTimeout(() => {
      request.destroy(new Error(`${url} did not answer within ${String(timeout / 1000)} s`));
    }, timeout);
    request.on("close", () => {
      clearTimeout(timer);
    });
    request.end(content);
  });
}

/** The JSON value of an answer with status 200; undefined for every other status or no JSON. */
export async function askJson<T>(url: string, options: HttpOptions = {}): Promise<T | undefined> {
  const { status, body } = await askHttp(url, options);
  if (status !== 200) return undefined;
  try {
    return JSON.parse(body.toString("utf8")) as T;
  } catch {
    return undefined;
  }
}
