// node worker.js URL SCHEMA migrate | hold | work | idle. It writes down each task that begins or ends.
// A worker that holds ends them when it is told; see WorkPlace. One that idles knows no task of these; it unlocks
// what has been locked for too long as soon as the library lets it.
// All wait before they begin while there is a file that the environment calls DOOR.
const { existsSync } = require("fs");
const { run, runMigrations } = require("graphile-worker");
const [connectionString, schema, mode] = process.argv.slice(2);

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

async function task(payload, { job, query }) {
  const note = (table) => query(`INSERT INTO ${table} VALUES ($1, $2, $3)`, [payload.name, job.attempts, process.pid]);
  const told = async () => (await query("SELECT FROM go WHERE name IN ($1, 'all')", [payload.name])).rows.length > 0;
  await note("begun");
  while (mode === "hold" && !(await told())) await pause();
  await note("ended");
}

async function main() {
  while (existsSync(process.env.DOOR ?? "")) await pause();
  if (mode === "migrate") return runMigrations({ connectionString, schema });
  const idle = mode === "idle";
  const runner = await run({
    connectionString,
    schema,
    concurrency: 1,
    pollInterval: 100,
    taskList: idle ? { another: task } : { task },
    preset: idle ? { worker: { minResetLockedInterval: 100, maxResetLockedInterval: 200 } } : {},
  });
  return runner.promise;
}

main().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
