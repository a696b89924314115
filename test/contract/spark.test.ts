import { contractSuite } from "./suite.js";
import { Workbench } from "./workbench.js";

const python = process.env["SLINGSHOT_SPARK_PYTHON"];
if (python !== undefined) contractSuite({ name: "spark on local[2]", open: () => Promise.resolve(new Workbench({ backend: "spark", master: "local[2]" }, python)) });
else describe("contract: spark on local[2]", () => { it("needs SLINGSHOT_SPARK_PYTHON"); });
