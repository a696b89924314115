import { contractSuite } from "./suite.js";
import { Workbench } from "./workbench.js";

contractSuite({ name: "local", open: () => Promise.resolve(new Workbench({ backend: "local" })) });
