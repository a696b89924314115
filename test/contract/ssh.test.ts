import assert from "node:assert/strict";
import { SshServer } from "../engines/ssh/sshServer.js";
import { contractSuite } from "./suite.js";
import { Workbench } from "./workbench.js";

let server: SshServer | undefined;

contractSuite({
  name: "ssh",
  async open() {
    server = await SshServer.start();
    return new Workbench(server.target());
  },
  async close() {
    assert.ok(server);
    await server.close();
  },
});
