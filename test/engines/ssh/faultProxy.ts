/** A TCP proxy on loopback that harms connections: cuts them after so many bytes, stalls, or refuses. */
import { createServer, connect, type Server, type Socket } from "node:net";
import { once } from "node:events";

export class FaultProxy {
  /** Bytes that have gone to the host, and come from it. */
  upBytes = 0;
  downBytes = 0;
  connections = 0;
  /** A connection ends by a reset once so many bytes have gone through it, either way; 0: never. */
  cutAfter = 0;
  /** Cuts end by themselves after so many. */
  cutsLeft = Number.POSITIVE_INFINITY;
  /** Nothing goes through, and no end is told. */
  stalled = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(target: number): Promise<FaultProxy> {
    const server = createServer({ pauseOnConnect: false });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const proxy = new FaultProxy(server, typeof address === "object" && address !== null ? address.port : 0);
    server.on("connection", (socket) => { proxy.join(socket, connect(target, "127.0.0.1")); });
    return proxy;
  }

  private join(near: Socket, far: Socket): void {
    this.connections++;
    let passed = 0;
    const end = (): void => {
      near.resetAndDestroy();
      far.resetAndDestroy();
    };
    for (const [from, to, count] of [[near, far, (n: number) => { this.upBytes += n; }], [far, near, (n: number) => { this.downBytes += n; }]] as const) {
      this.sockets.add(from);
      from.on("error", () => undefined);
      from.on("close", () => {
        this.sockets.delete(from);
        // While it stalls nobody hears of an end either.
        if (!this.stalled) to.destroy();
      });
      from.on("data", (bytes: Buffer) => {
        if (this.stalled) return;
        count(bytes.length);
        passed += bytes.length;
        to.write(bytes);
        if (this.cutAfter > 0 && passed >= this.cutAfter && this.cutsLeft > 0) {
          this.cutsLeft--;
          end();
        }
      });
    }
  }

  /** Resets all connections now. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.server.close();
    this.cut();
  }
}
