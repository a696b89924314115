// Mocha's own listing, and the results as JSON where SLINGSHOT_TEST_RESULTS says.
const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

const { EVENT_RUN_END, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Runner.constants;

class Results extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const tests = [];
    const note = (state) => (test, error) => { tests.push({ title: test.fullTitle(), state, error: error === undefined ? undefined : String(error.stack ?? error) }); };
    runner.on(EVENT_TEST_PASS, note("passed"));
    runner.on(EVENT_TEST_FAIL, note("failed"));
    runner.on(EVENT_TEST_PENDING, note("skipped"));
    runner.once(EVENT_RUN_END, () => {
      const file = process.env.SLINGSHOT_TEST_RESULTS;
      if (file !== undefined) writeFileSync(file, JSON.stringify({ tests }));
    });
  }
}

module.exports = Results;
