// A worker: node worker.js URL migrate | hang | work. It writes down each task that begins or ends.
const { run, runMigrations } = require("graphile-worker");
const [connectionString, mode] = process.argv.slice(2);

async function task(payload, { job, query }) {
  await query("INSERT INTO begun VALUES ($1, $2)", [payload.name, job.attempts]);
  if (mode === "hang") await new Promise((resolve) => setTimeout(resolve, 600000));
  await query("INSERT INTO ended VALUES ($1, $2)", [payload.name, job.attempts]);
}

async function main() {
  if (mode === "migrate") return runMigrations({ connectionString });
  const runner = await run({ connectionString, concurrency: 1, pollInterval: 100, taskList: { task } });
  return runner.promise;
}

main().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
