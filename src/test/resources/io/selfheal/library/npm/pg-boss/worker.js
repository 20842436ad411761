// node worker.js LIBRARY URL call CALLS | supervise QUEUE | hang QUEUES | hold QUEUES | work QUEUES
// A worker writes down each task that begins or ends. One that holds ends them when it is told; see WorkPlace.
const [library, connectionString, mode, subject] = process.argv.slice(2);
const exported = await import(library);
const PgBoss = exported.PgBoss ?? exported.default;
const supervise = mode === "supervise";
const often = { superviseIntervalSeconds: 1, monitorIntervalSeconds: 1 };
const boss = new PgBoss({ connectionString, schedule: false, supervise, ...often });
boss.on("error", console.error);

// CALLS: [[METHOD, ARGUMENT…]]
async function call(calls) {
  for (const [method, ...of] of calls) await boss[method](...of);
  await boss.stop();
}

async function task(jobs) {
  const sql = (text, ...values) => boss.getDb().executeSql(text, values);
  const note = (table, job) =>
    sql(`INSERT INTO ${table} VALUES ($1, $2, $3)`, job.data.name, job.retryCount, process.pid);
  const told = async (job) => (await sql("SELECT FROM go WHERE name IN ($1, 'all')", job.data.name)).rows.length > 0;
  for (const job of jobs) await note("begun", job);
  // A handler that computes for ever: not even the library's own time limit gets its turn.
  if (mode === "hang") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  for (const job of jobs) {
    while (mode === "hold" && !(await told(job))) await new Promise((resolve) => setTimeout(resolve, 50));
    await note("ended", job);
  }
}

await boss.start();
if (mode === "call") await call(JSON.parse(subject));
if (mode === "hang" || mode === "hold" || mode === "work")
  for (const queue of subject.split(","))
    await boss.work(queue, { batchSize: 10, pollingIntervalSeconds: 0.5, includeMetadata: true }, task);
