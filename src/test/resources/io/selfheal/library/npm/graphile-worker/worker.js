// node worker.js URL SCHEMA migrate | hold | work | idle [AT ONCE]. It writes down each task that begins or ends.
// A worker that holds ends them when it is told; see WorkPlace. One that idles knows no task of these.
const { run, runMigrations } = require("graphile-worker");
const [connectionString, schema, mode, atOnce = "1"] = process.argv.slice(2);

async function task(payload, { job, query }) {
  const note = (table) => query(`INSERT INTO ${table} VALUES ($1, $2, $3)`, [payload.name, job.attempts, process.pid]);
  const told = async () => (await query("SELECT FROM go WHERE name IN ($1, 'all')", [payload.name])).rows.length > 0;
  await note("begun");
  while (mode === "hold" && !(await told())) await new Promise((resolve) => setTimeout(resolve, 50));
  await note("ended");
}

async function main() {
  if (mode === "migrate") return runMigrations({ connectionString, schema });
  const taskList = mode === "idle" ? { another: task } : { task };
  const concurrency = Number(atOnce);
  const runner = await run({ connectionString, schema, concurrency, pollInterval: 100, taskList });
  return runner.promise;
}

main().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
