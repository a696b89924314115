/**
 * Asks a standalone master whether it is one: a stream request of Spark's transport for a stream that nobody has. A
 * master answers with a failure for that stream, at once and without any effect; a hung process accepts the connection
 * and says nothing. Spark's own client would wait 60 seconds and more to find out.
 *
 * Frame (org.apache.spark.network.protocol): u64 length of the whole frame · u8 type (6 StreamRequest) · u32 length · id.
 */
import { connect } from "node:net";
import { masterAddresses } from "./script.js";

const streamRequest = 6;

/** Undefined when one of the URL's masters answers (or the URL names none), else why none does, within `timeout` ms. */
export async function probeMaster(master: string, timeout = 6000): Promise<string | undefined> {
  const addresses = masterAddresses(master);
  if (addresses.length === 0) return undefined;
  const faults = await Promise.all(addresses.map(({ host, port }) => probe(host, port, timeout)));
  return faults.includes(undefined) ? undefined : faults.join("; ");
}

/** The request's bytes. */
export function probeFrame(stream: string): Buffer {
  const id = Buffer.from(stream);
  const frame = Buffer.alloc(13 + id.length);
  frame.writeBigUInt64BE(BigInt(frame.length), 0);
  frame.writeUInt8(streamRequest, 8);
  frame.writeUInt32BE(id.length, 9);
  id.copy(frame, 13);
  return frame;
}

function probe(host: string, port: number, timeout: number): Promise<string | undefined> {
  const name = `${host}:${String(port)}`;
  return new Promise((resolve) => {
    let connected = false;
    const socket = connect({ host, port });
    const finish = (fault: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(fault);
    };
    const timer = setTimeout(() => {
      const seconds = String(timeout / 1000);
      finish(connected ? `${name} accepts connections but does not answer (waited ${seconds} s)` : `${name} can't be reached (waited ${seconds} s)`);
    }, timeout);
    socket.once("connect", () => {
      connected = true;
      socket.write(probeFrame("/jars/slingshot-probe"));
    });
    socket.once("data", (bytes: Buffer) => {
      finish(looksLikeSpark(bytes) ? undefined : `${name} is no Spark master: it answers in another protocol`);
    });
    // A master that demands authentication first hangs up on a request without it.
    socket.once("end", () => {
      finish(undefined);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      finish(connected && error.code === "ECONNRESET" ? undefined : `${name}: ${reason(error)}`);
    });
  });
}

function looksLikeSpark(bytes: Buffer): boolean {
  // The length of a small frame begins with zero bytes; HTTP and TLS begin otherwise.
  return bytes.length < 4 || bytes.readUInt32BE(0) === 0;
}

function reason(error: NodeJS.ErrnoException): string {
  if (error.code === "ECONNREFUSED") return "connection refused";
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") return "no such host";
  return error.message;
}
